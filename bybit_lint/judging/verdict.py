"""What was found in one file, and what could not be done there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from bybit_lint.redaction import Keys
from bybit_lint.vocabulary import Finding, Span
from bybit_lint.vocabulary.record import Record

UNREADABLE = "BYB001"
Advance: TypeAlias = Callable[[int, int], None]
"""Told how many files are done, and how many there are."""


class Verdict:
    """What was found in one file, and what could not be done there."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self.findings = list(findings)
        self.accepted: list[Finding] = []
        """What comments accept; empty where the verdict is one that was remembered."""
        self.problems: list[str] = []


class Judged(Record):
    """What is left of the work on some files: both by path."""

    verdicts: dict[str, Verdict]
    keys: dict[str, Keys]
    """What is to be hidden of the files that a finding tells of."""


def unreadable(path: str, reason: str, line: int = 1, column: int = 1) -> Finding:
    """That a file could not be judged, and where in it the trouble begins."""
    place = Span(path, line, column, line, column, 0, 0)
    return Finding(place, f"this file was not checked: {reason}", code=UNREADABLE)
