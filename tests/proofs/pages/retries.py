"""Proofs of rules/retries/."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from exchange import INSTRUMENTS, Conditions, Fault, Position, SocketFault, Sockets

from proofs.proof import Proof, cannot
from proofs.verdicts import (
    Verdict,
    answered,
    asks_often,
    ends,
    gives,
    goes_on,
    granted,
    granted_at_last,
    hammers,
    orders,
    prints,
    raises,
    refused,
    waits,
    waits_apart,
)

POSITIONS, TICKERS, BALANCE = "/v5/position/list", "/v5/market/tickers", "/v5/account/wallet-balance"
TIME, KLINES, CANCEL = "/v5/market/time", "/v5/market/kline", "/v5/order/cancel"
Failure = Literal["bad gateway", "drop", "rate limit", "delay"]


def failing(path: str, times: int, does: Failure = "bad gateway", method: str = "GET") -> Conditions:
    """The first requests to a path fail."""
    return Conditions(faults=(Fault(path, does, times=times, method=method, is_accepted=False),))


# --- BYB301 -----------------------------------------------------------------------------------------------------------


def together(case: str, driver: str, path: str, *seconds: float, does: Failure = "bad gateway") -> Proof:
    """Bots that failed at the same moment come back at the same moment; fixed, at different ones."""
    return Proof(
        case,
        driver,
        given=failing(path, len(seconds), does),
        bad=waits(*seconds) & granted_at_last(path),
        fixed=waits_apart(*seconds) & granted_at_last(path),
    )


def connecting(case: str, driver: str, *seconds: float) -> Proof:
    """The same where the exchange refuses to open a socket."""
    faults = (SocketFault("/v5/public", "refuse", times=len(seconds)),)
    connected = Verdict("at last it is connected", lambda run: any(socket.pushed for socket in run.sockets))
    return Proof(
        case,
        driver,
        given=Conditions(scale=40, sockets=Sockets(faults=faults)),
        seconds=30,
        bad=waits(*seconds) & connected,
        fixed=waits_apart(*seconds) & connected,
    )


RETRY_WITHOUT_JITTER = (
    together("pybit: a constant wait", "bot.positions()", POSITIONS, 5, 5, 5),
    together("pybit: a pure power of two", "bot.last_price('BTCUSDT')", TICKERS, 2, 4, 8),
    together("pybit: a wait that grows in a variable", "bot.Account().balance()", BALANCE, 0.5, 1, 2),
    together("pybit: a function that does the waiting", "bot.positions()", POSITIONS, 1, 2, 4),
    together("pybit: a second try without a loop", "bot.candles('BTCUSDT')", KLINES, 1),
    together("pybit: recursion", "bot.open_orders('BTCUSDT')", "/v5/order/realtime", 2, 2, 2),
    together("pybit: a coroutine", "await bot.klines('BTCUSDT')", KLINES, 1, 2, 4),
    together("pybit: tenacity with a fixed wait", "bot.fee_rates()", "/v5/account/fee-rate", 2, 2),
    replace(
        together(
            "pybit: tenacity with a pure exponential wait",
            "bot.instruments()",
            "/v5/market/instruments-info",
            1,
            2,
            4,
            8,
        ),
        fixed=waits_apart(1, 2, 4, 8, least=0.0) & granted_at_last("/v5/market/instruments-info"),
    ),
    together("requests: a refused answer asked for again", "bot.balance()", BALANCE, 1, 1, 1, does="rate limit"),
    Proof(
        "requests: urllib3 retries by itself",
        "bot.tickers()",
        given=failing(TICKERS, 4, "drop"),
        bad=waits(1, 2, 4) & granted_at_last(TICKERS),
        good="urllib3 with its own jitter",
        fixed=~waits(1, 2, 4) & granted_at_last(TICKERS),
    ),
    together("httpx: a coroutine with a growing wait", "await bot.server_time()", TIME, 0.5, 1, 1.5, does="drop"),
    together(
        "aiohttp: a coroutine with a constant wait",
        "async with aiohttp.ClientSession() as session: await bot.book(session)",
        "/v5/market/orderbook",
        3,
        3,
        3,
    ),
    together("urllib: a constant wait", "bot.ticker()", TICKERS, 10, 10),
    connecting("websockets: a socket that connects again", "await bot.listen()", 3, 3, 3),
    connecting("websocket-client: a socket that connects again", "", 5, 5, 5),
    connecting(
        "aiohttp: a socket that connects again",
        "async with aiohttp.ClientSession() as session: await bot.listen(session)",
        1,
        2,
        4,
    ),
    together("ccxt: a constant wait", "bot.candles('BTC/USDT:USDT')", KLINES, 2, 2),
    Proof(
        "ccxt: a coroutine with a wait that doubles",
        "try: await bot.cancel('none of mine', 'BTC/USDT:USDT')\nfinally: await bot.exchange.close()",
        given=failing(CANCEL, 2, "rate limit", "POST"),
        bad=waits(1, 2) & answered(110001, CANCEL),
        fixed=waits_apart(1, 2) & answered(110001, CANCEL),
    ),
)

# --- the others -------------------------------------------------------------------------------------------------------

OUTAGE = Conditions(faults=tuple(Fault(path, "drop", times=40, method="GET") for path in (TICKERS, BALANCE, TIME)))

knocks = Verdict("it asks ten times in five seconds for a socket", lambda run: len(run.answers) + len(run.sockets) > 10)

UNBOUNDED_RETRY = (
    Proof("pybit", "bot.last_price('BTCUSDT')", given=OUTAGE, bad=hammers(), good="it waits", fixed=~hammers() & ends),
    Proof(
        "ccxt: a coroutine",
        "await bot.balance(); await bot.exchange.close()",
        given=OUTAGE,
        bad=hammers(),
        good="it waits",
        instead="bot.last_price('BTCUSDT')",
        fixed=~hammers() & granted_at_last(TICKERS),
    ),
    Proof(
        "requests",
        "bot.server_time()",
        given=OUTAGE,
        bad=hammers(),
        good="it waits in a function of its own",
        instead="bot.last_price('BTCUSDT')",
        fixed=~hammers() & granted_at_last(TICKERS),
    ),
    Proof(
        "requests: until it went well",
        "bot.server_time()",
        given=OUTAGE,
        bad=hammers(),
        good="it waits in a function of its own",
        instead="bot.last_price('BTCUSDT')",
        fixed=~hammers() & granted_at_last(TICKERS),
    ),
    Proof(
        "websockets: connected again at once",
        "await bot.stream(print)",
        given=Conditions(scale=10, sockets=Sockets(faults=(SocketFault("/v5/public", "refuse", times=500),))),
        seconds=5,
        bad=knocks,
        good="BYB502 websockets: a loop that connects again",
        instead="bot",
        fixed=~knocks,
    ),
)

LEVERAGE = "/v5/position/set-leverage"
UNCHANGED = "bot.set_leverage('BTCUSDT', '10')"
ASKED_RIGHTLY = "pybit: the exception asked rightly"

UNREACHABLE_RETCODE_CHECK = (
    Proof(
        "pybit: the answer is compared with zero",
        "bot.price('NOSUCHUSDT')",
        bad=raises("InvalidRequestError", 10001),
        good="pybit: the bot's own wrapper makes an answer of the error",
        fixed=gives(None),
    ),
    Proof(
        "pybit: a certain error is waited for",
        UNCHANGED,
        bad=answered(110043, LEVERAGE) & raises("InvalidRequestError", 110043),
        good="pybit: the client is told to return certain errors",
        fixed=answered(110043, LEVERAGE) & gives(True),
    ),
    Proof(
        "pybit: one refusal is told from another",
        UNCHANGED,
        bad=answered(110043, LEVERAGE) & raises("InvalidRequestError", 110043),
        good="pybit: the client is told to return certain errors",
        fixed=answered(110043, LEVERAGE) & gives(True),
    ),
    Proof(
        "pybit: the bot's own wrapper hands the answer on",
        "bot.cancel('BTCUSDT', 'none of mine')",
        bad=answered(110001, CANCEL) & raises("InvalidRequestError", 110001),
        good="pybit: the bot's own wrapper makes an answer of the error",
        instead="bot.price('NOSUCHUSDT')",
        fixed=gives(None),
    ),
    Proof(
        "pybit: asked from a coroutine",
        "await bot.positions('NOSUCHUSDT')",
        bad=raises("InvalidRequestError", 10001),
        good="pybit: the bot's own wrapper makes an answer of the error",
        instead="bot.price('NOSUCHUSDT')",
        fixed=gives(None),
    ),
    Proof(
        "pybit: the exception has no such attribute",
        UNCHANGED,
        bad=answered(110043, LEVERAGE) & raises("AttributeError"),
        fixed=answered(110043, LEVERAGE) & ends,
    ),
    Proof(
        "pybit: the rate limit is looked for in the exception's text",
        "bot.orders('BTCUSDT')",
        given=Conditions(faults=(Fault("/v5/order/realtime", "rate limit", times=9, method="GET"),)),
        bad=raises("FailedRequestError", 400),
        good="pybit: the text says what the client says",
        fixed=gives([]),
    ),
    Proof(
        "ccxt: an endpoint by its own name",
        "bot.set_stop('BTCUSDT', '50000'); bot.set_stop('BTCUSDT', '50000')",
        given=Conditions(positions=(Position("BTCUSDT", "Buy", "0.01"),)),
        bad=answered(34040, "/v5/position/trading-stop") & raises("ExchangeError"),
        good=ASKED_RIGHTLY,
        instead=UNCHANGED,
        fixed=ends,
    ),
    Proof(
        "ccxt: an asynchronous unified method",
        "try: await bot.cancel('none of mine', 'BTC/USDT:USDT')\nfinally: await bot.exchange.close()",
        bad=answered(110001, CANCEL) & raises("OrderNotFound"),
        good=ASKED_RIGHTLY,
        instead=UNCHANGED,
        fixed=ends,
    ),
    Proof(
        "ccxt: the exception has no code",
        "bot.set_leverage('BTC/USDT:USDT', 10)",
        bad=answered(110043, LEVERAGE) & raises("AttributeError"),
        good=ASKED_RIGHTLY,
        instead=UNCHANGED,
        fixed=answered(110043, LEVERAGE) & ends,
    ),
)

OFF_STEP = """
from signing import signed_headers
order = '{"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": "0.0017"}'
"""
PLACE = OFF_STEP + "bot.place(order, signed_headers(order))"
CHECKED = "requests: the answer is checked"

UNCHECKED_RETCODE = (
    Proof(
        "requests: an order whose answer nobody reads",
        PLACE,
        bad=refused(10001) & prints("placed") & ends,
        good=CHECKED,
        fixed=refused(10001) & raises("RuntimeError"),
    ),
    Proof(
        "requests: no answer looks like no position",
        OFF_STEP + "bot.count(signed_headers('another text'))",
        bad=answered(10004, POSITIONS) & gives(0),
        good=CHECKED,
        instead=PLACE,
        fixed=raises("RuntimeError"),
    ),
    Proof(
        "httpx: through a wrapper that nobody calls with care",
        OFF_STEP + "async with httpx.AsyncClient() as client: await bot.stop(client, order, signed_headers('another'))",
        bad=answered(10004, CANCEL) & raises("KeyError"),
        good=CHECKED,
        instead=PLACE,
        fixed=raises("RuntimeError"),
    ),
    Proof(
        "aiohttp: a price in a coroutine",
        "await bot.price()",
        given=Conditions(instruments=tuple(each for each in INSTRUMENTS if each.symbol != "BTCUSDT")),
        bad=answered(10001, TICKERS) & raises("KeyError"),
        good="what is missing is caught",
        instead="bot.price()",
        fixed=answered(10001, TICKERS) & gives(None),
    ),
)

SLOW = Conditions(
    scale=20,
    faults=tuple(Fault(path, "delay", method="GET", seconds=8) for path in (BALANCE, TICKERS, TIME, POSITIONS)),
)


def blocking(case: str, work: str) -> Proof:
    """Meanwhile another coroutine wants to go on twice a second."""
    return Proof(case, meanwhile(work), given=SLOW, seconds=60, bad=gives(True), fixed=gives(False))


def meanwhile(work: str) -> str:
    """A driver that tells whether the other coroutine was ever kept waiting."""
    return f"""
gaps = []
async def beat():
    while True:
        begun = time.monotonic()
        await asyncio.sleep(0.5)
        gaps.append(time.monotonic() - begun)
beating = asyncio.create_task(beat())
await asyncio.sleep(1)
{work}
await asyncio.sleep(1)
max(gaps) > 5"""


BLOCKING_CALL = (
    blocking(
        "time.sleep",
        """
stream = asyncio.Queue(); stream.put_nowait(1)
asyncio.create_task(bot.trail(stream)); await asyncio.sleep(8)""",
    ),
    blocking("pybit: a request", "await bot.equity()"),
    replace(
        blocking("pybit: a request in a function that the coroutine calls", "await bot.Bot().on_signal('up')"),
        good="handed to a thread",
        instead=meanwhile("await bot.positions()"),
    ),
    blocking("requests", "await bot.tickers()"),
    blocking("httpx: the synchronous client", "bot.client.timeout = 20\nawait bot.server_time()"),
    blocking("ccxt: the synchronous exchange", "await bot.balance()"),
)

DEAD = Conditions(
    scale=40,
    faults=tuple(
        Fault(path, "delay", method="GET", seconds=3600) for path in (TICKERS, TIME, "/v5/order/realtime", POSITIONS)
    ),
)


def waiting(case: str, driver: str) -> Proof:
    """Bybit does not answer."""
    return Proof(case, driver, given=DEAD, seconds=60, bad=goes_on, fixed=~goes_on & TIMED_OUT)


TIMED_OUT = Verdict(
    "it raises a timeout",
    lambda run: any("Timeout" in base for problem in run.problems for base in problem.bases),
)

REQUEST_WITHOUT_TIMEOUT = (
    waiting("requests: a plain call", "bot.last_price('BTCUSDT')"),
    waiting("requests: a session, and an explicit None", "bot.open_orders('category=linear&symbol=BTCUSDT', {})"),
    waiting("requests: an adapter that only tries again", "bot.server_time()"),
    waiting("urllib", "bot.server_time()"),
    waiting("httpx: its five seconds turned off", "await bot.server_time()"),
    waiting(
        "aiohttp: its five minutes turned off",
        "async with aiohttp.ClientSession() as session: await bot.server_time(session)",
    ),
)

FIVE = Conditions(leverage="5")

UNCHANGED_SETTING_RAISES = (
    Proof(
        "pybit: leverage at the start",
        "",
        given=FIVE,
        bad=answered(110043, LEVERAGE) & raises("InvalidRequestError", 110043),
        good="the code is expected",
        fixed=answered(110043, LEVERAGE) & ends,
    ),
    Proof(
        "pybit: the same stop in each round of a loop",
        "bot.guard()",
        given=Conditions(positions=(Position("BTCUSDT", "Buy", "0.01"),)),
        bad=answered(34040, "/v5/position/trading-stop") & raises("InvalidRequestError", 34040),
        good="a stop that is set once, or where there is none",
        fixed=granted("/v5/position/trading-stop") & ends,
    ),
    Proof(
        "ccxt: a coroutine",
        "",
        given=FIVE,
        bad=answered(110043, LEVERAGE) & raises("BadRequest"),
        good="the code is expected",
        fixed=answered(110043, LEVERAGE) & ends,
    ),
)

RETRY_SETTINGS_MISUSE = (
    Proof(
        "pybit: text for a number",
        "bot.session.get_server_time()",
        bad=raises("TypeError"),
        fixed=granted(TIME),
    ),
    Proof(
        "pybit: no try at all",
        "bot.Broker().session.get_server_time()",
        bad=raises("UnboundLocalError"),
        fixed=granted(TIME),
    ),
    Proof(
        "pybit: an empty list, and text from the environment",
        "bot.patient.get_server_time()",
        bad=raises("TypeError"),
        good="a number made of text",
        instead="bot.session.get_server_time()",
        fixed=granted(TIME),
    ),
)

# --- BYB309 -----------------------------------------------------------------------------------------------------------


def busy(case: str, driver: str, path: str, given: Conditions = Conditions()) -> Proof:  # noqa: B008  it never changes
    """Twenty requests within a second, where the bot that waits sends one or two."""
    return Proof(
        case,
        driver,
        given=given,
        seconds=3,
        bad=asks_often(path, 20),
        good="each way round waits" if path != TICKERS else "requests: a wait behind the attempt",
        instead="bot.watch('BTCUSDT')" if path != TICKERS else "bot.watch()",
        fixed=goes_on & ~asks_often(path, 20) & ~asks_often("/v5/order/realtime", 20),
    )


LOOP_WITHOUT_PAUSE = (
    busy("pybit: nothing waits", "bot.watch('BTCUSDT')", POSITIONS),
    busy("pybit: a round in which there is nothing to do", "bot.watch('BTCUSDT')", "/v5/order/realtime"),
    busy("requests: after a failure", "bot.watch()", TICKERS, OUTAGE),
    busy("ccxt: without its own rate limit, from a coroutine", "await bot.watch('BTC/USDT:USDT')", TICKERS),
)

# --- BYB310 -----------------------------------------------------------------------------------------------------------


def unread(case: str, driver: str, path: str, kind: str, good: str) -> Proof:
    """The request fails: the bot that asks for None goes on, the other one ends with an error of Python's."""
    return Proof(
        case,
        driver,
        given=failing(path, 5),
        bad=raises(kind, text="NoneType"),
        good=good,
        instead=driver,
        fixed=ends,
    )


UNCHECKED_NONE = (
    unread("pybit: how many positions there are", "bot.is_full(3)", POSITIONS, "TypeError", "asked first"),
    Proof(
        "requests: after the last attempt",
        "bot.price('BTCUSDT')",
        given=failing(TICKERS, 5),
        bad=raises("TypeError", text="NoneType"),
        good="the failure goes on",
        fixed=raises("RequestException"),
    ),
    unread(
        "ccxt: two values at once, from a coroutine",
        "await bot.spread('BTC/USDT:USDT')",
        TICKERS,
        "TypeError",
        "what comes of None is caught",
    ),
    unread("pybit: the methods of a class", "bot.Desk().stop('BTCUSDT')", TICKERS, "TypeError", "another way out"),
    Proof(
        "requests: an answer that says no",
        "bot.price('NOSUCHUSDT')",
        bad=raises("TypeError", text="NoneType"),
        good="the dict is asked what it is",
        instead="bot.last('NOSUCHUSDT')",
        fixed=ends,
    ),
    Proof(
        "requests: a failure that is made a dict of",
        "bot.last('BTCUSDT')",
        given=failing(TICKERS, 5),
        bad=raises("KeyError", text="result"),
        good="the dict is asked what it is",
        fixed=ends,
    ),
)

# --- BYB311 -----------------------------------------------------------------------------------------------------------


def doubled(
    case: str, driver: str, good: str, instead: str = "", path: str = POSITIONS, does: Failure = "bad gateway"
) -> Proof:
    """There is a position, nobody can ask for it for a while, and another one is opened."""
    held = (Position("BTCUSDT", "Buy", "0.01", "60000"),)
    return Proof(
        case,
        driver,
        given=replace(failing(path, 3, does), positions=held),
        bad=orders(1),
        good=good,
        instead=instead or driver,
        fixed=orders(0) & ends,
    )


FAILED_READ_AS_EMPTY = (
    doubled("pybit: an empty list", "bot.enter('BTCUSDT', '0.01')", "None says that nothing is known"),
    doubled(
        "requests: False, and a way out",
        "bot.enter('BTCUSDT', '0.01')",
        "on the safe side",
        "bot.Desk().enter('BTCUSDT', '0.01')",
    ),
    doubled(
        "ccxt: None in both cases, from a coroutine",
        "await bot.enter('BTC/USDT:USDT', 0.01)",
        "the failure goes on",
    ),
    doubled("pybit: size and side", "bot.Desk().enter('BTCUSDT', '0.01')", "on the safe side"),
    doubled(
        "pybit: a name that the handler binds", "bot.enter('BTCUSDT', '0.01')", "the name says that nothing is known"
    ),
    doubled(
        "pybit: an attribute that stays as it was",
        "bot.Desk().enter('BTCUSDT', '0.01')",
        "the name says that nothing is known",
        "bot.enter('BTCUSDT', '0.01')",
    ),
    doubled(
        "requests: an answer that says no",
        "bot.enter('BTCUSDT', '0.01')",
        "the name says that nothing is known",
        does="rate limit",
    ),
    doubled(
        "ccxt: coins that nobody has counted",
        "bot.enter('BTC/USDT', 0.01)",
        "the name says that nothing is known",
        "bot.spend('BTC/USDT', 0.01)",
        BALANCE,
    ),
    doubled(
        "pybit: a question in the attempt",
        "bot.enter('BTCUSDT', '0.01')",
        "the question in the attempt decides in both cases",
    ),
)

PROOFS = {
    "BYB301": RETRY_WITHOUT_JITTER,
    "BYB302": UNBOUNDED_RETRY,
    "BYB303": UNREACHABLE_RETCODE_CHECK,
    "BYB304": UNCHECKED_RETCODE,
    "BYB305": BLOCKING_CALL,
    "BYB306": REQUEST_WITHOUT_TIMEOUT,
    "BYB307": UNCHANGED_SETTING_RAISES,
    "BYB308": RETRY_SETTINGS_MISUSE,
    "BYB309": LOOP_WITHOUT_PAUSE,
    "BYB310": UNCHECKED_NONE,
    "BYB311": FAILED_READ_AS_EMPTY,
}
UNPROVEN = {
    **cannot(
        "the second that it waits in vain shows nowhere",
        "BYB303",
        "pybit: the rate limit arrives as another exception",
    ),
    **cannot("nobody on its page waits for the lock", "BYB305", "time.sleep while a lock is held"),
    **cannot(
        "nobody on its page fills what is waited for",
        "BYB305",
        "time.sleep beside a loop that is not asyncio's: it has a sleep of its own",
    ),
    **cannot("whether Bybit refuses this by coin is not documented", "BYB307", "pybit: through the functions of a bot"),
    **cannot(
        "needs pybit before 5.12",
        "BYB308",
        "pybit before 5.12: a code that is ignored is sent three times",
    ),
}
