"""Which of the retCodes that Bybit has for a mistake one order can be refused with."""

from __future__ import annotations

from collections.abc import Iterable

SPOT = range(170000, 171000)
"""Orders on spot have codes of their own (https://bybit-exchange.github.io/docs/v5/error)."""


def of_categories(codes: Iterable[int], categories: Iterable[str]) -> tuple[int, ...]:
    """The codes that orders of these categories can end in: all of them where a category is not known (empty)."""
    known = set(categories) or {""}
    if "" in known:
        return tuple(codes)
    is_for = {True: "spot" in known, False: known != {"spot"}}
    return tuple(code for code in codes if is_for[code in SPOT])
