"""What is said of a log in the end: each cause, what its requests prove, and what is found in the source."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from bybit_lint.decoding.evidence import Evidence
from bybit_lint.decoding.refusals import Group, Refusal
from bybit_lint.tuples import NamedTuple


class State(Enum):
    """Whether the place that a traceback names can be looked at."""

    FOUND = "found"
    UNSURE = "unsure"
    MOVED = "moved"
    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"


class Told(NamedTuple):
    """One finding of `check` in a file that a traceback names."""

    code: str
    path: str
    line: int
    message: str
    explains: bool
    """True if it stands at a place of the traceback and is answered with what was answered, in these very words as far
    as they tell of what."""
    accepted: bool = False
    """True if a comment accepts it, or the config leaves its rule out."""


class Place(NamedTuple):
    """The innermost place in the bot that a traceback names."""

    path: str
    """As it is here, or the file's name where it is not."""
    line: int
    function: str
    state: State
    told: Sequence[Told] = ()
    now: int = 0
    """The line where the code stands today, if it has moved."""


class Sample(NamedTuple):
    """One refusal that was looked into."""

    refusal: Refusal
    evidence: Sequence[Evidence]
    place: Place | None


class Cause(NamedTuple):
    """All refusals of one cause, and some of them looked into."""

    group: Group
    samples: Sequence[Sample]


class Answer(NamedTuple):
    """All that is said of one log."""

    causes: Sequence[Cause]
    lines: int
    others: int = 0
    """Refusals that were counted under no cause."""
