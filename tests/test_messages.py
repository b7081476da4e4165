"""What findings say: in whose words, how long, and which retCodes they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from marks import rows

from bybit_lint import checks, cli, engine
from bybit_lint.analysis.source import Source
from bybit_lint.report import offered, pages
from bybit_lint.vocabulary import Finding, Fix, Rename, Replace

ROOT = Path(__file__).parent.parent
RULES = checks.load()

# --- the laws of a message --------------------------------------------------------------------------------------------

LONGEST = 140
"""Characters of a message, which is one line of most terminals or two."""
RIDDLES = ("is told no", "are told no", "says nothing of")
SENTENCE = re.compile(r"[A-Z][a-z]+ ")
"""How something begins that is a sentence, or about somebody else than the bot: `Bybit rejects`."""
NAMING = {"BYB211", "BYB212", "BYB214", "BYB604"}
"""The rules whose fix is another name or value, which the message has to say too."""


def flaws(finding: Finding, code: str) -> Iterator[str]:
    """What is wrong with the words of a finding in this code."""
    message, fix = finding.message, offered(finding)
    if len(message) > LONGEST:
        yield f"{len(message)} characters are more than {LONGEST}"
    yield from (f"{riddle!r} is a riddle" for riddle in RIDDLES if riddle in message)
    said = [message, finding.not_fixed, *(related.message for related in finding.related), fix.title if fix else ""]
    yield from (flaw for text in said if text for flaw in _ill_formed(text, code))
    for verb in fix.verbs if fix and finding.code in NAMING else ():
        right = verb.name if isinstance(verb, Rename) else verb.template if isinstance(verb, Replace) else ""
        if right.rpartition(".")[2].strip("\"'") not in message:
            yield f"{right} is right, and the message does not say so"


def _ill_formed(text: str, code: str) -> Iterator[str]:
    if text != " ".join(text.split()) or text.endswith((".", "!", ":", ";")):
        yield f"{text!r} is more or less than a part of a sentence on one line"
    if SENTENCE.match(text) and not re.search(rf"\b{text.split(maxsplit=1)[0]}\b", code):
        yield f"{text!r} begins with something else than the bot's own words"


def strange(finding: Finding) -> set[int]:
    """The retCodes that a finding names and its rule does not."""
    rule = next(rule for rule in RULES if rule.code == finding.code)
    return set(finding.ret_codes or ()) - set(rule.ret_codes)


@cache
def told() -> tuple[tuple[Finding, str], ...]:
    """Every finding of every page, and of the example, with the code of its file."""
    bots = [{block.path: block.source for block in case.files("bad")} for page in pages.all() for case in page.cases]
    bots.append({"naive_bot.py": (ROOT / "examples/naive_bot.py").read_text("utf-8")})
    return tuple((finding, bot[finding.span.path]) for bot in bots for finding in found_in(bot))


def found_in(bot: dict[str, str]) -> Iterator[Finding]:
    yield from engine.check([Source(path, text.encode()) for path, text in bot.items()], RULES).findings


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_the_messages_of_a_rule_are_in_plain_words(code: str) -> None:
    found = [(finding, text) for finding, text in told() if finding.code == code]
    assert found, f"{code} says nothing on any page"
    wrong = {f"{finding.message}\n    {flaw}" for finding, text in found for flaw in flaws(finding, text)}
    assert not wrong, "\n".join(sorted(wrong))


def test_a_finding_names_no_ret_code_that_its_rule_does_not() -> None:
    assert [(finding.code, finding.message) for finding, _ in told() if strange(finding)] == []


HERE = Source("bot.py", b"Symbol = 1\n").span_of(0, 6)
BAD = {
    "too long": ("x" * 141, "characters are more than"),
    "a riddle": ("Symbol is told no symbol", "is a riddle"),
    "a full stop": ("this is wrong.", "part of a sentence"),
    "two lines": ("this is\nwrong", "part of a sentence"),
    "somebody else first": ("Bybit rejects this", "begins with something else"),
}


@rows(BAD, "message", "flaw")
def test_a_message_that_breaks_a_law_is_found(message: str, flaw: str) -> None:
    (found,) = flaws(Finding(HERE, message, code="BYB211"), "Symbol = 1\n")
    assert flaw in found


def test_a_message_that_hides_the_right_name_is_found() -> None:
    fix = Fix("call it symbol", (Rename(HERE, "symbol"),))
    plain, hidden = "Symbol is no parameter; it is called symbol", "Symbol is no parameter"
    assert list(flaws(Finding(HERE, plain, fix=fix, code="BYB211"), "Symbol = 1\n")) == []
    assert list(flaws(Finding(HERE, hidden, fix=fix, code="BYB211"), "Symbol = 1\n")) != []


def test_the_readme_shows_what_the_example_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    shown = (ROOT / "README.md").read_text("utf-8").partition("<!-- output -->")[2].partition("<!-- /output -->")[0]
    blocks = shown.strip().removeprefix("```text\n").removesuffix("```").split("\n...\n\n")
    printed = CliRunner().invoke(cli.main, ["examples/naive_bot.py", "--isolated", "--exit-zero"]).stdout
    assert len(blocks) == 2
    assert [block.strip() in printed for block in blocks] == [True, True]


# --- the words and codes of single rules ------------------------------------------------------------------------------

PYBIT = "from pybit.unified_trading import HTTP\n\nsession = HTTP(testnet=True)\n"
CCXT = "import ccxt\n\nexchange = ccxt.bybit()\n"
ORDER = '    session.place_order(category="{}", symbol=symbol, side="Buy", orderType="Limit", qty="1", price={})\n'


def findings(code: str, text: str) -> list[Finding]:
    """What one rule says of one file."""
    outcome = engine.check([Source("bot.py", text.encode())], RULES)
    assert not outcome.problems
    return [finding for finding in outcome.findings if finding.code == code]


def said(code: str, text: str) -> list[tuple[str, tuple[int, ...]]]:
    """The message and the retCodes of each."""
    rule = next(rule for rule in RULES if rule.code == code)
    return [(f.message, rule.ret_codes if f.ret_codes is None else f.ret_codes) for f in findings(code, text)]


def priced(category: str) -> str:
    return f"{PYBIT}\n\ndef buy(symbol, last):\n{ORDER.format(category, 'float(last) * 1.01')}"


def placed(*arguments: str) -> str:
    told = ", ".join(arguments)
    return f"{PYBIT}\n\ndef order(size, price, category):\n    session.place_order({told})\n"


GRID = "price comes from float arithmetic and is not rounded to the instrument's tick: Bybit may refuse the order"


@rows({"linear": ("linear", (10001,)), "spot": ("spot", (170134,))}, "category", "codes")
def test_orders_on_spot_are_refused_with_codes_of_their_own(category: str, codes: tuple[int, ...]) -> None:
    assert said("BYB203", priced(category)) == [(GRID, codes)]


def test_where_the_category_is_not_known_all_codes_are_named() -> None:
    text = priced("linear").replace('category="linear"', "category=kind").replace("symbol, last", "symbol, last, kind")
    assert said("BYB203", text) == [(GRID, (10001, 170134))]


def test_an_order_for_both_categories_names_the_codes_of_both() -> None:
    two = priced("linear").replace("float(last) * 1.01", "price") + ORDER.format("spot", "price")
    text = two.replace("last):\n", "last):\n    price = float(last) * 1.01\n")
    assert [codes for _, codes in said("BYB203", text)] == [(10001,), (170134,)]


BOUGHT = ('category="linear"', 'symbol="BTCUSDT"', 'side="Buy"', 'orderType="Market"')
ON_SPOT = ('category="spot"', *BOUGHT[1:])
UNKNOWN = " is not a parameter of /v5/order/create"
NAMES = {
    "needed": ((*BOUGHT, "quantity=size"), f"quantity{UNKNOWN}; it is called qty", (10001,)),
    "needed on spot": ((*ON_SPOT, "quantity=size"), f"quantity{UNKNOWN}; it is called qty", (10001, 170105)),
    "needed with a limit": (
        ('category="linear"', 'symbol="BTCUSDT"', 'side="Buy"', 'orderType="Limit"', "qty=size", "Price=price"),
        f"Price{UNKNOWN}; it is called price",
        (10001,),
    ),
    "not needed": (
        (*BOUGHT, "qty=size", "position_idx=1"),
        f"position_idx{UNKNOWN}; it is called positionIdx, and the order may pass without it",
        (),
    ),
    "closes": (
        (*BOUGHT, "qty=size", "reduce_only=True"),
        f"reduce_only{UNKNOWN}; it is called reduceOnly, and without it the order may open a position",
        (),
    ),
    "does not close": (
        (*BOUGHT, "qty=size", "reduce_only=False"),
        f"reduce_only{UNKNOWN}; it is called reduceOnly, and the order may pass without it",
        (),
    ),
    "of another endpoint": (
        (*BOUGHT, "qty=size", 'trailingStop="50"'),
        f"trailingStop{UNKNOWN}; it is one of /v5/position/trading-stop",
        (),
    ),
    "of none": (
        (*BOUGHT, "qty=size", 'colour="red"'),
        f"colour{UNKNOWN}, and nothing there is called like it",
        (),
    ),
}


@rows(NAMES, "arguments", "message", "codes")
def test_a_wrong_name_says_the_right_one_and_what_comes_of_it(
    arguments: tuple[str, ...], message: str, codes: tuple[int, ...]
) -> None:
    assert said("BYB211", placed(*arguments)) == [(message, codes)]


def test_a_wrong_name_in_params_of_ccxt_may_let_an_order_pass() -> None:
    text = CCXT + 'exchange.create_order("BTC/USDT:USDT", "market", "sell", 1, None, {"reduce_only": True})\n'
    assert said("BYB211", text) == [(NAMES["closes"][1], ())]


def test_a_stop_under_a_wrong_name_is_called_what_it_is_called() -> None:
    text = PYBIT + 'session.set_trading_stop(category="linear", symbol="ETHUSDT", stopLoss="1", tpSlMode="Full")\n'
    message = "tpSlMode is not a parameter of /v5/position/trading-stop; it is called tpslMode"
    assert said("BYB211", text) == [(message, (10001,))]


VALUES = {
    "side": (('category="linear"', 'side="buy"'), '"buy" is not a value of side; write "Buy"', (10001,)),
    "side on spot": (('category="spot"', 'side="buy"'), '"buy" is not a value of side; write "Buy"', (170117,)),
    "side somewhere": (
        ("category=category", "side='buy'"),
        "'buy' is not a value of side; write 'Buy'",
        (10001, 170117),
    ),
    "a trigger": (
        ('category="spot"', 'slTriggerBy="Market"'),
        '"Market" is not a value of slTriggerBy; write LastPrice, IndexPrice or MarkPrice',
        (10001,),
    ),
    "a symbol": (
        ('category="spot"', 'symbol="BTC/USDT"'),
        '"BTC/USDT" is not a value of symbol; write "BTCUSDT"',
        (170121,),
    ),
    "under a wrong name": (
        ('category="linear"', 'orderType="Limit"', 'time_in_force="GoodTillCancel"'),
        '"GoodTillCancel" is not a value of time_in_force; write "GTC"',
        (10001,),
    ),
}


@rows(VALUES, "arguments", "message", "codes")
def test_a_wrong_value_says_the_right_one_and_the_code_for_it(
    arguments: tuple[str, ...], message: str, codes: tuple[int, ...]
) -> None:
    assert said("BYB212", placed(*arguments)) == [(message, codes)]


def test_what_only_asks_has_no_codes_of_spot_orders() -> None:
    text = PYBIT + 'session.get_tickers(category="spot", symbol="btcusdt")\n'
    assert said("BYB212", text) == [('"btcusdt" is not a value of symbol; write "BTCUSDT"', (10001,))]


def test_a_value_that_other_endpoints_have_says_who_has_not_got_it() -> None:
    text = PYBIT + 'session.get_wallet_balance(accountType="{}")\n'
    other = '"FUND" is not a value of accountType here: /v5/account/wallet-balance has UNIFIED only'
    assert said("BYB212", text.format("FUND")) == [(other, (10001,))]
    none = '"MARGIN" is not a value of accountType; write UNIFIED'
    assert said("BYB212", text.format("MARGIN")) == [(none, (10001,))]


def test_what_told_of_open_and_finished_orders_is_two_in_v5() -> None:
    text = "from pybit import usdt_perpetual\n\nsession = usdt_perpetual.HTTP()\n"
    told = said("BYB602", text + 'session.get_active_order(symbol="BTCUSDT")\n')[1][0]
    assert told.endswith("in V5 it is get_open_orders, and get_order_history for finished ones")
    told = said("BYB602", text + 'session.query_active_order(symbol="BTCUSDT")\n')[1][0]
    assert told.endswith("in V5 it is get_open_orders")


def test_a_symbol_of_another_category_names_both() -> None:
    text = PYBIT + 'session.get_tickers(category="linear", symbol="BTCUSD")\n'
    message = "BTCUSD is a symbol of inverse, but the category here is linear; change one of the two"
    assert said("BYB212", text) == [(message, (10001,))]


LACKS = "missing: Bybit rejects /v5/order/create"
NEEDS = {
    "one": (BOUGHT, f"qty is {LACKS} without it", (10001,)),
    "one on spot": (ON_SPOT, f"qty is {LACKS} without it", (10001, 170105)),
    "the category": ((*BOUGHT[1:], "qty=size"), f"category is {LACKS} without it", (10001,)),
    "two": (BOUGHT[:2] + BOUGHT[3:], f"qty and side are {LACKS} without them", (10001,)),
    "one of several": (
        (*BOUGHT[:3], 'orderType="Limit"', "qty=size"),
        f"price, orderIv or bboSideType is {LACKS} with orderType=Limit without one",
        (10001,),
    ),
}


@rows(NEEDS, "arguments", "message", "codes")
def test_what_is_missing_comes_first(arguments: tuple[str, ...], message: str, codes: tuple[int, ...]) -> None:
    assert said("BYB213", placed(*arguments)) == [(message, codes)]


def test_a_name_of_the_client_itself_is_the_name_in_the_message() -> None:
    text = CCXT + 'exchange.create_order("BTC/USDT", "market", "buy", 1, None, {"clientOrderId": "entry"})\n'
    message = "clientOrderId is the same for every order: Bybit rejects all but the first; make one for each"
    assert said("BYB226", text) == [(message, (110072, 170141))]


def test_a_rounding_names_the_codes_of_what_it_rounds() -> None:
    text = placed(*ON_SPOT[:3], 'orderType="Limit"', 'qty="1"', "price=round(price / tick) * tick")
    text = text.replace("category)", "category, tick)")
    message = "multiplying by a float step misses the step: 3 * 0.1 is 0.30000000000000004; Bybit rejects such orders"
    assert said("BYB205", text) == [(message, (170134,))]


def test_an_order_that_may_be_filled_twice_is_refused_by_nobody() -> None:
    text = placed(*BOUGHT, "qty=size").replace("    session", "    while True:\n        try:\n            session")
    text += "            break\n        except Exception:\n            pass\n"
    message = (
        "place_order() is called again without an orderLinkId when an answer is lost: the order may be filled twice"
    )
    assert said("BYB221", text) == [(message, ())]


def asked(begin: str) -> str:
    return PYBIT + f"import time\nsession.get_kline(category='linear', symbol='BTCUSDT', interval='5', start={begin})\n"


def test_the_start_of_a_query_in_seconds_is_not_refused() -> None:
    message = "start is in seconds, and Bybit takes milliseconds: the answer is about another time, or empty"
    assert said("BYB402", asked("int(time.time()) - 60")) == [(message, ())]


WINDOWS = {
    "long": ("60000", "with this recv_window an order may be taken 60 s late, at a stale price; write 5000", ()),
    "short": ("1000", "with this recv_window what takes over 1000 ms is refused; write 5000", (10002,)),
}


@rows(WINDOWS, "window", "message", "codes")
def test_a_long_recv_window_is_refused_by_nobody(window: str, message: str, codes: tuple[int, ...]) -> None:
    assert said("BYB405", PYBIT.replace("testnet=True", f"testnet=True, recv_window={window}")) == [(message, codes)]


SETTINGS = {
    "leverage": ('set_leverage(category="linear", symbol="BTCUSDT", buyLeverage="5", sellLeverage="5")', 110043),
    "mode": ('switch_position_mode(category="linear", coin="USDT", mode=3)', 110025),
}


@rows(SETTINGS, "call", "code")
def test_a_setting_names_the_one_code_that_it_raises(call: str, code: int) -> None:
    message = (
        f"{call.partition('(')[0]}() raises retCode {code} where nothing has to be changed, and nobody catches it: "
        "the bot stops here at its second start"
    )
    assert said("BYB307", f"{PYBIT}session.{call}\n") == [(message, (code,))]


CAUGHT = (
    "\n\ndef buy(**order):\n    try:\n        session.place_order(**order)\n    except InvalidRequestError as error:\n"
)


def test_a_test_that_is_in_vain_is_repeated_with_the_code_it_looks_for() -> None:
    text = PYBIT + 'answer = session.get_tickers(category="spot")\nif answer["retCode"] == 10006:\n    print("wait")\n'
    message = 'answer["retCode"] == 10006 never sees a refusal: this client raises it as an exception; catch that'
    assert said("BYB303", text) == [(message, (10006,))]
    other = text.replace("10006", "110006")  # which is not 10006 with something before it
    assert said("BYB303", other) == [(message.replace("10006", "110006"), ())]


def test_an_attribute_that_is_none_is_called_what_it_is_called() -> None:
    text = PYBIT.replace("\n\n", "\nfrom pybit.exceptions import InvalidRequestError\n\n", 1) + CAUGHT
    text += "        if error.retCode != 110043:\n            raise\n"
    message = (
        "error.retCode is no attribute of this exception: asking for it raises another one; write error.status_code"
    )
    assert said("BYB303", text) == [(message, ())]


WAITED = """

async def stream():
    while True:
        try:
            async with websockets.connect("wss://stream.bybit.com/v5/public/linear") as ws:
                async for message in ws:
                    print(message)
        except Exception:
            await asyncio.sleep(3)
"""


def test_a_socket_that_comes_back_is_answered_no_ret_code() -> None:
    message = "the wait before the connection is always 3 s for every bot: they all come back together; make it random"
    assert said("BYB301", "import asyncio\n\nimport websockets\n" + WAITED) == [(message, ())]


REFUSED = {
    "pybit": (
        'WebSocket(testnet=True, channel_type="linear").orderbook_stream(depth=500, symbol="BTCUSDT", callback=print)',
        (
            "the linear stream has no depth 500, only 1, 50, 200, 1000, rpi, full: "
            "Bybit refuses it, and the client may lose the whole connection"
        ),
    ),
    "pybit, an interval": (
        'WebSocket(testnet=True, channel_type="spot").kline_stream("1h", "BTCUSDT", print)',
        (
            "the spot stream has no interval 1h, it is called 60: "
            "Bybit refuses it, and the client may lose the whole connection"
        ),
    ),
    "pybit, another channel": (
        'WebSocket(testnet=True, channel_type="linear").position_stream(print)',
        "the linear stream has no topic position, it belongs to private: the client stops with a TopicMismatchError",
    ),
    "by hand": (
        (
            'create_connection("wss://stream.bybit.com/v5/public/linear")'
            """.send('{"op": "subscribe", "args": ["kline.1h.BTCUSDT"]}')"""
        ),
        ("the linear stream has no interval 1h, it is called 60: Bybit refuses it, and the bot hears nothing of it"),
    ),
}


@rows(REFUSED, "call", "message")
def test_a_subscription_that_is_refused_says_what_there_is_and_what_becomes_of_the_stream(
    call: str, message: str
) -> None:
    imported = "from pybit.unified_trading import WebSocket\nfrom websocket import create_connection\n\n"
    assert said("BYB505", f"{imported}{call}\n") == [(message, ())]


STREAMS = {
    "prices": (
        "linear",
        "these prices are testnet's, but the orders go to mainnet: the bot trades on made-up prices",
        (),
    ),
    "orders": (
        "private",
        "this stream is testnet's, but the orders go to mainnet: the bot never hears of its own orders",
        (10003,),
    ),
}


@rows(STREAMS, "channel", "message", "codes")
def test_only_a_login_is_refused_where_networks_are_mixed(channel: str, message: str, codes: tuple[int, ...]) -> None:
    text = PYBIT.replace("import HTTP", "import HTTP, WebSocket").replace("testnet=True", "api_key=KEY, api_secret=KEY")
    text = text.replace("\n\n", "\n\nKEY = input()\n") + 'session.place_order(category="linear", symbol="BTCUSDT")\n'
    text += f'ws = WebSocket(testnet=True, channel_type="{channel}", api_key=KEY, api_secret=KEY)\n'
    assert said("BYB102", text) == [(message, codes)]


FLAGS = {
    "a text": (
        '"False"',
        (
            "testnet is text here, which counts as True whatever it says: this client talks to testnet; "
            "write testnet=True, or False for real money"
        ),
    ),
    "no text": ('""', "testnet is empty text here, which counts as False: this client does not talk to testnet"),
    "from outside": (
        'os.getenv("TESTNET")',
        (
            'testnet is text from outside: even "false" selects testnet, and empty text trades real money; '
            "read it as env_flag() does"
        ),
    ),
}


@rows(FLAGS, "flag", "message")
def test_a_flag_that_is_text_says_what_to_write_for_either_network(flag: str, message: str) -> None:
    text = "import os\n\n" + PYBIT.replace("testnet=True", f"testnet={flag}")
    assert said("BYB105", text) == [(message, (10003,))]


STOPS = "is not an argument of this client: the bot stops with a TypeError"
MISFITS = {
    "renamed": ("testnet=True, request_timeout=3", f"request_timeout {STOPS}; it is called timeout", ()),
    "a host": ('endpoint="https://api-testnet.bybit.com"', f"endpoint {STOPS}; write testnet=True", ()),
    "nothing like it": ("testnet=True, proxies={}", f"proxies {STOPS}", ()),
    "two networks": (
        "testnet=True, demo=True",
        "demo trading on testnet is a network of its own, with its own keys: those of testnet or demo get 10003 there",
        (10003,),
    ),
}


@rows(MISFITS, "arguments", "message", "codes")
def test_an_argument_that_does_not_fit_is_called_what_it_is_called(
    arguments: str, message: str, codes: tuple[int, ...]
) -> None:
    assert said("BYB106", PYBIT.replace("testnet=True", arguments)) == [(message, codes)]


FIELDS = {
    "a KeyError": (
        '["qtyStep"]',
        "spot instruments have no qtyStep, but basePrecision: this raises a KeyError",
        (),
    ),
    "a guess": (
        '.get("qtyStep", "0.1")',
        "spot instruments have no qtyStep, but basePrecision: the bot goes on without it, or with a guess",
        (170137,),
    ),
}


@rows(FIELDS, "read", "message", "codes")
def test_what_an_instrument_lacks_is_refused_only_where_the_bot_goes_on(
    read: str, message: str, codes: tuple[int, ...]
) -> None:
    text = PYBIT + 'answer = session.get_instruments_info(category="spot", symbol="BTCUSDT")\n'
    text += f'step = answer["result"]["list"][0]["lotSizeFilter"]{read}\n'
    assert said("BYB704", text) == [(message, codes)]


PINS = {
    "pybit==5.14.0": (
        (
            "with pybit==5.14.0 a rate limit (10006) or a late clock (10002) becomes a bare Exception "
            "instead of a second try; ask for 5.15.0"
        ),
        (10006, 10002),
    ),
    "pybit==5.2.0": (
        "with pybit==5.2.0 a rate limit (10006) becomes a KeyError instead of a second try; ask for 5.15.0",
        (10006,),
    ),
    "pybit<5": (
        (
            "with pybit<5 there is nothing of V5, the only API that Bybit still documents: code for it does not start; "
            "ask for 5.15.0"
        ),
        (),
    ),
}


@rows({pin: (pin, *told) for pin, told in PINS.items()}, "pin", "message", "codes")
def test_a_pin_says_what_fails_with_it_and_what_to_ask_for(pin: str, message: str, codes: tuple[int, ...]) -> None:
    files = [Source("bot.py", PYBIT.encode()), Source("requirements.txt", f"{pin}\n".encode())]
    found = [f for f in engine.check(files, RULES).findings if f.code == "BYB801"]
    assert [(f.message, f.ret_codes) for f in found] == [(message, codes)]


def test_new_names_of_arguments_stand_below_the_message() -> None:
    text = "from pybit import usdt_perpetual\n\nsession = usdt_perpetual.HTTP()\n"
    text += 'session.place_active_order(symbol="BTCUSDT", order_type="Market", reduce_only=True)\n'
    found = findings("BYB602", text)[-1]
    only = "does not speak V5, the only API that Bybit still documents; in V5 it is place_order"
    assert found.message == f"place_active_order {only}"
    assert found.not_fixed.startswith("order_type is orderType, reduce_only is reduceOnly; ")


PATHS = {
    "a path": (
        'requests.get("https://api.bybit.com/public/linear/kline", timeout=5)',
        (
            "/public/linear/kline is older than V5: the request may get nothing but 10017 or HTTP 404; "
            "in V5 it is /v5/market/kline"
        ),
        (10017,),
    ),
    "a path that has no successor of its own": (
        'requests.get("https://api.bybit.com/spot/quote/v1/depth/merged", timeout=5)',
        (
            "/spot/quote/v1/depth/merged is older than V5: the request may get nothing but 10017 or HTTP 404; "
            "V5 has nothing for it alone"
        ),
        (10017,),
    ),
    "a path that no table lists": (
        'requests.get("https://api.bybit.com/spot/quote/v1/of-its-own", timeout=5)',
        (
            "/spot/quote/v1/of-its-own is older than V5: the request may get nothing but 10017 or HTTP 404; "
            "look for its successor in Bybit's V5 documentation"
        ),
        (10017,),
    ),
    "a stream": (
        'create_connection("wss://stream.bybit.com/realtime_public")',
        (
            "/realtime_public is older than V5: the stream may stay silent or refuse the connection; "
            "in V5 it is /v5/public/linear"
        ),
        (),
    ),
}


@rows(PATHS, "call", "message", "codes")
def test_an_old_path_says_the_new_one(call: str, message: str, codes: tuple[int, ...]) -> None:
    text = f"import requests\nfrom websocket import create_connection\n\n{call}\n"
    assert said("BYB603", text) == [(message, codes)]
