"""What the commands took, as a table of ratios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from benchmarks.processes import PARSER, PASS, Run

HEADER = (
    "| command | CPU s | least | most | clock s | MB | ÷ ast.parse | ÷ python -c pass |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)


def table(found: Mapping[str, Sequence[Run]]) -> Iterator[str]:
    """A row a command, in Markdown: medians with the least and the most, the peak of memory, the ratios."""
    floor, start = (median(run.cpu for run in found[name]) for name in (PARSER, PASS))
    yield from HEADER
    for name, runs in found.items():
        cpu = [run.cpu for run in runs]
        middle, clock = median(cpu), median(run.clock for run in runs)
        figures = (f"{seconds:.3f}" for seconds in (middle, min(cpu), max(cpu), clock))
        memory = max(run.memory for run in runs)
        yield f"| {name} | {' | '.join(figures)} | {memory:.0f} | {middle / floor:.2f} | {middle / start:.1f} |"
