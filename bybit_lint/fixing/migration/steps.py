"""What a migration consists of: places that are rewritten or left, each with its edits or the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType

from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Span


class Level(Enum):
    """How sure a rewriting is."""

    CERTAIN = "certain"
    REVIEW = "to review"
    """Rewritten, and a person has to look at it."""
    LEFT = "to decide"
    """Left as it is: a person has to decide."""


class Undecided(Exception):
    """A place cannot be rewritten as a whole; the message says why, to be shown to the user."""


Changes = Mapping[Source, Sequence[Edit]]
"""Edits by the file they are made in."""


class Step(NamedTuple):
    """One place of an older client, and what becomes of it."""

    span: Span
    name: str
    """What is written there: `place_active_order`."""
    meant: str
    """What takes its place: `place_order`; empty where nothing does."""
    level: Level
    reasons: tuple[str, ...] = ()
    """What to look at or to decide."""
    changes: Changes = MappingProxyType({})

    @property
    def is_left(self) -> bool:
        return self.level is Level.LEFT

    def left(self, reason: str) -> Step:
        """The same place, which is not touched after all."""
        return self._replace(level=Level.LEFT, reasons=(reason,), changes={})

    def doubted(self, *reasons: str) -> Step:
        """The same with more to look at."""
        if self.is_left or not reasons:
            return self
        return self._replace(level=Level.REVIEW, reasons=tuple(dict.fromkeys((*self.reasons, *reasons))))
