"""Proofs of the rules of rules/orders/ that are about names, values and methods."""

from __future__ import annotations

from exchange import Assumed, Conditions, Position

from proofs.given import (
    AMEND,
    INVALID,
    LEVERAGE,
    LONG,
    SOCKET,
    STANDING,
    STOP,
    STOP_INVALID,
)
from proofs.proof import NO_KEY, Proof, cannot
from proofs.verdicts import (
    Verdict,
    answered,
    ends,
    gives,
    granted,
    no_order,
    ordered,
    orders,
    raises,
    refused,
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

WALLET = "/v5/account/wallet-balance"
KLINES, TICKERS = "/v5/market/kline", "/v5/market/tickers"

HEDGED = Conditions(positions=(Position("BTCUSDT", "Buy", "0.050", position_idx=1),))


def left(case: str, error: str) -> Proof:
    """A long position is to be closed, and the order names the short one."""
    return Proof(
        case,
        "bot.leave_long('BTCUSDT', '0.05')" if case.startswith("pybit") else "bot.leave_long(0.05)",
        given=HEDGED,
        bad=refused(110017) & raises(error),
        good="a way out that names its position",
        instead="bot.leave_long(0.05)",
        fixed=ordered("linear BTCUSDT Sell Market", "0.05"),
    )


def statuses(*wanted: str) -> Verdict:
    """What has become of the orders."""
    return Verdict(
        f"its orders are {', '.join(wanted)}", lambda run: tuple(order.order_status for order in run.orders) == wanted
    )


INVALID_VALUE = (
    left("pybit: a way out that names the other position", "InvalidRequestError"),
    left("ccxt: a way out that names the other position", "InvalidOrder"),
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
        "pybit and ccxt: a kind of account that the endpoint does not take",
        "bot.usdt()",
        bad=answered(10001, WALLET) & raises("InvalidRequestError", 10001),
        fixed=granted(WALLET),
    ),
    Proof(
        "pybit: a symbol that is put together",
        "bot.buy('BTC', '0.01')",
        bad=INVALID,
        fixed=ordered("linear BTCUSDT Buy Market", "0.01"),
    ),
    Proof(
        "pybit: ids of orders that are surely too long, or hold what no id may",
        "bot.buy_again()",
        bad=INVALID,
        good="ids and symbols that are put together as they should be",
        instead="bot.buy_again('BTC')",
        fixed=ordered("linear BTCUSDT Buy Market", "0.01"),
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
        "requests: a query that is written out once more to be signed",
        "bot.balance()",
        bad=answered(10001, WALLET),
        good="requests: a query that is signed as it is sent",
        fixed=granted(WALLET),
    ),
    Proof(
        "pybit: one of two words",
        "bot.equity()",
        bad=raises("InvalidRequestError", 10001),
        good="a table of intervals",
        instead="bot.candles('BTCUSDT', '5m')",
        fixed=granted(KLINES),
    ),
    Proof(
        "pybit: more rows than Bybit gives at once",
        "len(bot.candles('BTCUSDT'))",
        bad=gives(1000),
        good="the rest is asked for in a second request",
        fixed=gives(1500),
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
        "pybit: a symbol under a name that nothing else reads",
        "bot.price()",
        bad=answered(10001, TICKERS) & raises("InvalidRequestError", 10001),
        fixed=granted(TICKERS),
    ),
    Proof(
        "pybit: a symbol under a name that is read elsewhere",
        "bot.price()",
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
        "ccxt: a type of another exchange's",
        "bot.protect(0.01, 50000)",
        given=LONG,
        bad=refused(10001) & raises("BadRequest"),
        good="ccxt: a trigger makes a stop of any order",
        fixed=statuses("Untriggered"),
    ),
    Proof(
        "requests and httpx",
        "bot.candles('BTCUSDT')\nasync with httpx.AsyncClient() as client: await bot.days(client, 'BTCUSDT')",
        bad=answered(10001, KLINES),
        fixed=granted(KLINES),
    ),
    Proof(
        "requests and aiohttp: the query of an address",
        "bot.candles('BTCUSDT')\nbot.weeks('BTCUSDT')",
        bad=answered(10001, KLINES),
        fixed=granted(KLINES),
    ),
    Proof(
        "requests: the query of an address that is read elsewhere, too",
        "bot.candles()",
        bad=answered(10001, KLINES),
        good="a table of intervals",
        instead="bot.candles('BTCUSDT', '5m')",
        fixed=granted(KLINES),
    ),
)

NEEDED, FUNDING = "what a trigger, an empty quantity and a beginning need", "/v5/market/funding/history"


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
        "pybit: a stop on spot that sells at once",
        "bot.sell_if_it_falls('0.001', '50000')",
        bad=statuses("Filled"),
        good=NEEDED,
        fixed=statuses("Untriggered"),
    ),
    Proof(
        "pybit and ccxt: a trigger without its direction",
        "bot.breakout('61000')",
        bad=INVALID,
        good=NEEDED,
        instead="bot.breakout('BTCUSDT', '0.01', '61000')",
        fixed=statuses("Untriggered"),
    ),
    Proof(
        "pybit: all of a position, and the stop of another",
        "bot.close('BTCUSDT', 'Sell')",
        given=LONG,
        bad=INVALID,
        good=NEEDED,
        fixed=ordered("linear BTCUSDT Sell Market", "0.050"),
    ),
    Proof(
        "aiohttp and pybit: funding rates from a moment on",
        "bot.rates('BTCUSDT', 1_700_000_000_000)",
        bad=answered(10001, FUNDING) & raises("InvalidRequestError", 10001),
        good=NEEDED,
        instead="bot.rates('BTCUSDT', 1_700_000_000_000, 1_700_086_400_000)",
        fixed=granted(FUNDING),
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
        "ccxt: the price of a limit order among the params",
        "bot.rest('BTC/USDT:USDT', 0.01, 50000)",
        bad=raises("ArgumentsRequired") & no_order,
        good="ccxt: the price in its place, and a market order that has none",
        fixed=ordered("linear BTCUSDT Buy Limit", "0.01"),
    ),
    Proof(
        "requests: a query in the URL that is all there is",
        "bot.candles('BTCUSDT')",
        bad=answered(10001, KLINES) & answered(10001, FUNDING),
        good="a query in the URL",
        instead="bot.candles",
        fixed=granted(KLINES),
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
        "ccxt: an endpoint of the time before V5",
        "bot.Bot().positions()",
        bad=raises("AttributeError"),
        good="ccxt: an endpoint that says its version",
        instead="bot.positions('BTCUSDT')",
        fixed=granted("/v5/position/list"),
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
        fixed=Verdict("the stop is set", lambda run: [order.stop_loss for order in run.orders] == ["50000"]),
    ),
    Proof(
        "ccxt: the dict stands where the price of a limit order belongs",
        "bot.close('BTC/USDT:USDT', 0.01)",
        bad=no_order,
        good="ccxt: params in its place",
        instead="bot.buy('BTC/USDT:USDT', 0.01, 50000)",
        fixed=orders(1),
    ),
    Proof(
        "ccxt: names that its methods do not have",
        "bot.prepare('BTC/USDT:USDT', 5)",
        bad=raises("TypeError"),
        good="ccxt: params in its place",
        instead="bot.buy('BTC/USDT:USDT', 0.01, 50000)",
        fixed=granted(LEVERAGE),
    ),
    Proof(
        "ccxt: a dict where the symbol belongs, from a coroutine",
        "await bot.take_back('1')",
        bad=raises("TypeError"),
        good="ccxt, from a coroutine: each in its place",
        fixed=answered(110001, "/v5/order/cancel"),
    ),
    Proof(
        "ccxt: the symbol stands where the id belongs, and the id where the symbol does",
        "bot.take_back('BTC/USDT:USDT', '1')",
        bad=raises("BadSymbol"),
        good="ccxt, from a coroutine: each in its place",
        instead="await bot.take_back('1')",
        fixed=answered(110001, "/v5/order/cancel"),
    ),
    Proof(
        "ccxt: a method that it does not have",
        "bot.stop('BTC/USDT:USDT', 50000)",
        bad=raises("AttributeError"),
        good="ccxt: params in its place",
        instead="bot.buy('BTC/USDT:USDT', 0.01, 50000)",
        fixed=granted(LEVERAGE),
    ),
    Proof(
        "ccxt: the number of candles stands where the moment belongs",
        "len(bot.closes('BTC/USDT:USDT'))",
        bad=~gives(100),
        fixed=gives(100),
    ),
)

PROOFS = {
    "BYB211": UNKNOWN_PARAMETER,
    "BYB212": INVALID_VALUE,
    "BYB213": MISSING_PARAMETER,
    "BYB214": UNKNOWN_METHOD,
}
UNPROVEN = {
    **cannot(
        NO_KEY,
        "BYB211",
        "requests: the dict is passed through the bot's own function",
        "httpx and aiohttp: what is stored in a dict has no name to change beside it",
    ),
    **cannot(NO_KEY, "BYB213", "requests: the dict goes through the bot's own function"),
}
