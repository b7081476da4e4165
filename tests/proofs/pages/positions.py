"""Proofs of the rules of rules/orders/ that are about positions and what an order does to them."""

from __future__ import annotations

from exchange import Conditions, Position

from proofs.given import COMPACT, INVALID, LEVERAGE, STOP
from proofs.proof import Proof
from proofs.verdicts import (
    Verdict,
    answered,
    asked,
    ends,
    granted,
    no_order,
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

TRIGGER_AS_ATTACHMENT = (
    Proof(
        "ccxt: a limit order with both",
        "bot.enter('BTC/USDT:USDT', 0.01, 59000, 55000, 65000)",
        bad=answered(10001, STOP) & no_order,
        fixed=ordered("linear BTCUSDT Buy Limit", "0.01")
        & Verdict("it has its stop", lambda run: [order.stop_loss for order in run.orders] == ["55000"]),
    ),
    Proof(
        "ccxt: from a coroutine, in a dict of its own",
        "await bot.enter('BTC/USDT:USDT', 0.01, 61000, 65000, 55000)",
        bad=answered(10001, STOP) & no_order,
        fixed=ordered("linear BTCUSDT Sell Limit", "0.01")
        & Verdict("it has its stop", lambda run: [order.stop_loss for order in run.orders] == ["65000"]),
    ),
)

MARKET_TYPE_MISMATCH = (
    Proof(
        "ccxt: a bot for perpetuals buys coins",
        "bot.buy(0.01)",
        bad=ordered("spot BTCUSDT Buy Limit", "0.01"),
        good="the symbol of the contract",
        fixed=ordered("linear BTCUSDT Buy Limit", "0.01"),
    ),
    Proof(
        "ccxt: leverage on spot, from a coroutine",
        "await bot.prepare(5)",
        bad=raises("NotSupported"),
        good="leverage of the contract, from a coroutine",
        fixed=granted(LEVERAGE),
    ),
    Proof(
        "ccxt: a name of the time before V5",
        "bot.buy(10)",
        bad=raises("BadSymbol") & no_order,
        fixed=ordered("inverse BTCUSD Buy Market", 10),
    ),
    Proof(
        "ccxt: a type where nothing looks for it",
        "bot.waiting()",
        bad=asked("/v5/order/realtime", category="linear"),
        fixed=asked("/v5/order/realtime", category="spot"),
    ),
)

GONE = refused(110017)
STORED = "{'symbol': 'BTCUSDT', 'side': 'Buy', 'size': '0.05'}"


def sold(kind: str) -> Verdict:
    """Something is sold that is not there."""
    return ordered(f"linear BTCUSDT Sell {kind}", "0.05") & ends


CLOSING_WITHOUT_REDUCE_ONLY = (
    Proof(
        "pybit: a position that the bot has stored",
        f"desk = bot.Desk(); desk.positions['BTCUSDT'] = {STORED}; desk.leave('BTCUSDT')",
        bad=sold("Market"),
        fixed=GONE & raises("InvalidRequestError", 110017),
    ),
    Proof(
        "pybit: a target beside the position, through a wrapper",
        f"bot.aim({STORED}, '70000')",
        bad=sold("Limit"),
        good="a target through a wrapper that reduces",
        fixed=GONE & raises("InvalidRequestError", 110017),
    ),
    Proof(
        "httpx: a body from a coroutine",
        COMPACT + f"await bot.leave({STORED})",
        bad=sold("Market"),
        good="a body that reduces",
        fixed=GONE & raises("RuntimeError"),
    ),
    Proof(
        "ccxt: what fetch_positions gave",
        "await bot.leave({'symbol': 'BTC/USDT:USDT', 'side': 'long', 'contracts': 0.05})",
        bad=sold("Market"),
        fixed=GONE & raises("InvalidOrder"),
    ),
    Proof(
        "ccxt: with params of its own",
        "bot.leave({'symbol': 'BTC/USDT:USDT', 'side': 'long', 'contracts': 0.05})",
        bad=sold("Market"),
        fixed=GONE & raises("InvalidOrder"),
    ),
)

PROOFS = {
    "BYB227": HEDGE_MODE_WITHOUT_INDEX,
    "BYB228": TRIGGER_AS_ATTACHMENT,
    "BYB229": MARKET_TYPE_MISMATCH,
    "BYB230": CLOSING_WITHOUT_REDUCE_ONLY,
}

UNPROVEN: dict[str, str] = {}
