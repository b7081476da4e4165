"""Proofs of the rules of rules/orders/ that are about positions and what an order does to them."""

from __future__ import annotations

from exchange import Conditions, Position

from proofs.given import INVALID
from proofs.proof import Proof
from proofs.verdicts import (
    ordered,
    raises,
    refused,
)

BUY, SELL = (ordered(f"linear BTCUSDT {side} Market", "0.01") for side in ("Buy", "Sell"))
HEDGED = Conditions(positions=(Position("BTCUSDT", "Buy", "0.050", position_idx=1),))
BAD_REQUEST = refused(10001) & raises("BadRequest")

HEDGE_MODE_WITHOUT_INDEX = (
    Proof(
        "pybit: the bot switches the mode itself",
        "bot.buy('0.01')",
        bad=INVALID,
        good="the order names its position",
        fixed=BUY,
    ),
    Proof(
        "pybit: a way out that only reduces",
        "bot.bot.close_long('BTCUSDT', '0.01')",
        given=HEDGED,
        bad=INVALID,
        fixed=SELL,
    ),
    Proof(
        "pybit: both sides are named elsewhere",
        "bot.take_back('Sell', '0.01')",
        given=HEDGED,
        bad=INVALID,
        good="the order names its position",
        instead="bot.buy('0.01')",
        fixed=BUY,
    ),
    Proof(
        "ccxt: one contract is hedged",
        "bot.sell(0.01)",
        bad=BAD_REQUEST,
        good="ccxt works the position out",
        fixed=SELL,
    ),
    Proof(
        "ccxt: a coroutine",
        "await bot.trade(0.01)",
        bad=BAD_REQUEST,
        good="a coroutine that names it",
        fixed=BUY,
    ),
    Proof(
        "requests: the mode and the order",
        "bot.buy('0.01')",
        bad=refused(10001) & raises("RuntimeError"),
        good="requests: the order names it",
        fixed=BUY,
    ),
)

PROOFS = {"BYB227": HEDGE_MODE_WITHOUT_INDEX}

UNPROVEN: dict[str, str] = {}
