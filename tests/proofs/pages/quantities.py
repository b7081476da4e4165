"""Proofs of the rules of rules/orders/ that are about quantities."""

from __future__ import annotations

from dataclasses import replace

from exchange import INSTRUMENTS, Conditions, Fault

from proofs.given import (
    AIOHTTP,
    AMEND,
    CCXT,
    COMPACT,
    INVALID,
    LEVERAGE,
    LONG,
    SHIM,
    SOCKET,
    STANDING,
    STOP,
    STOP_INVALID,
    long,
)
from proofs.proof import Proof, cannot
from proofs.verdicts import (
    answered,
    ends,
    granted,
    no_order,
    ordered,
    orders,
    raises,
    refused,
)

UNROUNDED_QUANTITY = (
    Proof(
        "pybit: money divided by the price",
        "bot.buy(250)",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Market", 250 / 60000),
    ),
    Proof(
        "pybit: Decimals that are as long as floats",
        "bot.buy('BTCUSDT', '250', '67123.4')",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Market", 250 / 67123.4),
    ),
    Proof(
        "pybit: the text of a helper's float",
        "bot.sell('ETHUSDT', '3000.7')",
        bad=INVALID,
        fixed=ordered("linear ETHUSDT Sell Market", 100 / 3000.7),
    ),
    Proof(
        "pybit: an attribute set by another method",
        "trader = bot.Bot('BTCUSDT'); trader.on_price('67123.4'); trader.buy()",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Market", 100 / 67123.4),
    ),
    Proof(
        "pybit: the bot's own wrapper gets a float from its caller",
        "bot.enter(250, '3000.7')",
        bad=INVALID,
        fixed=ordered("linear ETHUSDT Buy Market", 250 / 3000.7),
    ),
    Proof(
        "pybit: what an heir hands on to its base",
        "bot.main(5)",
        bad=INVALID,
        fixed=ordered("linear ETHUSDT Buy Market", 5 / 7),
    ),
    Proof(
        "pybit: a dict that becomes the order",
        "bot.enter('DOGEUSDT', 100, '0.1237')",
        bad=INVALID,
        fixed=ordered("linear DOGEUSDT Buy Market", 100 / 0.1237),
    ),
    Proof(
        "pybit: a webhook's number",
        "import flask; flask.request.arrives({'qty': '1.25'}); bot.signal()",
        bad=INVALID,
        fixed=ordered("linear SOLUSDT Buy Market", 1.25),
    ),
    Proof(
        "pybit: a third of the position",
        "bot.take_some({'size': '0.050'})",
        given=LONG,
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Sell Market", 0.05 * 0.33),
    ),
    Proof(
        "pybit: one leg of a batch",
        "bot.pair(250, '67123.4')",
        bad=ordered("linear ETHUSDT Sell Market", "0.1"),
        fixed=orders(2),
    ),
    Proof(
        "pybit: an amended order",
        STANDING + "bot.enlarge(order, 250, '67123.4')",
        bad=answered(10001, AMEND) & ordered("linear BTCUSDT Buy Limit", "0.001"),
        fixed=granted(AMEND) & ordered("linear BTCUSDT Buy Limit", 250 / 67123.4),
    ),
    Proof(
        "pybit: the size of a partial take-profit",
        "bot.protect('BTCUSDT', '0.049', '70000')",
        given=LONG,
        depends="stop_sizes",
        bad=STOP_INVALID,
        fixed=granted(STOP, tpSize="0.029"),
    ),
    Proof(
        "pybit: a spot market buy, counted in the quote coin",
        "bot.invest('1000.1234567891')",
        bad=refused(170148) & raises("InvalidRequestError", 170148),
        fixed=ordered("spot BTCUSDT Buy Market", "250.0308641973"),
    ),
    Proof(
        "pybit: an order sent from a coroutine",
        "await bot.buy(40000.7)",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Market", 50 / 40000.7),
    ),
    Proof(
        "pybit: an order over WebSocketTrading",
        "bot.buy(250, '67123.4'); time.sleep(5)",
        given=SOCKET,
        bad=refused(10001),
        good=SHIM,
        instead="bot.buy('BTCUSDT', 250, '67123.4')",
        fixed=ordered("linear BTCUSDT Buy Market", 250 / 67123.4),
    ),
    Proof(
        "requests: the body of a signed order",
        "bot.buy('BTCUSDT', 250, '67123.4')",
        bad=refused(10001),
        fixed=ordered("linear BTCUSDT Buy Market", 250 / 67123.4),
    ),
    Proof(
        "httpx: an order from a coroutine",
        "await bot.sell('ETHUSDT', 250, '3000.7')",
        bad=refused(10001),
        fixed=ordered("linear ETHUSDT Sell Market", 250 / 3000.7),
    ),
    Proof(
        "aiohttp: an order from a coroutine",
        AIOHTTP + "buy(session, 'SOLUSDT', 250, '151.3')",
        bad=refused(10001),
        fixed=ordered("linear SOLUSDT Buy Market", 250 / 151.3),
    ),
    Proof(
        "urllib: the body of a signed order",
        "bot.buy(250, '0.5213')",
        bad=refused(10001),
        fixed=ordered("linear XRPUSDT Buy Market", 250 / 0.5213),
    ),
    Proof(
        "ccxt: an endpoint called by its own name",
        "bot.buy(250)",
        bad=refused(10001) & raises("BadRequest"),
        good="ccxt asked to round for an endpoint",
        instead="bot.exchange.load_markets(); bot.buy(250, 60000)",
        fixed=ordered("linear BTCUSDT Buy Market", 250 / 60000),
    ),
    Proof(
        "ccxt: a partial stop from a coroutine",
        "await bot.protect('BTCUSDT', 0.049, '50000'); await bot.exchange.close()",
        given=LONG,
        depends="stop_sizes",
        bad=answered(10001, STOP) & raises("BadRequest"),
        good="ccxt asked to round for an endpoint",
        instead="bot.exchange.load_markets(); bot.buy(250, 60000)",
        fixed=ordered("linear BTCUSDT Buy Market", 250 / 60000),
    ),
)

FIXED_DECIMALS_QUANTITY = (
    Proof(
        "pybit: three decimals for every symbol",
        "bot.buy('ETHUSDT', 100, '3000.7')",
        bad=INVALID,
        fixed=ordered("linear ETHUSDT Buy Market", 100 / 3000.7),
    ),
    Proof(
        "pybit: decimals printed into the text",
        "bot.sell('SOLUSDT', 1.234)",
        bad=INVALID,
        fixed=ordered("linear SOLUSDT Sell Market", 1.234),
    ),
    Proof(
        "pybit: whole coins",
        "bot.halve('TENUSDT', '50')",
        given=long("TENUSDT", "50"),
        bad=INVALID,
        fixed=ordered("linear TENUSDT Sell Market", 25),
    ),
    Proof(
        "pybit: a table of decimals",
        "bot.buy('DOGEUSDT', 100, '0.1237')",
        bad=INVALID,
        fixed=ordered("linear DOGEUSDT Buy Market", 100 / 0.1237),
    ),
    Proof(
        "pybit: a table of decimals, as powers of ten",
        "bot.buy('DOGEUSDT', 100, '0.1237')",
        bad=INVALID,
        fixed=ordered("linear DOGEUSDT Buy Market", 100 / 0.1237),
    ),
    Proof(
        "pybit: a Decimal quantized to a literal",
        "bot.buy('ETHUSDT', 0.0335)",
        bad=INVALID,
        fixed=ordered("linear ETHUSDT Buy Market", 0.0335),
    ),
    Proof(
        "pybit: a coroutine cuts with a multiplication",
        "await bot.buy('SOLUSDT', 250, 151.3)",
        bad=INVALID,
        fixed=ordered("linear SOLUSDT Buy Market", 250 / 151.3),
    ),
    Proof(
        "pybit: two decimals before the step",
        "bot.buy('BTCUSDT', 1060, '60000')",
        bad=granted("/v5/order/create", qty="0.02"),
        fixed=granted("/v5/order/create", qty="0.017") & ordered("linear BTCUSDT Buy Market", 1060 / 60000),
    ),
    Proof(
        "pybit: an order over WebSocketTrading",
        "bot.buy('ETHUSDT', 100, 3000.7); time.sleep(5)",
        given=SOCKET,
        bad=refused(10001),
        good=SHIM,
        fixed=ordered("linear ETHUSDT Buy Market", 100 / 3000.7),
    ),
    Proof(
        "requests: the body of a signed order",
        "bot.buy('ETHUSDT', 100, 3000.7)",
        bad=refused(10001),
        fixed=ordered("linear ETHUSDT Buy Market", 100 / 3000.7),
    ),
    Proof(
        "httpx: an order from a coroutine",
        "await bot.sell('ETHUSDT', 0.0335)",
        bad=refused(10001),
        fixed=ordered("linear ETHUSDT Sell Market", 0.0335),
    ),
    Proof(
        "aiohttp: a size cut for a partial stop",
        AIOHTTP + "protect(session, 'SOLUSDT', 4.1, '170')",
        given=long("SOLUSDT", "4.1"),
        depends="stop_sizes",
        bad=answered(10001, STOP),
        fixed=granted(STOP, tpSize="2.4"),
    ),
    Proof(
        "ccxt: an endpoint called by its own name",
        "bot.buy('ETHUSDT', 100, 3000.7)",
        bad=refused(10001) & raises("BadRequest"),
        good=CCXT,
        instead="bot.buy('ETH/USDT:USDT', 100, 3000.7)",
        fixed=ordered("linear ETHUSDT Buy Market", 100 / 3000.7),
    ),
)

BY_FIVES = Conditions(
    instruments=tuple(replace(each, tick_size="5") if each.symbol == "BTCUSDT" else each for each in INSTRUMENTS)
)

WRONG_STEP_ROUNDING = (
    Proof(
        "pybit: quantized to the step",
        "bot.buy('HALFUSDT', 12.7, '0.5')",
        bad=INVALID,
        fixed=ordered("linear HALFUSDT Buy Market", 12.7),
    ),
    Proof(
        "pybit: a stop quantized to the tick",
        "bot.protect('HALFUSDT', '20.37')",
        given=long("HALFUSDT", "10"),
        bad=STOP_INVALID,
        fixed=granted(STOP, stopLoss="19.95"),
    ),
    Proof(
        "pybit: a multiple of a float",
        "bot.buy('SOLUSDT', 0.7, {'qtyStep': '0.1'})",
        bad=INVALID,
        fixed=ordered("linear SOLUSDT Buy Market", "0.7"),
    ),
    Proof(
        "pybit: the multiple of a float in a coroutine",
        "await bot.bid('BTCUSDT', '0.001', 59000.7, 0.1)",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Limit", "0.001"),
    ),
    Proof(
        "pybit: so many parts of 1",
        "bot.bid('DOGEUSDT', 0.15)",
        bad=INVALID,
        fixed=ordered("linear DOGEUSDT Buy Limit", "100"),
    ),
    Proof(
        "pybit: decimals counted in the text of the step",
        "bot.buy('HALFUSDT', 100, 19.3)",
        bad=INVALID,
        fixed=ordered("linear HALFUSDT Buy Market", 100 / 19.3),
    ),
    Proof(
        "pybit: decimals from the logarithm of the tick",
        "bot.bid('BTCUSDT', 59003.7)",
        given=BY_FIVES,
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Limit", "1"),
    ),
    Proof(
        "pybit: an exponent in the text",
        "bot.buy('TENUSDT', 100, '10')",
        depends="exponents",
        bad=INVALID,
        fixed=ordered("linear TENUSDT Buy Market", 100),
    ),
    Proof(
        "pybit: counted in one file, sent in another",
        "bot.buy('HALFUSDT', 100, 19.3, '0.5')",
        bad=INVALID,
        good="BYB201 rounded by the shim",
        instead="bot.buy('HALFUSDT', 100, 19.3)",
        fixed=ordered("linear HALFUSDT Buy Market", 100 / 19.3),
    ),
    Proof(
        "requests: the body of a signed order",
        "bot.buy('HALFUSDT', 12.7, '0.5')",
        bad=refused(10001),
        fixed=ordered("linear HALFUSDT Buy Market", 12.7),
    ),
    Proof(
        "httpx: an order from a coroutine",
        "await bot.sell('SOLUSDT', 0.7, 0.1)",
        bad=refused(10001),
        fixed=ordered("linear SOLUSDT Sell Market", "0.7"),
    ),
    Proof(
        "ccxt: an endpoint called by its own name",
        "bot.protect('HALFUSDT', '19.97', '0.05')",
        given=long("HALFUSDT", "10"),
        bad=answered(10001, STOP) & raises("BadRequest"),
        fixed=granted(STOP, stopLoss="19.95"),
    ),
    Proof(
        "ccxt: a step taken for a number of decimals",
        "bot.exchange.load_markets(); bot.buy('BTC/USDT:USDT', 250, 60000)",
        bad=raises("TypeError") & no_order,
        good="ccxt is handed the number as it is",
        fixed=ordered("linear BTCUSDT Buy Market", 250 / 60000),
    ),
)

NOT_JSON = raises("TypeError", text="not JSON serializable") & no_order

UNCAST_NUMBER = (
    Proof("pybit: the legs of a batch", "bot.pair('0.1', '0.01')", bad=NOT_JSON, fixed=orders(2)),
    Proof(
        "pybit: a leverage",
        "bot.lever('BTCUSDT', '5')",
        bad=NOT_JSON,
        fixed=granted(LEVERAGE, buyLeverage="5", sellLeverage="5"),
    ),
    Proof(
        "pybit: the distance of a trailing stop, from a coroutine",
        "await bot.trail('BTCUSDT', '50.37')",
        given=LONG,
        bad=NOT_JSON,
        fixed=granted(STOP, trailingStop="50.4"),
    ),
    Proof(
        "pybit: an order over WebSocketTrading",
        "bot.buy('BTCUSDT', '0.001'); time.sleep(5)",
        given=SOCKET,
        bad=NOT_JSON,
        fixed=ordered("linear BTCUSDT Buy Market", "0.001"),
    ),
    Proof(
        "requests: an order sent as JSON",
        "bot.buy('BTCUSDT', '0.0017', '0.001')",
        bad=NOT_JSON,
        fixed=ordered("linear BTCUSDT Buy Market", "0.0017"),
    ),
    Proof(
        "httpx: a leverage from a coroutine",
        COMPACT + "await bot.lever('BTCUSDT', '5')",
        bad=NOT_JSON,
        fixed=granted(LEVERAGE, buyLeverage="5", sellLeverage="5"),
    ),
)

INFO = "/v5/market/instruments-info"
UNKNOWN = Conditions(faults=(Fault(INFO, "bad gateway", times=20, method="GET", is_accepted=False),))
"""Nobody can ask for the instrument."""


GUESSED_STEP = (
    Proof(
        "pybit: a step and a minimum in the handler",
        "bot.buy('BTCUSDT', 900, '60000')",
        given=UNKNOWN,
        bad=orders(1) & ~ordered("linear BTCUSDT Buy Market", "0.015"),
        good="the failure goes on",
        fixed=no_order & raises("Exception"),
    ),
    Proof(
        "requests: what is returned in the end",
        "bot.buy('DOGEUSDT', '123.456')",
        given=UNKNOWN,
        bad=INVALID,
        good="no step, no order",
        fixed=no_order & ends,
    ),
    Proof(
        "pybit: a symbol that is missing in the bot's table",
        "bot.Desk().buy('DOGEUSDT', '123.456')",
        bad=INVALID,
        good="no step, no order",
        instead="bot.buy('DOGEUSDT', '123.456')",
        fixed=ordered("linear DOGEUSDT Buy Market", "123"),
    ),
    Proof(
        "ccxt: the smallest amount, asked before the markets are loaded",
        "await bot.buy('BTC/USDT:USDT', 0.015)",
        bad=orders(1) & ~ordered("linear BTCUSDT Buy Market", "0.015"),
        good="the markets are loaded first",
        fixed=ordered("linear BTCUSDT Buy Market", "0.015"),
    ),
)

PROOFS = {
    "BYB201": UNROUNDED_QUANTITY,
    "BYB202": FIXED_DECIMALS_QUANTITY,
    "BYB205": WRONG_STEP_ROUNDING,
    "BYB206": UNCAST_NUMBER,
    "BYB207": GUESSED_STEP,
}
UNPROVEN = cannot(
    "whether Bybit looks at tpSize in an order is not documented", "BYB201", "ccxt: a size handed on in params"
)
