"""The slices of `bybit-lint migrate` that are not there yet, and the marks of what waits for them.

Whoever finishes a slice takes its name out of `AWAITED`: the marks are strict, so that what works is never called
broken, and nothing else has to be changed.
"""

from __future__ import annotations

import pytest

AWAITED = frozenset(
    {
        "command",  # it runs at all, and names what it leaves
        "arguments",  # methods and the names of their arguments, the category from the client
        "category",  # from the symbol, where one client is for all markets
        "values",  # GoodTillCancel, BothSide, LIMIT_MAKER, 15m, PERPETUAL
        "added",  # orderFilter, accountType, limit, locale
        "dropped",  # page=1, side beside a positionIdx
        "casts",  # numbers that Bybit takes as text and pybit does not make texts of
        "units",  # seconds to milliseconds
        "coins",  # settleCoin, where nothing else says which positions
        "open orders",  # an order list that asks for open ones
        "position idx",
        "triggers",  # triggerDirection
        "bulk",
        "networks",  # endpoint=, test= and their positions
        "answers",  # what is read of the answers, through the bot, and numbers that became text
        "balances",  # of one coin among those of the account
        "empty texts",  # what was 0 and is "" now
        "read values",  # GoodTillCancel, PARTIALLY_FILLED, BUY, where they are compared with
        "return codes",
        "candles",  # dicts in the order of time
        "streams",
        "swagger",
        "pybybit",
        "raw paths",
        "pins",
        "left",  # what is left whole, with the reason
        "bad input",  # a file that mixes clients or does not parse keeps its whole bot as it is
    }
)


def awaiting(*slices: str) -> tuple[pytest.MarkDecorator, ...]:
    """The mark of what cannot be so before these slices are there; none where all of them are."""
    missing = [each for each in slices if each in AWAITED]
    reason = f"waits for the slices of migrate: {', '.join(missing)}"
    return (pytest.mark.xfail(reason=reason, strict=True),) if missing else ()
