"""Proofs of rules/responses/ and of BYB604, which is about answers too."""

from __future__ import annotations

from dataclasses import replace

from exchange import INSTRUMENTS, Conditions, Position

from proofs.proof import NO_KEY, Proof, cannot
from proofs.verdicts import Verdict, answered, ends, gives, granted, ordered, orders, raises

LONG = Conditions(positions=(Position("BTCUSDT", "Buy", "0.050", "59000"),))
INFO, STOP = "/v5/market/instruments-info", "/v5/position/trading-stop"
STANDING = """
pybit.unified_trading.HTTP({}).place_order(
    category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", qty="0.001", price="50000"
)
"""

OLDEST, NEWEST = 58806.0, 60000.0  # of two hundred candles, in a market that rises

NEWEST_FIRST_KLINES = (
    Proof(
        "requests: the last one of a list, in another file",
        "bot.price('BTCUSDT')",
        bad=gives(OLDEST),
        good="a single candle",
        fixed=gives(NEWEST),
    ),
    Proof("ccxt: an endpoint by its own name", "bot.close('BTCUSDT')", bad=gives(OLDEST), fixed=gives(NEWEST)),
    Proof(
        "pybit: the price of some hours ago",
        """
rows = bot.session.get_kline(category="linear", symbol="BTCUSDT", interval="60", limit=3)["result"]["list"]
bot.drift("BTCUSDT", float(rows[0][1]), 3)""",
        bad=gives(0.0),
        fixed=~gives(0.0) & ends,
    ),
    Proof("pybit: the last of three candles", "bot.close('BTCUSDT')", bad=~gives(NEWEST), fixed=gives(NEWEST)),
)

EMPTY = raises("ValueError", text="could not convert string to float: ''")

EMPTY_TEXT_NUMBER = (
    Proof("pybit: the liquidation price", "bot.liquidation_prices()", given=LONG, bad=EMPTY, fixed=ends),
    Proof(
        "pybit: a default does not help where the field is there",
        STANDING.format("testnet=True") + "bot.open_orders()",
        bad=EMPTY & orders(1),
        fixed=ends & orders(1),
    ),
    Proof(
        "pybit: the balance that is never told any more",
        "bot.available()",
        bad=EMPTY,
        good="an empty text becomes zero",
        fixed=gives(100000.0),
    ),
    Proof(
        "pybit: a function that is told which field",
        "[size for _, size, stop in bot.stops()]",
        given=LONG,
        bad=EMPTY,
        good="a function that is told which field, and looks first",
        fixed=gives([0.05]),
    ),
    Proof(
        "httpx: asked from a coroutine",
        """
from signing import signed_headers
headers = signed_headers("category=linear&settleCoin=USDT")
async with httpx.AsyncClient(headers=headers) as client: await bot.liquidation_prices(client)""",
        given=LONG,
        bad=EMPTY,
        fixed=ends,
    ),
    Proof("ccxt: an endpoint by its own name", "bot.liquidation_price('BTCUSDT')", given=LONG, bad=EMPTY, fixed=ends),
)

DEAR = Conditions(instruments=tuple(replace(each, min_notional_value="7") for each in INSTRUMENTS))

WRONG_LOT_FIELD = (
    Proof(
        "pybit: the contracts' step of a spot instrument",
        "bot.step('BTCUSDT')",
        bad=raises("KeyError", text="qtyStep"),
        fixed=gives("0.000001"),
    ),
    Proof("pybit: a guess in its place", "bot.least('BTCUSDT')", given=DEAR, bad=gives(5.0), fixed=gives(7.0)),
    Proof(
        "pybit: spot's step of a contract, asked for by a coroutine",
        "steps = {symbol: step async for symbol, step in bot.steps()}\nsteps['BTCUSDT']",
        bad=raises("KeyError", text="basePrecision"),
        fixed=gives("0.001"),
    ),
    Proof(
        "pybit: the precision of quote coins, which contracts do not have",
        "bot.precision('BTCUSD')",
        bad=raises("KeyError", text="quotePrecision"),
        good="each category's own field",
        instead="bot.linear_step('BTCUSDT')",
        fixed=gives("0.001"),
    ),
    Proof(
        "pybit: the scale of a price taken for its tick",
        "bot.protect('BTCUSDT', 60000.37)",
        given=LONG,
        bad=raises("InvalidRequestError", 10001),
        fixed=granted(STOP),
    ),
    Proof(
        "requests: the contracts' step of a spot instrument",
        "bot.step('BTCUSDT')",
        bad=raises("KeyError", text="qtyStep"),
        fixed=gives("0.000001"),
    ),
    Proof(
        "ccxt: an endpoint called by its own name",
        "bot.step('BTCUSDT')",
        bad=raises("KeyError", text="qtyStep"),
        fixed=gives("0.000001"),
    ),
)

LEGACY_RESPONSE_FIELD = (
    Proof(
        "pybit: an order that worked is taken for one that failed",
        "bot.buy('BTCUSDT', '0.01')",
        bad=orders(1) & gives(False),
        fixed=orders(1) & gives(True),
    ),
    Proof(
        "pybit: the entry price",
        "bot.entries()",
        given=LONG,
        bad=raises("KeyError", text="entry_price"),
        fixed=gives(["59000"]),
    ),
    Proof(
        "pybit: a test that would be in vain under its right name, too",
        "len(bot.tickers() or ())",
        bad=gives(0),
        good="either name is taken",
        fixed=Verdict("there are tickers", lambda run: isinstance(run.value, int) and run.value > 1),
    ),
    Proof(
        "requests: both names of the envelope",
        "len(bot.tickers())",
        bad=raises("KeyError", text="ret_code"),
        fixed=Verdict("there are tickers", lambda run: isinstance(run.value, int) and run.value > 1),
    ),
    Proof(
        "aiohttp: a price in a coroutine",
        "await bot.price()",
        bad=raises("KeyError", text="last_price"),
        fixed=gives("60000.00"),
    ),
    Proof(
        "ccxt: an endpoint by its own name",
        STANDING.format("") + "len(bot.leave('BTCUSDT'))",
        bad=raises("KeyError", text="order_id"),
        fixed=gives(1),
    ),
)

HEDGED = Conditions(positions=(Position("BTCUSDT", "Sell", "0.050", "59000", position_idx=2),))

FIRST_POSITION_ONLY = (
    Proof(
        "pybit: the first of all positions",
        "bot.size()",
        given=Conditions(positions=(Position("ETHUSDT", "Buy", "2"), Position("BTCUSDT", "Buy", "0.050"))),
        bad=gives(0.05),
        good="one contract in one-way mode has one row",
        instead="bot.size('ETHUSDT')",
        fixed=gives(2.0),
    ),
    Proof(
        "pybit: a bot that trades both sides",
        "bot.is_flat('BTCUSDT')",
        given=HEDGED,
        bad=gives(True),
        good="the row is chosen first",
        instead="bot.size('BTCUSDT', 'Sell') == 0",
        fixed=gives(False),
    ),
    Proof(
        "requests: through the bot's own wrapper",
        """
from signing import signed_headers
bot.side(signed_headers("category=linear&settleCoin=USDT"))""",
        given=Conditions(positions=(Position("ETHUSDT", "Sell", "2"), Position("BTCUSDT", "Buy", "0.050"))),
        bad=gives("Buy"),
        good="the row is chosen first",
        instead="bot.size('ETHUSDT', 'Sell')",
        fixed=gives(2.0),
    ),
    Proof(
        "ccxt: the first of all positions, in a coroutine",
        "found = await bot.contracts(); await bot.exchange.close()\nfound",
        given=Conditions(positions=(Position("ETHUSDT", "Buy", "2"), Position("BTCUSDT", "Buy", "0.050"))),
        bad=gives(0.05),
        good="ccxt: one symbol in one-way mode",
        instead="bot.contracts('ETH/USDT:USDT')",
        fixed=gives(2.0),
    ),
)

UNACKNOWLEDGED_FETCH_ORDER = (
    Proof(
        "ccxt: waiting for an order",
        "bot.buy('BTC/USDT:USDT', 0.01)",
        bad=raises("ArgumentsRequired") & orders(1),
        fixed=gives(0.01) & orders(1),
    ),
    Proof(
        "ccxt: from a coroutine, with params of its own",
        "await bot.Bot().buy('BTC/USDT:USDT', 0.01)",
        bad=raises("ArgumentsRequired") & orders(1),
        fixed=gives("closed") & orders(1),
    ),
    Proof(
        "ccxt: without a symbol",
        "bot.state('1')",
        bad=raises("ArgumentsRequired"),
        good="it is acknowledged",
        instead="bot.buy('BTC/USDT:USDT', 0.01)",
        fixed=gives("closed"),
    ),
)

PNL, EXECUTIONS, HISTORY = "/v5/position/closed-pnl", "/v5/execution/list", "/v5/order/history"
TIME_RANGE_TOO_WIDE = (
    Proof(
        "pybit: a month of closed PnL",
        "bot.earned('BTCUSDT')",
        bad=answered(181010, PNL) & raises("InvalidRequestError"),
        good="a week at a time",
        fixed=gives(0.0) & granted(PNL),
    ),
    Proof(
        "ccxt: trades from a date on, from a coroutine",
        "await bot.trades('BTC/USDT:USDT')",
        bad=answered(181010, EXECUTIONS) & raises("ExchangeError"),
        good="ccxt: seven days of trades, from a coroutine",
        fixed=gives([]) & granted(EXECUTIONS),
    ),
    Proof(
        "requests: dates and a distance",
        "bot.orders()",
        bad=answered(181010, HISTORY) & raises("RuntimeError"),
        good="requests: seven days",
        fixed=gives([]) & granted(HISTORY),
    ),
)

HELD = Conditions(positions=(Position("BTCUSDT", "Buy", "0.050"),))
STANDING_ORDER = """
order = pybit.unified_trading.HTTP(testnet=True).place_order(
    category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", qty="0.001", price="50000"
)["result"]["orderId"]
"""
FILLED_ORDER = STANDING_ORDER.replace("Limit", "Market").replace(', price="50000"', "")

UNKNOWN_ANSWER_FIELD = (
    Proof("pybit: the entry of a position", "bot.entries()", given=HELD, bad=raises("KeyError"), fixed=ends),
    Proof("requests: a price that is always the default", "bot.bid()", bad=gives(0), fixed=~gives(0) & ends),
    Proof(
        "ccxt: an endpoint by its own name, from a coroutine",
        f"{STANDING_ORDER}await bot.states()",
        bad=raises("KeyError"),
        fixed=gives(["New"]),
    ),
    Proof(
        "pybit: the levels of an order book by names, though they are lists",
        "bot.bid('BTCUSDT')",
        bad=raises("TypeError"),
        good="pybit: the levels of an order book by names, though they are lists",
        fixed=ends,
    ),
    Proof(
        "ccxt: Bybit's name for a field of its own position",
        "bot.sizes('BTC/USDT:USDT')",
        given=HELD,
        bad=raises("KeyError"),
        fixed=ends & ~gives([]),
    ),
    Proof(
        "ccxt: the code of an answer, asked of what is in its result",
        "bot.buy('BTC/USDT:USDT', 0.01)",
        bad=ordered("linear BTCUSDT Buy Market", meant=0.01) & gives(None),
        good="ccxt: what it leaves as Bybit has sent it",
        fixed=ordered("linear BTCUSDT Buy Market", meant=0.01) & ~gives(None),
    ),
    Proof(
        "pybit: a field of the account, asked of a coin",
        "bot.margins()",
        bad=raises("KeyError"),
        good="pybit: a field of the account, and fields of its coins",
        fixed=ends & ~gives([]),
    ),
    Proof(
        "pybit: rows of the answer itself, which has them in its result",
        "bot.last_closes('BTCUSDT')",
        bad=gives([]),
        good="pybit: rows of the result",
        fixed=ends & ~gives([]),
    ),
)

IMPOSSIBLE_VALUE = (
    Proof(
        "pybit: the side of a position",
        "bot.is_long('BTCUSDT')",
        given=HELD,
        bad=gives(False),
        good="Bybit's own words",
        fixed=gives(True),
    ),
    Proof(
        "requests: a status in capitals",
        f"{FILLED_ORDER}bot.is_filled(order)",
        bad=gives(False),
        fixed=gives(True),
    ),
    Proof(
        "ccxt: an endpoint by its own name, from a coroutine",
        "await bot.is_short('BTC/USDT:USDT'.replace('/', '').partition(':')[0])",
        given=Conditions(positions=(Position("BTCUSDT", "Sell", "0.050"),)),
        bad=gives(False),
        good="ccxt: Bybit's own words, from a coroutine",
        fixed=gives(True),
    ),
    Proof(
        "ccxt: Bybit's word in ccxt's own answer",
        "bot.is_long('BTC/USDT:USDT')",
        given=HELD,
        bad=gives(False),
        good="ccxt's own words",
        fixed=gives(True),
    ),
    Proof(
        "ccxt.pro: Bybit's word in what a stream brings",
        "await bot.is_long('BTC/USDT:USDT')",
        given=replace(HELD, scale=40),
        seconds=60,
        bad=gives(False),
        good="ccxt.pro: ccxt's own words",
        fixed=gives(True),
    ),
    Proof(
        "pybit: in small letters, and still of another exchange",
        "bot.is_long('BTCUSDT')",
        given=HELD,
        bad=gives(False),
        good="Bybit's own words",
        fixed=gives(True),
    ),
)

TEXT_AS_NUMBER = (
    Proof(
        "pybit: is there a position",
        "bot.held('BTCUSDT')",
        given=HELD,
        bad=raises("TypeError"),
        fixed=gives(["BTCUSDT"]),
    ),
    Proof("requests: a test that is always true", "bot.held('BTCUSDT')", bad=gives(["BTCUSDT"]), fixed=gives([])),
    Proof(
        "ccxt: an endpoint by its own name, from a coroutine",
        "type(await bot.double('BTCUSDT')).__name__",
        bad=gives("str"),
        fixed=gives("float"),
    ),
)

BTC = next(each for each in INSTRUMENTS if (each.category, each.symbol) == ("linear", "BTCUSDT"))


def many(count: int) -> Conditions:
    """So many contracts more."""
    names = [f"T{number:03}" for number in range(count)]
    more = (replace(BTC, symbol=f"{name}USDT", base_coin=name) for name in names)
    return Conditions(instruments=(*INSTRUMENTS, *more))


PAGES = many(600)
UNTURNED_PAGES = tuple(
    Proof(
        case,
        driver,
        given=PAGES,
        bad=gives(500),
        good=good,
        instead="len(bot.symbols())" if good else "",
        fixed=Verdict("there are more than 600", lambda run: isinstance(run.value, int) and run.value > 600),
    )
    for case, driver, good in (
        ("pybit: all contracts", "len(bot.symbols())", ""),
        ("pybit: from a coroutine", "len(await bot.symbols())", ""),
        ("requests: how many there are", "bot.count()", "the number of rows is said"),
        ("ccxt: an endpoint by its own name", "len(bot.symbols())", "the number of rows is said"),
    )
)

PROOFS = {
    "BYB604": LEGACY_RESPONSE_FIELD,
    "BYB701": NEWEST_FIRST_KLINES,
    "BYB702": EMPTY_TEXT_NUMBER,
    "BYB703": FIRST_POSITION_ONLY,
    "BYB704": WRONG_LOT_FIELD,
    "BYB705": UNACKNOWLEDGED_FETCH_ORDER,
    "BYB706": TIME_RANGE_TOO_WIDE,
    "BYB707": UNKNOWN_ANSWER_FIELD,
    "BYB708": IMPOSSIBLE_VALUE,
    "BYB709": TEXT_AS_NUMBER,
    "BYB710": UNTURNED_PAGES,
}
UNPROVEN = {
    **cannot(
        "needs pandas, which the tests do without",
        "BYB701",
        "pybit: averages of a DataFrame",
        "httpx: an indicator in a coroutine",
        "numpy and pandas: steps from one candle to the next",
    ),
    **cannot(
        NO_KEY,
        "BYB702",
        "requests: through the bot's own wrapper",
    ),
}
