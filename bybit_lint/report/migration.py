"""The plan of a migration as text that a person can work through: file by file, then what is left, by its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from bybit_lint.fixing.migration.steps import Level, Step
from bybit_lint.report import printable

ORDER = (Level.CERTAIN, Level.REVIEW, Level.LEFT)


def text(steps: Sequence[Step], *, is_written: bool) -> str:
    """All steps by file, and in numbers."""
    if not steps:
        return "Nothing of an older client was found.\n"
    return "".join(f"{printable(line)}\n" for line in (*_files(steps), *_summary(steps, is_written)))


def _files(steps: Sequence[Step]) -> Iterator[str]:
    for path, group in groupby(steps, key=lambda step: step.span.path):
        yield path
        yield from (line for step in group for line in _lines(step))
        yield ""


def _lines(step: Step) -> Iterator[str]:
    becomes = "" if step.is_left or not step.meant else f" -> {step.meant}"
    yield f"  {step.span.line}:{step.span.column}  {step.name}{becomes}  [{step.level.value}]"
    yield from (f"      {reason}" for reason in step.reasons)


def _summary(steps: Sequence[Step], is_written: bool) -> Iterator[str]:
    counts = Counter(step.level for step in steps)
    places = f"{len(steps)} place{'' if len(steps) == 1 else 's'}"
    yield f"{places}: {', '.join(f'{counts[level]} {level.value}' for level in ORDER if counts[level])}"
    left = Counter(step.reasons[0] if step.reasons else "" for step in steps if step.is_left)
    yield from (f"  {count:4}  {reason}" for reason, count in left.most_common())
    if not is_written and counts[Level.LEFT] < len(steps):
        yield "Nothing was written: --diff shows the new code, --write writes it."
    if is_written and counts[Level.LEFT]:
        yield "Do not run the bot before all of it is decided: what is left is still of the older client."
    if is_written and counts[Level.REVIEW]:
        yield "What is to review is marked in the code: delete each comment once you have looked at it."
