"""Proofs of the rules of rules/orders/ that are about what becomes of an order."""

from __future__ import annotations

from decimal import Decimal

from exchange import Conditions, Fault

from proofs.given import (
    COMPACT,
    STANDING,
    STOP,
)
from proofs.proof import NO_KEY, Proof, cannot
from proofs.verdicts import (
    Verdict,
    answered,
    ends,
    gives,
    ordered,
    orders,
    prints,
    raises,
    refused,
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
    Proof("pybit: a second try in the handler", BUY, given=DROPPED, bad=TWICE & ends, good=ONE_ID, fixed=ONCE),
    Proof(
        "pybit: the caller of a function tries again",
        "bot.enter('BTCUSDT', '0.01')",
        given=DROPPED,
        bad=TWICE & gives(True),
        good=ONE_ID,
        instead=BUY,
        fixed=ONCE,
    ),
    Proof(
        "pybit: two orders in one loop",
        "bot.hedge('0.01')",
        given=DROPPED,
        bad=orders(3) & ends,
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
    Proof(
        "pybit: the message itself is never written",
        BUY,
        bad=ONCE & raises("KeyError", text="avgPrice"),
        good="pybit: the fill is asked for",
        fixed=ONCE & gives(["Filled", "0.01"]),
    ),
    Proof(
        "ccxt: what was logged is kept as well",
        "trades = []\nbot.buy('BTC/USDT:USDT', 0.01, trades)\ntrades[0]['price']",
        bad=ONCE & gives(None),
        good="ccxt: asked again where the answer says nothing",
        instead="bot.buy('BTC/USDT:USDT', 0.01)",
        fixed=ONCE & gives(60000.0),
    ),
    Proof(
        "ccxt: a text that is kept",
        "price = await bot.buy('BTC/USDT:USDT', 0.01)\nawait bot.exchange.close()\nprice",
        bad=ONCE & gives("None"),
        good="ccxt: asked again where the answer says nothing",
        instead="str(bot.buy('BTC/USDT:USDT', 0.01))",
        fixed=ONCE & gives("60000.0"),
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
        "pybit: the text stands elsewhere too",
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
        "pybit: told to people, and the next order goes out",
        "bot.turn('BTCUSDT', '0.001', '0.002')",
        bad=answered(110017, "/v5/order/create") & ordered("linear BTCUSDT Sell Market", "0.002") & ends,
        good="the bot keeps it in mind",
        instead="bot.enter('BTCUSDT', '0.0017')",
        fixed=refused(10001) & raises("RuntimeError"),
    ),
    Proof(
        "pybit: a result that nobody looks at",
        "bot.protect('BTCUSDT', '50000'); print('protected')",
        bad=UNPROTECTED & ends & prints("protected"),
        good="the caller is told",
        instead="bot.protect('BTCUSDT', '50000')",
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

PROOFS = {
    "BYB221": RETRIED_ORDER,
    "BYB222": SWALLOWED_ORDER_ERROR,
    "BYB223": UNCHECKED_BATCH,
    "BYB224": ANSWER_AS_FILL,
    "BYB225": SPOT_MARKET_BUY_UNIT,
    "BYB226": CONSTANT_LINK_ID,
}
UNPROVEN = {
    **cannot(NO_KEY, "BYB225", "requests, httpx and aiohttp"),
    **cannot(NO_KEY, "BYB226", "requests, httpx and aiohttp"),
}
