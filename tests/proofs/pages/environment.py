"""Proofs of rules/environment/."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exchange import Conditions

from proofs.bench import VARIABLES, Run
from proofs.proof import Proof, cannot
from proofs.verdicts import Verdict, answered, ends, granted, logged_in, raises, shut_out

BALANCE, ORDERS = "/v5/account/wallet-balance", "/v5/order/realtime"
INVALID_KEY = answered(10003, BALANCE) & raises("InvalidRequestError", 10003)
ASK = "session.get_wallet_balance(accountType='UNIFIED')"
ASK_ACCOUNT = "bot.account.get_wallet_balance(accountType='UNIFIED')"
ASK_ORDERS = "bot.orders('category=linear&symbol=BTCUSDT')"
TESTNET_KEY = {
    **dict.fromkeys(("BYBIT_API_KEY", "BYBIT_KEY", "TESTNET_API_KEY"), VARIABLES["BYBIT_TESTNET_KEY"]),
    **dict.fromkeys(("BYBIT_API_SECRET", "BYBIT_SECRET"), VARIABLES["BYBIT_TESTNET_SECRET"]),
}
DEMO_KEY = {"BYBIT_API_KEY": VARIABLES["BYBIT_DEMO_KEY"], "BYBIT_API_SECRET": VARIABLES["BYBIT_DEMO_SECRET"]}
SCALED = Conditions(scale=40)
RIGHT_HOST = "a testnet key sent to testnet's host"

TESTNET_KEY_MISMATCH = (
    Proof(
        "pybit: a testnet key with the flag for mainnet",
        f"bot.{ASK}",
        bad=INVALID_KEY,
        fixed=granted(BALANCE, on="testnet"),
    ),
    Proof(
        "pybit: a testnet key and no flag",
        f"bot.{ASK}",
        variables=TESTNET_KEY,
        bad=INVALID_KEY,
        fixed=granted(BALANCE, on="testnet"),
    ),
    Proof(
        "pybit: a demo key with the flag for mainnet",
        f"session = bot.connect(); {ASK}",
        bad=INVALID_KEY,
        fixed=granted(BALANCE, on="demo"),
    ),
    Proof(
        "pybit: a demo key with the flag for testnet",
        f"bot.{ASK}",
        bad=INVALID_KEY,
        fixed=granted(BALANCE, on="demo"),
    ),
    Proof(
        "pybit: a private stream with a testnet key",
        "bot.ws.order_stream(print); time.sleep(10)",
        given=Conditions(scale=40),
        variables={
            "BYBIT_TESTNET_API_KEY": VARIABLES["BYBIT_TESTNET_KEY"],
            "BYBIT_TESTNET_API_SECRET": VARIABLES["BYBIT_TESTNET_SECRET"],
        },
        either=("refused_auth",),
        bad=shut_out,
        fixed=logged_in,
    ),
    Proof(
        "pybit: a mainnet key with the flag for testnet",
        f"bot.{ASK}",
        bad=INVALID_KEY,
        good="a testnet key on testnet, a demo key on demo",
        instead=f"bot.rehearsal.{ASK.partition('.')[2]}",
        fixed=granted(BALANCE, on="testnet"),
    ),
    Proof(
        "pybit: the testnet flag fed from a demo setting",
        f"bot.{ASK}",
        variables=DEMO_KEY,
        bad=INVALID_KEY,
        good="a testnet key on testnet, a demo key on demo",
        instead=f"bot.demo.{ASK.partition('.')[2]}",
        fixed=granted(BALANCE, on="demo"),
    ),
    Proof(
        "pybit: one branch with the keys of the other",
        f"bot.{ASK}",
        bad=INVALID_KEY,
        good="flag and key chosen by the same switch",
        fixed=granted(BALANCE, on="testnet"),
    ),
    Proof(
        "requests: a testnet key sent to the mainnet host",
        ASK_ORDERS,
        variables=TESTNET_KEY,
        bad=answered(10003, ORDERS),
        good=RIGHT_HOST,
        fixed=granted(ORDERS, on="testnet"),
    ),
    Proof(
        "httpx: a testnet key sent to the mainnet host",
        "async with httpx.AsyncClient() as client: await bot.orders(client, 'category=linear&symbol=BTCUSDT')",
        variables=TESTNET_KEY,
        bad=answered(10003, ORDERS),
        good=RIGHT_HOST,
        instead=ASK_ORDERS,
        fixed=granted(ORDERS, on="testnet"),
    ),
    Proof(
        "aiohttp: a testnet key sent to the mainnet host",
        "async with aiohttp.ClientSession() as session: await bot.orders(session, 'category=linear&symbol=BTCUSDT')",
        variables=TESTNET_KEY,
        bad=answered(10003, ORDERS),
        good=RIGHT_HOST,
        instead=ASK_ORDERS,
        fixed=granted(ORDERS, on="testnet"),
    ),
    Proof(
        "urllib: a testnet key sent to the mainnet host",
        ASK_ORDERS,
        variables=TESTNET_KEY,
        bad=answered(10003, ORDERS),
        good=RIGHT_HOST,
        fixed=granted(ORDERS, on="testnet"),
    ),
    Proof(
        "ccxt: a mainnet key in the sandbox",
        "bot.exchange.fetch_balance()",
        bad=raises("AuthenticationError"),
        good="a demo key, and ccxt told so later",
        fixed=granted(BALANCE, on="demo"),
    ),
    Proof(
        "ccxt: a demo key in the sandbox",
        "bot.exchange.fetch_balance()",
        bad=raises("AuthenticationError"),
        fixed=granted(BALANCE, on="demo"),
    ),
    Proof(
        "ccxt.pro: a demo key in the sandbox, in a class",
        "feed = bot.Feed()\ntry: await feed.exchange.fetch_balance()\nfinally: await feed.exchange.close()",
        bad=raises("AuthenticationError"),
        fixed=granted(BALANCE, on="demo"),
    ),
)

HARDCODED_CREDENTIALS = (
    Proof(
        "pybit: in the place of the variable's name",
        f"bot.{ASK}",
        bad=raises("KeyError"),
        fixed=granted(BALANCE, on="mainnet"),
    ),
)

heard = Verdict("a stranger hears what the bot says", lambda run: bool(run.answers or run.sockets))
key_is_told = Verdict("a stranger is told the key", lambda run: any(answer.api_key for answer in run.answers))
unheard = Verdict("no stranger hears anything", lambda run: not run.answers and not run.sockets)
MAINNET_KEY = {"KEY": VARIABLES["BYBIT_MAINNET_KEY"], "SECRET": VARIABLES["BYBIT_MAINNET_SECRET"]}


def deceived(case: str, driver: str, bad: Verdict = key_is_told, *, given: Conditions | None = None) -> Proof:
    """Somebody stands between the bot and Bybit."""
    given, seconds = (given, 60) if given else (Conditions(), None)
    return Proof(case, driver, bad, unheard, given, is_deceived=True, variables=MAINNET_KEY, seconds=seconds)


TLS_VERIFICATION_DISABLED = (
    deceived("requests: an order", "bot.order('{}')"),
    deceived("requests: a session", "bot.Client().orders('category=linear&symbol=BTCUSDT')"),
    deceived("httpx: a client", f"await {ASK_ORDERS}"),
    deceived("aiohttp: a connector", f"await {ASK_ORDERS}"),
    deceived("pybit: the session inside the client", f"bot.{ASK}"),
    deceived("pybit: with the reason behind it", f"bot.{ASK}"),
    deceived("ccxt: an exchange", ""),
    deceived("websockets: a context that checks nothing", "await bot.stream(print)", heard, given=SCALED),
    deceived("websocket-client: the options of the connection", "bot.run(print)", heard, given=SCALED),
    deceived("urllib: for the whole program", "bot.price('BTCUSDT')", heard),
    Proof(
        "requests: once a request has failed",
        "bot.orders('category=linear&symbol=BTCUSDT')",
        bad=key_is_told,
        good="given up once a request has failed",
        fixed=unheard,
        is_deceived=True,
        variables=MAINNET_KEY,
    ),
)

SAID_FALSE = dict.fromkeys(("BYBIT_TESTNET", "BYBIT_SANDBOX", "USE_DEMO", "TESTNET"), "false") | {
    "BYBIT_API_KEY": VARIABLES["BYBIT_MAINNET_KEY"],
    "BYBIT_API_SECRET": VARIABLES["BYBIT_MAINNET_SECRET"],
}


def said_false(case: str, driver: str = f"bot.{ASK}", *, bad: Verdict = INVALID_KEY) -> Proof:
    """The flag is text, and says that this is the real account."""
    return Proof(
        case,
        driver,
        variables=SAID_FALSE,
        bad=bad,
        good="read by a function that knows the words",
        instead=f"bot.{ASK}",
        fixed=granted(BALANCE, on="mainnet"),
    )


UNHEARD = Proof(
    "ccxt: text that says true",
    "bot.exchange.fetch_balance()",
    variables={"BYBIT_SANDBOX": "true", "BYBIT_TESTNET": "true"},
    bad=granted(BALANCE, on="mainnet"),
    good="read by a function that knows the words",
    instead=f"bot.{ASK}",
    fixed=granted(BALANCE, on="testnet"),
)

ENVIRONMENT_FLAG_TRUTHINESS = (
    said_false("pybit: a variable of the environment"),
    said_false("pybit: a variable with a default, made a bool"),
    said_false("pybit: the flag goes through a function of the bot"),
    replace(
        UNHEARD,
        case="ccxt: the sandbox of the config",
        driver="try: await bot.exchange.fetch_balance()\nfinally: await bot.exchange.close()",
    ),
    said_false(
        "ccxt: the method that comes later",
        "bot.exchange.fetch_balance()",
        bad=raises("AuthenticationError", text="10003"),
    ),
    UNHEARD,
    replace(
        said_false("pybit: demo trading, and a stream", "time.sleep(10)\nbot", bad=shut_out), given=SCALED, seconds=60
    ),
)

SERVER_TIME = "/v5/market/time"
NO_SUCH_ARGUMENT = raises("TypeError", text="argument")
BY_NAME = "BYB101 neutral names say nothing"


def wrong_argument(case: str, driver: str, **changes: Any) -> Proof:
    """The client cannot even be made."""
    return replace(Proof(case, driver, bad=NO_SUCH_ARGUMENT, fixed=granted(SERVER_TIME, on="testnet")), **changes)


ASK_TIME = "bot.session.get_server_time()"

INVALID_CLIENT_ARGUMENT = (
    wrong_argument("pybit: arguments without names", ASK_TIME, good=BY_NAME, fixed=granted(SERVER_TIME, on="mainnet")),
    wrong_argument("pybit: a name of former times", ASK_TIME),
    wrong_argument("pybit: a host instead of a flag", ASK_TIME),
    wrong_argument("pybit: the words of another library", "bot.Broker().get_server_time()"),
    Proof(
        "ccxt: a secret under a name that it does not read",
        'bot.held("BTC/USDT:USDT")',
        bad=raises("AuthenticationError"),
        fixed=granted("/v5/position/list", on="testnet"),
    ),
    wrong_argument(
        "pybit: an argument that nothing takes the place of",
        ASK_TIME,
        good=BY_NAME,
        fixed=granted(SERVER_TIME, on="mainnet"),
    ),
    Proof(
        "pybit: a channel that there is not",
        "bot.listen(print)",
        given=SCALED,
        bad=raises("InvalidChannelTypeError"),
        good="demo trading beside the public streams of mainnet",
        instead="bot; time.sleep(20)",
        fixed=ends & Verdict("it is connected", lambda run: bool(run.sockets)),
    ),
    Proof(
        "pybit: public streams of demo trading",
        "bot; time.sleep(20)",
        given=SCALED,
        bad=raises("WebSocketTimeoutException"),
        good="demo trading beside the public streams of mainnet",
        fixed=ends & Verdict("it is connected", lambda run: bool(run.sockets)),
    ),
    Proof(
        "pybit: orders of demo trading over a socket",
        "bot; time.sleep(20)",
        given=SCALED,
        variables=DEMO_KEY,
        bad=raises("WebSocketTimeoutException"),
        good="demo trading beside the public streams of mainnet",
        fixed=ends & Verdict("it is connected", lambda run: bool(run.sockets)),
    ),
    wrong_argument(
        "pybit: a stream that does not say which network",
        "bot",
        given=SCALED,
        good="demo trading beside the public streams of mainnet",
        fixed=Verdict("it is connected", lambda run: bool(run.sockets)),
    ),
    wrong_argument(
        "pybit: a stream of demo trading that does not say which network",
        "bot; time.sleep(10)",
        given=SCALED,
        fixed=Verdict("it is connected to demo", lambda run: [each.environment for each in run.sockets] == ["demo"]),
        variables=DEMO_KEY,
    ),
)

two_networks = Verdict("it is on two networks", lambda run: len(_networks(run)) == 2)
one_network = Verdict("it is on one network", lambda run: len(_networks(run)) == 1)


def _networks(run: Run) -> set[str]:
    return {each.environment for each in run.answers} | {each.environment for each in run.sockets}


def mixed(case: str, driver: str) -> Proof:
    """Prices from here, orders there."""
    return Proof(
        case,
        driver,
        given=SCALED,
        bad=two_networks,
        good="all on one network",
        instead=f"bot.{ASK}; time.sleep(5)",
        fixed=one_network,
    )


MIXED_ENVIRONMENTS = (
    mixed("pybit: prices of testnet, orders with real money", f"bot.{ASK}; time.sleep(5)"),
    mixed("pybit: the private stream of another network", f"one = bot.Bot(); one.{ASK}; time.sleep(5)"),
    mixed("pybit: one variable, two defaults", f"bot.{ASK}; time.sleep(5)"),
    mixed("pybit: one client for prices, one for orders", f"bot.market.get_server_time(); {ASK_ACCOUNT}"),
    mixed(
        "websockets: a stream in a file of its own",
        f"bot.{ASK}\nasyncio.create_task(bot.trade(lambda session: print)); await asyncio.sleep(10)",
    ),
    mixed(
        "requests and websocket-client: two hosts",
        """
bot.orders("category=linear&symbol=BTCUSDT")
threading.Thread(target=bot.listen, args=(print, print), daemon=True).start()
time.sleep(10)""",
    ),
)

FEES, POSITIONS = "/v5/account/fee-rate", "/v5/position/list"


def lacking(case: str, driver: str, error: str, good: str) -> Proof:
    """Demo trading refuses what it has not, and grants what it has."""
    return Proof(
        case,
        driver,
        bad=answered(10032, FEES) & raises(error),
        good=good,
        instead=f"bot.size('{'BTC/USDT:USDT' if good.startswith('ccxt') else 'BTCUSDT'}')",
        fixed=granted(POSITIONS, on="demo"),
    )


DEMO_UNSUPPORTED_ENDPOINT = (
    lacking("pybit: the fee rates", "bot.fee('BTCUSDT')", "InvalidRequestError", "what demo trading has"),
    lacking(
        "ccxt: an exchange that is sent to demo trading",
        "bot.fee('BTC/USDT:USDT')",
        "ExchangeError",
        "ccxt: what it has there",
    ),
    lacking(
        "ccxt: from a coroutine", "await bot.Bot().fee('BTC/USDT:USDT')", "ExchangeError", "ccxt: what it has there"
    ),
    lacking("requests: the host of demo trading", "bot.fee('BTCUSDT')", "RuntimeError", "what demo trading has"),
)

PROOFS = {
    "BYB101": TESTNET_KEY_MISMATCH,
    "BYB102": MIXED_ENVIRONMENTS,
    "BYB103": HARDCODED_CREDENTIALS,
    "BYB104": TLS_VERIFICATION_DISABLED,
    "BYB105": ENVIRONMENT_FLAG_TRUTHINESS,
    "BYB106": INVALID_CLIENT_ARGUMENT,
    "BYB107": DEMO_UNSUPPORTED_ENDPOINT,
}
UNPROVEN = {
    **cannot(
        "a key in the source is as good as any other, until somebody reads it",
        "BYB103",
        "pybit: in the call",
        "pybit: in a config of their own",
        "pybit: what is used where the variable is missing",
        "ccxt: in the config",
        "aiohttp: in what is signed",
        "the arguments of the bot's own client",
        "two accounts under one name",
    ),
    **cannot("the fix writes what the text does already", "BYB105", "pybit: text that says false"),
    **cannot("the exchange has no demo trading of testnet", "BYB101", "pybit: a testnet key with both flags"),
    **cannot(
        "the exchange has no demo trading of testnet",
        "BYB106",
        "pybit: demo trading on testnet",
        "pybit: a demo key, demo trading and testnet",
    ),
}
