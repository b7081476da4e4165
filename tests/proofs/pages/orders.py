"""Proofs of rules/orders/."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from exchange import INSTRUMENTS, Assumed, Conditions, Fault, Position

from proofs.proof import Proof, cannot
from proofs.verdicts import (
    Verdict,
    answered,
    ends,
    gives,
    granted,
    no_order,
    ordered,
    orders,
    prints,
    raises,
    refused,
)

AMEND, STOP, LEVERAGE = "/v5/order/amend", "/v5/position/trading-stop", "/v5/position/set-leverage"
SOCKET = Conditions(scale=40)
AIOHTTP = "async with aiohttp.ClientSession() as session: await bot."
INVALID = refused(10001) & raises("InvalidRequestError", 10001)
STOP_INVALID = answered(10001, STOP) & raises("InvalidRequestError", 10001)
STANDING = """
order = pybit.unified_trading.HTTP(testnet=True).place_order(
    category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", qty="0.001", price="50000"
)["result"]["orderId"]
"""
COMPACT = "import signing; signing.SEPARATORS = (',', ':')\n"  # httpx writes JSON without spaces
SHIM, CCXT = "rounded by the shim", "ccxt rounds by itself"


def long(symbol: str, size: str) -> Conditions:
    return Conditions(positions=(Position(symbol, "Buy", size),))


LONG = long("BTCUSDT", "0.050")

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

STRICT = Conditions(assumed=Assumed(unknown_fields="refused"))
OPENED = ordered("linear BTCUSDT Sell Market", "0.01")

UNKNOWN_PARAMETER = (
    Proof(
        "pybit: an order that can open what it should close",
        "bot.close('BTCUSDT', 'Sell', '0.01')",
        depends="unknown_fields",
        bad=OPENED,
        fixed=refused(110017) & raises("InvalidRequestError", 110017),
    ),
    Proof(
        "pybit: names of the time before V5",
        "bot.prepare()",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Market", "0.01") & granted(LEVERAGE),
    ),
    Proof(
        "pybit: a wrong value under a wrong name",
        "bot",
        given=STRICT,
        depends="unknown_fields",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Limit", "0.01"),
    ),
    Proof(
        "pybit: a parameter of another endpoint",
        "bot.buy('BTCUSDT', '0.01')",
        given=STRICT,
        depends="unknown_fields",
        bad=INVALID,
        good="BYB214 one of two names, whichever is there",
        instead="bot.session.place_order("
        "category='linear', symbol='BTCUSDT', side='Buy', orderType='Market', qty='0.01')",
        fixed=ordered("linear BTCUSDT Buy Market", "0.01"),
    ),
    Proof(
        "pybit: a slip of the keyboard in a dict that becomes the arguments",
        "bot.protect('BTCUSDT', '50000')",
        given=LONG,
        depends="unknown_fields",
        bad=granted(STOP, slTriggerB="MarkPrice"),
        fixed=granted(STOP, slTriggerBy="MarkPrice"),
    ),
    Proof(
        "pybit: a look-up whose beginning has another name here",
        "len(bot.candles('BTCUSDT', int(time.time() * 1000) - 3_600_000)['result']['list'])",
        depends="unknown_fields",
        bad=gives(200),
        fixed=gives(12),
    ),
    Proof(
        "pybit over a socket: the callbacks are its own",
        STANDING + "bot.amend(order, '51000'); time.sleep(5)",
        given=SOCKET,
        bad=answered(10001, AMEND),
        fixed=granted(AMEND),
    ),
    Proof(
        "pybit: an order of a batch",
        "bot.enter('entry-1')",
        depends="unknown_fields",
        bad=Verdict("the order has no orderLinkId", lambda run: [order.order_link_id for order in run.orders] == [""]),
        fixed=Verdict("it has its own", lambda run: [order.order_link_id for order in run.orders] == ["entry-1"]),
    ),
    Proof(
        "ccxt: an entry of params",
        "bot.close('BTC/USDT:USDT', 'sell', 0.01)",
        depends="unknown_fields",
        bad=OPENED,
        fixed=refused(110017) & raises("InvalidOrder"),
    ),
    Proof(
        "ccxt, asynchronous: straight to an endpoint",
        "try: await bot.leverage('BTCUSDT')\nfinally: await bot.exchange.close()",
        bad=answered(10001, LEVERAGE) & raises("BadRequest"),
        fixed=granted(LEVERAGE, buyLeverage="3", sellLeverage="3"),
    ),
)

KLINES, TICKERS = "/v5/market/kline", "/v5/market/tickers"

INVALID_VALUE = (
    Proof(
        "pybit: sides and types in lower case",
        "bot.buy('0.01')",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Market", "0.01"),
    ),
    Proof(
        "pybit: both sides of a choice",
        "bot.close('long', '0.01')",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Sell Market", "0.01"),
    ),
    Proof(
        "pybit: a trigger that is no price",
        "bot.protect('BTCUSDT', '50000')",
        given=LONG,
        bad=STOP_INVALID,
        good="BYB203 rounded by the shim",
        instead="bot.trail('BTCUSDT', 60000.37)",
        fixed=granted(STOP),
    ),
    Proof(
        "pybit: words of the time before V5",
        "bot.rest('50000', '0.01')",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Limit", "0.01"),
    ),
    Proof(
        "pybit: an interval that a caller of the bot's own function chooses",
        "bot.signal()",
        bad=answered(10001, KLINES) & raises("InvalidRequestError", 10001),
        good="a table of intervals",
        instead="bot.candles('BTCUSDT', '5m')",
        fixed=granted(KLINES),
    ),
    Proof(
        "pybit: a symbol of another category",
        "bot",
        bad=answered(10001, TICKERS) & raises("InvalidRequestError", 10001),
        good="a table of intervals",
        instead="bot.candles('BTCUSDT', '5m')",
        fixed=granted(KLINES),
    ),
    Proof(
        "pybit: a symbol in lower case",
        "bot.spot",
        bad=answered(170121, TICKERS) & raises("InvalidRequestError", 170121),
        fixed=granted(TICKERS),
    ),
    Proof(
        "pybit over a socket",
        "bot.sell('0.01'); time.sleep(5)",
        given=SOCKET,
        bad=refused(10001),
        fixed=ordered("linear BTCUSDT Sell Market", "0.01"),
    ),
    Proof(
        "ccxt: straight to an endpoint",
        "bot.sell('0.01')",
        bad=refused(10001) & raises("BadRequest"),
        fixed=ordered("linear BTCUSDT Sell Market", "0.01"),
    ),
    Proof(
        "requests and httpx",
        "bot.candles('BTCUSDT')\nasync with httpx.AsyncClient() as client: await bot.days(client, 'BTCUSDT')",
        bad=answered(10001, KLINES),
        fixed=granted(KLINES),
    ),
)

MISSING_PARAMETER = (
    Proof(
        "pybit: all positions, all orders",
        "",
        bad=answered(10001, "/v5/position/list") & raises("InvalidRequestError", 10001),
        good="what would do instead",
        fixed=granted("/v5/position/list") & ends,
    ),
    Proof(
        "pybit: a limit order without a price",
        "",
        bad=answered(10001) & ordered("linear BTCUSDT Buy Market", "0.01"),
        good="an entry that is added before the order is sent",
        fixed=ordered("linear BTCUSDT Buy Limit", "0.01"),
    ),
    Proof(
        "pybit: required arguments",
        "bot.stop('BTCUSDT', 'any')",
        bad=answered(10001, "/v5/order/cancel") & raises("InvalidRequestError", 10001),
        good="what would do instead",
        instead="bot.session",
        fixed=granted("/v5/order/cancel-all") & ends,
    ),
    Proof(
        "pybit: one order of a batch",
        "",
        bad=no_order & ends,
        good="half of the arguments now, half later",
        fixed=ordered("linear BTCUSDT Buy Market", "0.01"),
    ),
    Proof(
        "pybit over a socket",
        "bot.amend('50000'); time.sleep(5)",
        given=SOCKET,
        bad=answered(10001, AMEND),
        good="an entry that is added before the order is sent",
        instead="bot.place('Limit', '0.01', '50000')",
        fixed=orders(2),
    ),
    Proof(
        "ccxt: straight to an endpoint",
        "",
        bad=answered(10001, "/v5/position/list") & raises("BadRequest"),
        good="ccxt finds out by itself",
        fixed=granted("/v5/position/list") & ends,
    ),
    Proof(
        "aiohttp and httpx",
        "bot.more(httpx.Client())\nasync with aiohttp.ClientSession() as session: await bot.candles(session)",
        bad=answered(10001, KLINES),
        good="a query in the URL",
        instead="bot.candles",
        fixed=granted(KLINES),
    ),
)

UNKNOWN_METHOD = (
    Proof(
        "pybit: almost the right name, for something that only asks",
        "bot.Bot().size('BTCUSDT'); bot.Bot().prices()",
        bad=raises("AttributeError"),
        fixed=granted("/v5/position/list") & granted(TICKERS),
    ),
    Proof(
        "pybit, from a coroutine",
        "await bot.prices()",
        bad=raises("AttributeError"),
        fixed=granted(TICKERS),
    ),
    Proof(
        "pybit: a method of the time before V5",
        "bot.buy('0.01')",
        bad=raises("AttributeError") & no_order,
        good="BYB201 a quantity somebody decided on",
        instead="bot.buy('BTCUSDT')",
        fixed=orders(2),
    ),
    Proof(
        "pybit: arguments without names",
        "",
        bad=raises("TypeError") & no_order,
        good="BYB223 pybit: each order's code is read",
        instead="bot.place([{'symbol': 'BTCUSDT', 'side': 'Buy', 'orderType': 'Market', 'qty': '0.01'}])",
        fixed=ordered("linear BTCUSDT Buy Market", "0.01"),
    ),
    Proof(
        "pybit's streams",
        "bot.stop()",
        given=SOCKET,
        bad=raises("AttributeError"),
        good="methods that are there",
        instead="bot",
        fixed=ends,
    ),
    Proof(
        "ccxt: the dict stands where the price belongs",
        "bot.buy('BTC/USDT:USDT', 0.01, 50000)",
        bad=Verdict("no stop is set", lambda run: not any(order.stop_loss for order in run.orders)),
        good="ccxt: params in its place",
        fixed=Verdict("the stop is set", lambda run: [order.stop_loss for order in run.orders] == ["50000"]),
    ),
)

DROPPED = Conditions(faults=(Fault("/v5/order/create", "drop"),))
TWICE, ONCE = orders(2), orders(1)
ONE_ID = "one id for all tries"
BUY = "bot.buy('BTCUSDT', '0.01')"

RETRIED_ORDER = (
    Proof("pybit: a loop", BUY, given=DROPPED, bad=TWICE, fixed=ONCE),
    Proof(
        "pybit: a coroutine, and a new id for each try",
        "await bot.sell({'category': 'linear', 'symbol': 'BTCUSDT', 'orderType': 'Market', 'qty': '0.01'})",
        given=DROPPED,
        bad=TWICE,
        fixed=ONCE,
    ),
    Proof("pybit: the client's own retry", BUY, given=DROPPED, bad=TWICE & ends, fixed=ONCE),
    Proof("pybit: tenacity", BUY, given=DROPPED, bad=TWICE & ends, good=ONE_ID, fixed=ONCE),
    Proof("pybit: the bot's own decorator", BUY, given=DROPPED, bad=TWICE & ends, good=ONE_ID, fixed=ONCE),
    Proof("pybit: recursion", BUY, given=DROPPED, bad=TWICE & ends, good=ONE_ID, fixed=ONCE),
    Proof(
        "pybit: the caller of a function tries again",
        "bot.enter('BTCUSDT', '0.01')",
        given=DROPPED,
        bad=TWICE & gives(True),
        good=ONE_ID,
        instead=BUY,
        fixed=ONCE,
    ),
    Proof("ccxt: a loop", "bot.buy('BTC/USDT:USDT', 0.01)", given=DROPPED, bad=TWICE & ends, fixed=ONCE),
    Proof(
        "ccxt: the client's own retry",
        "await bot.buy('BTC/USDT:USDT', 0.01); await bot.exchange.close()",
        given=DROPPED,
        bad=TWICE & ends,
        good=ONE_ID,
        instead=BUY,
        fixed=ONCE,
    ),
    Proof(
        "requests: urllib3 sends a POST again",
        BUY,
        given=DROPPED,
        bad=TWICE & ends,
        good="urllib3 leaves a POST alone unless it is told otherwise",
        fixed=ONCE & raises("ConnectionError"),
    ),
    Proof(
        "httpx: a loop",
        COMPACT + "await " + BUY,
        given=DROPPED,
        bad=TWICE & ends,
        good=ONE_ID,
        instead=BUY,
        fixed=ONCE,
    ),
)

LEGS = """[
    {"symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": "0.001"},
    {"symbol": "ETHUSDT", "side": "Sell", "orderType": "Market", "qty": "0.0013"},
]"""
UNIFIED_LEGS = """[
    {"symbol": "BTC/USDT:USDT", "type": "market", "side": "buy", "amount": 0.001},
    {"symbol": "ETH/USDT:USDT", "type": "market", "side": "sell", "amount": 10000},
]"""
HALF = ordered("linear BTCUSDT Buy Market", "0.001")

UNCHECKED_BATCH = (
    Proof(
        "pybit: nobody looks at the answer",
        f"bot.place({LEGS})",
        bad=HALF & ends,
        good="pybit: each order's code is read",
        fixed=HALF & raises("RuntimeError"),
    ),
    Proof(
        "pybit: retCode alone says nothing of the orders",
        "bot.cancel([{'symbol': 'BTCUSDT', 'orderId': 'none of mine'}])",
        bad=answered(0, "/v5/order/cancel-batch") & ends,
        good="pybit: an order that failed has no id",
        instead=f"bot.place({LEGS})",
        fixed=HALF & raises("RuntimeError"),
    ),
    Proof(
        "pybit: from a coroutine",
        f"await bot.place({LEGS})",
        bad=HALF & ends,
        good="pybit: each order's code is read",
        instead=f"bot.place({LEGS})",
        fixed=HALF & raises("RuntimeError"),
    ),
    Proof(
        "requests: retCode is checked, the orders are not",
        f"""
from signing import signed_headers
body = json.dumps({{"category": "linear", "request": {LEGS}}})
bot.place(body, signed_headers(body))""",
        bad=HALF & ends,
        good="pybit: each order's code is read",
        instead=f"bot.place({LEGS})",
        fixed=HALF & raises("RuntimeError"),
    ),
    Proof(
        "ccxt: the orders that were rejected come back as such",
        f"bot.place({UNIFIED_LEGS})",
        bad=HALF & gives(None),
        good="ccxt: the status of each order is read",
        instead=f"len(bot.place({UNIFIED_LEGS}))",
        fixed=HALF & gives(1),
    ),
)

FILLED = Verdict("the order is filled", lambda run: [order.order_status for order in run.orders] == ["Filled"])

ANSWER_AS_FILL = (
    Proof(
        "pybit: a fill that is not in the answer",
        BUY,
        bad=ONCE & raises("KeyError", text="avgPrice"),
        good="pybit: the fill is asked for",
        fixed=ONCE & gives(["Filled", "0.01"]),
    ),
    Proof(
        "requests: through the bot's own wrapper",
        """
from signing import signed_headers
order = json.dumps({"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": "0.01"})
bot.enter(order, signed_headers(order))""",
        bad=ONCE & raises("KeyError", text="price"),
        good="pybit: the fill is asked for",
        instead=BUY,
        fixed=ONCE & gives(["Filled", "0.01"]),
    ),
    Proof(
        "ccxt: the rest of the order is None",
        "bot.buy('BTC/USDT:USDT', 0.01)[1]",
        bad=ONCE & gives(0.0),
        good="ccxt: asked again where the answer says nothing",
        instead="bot.buy('BTC/USDT:USDT', 0.01)",
        fixed=ONCE & gives(60000.0),
    ),
    Proof(
        "pybit: several fields of one answer",
        "bot.buy('BTCUSDT', '0.01', '61000')",
        bad=FILLED & ~prints("bought") & ~gives(["Filled", "0.01"]),
        good="pybit: the fill is asked for",
        instead=BUY,
        fixed=FILLED & gives(["Filled", "0.01"]),
    ),
    Proof(
        "ccxt: the same from a coroutine",
        "await bot.buy('BTC/USDT:USDT', 0.01); await bot.exchange.close()",
        bad=FILLED & ~prints("bought") & ~gives(60000.0),
        good="ccxt: asked again where the answer says nothing",
        instead="bot.buy('BTC/USDT:USDT', 0.01)",
        fixed=FILLED & gives(60000.0),
    ),
)

DUPLICATE = ONCE & answered(110072)

CONSTANT_LINK_ID = (
    Proof(
        "pybit",
        "bot.buy('0.01'); bot.buy('0.02')",
        bad=DUPLICATE & raises("InvalidRequestError", 110072),
        fixed=TWICE & ends,
    ),
    Proof(
        "pybit: the text has a name",
        "bot.protect('0.01', '70000'); bot.unprotect(); bot.protect('0.01', '71000')",
        bad=DUPLICATE & raises("InvalidRequestError", 110072),
        good="an id that is made for each order",
        instead="bot.buy('0.01'); bot.buy('0.02')",
        fixed=TWICE & ends,
    ),
    Proof(
        "ccxt",
        "bot.buy('BTC/USDT:USDT', 0.01); bot.buy('BTC/USDT:USDT', 0.02)",
        bad=DUPLICATE & raises("InvalidOrder"),
        fixed=TWICE & ends,
    ),
)

UNPROTECTED = answered(10001, STOP)  # there is no position

SWALLOWED_ORDER_ERROR = (
    Proof(
        "pybit: a stop that is not there",
        "bot.protect('BTCUSDT', '50000')",
        bad=UNPROTECTED & ends & gives(None),
        good="the caller is told",
        fixed=UNPROTECTED & gives(False),
    ),
    Proof(
        "pybit: orders that may still be there",
        """
import pybit.unified_trading
orders = [pybit.unified_trading.HTTP(testnet=True).place_order(
    category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", qty="0.001", price="50000"
)["result"]["orderId"] for _ in range(2)]
bot.Grid().clear(["none of mine", *orders])""",
        bad=answered(110001, "/v5/order/cancel") & prints("a new grid") & orders(2),
        good="the bot keeps it in mind",
        instead="bot.enter('BTCUSDT', '0.0017')",
        fixed=refused(10001) & raises("RuntimeError"),
    ),
    Proof(
        "pybit: a coroutine, through a function of the bot's own",
        "await bot.enter('BTCUSDT', '0.0017')",
        bad=refused(10001) & ends,
        good="the bot keeps it in mind",
        instead="bot.enter('BTCUSDT', '0.0017')",
        fixed=refused(10001) & raises("RuntimeError"),
    ),
    Proof(
        "ccxt",
        "bot.enter('BTC/USDT:USDT', 0.5)",
        given=Conditions(balance={"USDT": "1"}),
        bad=refused(110007) & prints("in the market: BTC/USDT:USDT") & ends,
        good="the bot keeps it in mind",
        instead="bot.enter('BTCUSDT', '0.5')",
        fixed=refused(110007) & raises("RuntimeError"),
    ),
    Proof(
        "requests",
        STANDING + "bot.flatten()",
        given=Conditions(faults=(Fault("/v5/order/cancel-all", "drop", is_accepted=False),)),
        bad=Verdict("the order still stands", lambda run: [order.is_open for order in run.orders] == [True]) & ends,
        good="the bot keeps it in mind",
        instead="bot.enter('BTCUSDT', '0.0017')",
        fixed=refused(10001) & raises("RuntimeError"),
    ),
)

FOR_A_HUNDRED_DOLLARS = Verdict(
    "100 dollars are spent, and not a hundred coins bought",
    lambda run: bool(run.orders) and all(Decimal(order.exec_value) <= 100 for order in run.orders),
)
A_HUNDREDTH_COIN = Verdict(
    "a hundredth of a coin is bought", lambda run: [order.exec_qty for order in run.orders] == ["0.01"]
)

SPOT_MARKET_BUY_UNIT = (
    Proof(
        "pybit",
        "bot.buy('BTCUSDT', '0.01')",
        bad=refused(170140),
        good="it says which coin",
        fixed=A_HUNDREDTH_COIN,
    ),
    Proof(
        "pybit: a side that the caller chooses",
        "",
        bad=refused(170140),
        good="it says which coin",
        instead="bot.buy('BTCUSDT', '0.01')",
        fixed=A_HUNDREDTH_COIN,
    ),
    Proof(
        "pybit: one order of a batch",
        "",
        bad=FOR_A_HUNDRED_DOLLARS,
        good="it says which coin",
        instead="bot.buy('BTCUSDT', '0.01')",
        fixed=A_HUNDREDTH_COIN,
    ),
    Proof(
        "ccxt: straight to the endpoint",
        "",
        bad=FOR_A_HUNDRED_DOLLARS,
        good="ccxt says it by itself",
        fixed=A_HUNDREDTH_COIN,
    ),
)

NO_KEY = "sends no key, so that Bybit refuses it whatever else it says"

PROOFS = {
    "BYB201": UNROUNDED_QUANTITY,
    "BYB202": FIXED_DECIMALS_QUANTITY,
    "BYB203": UNROUNDED_PRICE,
    "BYB204": FIXED_DECIMALS_PRICE,
    "BYB205": WRONG_STEP_ROUNDING,
    "BYB206": UNCAST_NUMBER,
    "BYB211": UNKNOWN_PARAMETER,
    "BYB212": INVALID_VALUE,
    "BYB213": MISSING_PARAMETER,
    "BYB214": UNKNOWN_METHOD,
    "BYB221": RETRIED_ORDER,
    "BYB222": SWALLOWED_ORDER_ERROR,
    "BYB223": UNCHECKED_BATCH,
    "BYB224": ANSWER_AS_FILL,
    "BYB225": SPOT_MARKET_BUY_UNIT,
    "BYB226": CONSTANT_LINK_ID,
}
UNPROVEN = {
    **cannot(
        "whether Bybit looks at tpSize in an order is not documented", "BYB201", "ccxt: a size handed on in params"
    ),
    **cannot(
        NO_KEY,
        "BYB211",
        "requests: the dict is passed through the bot's own function",
        "httpx and aiohttp: what is stored in a dict has no name to change beside it",
    ),
    **cannot(NO_KEY, "BYB213", "requests: the dict goes through the bot's own function"),
    **cannot(NO_KEY, "BYB225", "requests, httpx and aiohttp"),
    **cannot(NO_KEY, "BYB226", "requests, httpx and aiohttp"),
}
