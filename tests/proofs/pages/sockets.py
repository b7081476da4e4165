"""Proofs of rules/sockets/."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exchange import INSTRUMENTS, Conditions, SocketFault, Sockets

from proofs.proof import Proof, cannot
from proofs.verdicts import Verdict, cut_off, each_socket, ends, goes_on, kept_open, prints, raises, refused

# Bybit's ten minutes are 45 seconds here, more than twice as long as between two pings, and nothing happens.
QUIET = Conditions(scale=40, sockets=Sockets(idle=45, tick=0))


def unpinged(case: str, driver: str, *, depends: str = "", good: str = "", instead: str = "") -> Proof:
    """A socket on which nothing happens; whether the protocol's own pings count is not known."""
    either = () if depends else ("protocol_ping",)
    return Proof(
        case,
        driver,
        given=QUIET,
        seconds=65,
        depends=depends,
        either=either,
        bad=cut_off,
        fixed=kept_open,
        good=good,
        instead=instead,
    )


SOCKET_WITHOUT_PING = (
    unpinged("websockets: a stream in a block", "await bot.trades()", depends="protocol_ping"),
    unpinged("websockets: each connection of a loop", "await bot.trades()", depends="protocol_ping"),
    unpinged(
        "websockets: a private stream kept in an attribute",
        "stream = bot.Stream(); await stream.start(); await stream.run(print)",
        depends="protocol_ping",
    ),
    unpinged("websockets: protocol pings sent by hand", "await bot.watch('BTCUSDT')", depends="protocol_ping"),
    unpinged("websocket-client: an app run for ever", "", depends="protocol_ping"),
    unpinged(
        "websocket-client: an app of a class, over several lines",
        "bot.Private(print).start(); time.sleep(100)",
    ),
    unpinged("websockets: a thread's socket", "bot.trades()", depends="protocol_ping"),
    unpinged("websocket-client: an open connection", "bot.tickers()"),
    unpinged(
        "websocket-client: a socket that is connected later",
        "bot.tickers()",
        good="kept open by a thread",
        instead="import runpy; runpy.run_path('bot.py', run_name='__main__')",
    ),
    unpinged("aiohttp: a stream in a block", "await bot.tickers()", depends="protocol_ping"),
    unpinged(
        "aiohttp: a socket in a variable",
        "async with aiohttp.ClientSession() as session: await bot.orders(session)",
    ),
)

# --- the others -------------------------------------------------------------------------------------------------------

SCALED = Conditions(scale=40)
KEPT_ALIVE = "a loop keeps the script alive"
hears = Verdict("it hears something", lambda run: any(socket.pushed for socket in run.sockets))


def leaving(case: str, driver: str = "") -> Proof:
    """Bot and stream are gone as soon as the main thread comes to its end."""
    return Proof(
        case,
        driver,
        given=SCALED,
        seconds=40,
        bad=ends & each_socket("is closed", lambda socket: socket.ended == "client"),
        good=KEPT_ALIVE,
        instead="import runpy; runpy.run_path('bot.py', run_name='__main__')",
        fixed=goes_on & hears,
    )


MAIN_THREAD_EXITS = (
    leaving("pybit: a script that ends after it has subscribed"),
    leaving("pybit: a main function"),
    leaving(
        "pybit: an object that is started from another file",
        "import runpy; runpy.run_path('main.py', run_name='__main__')",
    ),
    leaving("pybit: a coroutine that only subscribes"),
)

SUBSCRIBED = each_socket("has its topics, and none is refused", lambda it: bool(it.topics) and not it.refusals) & hears
NOT_SUBSCRIBED = Verdict("a topic is refused", lambda run: any(socket.refusals for socket in run.sockets))
BY_A_TABLE = "an interval that a table turns into Bybit's"
TWELVE = Conditions(
    scale=40,
    instruments=(
        *INSTRUMENTS,
        *(
            replace(each, symbol=f"{coin}USDT")
            for each in INSTRUMENTS
            if each.symbol == "XRPUSDT"
            for coin in ("DOT", "LTC", "LINK", "ATOM", "AVAX", "ADA")
            if each.category == "spot" or coin != "ADA"
        ),
    ),
)


def refused_topic(case: str, driver: str, bad: Verdict = NOT_SUBSCRIBED, **changes: Any) -> Proof:
    """The exchange does not push what it does not have."""
    proof = Proof(case, driver, given=SCALED, seconds=60, bad=bad, fixed=SUBSCRIBED)
    return replace(proof, **changes)


LISTEN = "bot.listen(print); time.sleep(90)"

KEPT = "a ticker that is kept and updated"
TAKEN_AWAY = "59999.80\n59999.80"
"""The best bid is taken away and comes back, once in three deltas: who says this twice has missed it."""

DELTA_READ_AS_SNAPSHOT = (
    Proof(
        "websockets: a field of every ticker",
        "await bot.run('BTCUSDT')",
        given=SCALED,
        seconds=30,
        bad=raises("KeyError", text="markPrice"),
        good=KEPT,
        instead="await bot.listen('BTCUSDT')",
        fixed=goes_on & hears & prints("60000"),
    ),
    Proof(
        "websocket-client: a handler that hands the data on",
        "feed.Feed('BTCUSDT').run()",
        given=SCALED,
        seconds=30,
        bad=prints("lost TypeError"),
        good=KEPT,
        instead="await bot.listen('BTCUSDT')",
        fixed=goes_on & hears & ~prints("lost TypeError"),
    ),
    Proof(
        "aiohttp: a loop that asks for each message",
        "await bot.listen('BTCUSDT')",
        given=SCALED,
        seconds=30,
        bad=raises("KeyError", text="indexPrice"),
        good=KEPT,
        instead="await bot.listen('BTCUSDT')",
        fixed=goes_on & hears & prints("60000"),
    ),
    Proof(
        "pybit: the best level of a book",
        "bot.Book().listen('BTCUSDT')",
        given=SCALED,
        seconds=30,
        bad=prints(TAKEN_AWAY),
        fixed=hears & prints("59999.90\n59999.80\n59999.90") & ~prints(TAKEN_AWAY),
    ),
    Proof(
        "websockets: the best level of a book",
        "await bot.listen('BTCUSDT')",
        given=SCALED,
        seconds=30,
        bad=prints("59999.90 0\n"),
        good="a book that is put together",
        instead="await bot.listen('BTCUSDT')",
        fixed=hears & prints("59999.80 1.5") & ~prints("59999.90 0\n"),
    ),
    Proof(
        "websockets: a zero for what has not changed",
        "await bot.guard('BTCUSDT', 50000.0)",
        given=SCALED,
        seconds=30,
        bad=prints("the stop is hit at 0.0"),
        good="a zero that is asked for",
        instead="await bot.guard('BTCUSDT', 50000.0)",
        fixed=hears & ~prints("the stop is hit"),
    ),
)

ASKED = "a login that is asked whether it worked"
REFUSED = each_socket("is refused and hears nothing", lambda it: bool(it.refusals) and not it.pushed)


def refused_login(case: str, driver: str) -> Proof:
    """A secret that is another key's; who reads the answer stops at once."""
    return Proof(
        case,
        driver,
        given=SCALED,
        seconds=30,
        either=("refused_auth",),
        bad=REFUSED & ~raises("PermissionError"),
        good=ASKED,
        instead="await bot.fills(b'another')",
        fixed=raises("PermissionError"),
    )


UNREAD_LOGIN = (
    refused_login("websockets: the answer is thrown away", "await bot.fills(b'another')"),
    refused_login("websocket-client: the answers are passed over", "bot.Fills(b'another').run()"),
)

INVALID_SUBSCRIPTION = (
    refused_topic("pybit: an interval as charts write it", LISTEN),
    refused_topic(
        "pybit: a depth of another market, or of other times",
        "bot.Books().listen(print); time.sleep(90)",
        good=BY_A_TABLE,
        instead="bot.listen('5m', print); time.sleep(90)",
    ),
    refused_topic(
        "pybit: a topic of another channel",
        LISTEN,
        raises("TopicMismatchError"),
        good=BY_A_TABLE,
        instead="bot.listen('5m', print); time.sleep(90)",
    ),
    refused_topic(
        "pybit: more than ten topics of the spot stream at once",
        LISTEN,
        given=TWELVE,
        good="many topics of a stream without that limit",
    ),
    refused_topic(
        "pybit: more than ten, out of a comprehension",
        LISTEN,
        given=TWELVE,
        good="ten at once, and a list of which nobody knows how long it is",
        instead="bot.listen_to_all(print); time.sleep(90)",
    ),
    refused_topic(
        "pybit: a topic where a symbol belongs, and another exchange's symbol",
        LISTEN,
        good=BY_A_TABLE,
        instead="bot.listen('5m', print); time.sleep(90)",
    ),
    refused_topic(
        "websockets: prices on the demo's host",
        "await bot.listen('BTCUSDT')",
        Verdict("it is never let in", lambda run: {socket.ended for socket in run.sockets} == {"refused"}),
        good="one file with sockets of several channels",
        instead="await bot.prices()",
    ),
    refused_topic(
        "websockets: topics that V5 does not have",
        "await bot.listen('BTCUSDT')",
        good="one file with sockets of several channels",
        instead="await bot.prices()",
    ),
    refused_topic("websockets: a message written by hand", "await bot.listen('SOLUSDT')"),
    refused_topic(
        "websockets: a topic put together",
        "await bot.listen('BTCUSDT')",
        good="one file with sockets of several channels",
        instead="await bot.prices()",
    ),
    refused_topic(
        "websocket-client: a message as text",
        "",
        good="one file with sockets of several channels",
        instead="await bot.prices()",
    ),
    refused_topic(
        "aiohttp: a private topic on a public stream",
        "async with aiohttp.ClientSession() as session: await bot.orders(session)",
        good="one file with sockets of several channels",
        instead="from signing import login\nawait bot.listen(login)",
        fixed=each_socket("has its topics", lambda it: it.is_authenticated and bool(it.topics) and not it.refusals),
    ),
)

MAINTENANCE = Conditions(scale=40, sockets=Sockets(faults=(SocketFault("/v5/public", "close", after=10),)))
STAYS_AWAY = Verdict("it never connects again", lambda run: len(run.sockets) == 1 and run.sockets[0].ended == "close")
COMES_BACK = Verdict(
    "it connects again and hears something", lambda run: len(run.sockets) > 1 and bool(run.sockets[-1].pushed)
)


def dropped(case: str, good: str) -> Proof:
    """The exchange closes the stream before its maintenance."""
    return Proof(case, "", given=MAINTENANCE, seconds=40, bad=STAYS_AWAY, good=good, fixed=COMES_BACK)


SOCKET_WITHOUT_RECONNECT = (
    dropped("websockets: one connection, and the program ends with it", "websockets: a loop that connects again"),
    dropped("aiohttp: a generator of messages, which ends with the socket", "websockets: a loop that connects again"),
    dropped(
        "websocket-client: a thread that ends when the socket does", "websocket-client: it is told to connect again"
    ),
    dropped(
        "websocket-client: a class that is a socket, and runs where it is made",
        "websocket-client: it is told to connect again",
    ),
    dropped("websocket-client: an open connection read in a loop", "websocket-client: it is told to connect again"),
    dropped("aiohttp: a method that is called once", "websockets: an iterator that connects again by itself"),
)

DEAF = goes_on & Verdict(
    "its stream is gone", lambda run: any((it.closed or run.ended) < run.ended - 5000 for it in run.sockets)
)
LISTENING = goes_on & Verdict(
    "its stream is there", lambda run: all((it.closed or run.ended) > run.ended - 5000 for it in run.sockets)
)


def failing_callback(case: str, driver: str) -> Proof:
    """A message that the callback cannot digest."""
    return Proof(case, driver, given=SCALED, seconds=30, bad=DEAF, fixed=LISTENING & hears)


UNGUARDED_CALLBACK = (
    Proof(
        "websocket-client: handlers that do not take what they are called with",
        "bot.Feed().run()",
        given=SCALED,
        seconds=40,
        bad=each_socket("asks for nothing", lambda socket: not socket.topics) & ~hears,
        fixed=SUBSCRIBED,
    ),
    failing_callback(
        "pybit: a number out of the message",
        """
import pybit.unified_trading
from signing import KEY, SECRET
bot.Guard(KEY, SECRET.decode()).start()
time.sleep(2)
pybit.unified_trading.HTTP(testnet=True).place_order(
    category="linear", symbol="BTCUSDT", side="Buy", orderType="Market", qty="0.01"
)
time.sleep(100)""",
    ),
    failing_callback(
        "pybit: a task for a loop that runs in another thread",
        "async def handle(message): pass\nawait bot.Relay(handle).start(); await asyncio.sleep(100)",
    ),
)

OFTEN = Verdict("it orders again and again within a candle", lambda run: len(run.orders) > 2)
SELDOM = hears & Verdict("it orders at most once", lambda run: len(run.orders) < 2)
CLOSED_ONLY = "only closed candles count"

UNCONFIRMED_CANDLE = (
    Proof(
        "pybit: an order straight from the callback",
        "bot.listen(); time.sleep(100)",
        given=SCALED,
        seconds=40,
        bad=OFTEN,
        good=CLOSED_ONLY,
        fixed=SELDOM,
    ),
    Proof(
        "pybit with ccxt for the orders, and a lambda",
        "bot.listen(); time.sleep(100)",
        given=SCALED,
        seconds=60,
        bad=OFTEN,
        good=CLOSED_ONLY,
        fixed=SELDOM,
    ),
)

POOR = Conditions(scale=40, balance={"USDT": "1"})

LOST_TRADE_ERROR = (
    Proof(
        "pybit: an order",
        "bot.buy('BTCUSDT'); time.sleep(5)",
        given=POOR,
        bad=refused(110007) & ~prints("placed") & ~prints("refused: 110007"),
        good="somebody hears of it",
        fixed=refused(110007) & prints("refused: 110007"),
    ),
)

NO_TIMES = Conditions(scale=40, sockets=Sockets(faults=(SocketFault("/v5/private", "drop", after=5),)))
FIRST_TRY = raises("WebSocketTimeoutException")
CONNECTED = each_socket("is open as long as the bot is there", lambda it: it.ended in ("", "client"))
WAIT = "bot; time.sleep(90)"

RECONNECT_SETTINGS = (
    Proof("pybit: a single try", WAIT, given=SCALED, seconds=40, bad=FIRST_TRY, fixed=CONNECTED & goes_on),
    Proof(
        "pybit: settings in a dict",
        WAIT,
        given=SCALED,
        seconds=40,
        bad=FIRST_TRY,
        good="its own settings",
        fixed=CONNECTED & goes_on,
    ),
    Proof(
        "pybit: no restart, in a class",
        "from signing import KEY, SECRET; feed = bot.Feed(KEY, SECRET.decode()); time.sleep(60)",
        given=NO_TIMES,
        seconds=30,
        bad=Verdict("it never connects again", lambda run: len(run.sockets) == 1),
        fixed=Verdict("it connects again", lambda run: len(run.sockets) > 1),
    ),
    Proof(
        "pybit: pings faster than their answers may be",
        WAIT,
        given=SCALED,
        seconds=40,
        bad=FIRST_TRY,
        fixed=CONNECTED & goes_on,
    ),
    Proof("pybit: no pings", "bot; time.sleep(100)", given=QUIET, seconds=65, bad=cut_off, fixed=kept_open),
)

PROOFS = {
    "BYB501": SOCKET_WITHOUT_PING,
    "BYB502": SOCKET_WITHOUT_RECONNECT,
    "BYB503": UNGUARDED_CALLBACK,
    "BYB504": MAIN_THREAD_EXITS,
    "BYB505": INVALID_SUBSCRIPTION,
    "BYB506": UNCONFIRMED_CANDLE,
    "BYB507": LOST_TRADE_ERROR,
    "BYB508": RECONNECT_SETTINGS,
    "BYB509": DELTA_READ_AS_SNAPSHOT,
    "BYB510": UNREAD_LOGIN,
}
UNPROVEN = {
    **cannot(
        "waits for a price of zero",
        "BYB503",
        "pybit: a request that may fail, in a function of another file",
    ),
    **cannot(
        "pybit fills up what a message leaves out, and the exchange leaves nothing empty", "BYB503", "pybit: a lambda"
    ),
    **cannot("the exchange waits for a slow listener as long as it takes", "BYB503", "pybit: a callback that sleeps"),
    **cannot("the exchange refuses no such topic", "BYB510", "aiohttp: a subscription whose answer is thrown away"),
    **cannot("waits for twenty candles", "BYB506", "pybit: a method that leads to another file"),
    **cannot(
        "pybit logs the refusal, and whether the bot hears of it shows in its words alone",
        "BYB507",
        "pybit: a cancellation, by keyword, on an attribute",
        "pybit: a batch, and an amended order",
    ),
}
