"""Words as people put them together."""

from __future__ import annotations

from collections.abc import Sequence


def listed(words: Sequence[str]) -> str:
    """`pybit, requests and ccxt`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def agreeing(words: Sequence[str], one: str, several: str) -> str:
    """The same with the verb that belongs to so many: `pybit goes`, `pybit and ccxt go`."""
    return f"{listed(words)} {one if len(words) == 1 else several}"
