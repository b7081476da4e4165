"""Proofs of the rules of rules/orders/ that are about prices."""

from __future__ import annotations

from dataclasses import replace

from proofs.given import (
    AIOHTTP,
    AMEND,
    INVALID,
    LONG,
    SHIM,
    SOCKET,
    STANDING,
    STOP,
    STOP_INVALID,
    long,
)
from proofs.proof import Proof
from proofs.verdicts import (
    answered,
    granted,
    ordered,
    raises,
    refused,
)

UNROUNDED_PRICE = (
    Proof(
        "pybit: a stop some percent below the price",
        "bot.trail('BTCUSDT', '60000.1')",
        given=LONG,
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="59100"),
    ),
    Proof(
        "pybit: a stop some percent below the price, in Decimals",
        "bot.trail('BTCUSDT', '60000.1')",
        given=LONG,
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="59100"),
    ),
    Proof(
        "pybit: a limit order with a target and a stop",
        "bot.sell('BTCUSDT', '0.001', '60000.1')",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Sell Limit", "0.001"),
    ),
    Proof(
        "pybit: a side that is only known at run time",
        "bot.enter('BTCUSDT', 'Buy', '0.001', '59999.8', '59999.9')",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Limit", "0.001"),
    ),
    Proof(
        "pybit: the bot's own wrapper gets a stop from its caller",
        "bot.on_candle('BTCUSDT', 60000.1)",
        given=LONG,
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="59400"),
    ),
    Proof(
        "pybit: one helper's stop, handed to the wrapper by two",
        "bot.on_candle('BTCUSDT', 60000.1)",
        given=LONG,
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="59400"),
    ),
    Proof(
        "pybit: a webhook's target",
        "import flask; flask.request.arrives({'target': '160.1234'}); bot.signal()",
        bad=INVALID,
        fixed=ordered("linear SOLUSDT Buy Market", "1"),
    ),
    Proof(
        "pybit: a stop from a coroutine",
        "await bot.protect('BTCUSDT', '60000.1')",
        given=LONG,
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="58800"),
    ),
    Proof(
        "pybit: an order over WebSocketTrading",
        "bot.bid('59999.9'); time.sleep(5)",
        given=replace(SOCKET, positions=LONG.positions),
        bad=refused(10001),
        good=SHIM,
        instead="bot.trail('BTCUSDT', '59999.9')",
        fixed=granted(STOP),
    ),
    Proof(
        "requests: the body of a signed order",
        "bot.bid('SOLUSDT', 150.1237)",
        bad=refused(10001),
        fixed=ordered("linear SOLUSDT Buy Limit", "1"),
    ),
    Proof(
        "httpx: a stop from a coroutine",
        "await bot.protect('BTCUSDT', 60000.1, 150.37)",
        given=LONG,
        bad=answered(10001, STOP),
        fixed=granted(STOP, stopLoss="59774.5"),
    ),
    Proof(
        "aiohttp: an amended order",
        STANDING + AIOHTTP + "follow(session, 'BTCUSDT', order, 50000.7)",
        bad=answered(10001, AMEND),
        fixed=granted(AMEND),
    ),
    Proof(
        "ccxt: an endpoint called by its own name",
        "bot.protect('BTCUSDT', '60000.1')",
        given=LONG,
        bad=answered(10001, STOP) & raises("BadRequest"),
        good="ccxt asked to round for an endpoint",
        instead="bot.exchange.load_markets(); bot.protect('BTC/USDT:USDT', 'BTCUSDT', 60000.1)",
        fixed=granted(STOP),
    ),
)

FIXED_DECIMALS_PRICE = (
    Proof(
        "pybit: a stop with two decimals",
        "bot.protect('BTCUSDT', '60000.37')",
        given=LONG,
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="58800.3"),
    ),
    Proof(
        "pybit: decimals printed into the text",
        "bot.bid('BTCUSDT', '0.001', 59000.123)",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Limit", "0.001"),
    ),
    Proof(
        "pybit: decimals guessed from the name of the symbol",
        "bot.target('SOLUSDT', 'Sell', '1', 150.123)",
        given=long("SOLUSDT", "1"),
        bad=INVALID,
        fixed=ordered("linear SOLUSDT Sell Limit", "1"),
    ),
    Proof(
        "pybit: a stop from a coroutine",
        "await bot.protect('BTCUSDT', 60000.37)",
        given=LONG,
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="58800.3"),
    ),
    Proof(
        "pybit: two decimals before the tick",
        "bot.protect('XRPUSDT', '0.5391')",
        given=long("XRPUSDT", "100"),
        bad=granted(STOP, stopLoss="0.53"),
        fixed=granted(STOP, stopLoss="0.5283"),
    ),
    Proof(
        "pybit: an order over WebSocketTrading",
        "bot.bid('BTCUSDT', 59000.37); time.sleep(5)",
        given=replace(SOCKET, positions=LONG.positions),
        bad=refused(10001),
        good="BYB203 rounded by the shim",
        instead="bot.trail('BTCUSDT', '59999.9')",
        fixed=granted(STOP),
    ),
    Proof(
        "requests: the body of a signed order",
        "bot.bid('BTCUSDT', 59000.37)",
        bad=refused(10001),
        fixed=ordered("linear BTCUSDT Buy Limit", "1"),
    ),
    Proof(
        "httpx: a stop from a coroutine",
        "await bot.protect('BTCUSDT', 60000.1, 150.37)",
        given=LONG,
        bad=answered(10001, STOP),
        fixed=granted(STOP, stopLoss="59774.5"),
    ),
    Proof(
        "aiohttp: an amended order",
        STANDING + AIOHTTP + "follow(session, 'BTCUSDT', order, 50000.37)",
        bad=answered(10001, AMEND),
        fixed=granted(AMEND, price="50000.3"),
    ),
    Proof(
        "ccxt: an endpoint called by its own name",
        "bot.protect('BTCUSDT', '60000.37')",
        given=LONG,
        bad=answered(10001, STOP) & raises("BadRequest"),
        good="BYB203 ccxt asked to round for an endpoint",
        instead="bot.exchange.load_markets(); bot.protect('BTC/USDT:USDT', 'BTCUSDT', 60000.37)",
        fixed=granted(STOP),
    ),
)

PROOFS = {
    "BYB203": UNROUNDED_PRICE,
    "BYB204": FIXED_DECIMALS_PRICE,
}
UNPROVEN: dict[str, str] = {}
