"""Failures of orders that nobody hears of."""

from __future__ import annotations

from dataclasses import dataclass

from bybit_lint.vocabulary.places import Span


@dataclass(frozen=True)
class Swallow:
    """A handler that takes every failure of an order, after which the program goes on as if it had worked."""

    span: Span
    """The handler."""
    order: Span
    """The call whose failure it takes."""
    what: str
    """What is called, in a few words: `cancel_order()`."""
    is_logged: bool = False
    """True if the failure is written down, at least."""
