"""The slices of `bybit-lint migrate` that are not there yet, and the marks of what waits for them.

Whoever finishes a slice takes its name out of `AWAITED`, and a bot that does what it should out of `BOTS`. The marks
are strict, so that nothing which works is called broken.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

AWAITED = frozenset(
    {
        "command",  # it runs at all, and names what it leaves
        "plan",  # every file that will change is named
        "arguments",  # methods and the names of their arguments, the category from the client
        "category",  # from the symbol, where one client is for all markets
        "values",  # GoodTillCancel, BothSide, LIMIT_MAKER, 15m
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
        "streams",  # their methods, arguments and sockets
        "messages",  # what is read of what they push
        "usdc",  # category="PERPETUAL", orderFilter, and answers in dataList
        "previews",  # unified_margin, contract and copy_trading of pybit 3.0 and pybit.legacy
        "swagger",
        "pybybit",
        "raw paths",
        "left",  # what is left whole, with the reason
        "bad input",  # a file that mixes clients or does not parse keeps its whole bot as it is
    }
)

BOTS: Mapping[str, str] = {
    "candles": "candles, lists of which are passed on",
    "desk": "dicts that are filled up, lists of orders, a client in a class",
    "futures_options": "values of usdc_options, hedge mode of dated futures",
    "inverse_stops": "triggers whose prices are worked out where they are written",
    "inverse_streams": "streams and what their messages hold, triggers",
    "one_client": "the client of all markets, answers, tests of ret_code",
    "pybybit": "pybybit",
    "raw_linear": "raw paths, with signature and answers",
    "raw_spot": "raw paths without a signature",
    "spot_ladder": "values that are compared with, candles as lists",
    "streams": "streams, one socket that becomes two, and what their messages hold",
    "swagger": "swagger, pins",
    "usdc_account": "keys in a dict, values of usdc_perpetual, candles",
    "usdt_grid": "answers across files, tests of ret_code that become exceptions, pins",
    "usdt_hedge": "arguments that callers add, position idx",
}
"""What each bot waits for."""


def awaiting(*slices: str) -> tuple[pytest.MarkDecorator, ...]:
    """The mark of what cannot be so before these slices are there; none where all of them are."""
    missing = [each for each in slices if each in AWAITED]
    reason = f"waits for the slices of migrate: {', '.join(missing)}"
    return (pytest.mark.xfail(reason=reason, strict=True),) if missing else ()


def awaiting_bot(name: str) -> tuple[pytest.MarkDecorator, ...]:
    """The mark of a bot that is not carried over yet."""
    reason = f"waits for these slices of migrate: {BOTS.get(name)}"
    return (pytest.mark.xfail(reason=reason, strict=True),) if name in BOTS else ()
