"""Other exchanges than Bybit, by the names that ccxt and bots give them."""

from __future__ import annotations

from functools import cache

from bybit_lint.knowledge import rows


@cache
def names() -> frozenset[str]:
    """Their names, in small letters."""
    return frozenset(row[0] for row in rows("exchanges"))
