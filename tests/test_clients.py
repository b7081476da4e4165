"""What the facts pages cannot say of an order: which arguments it has not, and which literals Bybit gets."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bybit_lint import facts
from bybit_lint.analysis.bounds import MAX_SUBSTITUTED_PARTS
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.clients import arguments
from bybit_lint.knowledge import parameters
from bybit_lint.vocabulary import Argument, Kind, Misnamed, Order, Subscription

CCXT = "import ccxt\nexchange = ccxt.bybit()\n"
PYBIT = "from pybit.unified_trading import HTTP\nsession = HTTP(testnet=True)\n"
LEGACY = "from pybit import usdt_perpetual\nsession = usdt_perpetual.HTTP()\n"
WORKED_OUT = {"category", "marketUnit", "side", "orderType"}


def order(code: str) -> Order:
    """The one order in a piece of code."""
    source = Source("bot.py", code.encode())
    (found,) = [noun for noun in facts.of(source, Project([source])) if isinstance(noun, Order)]
    return found


def literals(given: Mapping[str, Argument]) -> dict[str, object]:
    return {name: argument.value.constant for name, argument in given.items() if argument.value.constant}


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ("create_order('BTC/USDT', 'market', 'buy', 1, None, {'postOnly': True})", {"symbol", "qty"}),
        ("create_limit_order('BTC/USDT', 'buy', 1, 2, {'stopPrice': 3})", {"symbol", "qty", "price", "triggerPrice"}),
        ("create_stop_loss_order('BTC/USDT', 'market', 'sell', 1, None, 9)", {"symbol", "qty"}),
        ("edit_order('7', 'BTC/USDT', 'limit', 'buy', 1)", {"orderId", "symbol", "qty"}),
    ],
)
def test_an_order_of_ccxt_has_what_it_is_given_and_what_ccxt_works_out(call: str, names: set[str]) -> None:
    assert set(order(f"{CCXT}exchange.{call}\n").arguments) == names | WORKED_OUT


def test_nothing_is_worked_out_for_an_endpoint() -> None:
    found = order(f"{CCXT}exchange.private_post_v5_order_create({{'symbol': 'BTCUSDT', 'side': 'Buy'}})\n")
    assert literals(found.arguments) == {"symbol": "BTCUSDT", "side": "Buy"}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("create_order('BTC/USDT', 'market', 'buy', 1)", {"side": "Buy", "orderType": "Market", "qty": 1}),
        ("create_limit_sell_order('BTC/USDT', 1, 2)", {"side": "Sell", "orderType": "Limit", "qty": 1, "price": 2}),
        ("create_market_order('BTC/USDT', 'sell', 1)", {"side": "Sell", "orderType": "Market", "qty": 1}),
    ],
)
def test_ccxts_words_are_spelt_as_bybit_gets_them(call: str, said: dict[str, object]) -> None:
    found = order(f"{CCXT}exchange.{call}\n")
    assert literals(found.arguments) == said
    assert {name: found.arguments[name].written for name in said} == said


@pytest.mark.parametrize(
    ("call", "is_proven"),
    [
        ("create_market_buy_order('BTC/USDT', 1)", True),
        ("create_market_buy_order('BTC/USDT', 1, {'positionIdx': 0})", True),
        ("create_market_buy_order('BTC/USDT', 1, {'clientOrderId': 'a'})", False),
        ("create_market_buy_order('BTC/USDT', 1, {'orderLinkId': 'a'})", False),
        ("create_market_buy_order('BTC/USDT', 1, settings)", False),
        ("private_post_v5_order_create({'symbol': 'BTCUSDT'})", True),
        ("private_post_v5_order_create(settings)", False),
    ],
)
def test_that_an_id_is_lacking_must_be_proven(call: str, is_proven: bool) -> None:
    found = order(f"from bot_settings import settings\n{CCXT}exchange.{call}\n")
    assert found.lacks("orderLinkId") is is_proven


def test_what_ccxt_adds_has_no_code_that_could_be_repeated() -> None:
    found = order(f"{CCXT}exchange.create_market_buy_order('BTC/USDT', 1)\n")
    assert [found.arguments[name].code for name in sorted(WORKED_OUT)] == [None] * 4


def test_ccxt_and_legacy_clients_cannot_be_asked_for_the_step() -> None:
    implicit = order(f"{CCXT}exchange.private_post_v5_order_create({{'qty': 1 / 3}})\n")
    legacy = order(f"{LEGACY}session.place_active_order(symbol='BTCUSDT', qty=1 / 3)\n")
    assert implicit.client is None
    assert legacy.client is None


def test_a_legacy_order_has_no_name_of_its_time() -> None:
    found = order(f"{LEGACY}session.place_active_order(symbol='BTCUSDT', order_type='Market', qty=1, stop_loss=2)\n")
    assert set(found.arguments) == {"symbol", "orderType", "qty", "stopLoss"}


@pytest.mark.parametrize(
    ("returned", "taken"),
    [
        ("(price * 0.9, {reason})", "[0]"),
        ("dict(stop=price * 0.9, reason={reason})", "['stop']"),
        ("Level(price * 0.9, {reason})", ".stop"),
    ],
)
def test_what_is_held_beside_something_large_is_seen(returned: str, taken: str) -> None:
    large = "f'" + "{price}" * MAX_SUBSTITUTED_PARTS + "'"
    level = "class Level:\n    def __init__(self, stop, why):\n        self.stop = stop\n        self.why = why\n"
    helper = f"def level(price):\n    return {returned.format(reason=large)}\n"
    found = order(f"{PYBIT}{level}{helper}session.set_trading_stop(stopLoss=level(session.last()){taken})\n")
    assert [origin.kind for origin in found.arguments["stopLoss"].value.origins] == [Kind.ARITHMETIC]


@pytest.mark.parametrize(
    ("made", "kinds"),
    [("round({} * 0.9, 2)", [Kind.DECIMALS]), ("{} * 0.9", [Kind.ARITHMETIC]), ("{}", [Kind.PARAMETER])],
)
def test_of_what_is_too_large_to_fill_it_is_known_what_is_made_of_it(made: str, kinds: list[Kind]) -> None:
    large = f"min({', '.join(['price'] * (MAX_SUBSTITUTED_PARTS + 1))})"
    helper = f"def level(price):\n    return {made.format(large)}\n"
    found = order(f"{PYBIT}{helper}session.set_trading_stop(stopLoss=level(session.last()))\n")
    assert list(dict.fromkeys(origin.kind for origin in found.arguments["stopLoss"].value.origins)) == kinds


def test_what_is_one_of_several_is_large_or_not_by_itself_also_as_a_text() -> None:
    large = f"min({', '.join(['price'] * (MAX_SUBSTITUTED_PARTS * 2 // 3))})"
    helper = f"def level(price, is_long):\n    return str({large} * 0.9 if is_long else {large} * 1.1)\n"
    found = order(f"{PYBIT}{helper}session.set_trading_stop(stopLoss=level(session.last(), session.is_long()))\n")
    assert [origin.kind for origin in found.arguments["stopLoss"].value.origins] == [Kind.ARITHMETIC] * 2


POST = 'requests.post({} + "/v5/order/create", json={{"symbol": "BTCUSDT", "qty": "1"}})'
TESTNET = '"https://api-testnet.bybit.com"'
BASES = {
    "a global": (f"BASE = {TESTNET}\ndef buy():\n    {POST.format('BASE')}\n", "BASE"),
    "a local name": (f"def buy():\n    base = {TESTNET}\n    {POST.format('base')}\n", TESTNET),
    "a parameter": (f"def buy(base={TESTNET}):\n    {POST.format('base')}\n", TESTNET),
    "a member": (f"class Bot:\n  base = {TESTNET}\n  def buy(self):\n    {POST.format('self.base')}\n", "self.base"),
    "somebody else's": (f"def buy(bot):\n    bot.base = {TESTNET}\n    {POST.format('bot.base')}\n", TESTNET),
}


@pytest.mark.parametrize(("code", "expected"), BASES.values(), ids=BASES)
def test_an_address_is_called_by_a_name_only_where_that_means_the_same_elsewhere(code: str, expected: str) -> None:
    assert order(f"import requests\n{code}").client == expected


@pytest.mark.parametrize(("file", "expected"), [("exchange.py", "BASE"), ("bot.py", TESTNET)])
def test_an_address_is_called_by_its_name_only_in_its_own_file(file: str, expected: str) -> None:
    request = POST.format("BASE").replace('"1"', "qty")
    exchange = f"import requests\nBASE = {TESTNET}\ndef send(qty):\n    {request}\ndef buy(qty):\n    send(qty)\n"
    code = {"exchange.py": exchange, "bot.py": "from exchange import buy\n"}
    code[file] += "def run(money):\n    buy(money / 3)\n"
    sources = {path: Source(path, text.encode()) for path, text in code.items()}
    orders = [n for n in facts.of(sources[file], Project(list(sources.values()))) if isinstance(n, Order)]
    (outermost,) = [n for n in orders if n.arguments["qty"].value.origins[0].kind is Kind.ARITHMETIC]
    assert outermost.client == expected


@pytest.mark.parametrize(("channel", "is_mended"), [("linear", True), ("spot", True), ("option", False)])
def test_an_interval_is_put_right_only_if_the_topic_is_right_then(channel: str, is_mended: bool) -> None:
    asked = five_minutes(channel)
    assert asked.refusal
    assert bool(asked.corrected()) is is_mended


def test_nothing_is_refused_on_a_stream_that_is_not_even_made() -> None:
    assert five_minutes("perpetual").refusal == ""


def five_minutes(channel: str) -> Subscription:
    code = f"""
from pybit.unified_trading import WebSocket
ws = WebSocket(testnet=True, channel_type="{channel}")
ws.kline_stream(interval="5m", symbol="BTCUSDT", callback=print)
"""
    source = Source("bot.py", code.encode())
    (asked,) = [noun for noun in facts.of(source, Project([source])) if isinstance(noun, Subscription)]
    return asked


@pytest.mark.parametrize(("said", "is_off"), [("False", True), ("True", False), ("None", False), ("only", False)])
def test_an_argument_that_is_misnamed_is_off_if_it_says_false(said: str, is_off: bool) -> None:
    arguments = f"category='linear', symbol='BTCUSDT', side='Buy', orderType='Market', qty='1', reduce_only={said}"
    source = Source("bot.py", f"{PYBIT}def buy(only):\n    session.place_order({arguments})\n".encode())
    (found,) = [noun for noun in facts.of(source, Project([source])) if isinstance(noun, Misnamed)]
    assert found.is_off is is_off


@pytest.mark.parametrize(
    ("name", "meant", "is_one"),
    [
        ("categroy", "category", True),  # two letters have changed places
        ("catgeory", "category", True),
        ("categor", "category", True),
        ("categoryy", "category", True),
        ("cotegory", "category", True),
        ("ategory", "category", True),
        ("cotegorz", "category", False),
        ("catgory_", "category", False),
        ("categ", "category", False),
        ("cayroget", "category", False),
        ("symbl", "symbol", True),
        ("price", "prices", True),
        ("sid", "side", False),  # too short to be sure
        ("side", "sides", False),
    ],
)
def test_a_slip_is_one_letter_or_two_that_changed_places(name: str, meant: str, is_one: bool) -> None:
    assert arguments.is_slip(name, meant) is is_one
    assert arguments.is_slip(meant, name) is is_one


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("reduce_only", "reduceOnly"),
        ("REDUCE-ONLY", "reduceOnly"),
        ("reduceOnyl", "reduceOnly"),
        ("client_order_id", "orderLinkId"),
        ("quantity", "qty"),
        ("leverage", ""),
        ("x", ""),
    ],
)
def test_what_a_name_is_taken_for(name: str, meant: str) -> None:
    assert arguments.taken_for(name, ["qty", "reduceOnly", "orderLinkId", "side"]) == meant


@pytest.mark.parametrize(
    ("parameter", "said", "meant"),
    [
        ("side", "BUY", "Buy"),
        ("side", "long", ""),
        ("orderType", "MARKET", "Market"),
        ("timeInForce", "post_only", "PostOnly"),
        ("symbol", "btc/usdt", "BTCUSDT"),
        ("symbol", "btc-usdt", "BTC-USDT"),  # as options and futures are called
        ("symbol", "b$", ""),
        ("positionIdx", "0", ""),
    ],
)
def test_what_a_value_is_taken_for(parameter: str, said: str, meant: str) -> None:
    known = parameters.parameters("/v5/order/create")[parameter]
    assert arguments.taken_for_value(known, said) == meant
