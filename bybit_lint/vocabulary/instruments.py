"""What a bot takes for an instrument's filters."""

from __future__ import annotations

from dataclasses import dataclass

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.places import Related, Span


@dataclass(frozen=True)
class FilterField:
    """A field of an instrument that the bot reads, although the instrument has none or it is no step."""

    span: Span
    name: str
    fault: str
    """What is wrong with it, as a sentence."""
    related: Related
    """The request it is the answer to, or the order it ends in."""
    repair: Repair
