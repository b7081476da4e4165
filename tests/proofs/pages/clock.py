"""Proofs of rules/clock/."""

from __future__ import annotations

from dataclasses import replace

from exchange import Assumed, Conditions, Latency

from proofs.bench import VARIABLES
from proofs.proof import NO_KEY, Proof, cannot
from proofs.verdicts import (
    Verdict,
    answered,
    gives,
    granted,
    granted_at_last,
    logged_in,
    no_order,
    orders,
    raises,
    shut_out,
)

AHEAD, BEHIND = Conditions(skew=-1.5), Conditions(skew=8)  # where the bot's clock is, in seconds
ACCOUNT_SECRET = {"BYBIT_SECRET": VARIABLES["BYBIT_API_SECRET"]}
LATE_LOGIN = Conditions(scale=40, skew=30)


def off(case: str, driver: str, path: str, code: int = 0) -> tuple[Proof, ...]:
    """A signed request by a clock that is ahead, and by one that is behind."""
    return tuple(
        Proof(case, driver, given=given, bad=answered(10002, path), fixed=answered(code, path))
        for given in (AHEAD, BEHIND)
    )


LOCAL_CLOCK_SIGNATURE = (
    *off("requests: a signed query", "bot.balance()", "/v5/account/wallet-balance"),
    *off(
        "requests: a client class on testnet",
        """
from signing import KEY, SECRET
bot.Client(KEY, SECRET).cancel('{"category": "linear", "symbol": "BTCUSDT", "orderLinkId": "one"}')
""",
        "/v5/order/cancel",
        110001,  # the order is not there, but the request was heard
    ),
    *off("httpx: a coroutine that counts in nanoseconds", "await bot.positions()", "/v5/position/list"),
    *off(
        "aiohttp: a coroutine that goes through datetime",
        "async with aiohttp.ClientSession() as session: await bot.open_orders(session)",
        "/v5/order/realtime",
    ),
    *off("urllib: headers added one by one", "bot.key_info()", "/v5/user/query-api"),
    Proof(
        "websockets: the login of a private stream",
        "await bot.executions()",
        given=LATE_LOGIN,
        seconds=60,
        either=("refused_auth",),
        bad=shut_out,
        fixed=logged_in,
    ),
    Proof(
        "websocket-client: the login of a private stream",
        "",
        given=LATE_LOGIN,
        seconds=60,
        either=("refused_auth",),
        bad=shut_out,
        fixed=logged_in,
    ),
    Proof(
        "aiohttp: the login of a private stream",
        "async with aiohttp.ClientSession() as session: await bot.positions(session)",
        given=LATE_LOGIN,
        seconds=60,
        either=("refused_auth",),
        bad=shut_out,
        fixed=logged_in,
    ),
)

BALANCE, POSITIONS, CANCEL = "/v5/account/wallet-balance", "/v5/position/list", "/v5/order/cancel"

WRONG_TIMESTAMP_UNIT = (
    Proof("requests: a signature in seconds", "bot.balance()", bad=answered(10002, BALANCE), fixed=granted(BALANCE)),
    Proof(
        "httpx: UTC taken for this machine's time",
        "await bot.positions()",
        variables={"TZ": "America/New_York"},
        bad=answered(10002, POSITIONS),
        fixed=granted(POSITIONS),
    ),
    Proof(
        "aiohttp: a login that expires in seconds",
        "async with aiohttp.ClientSession() as session: await bot.positions(session)",
        given=Conditions(scale=40),
        seconds=60,
        either=("refused_auth",),
        bad=shut_out,
        fixed=logged_in,
    ),
    Proof(
        "pybit: candles of the last hour",
        "len(bot.last_hour()['result']['list'])",
        bad=gives(0),
        fixed=gives(60) | gives(61),
    ),
)

SIGNED_AT_ONCE = "a script that signs and sends at once"

REUSED_TIMESTAMP = (
    Proof(
        "httpx: read when the program starts",
        "bot; time.sleep(10)\nasync with httpx.AsyncClient() as client: await bot.positions(client)",
        bad=answered(10002, POSITIONS),
        good=SIGNED_AT_ONCE,
        instead="time.sleep(10); bot",
        fixed=granted(BALANCE),
    ),
    Proof(
        "aiohttp: read when the class is made",
        """
bot; time.sleep(10)
async with aiohttp.ClientSession() as session: await bot.Account().balance(session)""",
        bad=answered(10002, BALANCE),
        good=SIGNED_AT_ONCE,
        instead="time.sleep(10); bot",
        fixed=granted(BALANCE),
    ),
    Proof(
        "urllib: written in the source",
        "bot.account()",
        bad=answered(10002, "/v5/account/info"),
        good=SIGNED_AT_ONCE,
        instead="bot",
        fixed=granted(BALANCE),
    ),
)

RECV_WINDOW_TYPE = (
    Proof(
        "pybit: text",
        "bot.session.get_wallet_balance(accountType='UNIFIED')",
        given=BEHIND,
        bad=answered(10002, BALANCE) & raises("TypeError"),
        fixed=granted_at_last(BALANCE),
    ),
    Proof(
        "pybit: text from a setting",
        """
from signing import KEY, SECRET
bot.Broker(KEY, SECRET.decode()).session.get_wallet_balance(accountType='UNIFIED')""",
        given=Conditions(scale=10, skew=8),
        bad=answered(10002, BALANCE) & raises("TypeError"),
        fixed=granted_at_last(BALANCE),
    ),
    Proof(
        "pybit: text from the environment",
        "bot.session.get_wallet_balance(accountType='UNIFIED')",
        given=Conditions(scale=10, skew=8),
        variables={
            "RECV_WINDOW": "5000",
            "KEY": VARIABLES["BYBIT_TESTNET_KEY"],
            "SECRET": VARIABLES["BYBIT_TESTNET_SECRET"],
        },
        bad=answered(10002, BALANCE) & raises("TypeError"),
        good="pybit: numbers",
        fixed=granted_at_last(BALANCE),
    ),
    Proof(
        "pybit: given to a method",
        "bot",
        given=Conditions(assumed=Assumed(unknown_fields="refused")),
        depends="unknown_fields",
        bad=answered(10001, POSITIONS),
        fixed=granted(POSITIONS),
    ),
    Proof(
        "ccxt: beside the options",
        "try: await bot.exchange.fetch_balance()\nfinally: await bot.exchange.close()",
        given=BEHIND,
        variables=ACCOUNT_SECRET,
        bad=raises("InvalidNonce"),
        good="ccxt: in the options, where text is as good",
        instead="bot.exchange.fetch_balance()",
        fixed=granted(BALANCE),
    ),
)

ORDER = "{'category': 'linear', 'symbol': 'BTCUSDT', 'orderLinkId': 'one'}"
BAD_SIGNATURE, HEARD = answered(10004, CANCEL), answered(110001, CANCEL)
OPEN_ORDERS, ONE_TEXT = "/v5/order/realtime", "one text, signed and sent"

SIGNED_TEXT_NOT_SENT = (
    Proof(
        "httpx: the library writes its own JSON",
        f"async with httpx.AsyncClient() as client: await bot.cancel(client, {ORDER})",
        bad=BAD_SIGNATURE,
        fixed=HEARD,
    ),
    Proof(
        "httpx: without a Content-Type of the bot's own",
        f"async with httpx.AsyncClient() as client: await bot.cancel(client, {ORDER})",
        bad=BAD_SIGNATURE,
        fixed=HEARD,
    ),
    Proof(
        "requests: signed without spaces, sent with them",
        f"from signing import KEY, SECRET\nbot.Client(KEY, SECRET).cancel({ORDER})",
        bad=BAD_SIGNATURE,
        fixed=HEARD,
    ),
    Proof(
        "requests: a dict as data becomes a form",
        "from signing import SECRET\nbot.cancel(SECRET, 'one')",
        bad=Verdict(
            "no answer is a good one", lambda run: [it.ret_code in (0, 110001) for it in run.answers][-1:] == [False]
        ),
        good=ONE_TEXT,
        instead=f"bot.cancel({ORDER})",
        fixed=HEARD,
    ),
    Proof(
        "aiohttp: a query is signed, JSON is sent",
        f"async with aiohttp.ClientSession() as session: await bot.cancel(session, {ORDER})",
        bad=BAD_SIGNATURE,
        good="requests and aiohttp write JSON as json.dumps does",
        fixed=HEARD,
    ),
    Proof(
        "requests: signed in order, sent as it came",
        "bot.orders('BTCUSDT')",
        bad=answered(10004, OPEN_ORDERS),
        good="sorted on both sides",
        fixed=granted(OPEN_ORDERS),
    ),
    Proof(
        "requests: JSON is signed, a query is sent",
        "bot.orders('BTCUSDT')",
        bad=answered(10004, OPEN_ORDERS),
        good=ONE_TEXT,
        fixed=granted(OPEN_ORDERS),
    ),
    Proof(
        "httpx: another recv_window is signed than sent",
        "bot.account()",
        bad=answered(10004, BALANCE),
        good=ONE_TEXT,
        instead="bot.orders('BTCUSDT')",
        fixed=granted(OPEN_ORDERS),
    ),
    Proof(
        "requests: the verb and the path are signed",
        "bot.cancel('BTCUSDT')",
        bad=answered(10004, "/v5/order/cancel-all"),
        good=ONE_TEXT,
        instead="bot.orders('BTCUSDT')",
        fixed=granted(OPEN_ORDERS),
    ),
    Proof(
        "httpx: the query is signed without the key",
        "await bot.orders('BTCUSDT')",
        bad=answered(10004, OPEN_ORDERS),
        good=ONE_TEXT,
        instead="bot.orders('BTCUSDT')",
        fixed=granted(OPEN_ORDERS),
    ),
    Proof(
        "httpx: the query in the address is not signed",
        "await bot.account()",
        bad=answered(10004, BALANCE),
        good=ONE_TEXT,
        instead="bot.orders('BTCUSDT')",
        fixed=granted(OPEN_ORDERS),
    ),
)

BUY = (
    "bot.session.timeout = 60; bot.session.place_order("
    "category='linear', symbol='BTCUSDT', side='Buy', orderType='Market', qty='0.01')"
)
FAR = Conditions(scale=40, latency=Latency(there=9))

RECV_WINDOW_SIZE = (
    Proof(
        "pybit: a minute",
        BUY,
        given=replace(FAR, latency=Latency(there=20)),
        bad=orders(1),
        fixed=answered(10002, "/v5/order/create") & no_order,
    ),
    Proof(
        "ccxt: in the options",
        "bot.exchange.timeout = 60000; bot.exchange.create_order('BTC/USDT:USDT', 'market', 'buy', 0.01)",
        given=FAR,
        variables=ACCOUNT_SECRET,
        bad=orders(1),
        fixed=raises("InvalidNonce") & no_order,
    ),
)

PLACED = "bot.place({'category': 'linear', 'symbol': 'BTCUSDT', 'side': 'Buy', 'orderType': 'Market', 'qty': '0.01'})"
SIGNED = "signed as V5 asks for it"
UNKNOWN = Verdict("a request is answered with HTTP 401", lambda run: 401 in [answer.status for answer in run.answers])

UNSIGNED_REQUEST = (
    Proof(
        "requests: signed as before V5",
        PLACED.replace("})", "}, str(int(time.time() * 1000)))"),
        bad=UNKNOWN & no_order & raises("ValueError"),
        good=SIGNED,
        instead=PLACED,
        fixed=orders(1),
    ),
    Proof(
        "requests: headers of other names",
        """bot.flatten('{"category": "linear", "symbol": "BTCUSDT"}', str(int(time.time() * 1000)))""",
        bad=UNKNOWN & raises("ValueError"),
        good=SIGNED,
        instead=PLACED,
        fixed=orders(1),
    ),
    Proof(
        "httpx: not signed at all",
        "bot.positions('BTCUSDT')",
        bad=UNKNOWN & raises("ValueError"),
        good=SIGNED,
        instead=PLACED,
        fixed=orders(1),
    ),
    Proof(
        "websockets: a login of four parts",
        "await bot.listen()",
        given=Conditions(scale=40),
        seconds=60,
        either=("refused_auth",),
        bad=shut_out,
        good="a login of three parts",
        fixed=logged_in,
    ),
)

PROOFS = {
    "BYB401": LOCAL_CLOCK_SIGNATURE,
    "BYB402": WRONG_TIMESTAMP_UNIT,
    "BYB403": REUSED_TIMESTAMP,
    "BYB404": RECV_WINDOW_TYPE,
    "BYB405": RECV_WINDOW_SIZE,
    "BYB406": SIGNED_TEXT_NOT_SENT,
    "BYB407": UNSIGNED_REQUEST,
}
UNPROVEN = {
    **cannot("the exchange keeps no executions of other days", "BYB402", "pybit: executions of the last week"),
    **cannot(
        "it gets what it wants, and more of it",
        "BYB402",
        "pybit: a moment from the time of seconds",
        "requests: the parameters of a query",
        "ccxt: trades since a moment in seconds",
        "the bot's own wrapper is given seconds",
    ),
    **cannot(
        NO_KEY,
        "BYB403",
        "requests: signed before the loop that tries again",
        "requests: one signature for all pages",
    ),
    **cannot("an order over a socket is not under way for long on the exchange", "BYB405", "pybit: one second"),
    **cannot(
        "its page has no twin that sends the same",
        "BYB405",
        "requests: in the header and in the signed text",
        "aiohttp: the default of the bot's own client",
        "requests: among the parameters, as before V5",
    ),
}
