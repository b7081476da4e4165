"""How time and memory grow with the lines of a bot, and with the callers of one wrapper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import bots
from benchmarks.processes import ours, timed

SIZES = (10, 30, 100, 300, 1_000, 3_000, 10_000)
OFTEN = 300
"""Bots up to this size are run as often as is asked for; larger ones, whose start no longer counts, once."""
BASE = 100
"""The size that others are compared with: below it, most of the time goes into the start."""
KINDS: dict[str, Callable[[Path, int], str]] = {"files": bots.made_up, "callers of one wrapper": bots.called}


class Point(NamedTuple):
    """What a bot of one size took: seconds of CPU, and megabytes at most."""

    number: int
    lines: int
    cpu: float
    memory: float


def curve(kind: str, folder: Path, runs: int, most: int) -> Iterator[Point]:
    """What bots of growing size take, each as soon as it is known."""
    for number in SIZES:
        if number <= most:
            bot = KINDS[kind](folder / f"{kind}{number}", number)
            words = ours([bot], "--no-cache", "--jobs", "1")
            found = [timed(words) for _ in range(runs if number <= OFTEN else 1)]
            yield Point(number, bots.lines(bot), median(run.cpu for run in found), max(run.memory for run in found))


def header(kind: str) -> list[str]:
    """The head of a table in Markdown."""
    return [
        f"| {kind} | lines | CPU s | MB | ms a line beyond the first bot | that ÷ at {BASE} |",
        "|---:|---:|---:|---:|---:|---:|",
    ]


def row(point: Point, points: Sequence[Point]) -> str:
    """A line of the table; `points` are all that are known by then, the smallest first, which is mostly its start."""
    base = next((_each(other, points[0]) for other in points if other.number == BASE), 0.0)
    each = "" if point is points[0] else f"{_each(point, points[0]):.3f}"
    ratio = f"{_each(point, points[0]) / base:.2f}" if base > 0 and point.number >= BASE else ""
    return f"| {point.number} | {point.lines} | {point.cpu:.2f} | {point.memory:.0f} | {each} | {ratio} |"


def _each(point: Point, first: Point) -> float:
    """Milliseconds of CPU for each line more than the first bot has."""
    return 1000 * (point.cpu - first.cpu) / max(point.lines - first.lines, 1)
