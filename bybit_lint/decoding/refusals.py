"""What was refused or failed, once and as often as a log tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bybit_lint.decoding.causes import Cause
from bybit_lint.decoding.frames import Frame
from bybit_lint.decoding.requests import Request

MOST_CAUSES = 200
"""Causes that are told apart; a log that has more of them is not one of a bot."""
MOST_SAMPLES = 3
"""Refusals of one cause whose requests and places are looked into."""


class Refusal:
    """One thing that was refused or failed, with all that the lines around it tell."""

    def __init__(self, cause: Cause, line: int, moment: str, said: str) -> None:
        self.cause = cause
        self.line, self.moment = line, moment
        """The number of the line, and when it was written, in the log's own way; empty if nobody says."""
        self.said = said
        """Bybit's words, or those of a client."""
        self.request: Request | None = None
        self.frames: Sequence[Frame] = ()
        """The places in the bot that lead to it, the innermost last."""
        self.notes: list[str] = []
        """What is proven of it beyond what its cause says of all."""
        self.rules: list[str] = []
        """The codes of the rules that the notes are about."""
        self.stamp = ""
        """What tells one answer from another that is alike."""

    @property
    def place(self) -> Frame | None:
        """The innermost place in the bot itself."""
        return next((frame for frame in reversed(self.frames) if frame.is_own), None)

    @property
    def looks(self) -> object:
        """What it has in common with others that need not be looked into."""
        request, place = self.request, self.place
        asked = (request.path, sorted(request.params or ())) if request else None
        return asked, (place.path, place.line) if place else None, tuple(self.notes)


class Group:
    """All refusals of one cause: how many, the first, the last, and some that tell more than the others."""

    def __init__(self, first: Refusal) -> None:
        self.cause = first.cause
        self.count = 0
        self.first = self.last = first
        self.samples: list[Refusal] = []
        self._seen: set[object] = set()

    def add(self, refusal: Refusal) -> None:
        """Count a refusal, and keep it if it shows something new."""
        self.count += 1
        self.last = refusal
        looks = repr(refusal.looks)
        if looks not in self._seen and len(self.samples) < MOST_SAMPLES:
            self._seen.add(looks)
            self.samples.append(refusal)


class Tally:
    """The refusals of a log by their causes, in the order in which these first come."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], Group] = {}
        self.others = 0
        """How many were counted under no cause, as there were too many causes."""

    def add(self, refusal: Refusal) -> None:
        """Count a refusal."""
        key = refusal.cause.name, refusal.cause.text
        if key not in self._groups and len(self._groups) == MOST_CAUSES:
            self.others += 1
            return
        self._groups.setdefault(key, Group(refusal)).add(refusal)

    def __iter__(self) -> Iterator[Group]:
        return iter(self._groups.values())

    def __len__(self) -> int:
        return len(self._groups)
