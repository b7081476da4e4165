"""The runtime helpers: arithmetic by property, look-ups and the clock on loopback servers, beats by what arrives."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import gc
import json
import logging
import math
import queue
import random
import re
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_UP, Context, Decimal, FloatOperation, Inexact, Rounded, Subnormal, localcontext
from fractions import Fraction
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import aiohttp.web
import pytest
import websocket
import websockets.asyncio.client
import websockets.asyncio.server
import websockets.exceptions
import websockets.sync.client
import websockets.sync.server
from hypothesis import given
from hypothesis import strategies as st
from pybit.unified_trading import HTTP  # type: ignore[import-untyped]  # pybit ships no types

import bybit_lint
from bybit_lint import shim

PATIENCE = 30.0  # seconds until a test gives up on something that should have happened
SOURCE = Path(shim.__file__).read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing known of any instrument or clock, and no proxy between the tests and their loopback servers."""
    monkeypatch.setattr(shim, "_instruments", {})
    monkeypatch.setattr(shim, "_clocks", {})
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    """What `work` returned in each of `count` threads that began together."""
    gate, results = threading.Barrier(count), list[Any]()

    def run() -> None:
        gate.wait(PATIENCE)
        results.append(work())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results


def threads_called(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


# --- the file itself --------------------------------------------------------------------------------------------------


def test_the_first_line_names_the_version_of_the_package() -> None:
    assert SOURCE.splitlines()[0] == f"# bybit-lint shim {bybit_lint.__version__}"


def test_it_parses_as_python_3_9() -> None:
    ast.parse(SOURCE, feature_version=(3, 9))


def test_it_imports_only_the_standard_library() -> None:
    nodes = list(ast.walk(ast.parse(SOURCE)))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {module.split(".")[0] for module in modules} <= sys.stdlib_module_names


def test_every_public_function_names_the_bybit_page_that_it_serves() -> None:
    functions = [node for node in ast.parse(SOURCE).body if isinstance(node, ast.FunctionDef)]
    public = {node.name: ast.get_docstring(node) or "" for node in functions if not node.name.startswith("_")}
    assert set(public) == {
        "backoff",
        "env_flag",
        "floor_to_step",
        "guarded",
        "heartbeat",
        "jitter",
        "new_order_link_id",
        "round_price",
        "round_qty",
        "server_timestamp",
        "start_heartbeat",
    }
    assert [name for name, text in public.items() if "https://bybit-exchange.github.io/docs/v5/" not in text] == []


# --- floor_to_step ----------------------------------------------------------------------------------------------------

STEPS = st.sampled_from(["0.5", "5", "10", "0.05", "0.10", "2.5", "1e-7", "1E+1", "0.001"])
FLOATS = st.floats(0, 1e9)
VALUES = FLOATS | st.integers(0, 10**12) | st.decimals(0, 10**9, places=8) | FLOATS.map(str)


@given(VALUES, STEPS)
def test_floor_to_step_gives_a_multiple_of_the_step(value: shim.Number, step: str) -> None:
    assert Decimal(shim.floor_to_step(value, step)) % Decimal(step) == 0


@given(VALUES, STEPS)
def test_floor_to_step_gives_the_nearest_multiple_that_is_not_above(value: shim.Number, step: str) -> None:
    number, floored = Decimal(str(value)), Decimal(shim.floor_to_step(value, step))
    ulps = Decimal(value * 1e-15) if isinstance(value, float) else 0
    assert floored <= number + ulps
    assert floored <= number or floored - number < Decimal(step) / 2
    assert number < floored + Decimal(step)


@given(VALUES, STEPS)
def test_floor_to_step_twice_is_floor_to_step_once(value: shim.Number, step: str) -> None:
    once = shim.floor_to_step(value, step)
    assert shim.floor_to_step(once, step) == once
    assert Decimal(shim.floor_to_step(float(once), step)) == Decimal(str(float(once)))


@given(st.integers(0, 10**9), STEPS)
def test_a_multiple_of_the_step_stays_as_it_is_even_when_floats_made_it(count: int, step: str) -> None:
    exact = count * Decimal(step)
    assert Decimal(shim.floor_to_step(exact, step)) == exact
    assert Decimal(shim.floor_to_step(count * float(step), step)) == exact
    assert Decimal(shim.floor_to_step(float(exact), float(step))) == exact


@given(VALUES, STEPS)
def test_floor_to_step_writes_plain_decimals(value: shim.Number, step: str) -> None:
    assert re.fullmatch(r"\d+(\.\d+)?", shim.floor_to_step(value, step))


@pytest.mark.parametrize(
    ("value", "step", "floored"),
    [
        (0.29, 0.01, "0.29"),
        (0.7 + 0.1, 0.1, "0.8"),
        (0.1 + 0.2, "0.1", "0.3"),
        (123.7, "0.5", "123.5"),
        (1234, "5", "1230"),
        (1237, "100", "1200"),
        (1237, "1E+1", "1230"),
        (0.1234, "0.05", "0.10"),
        (27001.37, "0.10", "27001.30"),
        (0.9999, "0.001", "0.999"),
        (7.4, 2.5, "5.0"),
        (1e-7, 1e-7, "0.0000001"),
        (-0.0, "0.1", "0.0"),
        (1e9 + 0.1, 1e-7, "1000000000.1000000"),  # the float is coarser than the step
        ("0.7999999999999999", "0.1", "0.7"),  # only a float can be meant as its neighbour
        (Decimal("0.7999999999999999"), "0.1", "0.7"),
        (0.7999999, "0.1", "0.7"),  # many ulps below
    ],
)
def test_floor_to_step_by_example(value: shim.Number, step: shim.Number, floored: str) -> None:
    assert shim.floor_to_step(value, step) == floored


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "-inf", -1, -1e-9, Decimal("NaN"), "one", ""])
def test_floor_to_step_refuses_what_is_no_quantity(value: shim.Number) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(value))):
        shim.floor_to_step(value, "0.1")


@pytest.mark.parametrize("step", [0, "0.00", -0.1, float("nan"), "inf", "step"])
def test_floor_to_step_refuses_what_is_no_step(step: shim.Number) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(step))):
        shim.floor_to_step(1, step)


def test_the_decimal_precision_of_the_bot_does_not_matter() -> None:
    with localcontext() as context:
        context.prec = 3
        assert shim.floor_to_step("123456.789", "0.01") == "123456.78"


ANYTHING = (
    st.floats()
    | st.integers()
    | st.decimals()
    | st.text()
    | st.booleans()
    | st.none()
    | st.builds("{}e{}".format, st.integers(-99, 10**20), st.integers(-(10**12), 10**12) | st.integers(-400, 400))
)


@given(ANYTHING, ANYTHING | STEPS)
def test_floor_to_step_is_right_or_a_value_error_whatever_it_is_given(value: Any, step: Any) -> None:
    try:
        floored = shim.floor_to_step(value, step)
    except ValueError:
        return
    noise = min(Fraction(4 * math.ulp(value)), Fraction(Decimal(str(step))) / 4) if isinstance(value, float) else 0
    assert re.fullmatch(r"\d+(\.\d+)?", floored)
    assert Fraction(floored) % Fraction(Decimal(str(step))) == 0
    assert Fraction(floored) <= Fraction(Decimal(str(value))) + noise < Fraction(floored) + Fraction(Decimal(str(step)))


ENDLESS = [
    "1e999999999",
    "1e-999999999",
    "1e9999999999999999999",
    Decimal("1E+1000"),
    Decimal("1e-999999"),
    "0." + "1" * 1000,
    10**1000,
]


@pytest.mark.parametrize("number", ENDLESS, ids=lambda number: str(number)[:20])
@pytest.mark.parametrize("other", ["0.1", 1, "1E+900", "1E-900"])
def test_what_nobody_could_write_out_is_refused(number: shim.Number, other: shim.Number) -> None:
    for arguments in ((number, other), (other, number), (number, number)):
        with pytest.raises(ValueError, match="has more than 1000 digits|is not a number"):  # noqa: RUF043  either
            shim.floor_to_step(*arguments)


def test_a_refused_number_is_not_shown_in_all_its_length() -> None:
    with pytest.raises(ValueError, match="digits") as raised:
        shim.floor_to_step("1" * 100_000, 1)
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize(
    ("value", "step", "floored"),
    [
        ("1E400", "1", "1" + "0" * 400),
        ("1.5", "1e-400", "1.5" + "0" * 399),
        (1.7976931348623157e308, "7e307", "14" + "0" * 307),
        (5e-324, "0.001", "0.000"),
        ("0E+999999999", "0.1", "0.0"),
        ("0." + "9" * 900, "0.1", "0.9"),  # is not rounded up to a tenth on the way
        (10**900 + 7, 5, "1" + "0" * 899 + "5"),
    ],
)
def test_long_numbers_are_exact(value: shim.Number, step: shim.Number, floored: str) -> None:
    assert shim.floor_to_step(value, step) == floored


class Money(Decimal):
    def __str__(self) -> str:
        return f"$ {super().__str__()}"


class Single(float):
    """As numpy's numbers: their repr is no number."""

    def __repr__(self) -> str:
        return f"np.float64({super().__repr__()})"

    __str__ = float.__repr__


@pytest.mark.parametrize("value", [Money("0.37"), Single(0.37)])
def test_numbers_of_other_libraries_are_numbers(value: shim.Number) -> None:
    assert shim.floor_to_step(value, "0.1") == "0.3"


def test_whatever_the_bot_has_set_for_its_own_decimals_does_not_matter() -> None:
    signals = [FloatOperation, Inexact, Rounded, Subnormal]
    with localcontext(Context(prec=1, rounding=ROUND_UP, Emin=-1, Emax=1, traps=signals)):
        assert shim.floor_to_step(123456.789, "0.01") == "123456.78"
        assert shim.round_qty(Client(), "linear", "BTCUSDT", 123456.7899) == "123456.789"
        with pytest.raises(ValueError, match="'one' is not a "):
            shim.floor_to_step("one", "0.01")


# --- round_qty and round_price ----------------------------------------------------------------------------------------


def row(symbol: str, tick: str, **lot: str) -> dict[str, Any]:
    return {"symbol": symbol, "lotSizeFilter": lot, "priceFilter": {"tickSize": tick, "minPrice": tick}}


LISTED = {
    "linear": [
        row("BTCUSDT", "0.10", qtyStep="0.001", minOrderQty="0.002", minNotionalValue="5"),
        row("HALFUSDT", "0.5", qtyStep="0.5", minOrderQty="0.5"),
        row("TENUSDT", "0.0001", qtyStep="10", minOrderQty="10"),
        row("ZEROUSDT", "0", qtyStep="0", minOrderQty="0"),
    ],
    "inverse": [row("BTCUSD", "0.5", qtyStep="1", minOrderQty="1")],
    "option": [row("BTC-27MAR26-100000-C", "5", qtyStep="0.01", minOrderQty="0.01")],
    "spot": [
        row(
            "BTCUSDT",
            "0.1",
            basePrecision="0.000001",
            quotePrecision="0.0000001",
            minOrderQty="0.000011",
            minOrderAmt="5",
        )
    ],
}


def instruments_info(category: str, symbol: str) -> dict[str, Any]:
    rows = [one for one in LISTED.get(category, []) if one["symbol"] == symbol]
    return {"retCode": 0 if rows else 10001, "retMsg": "params error", "result": {"list": rows} if rows else {}}


@dataclass
class Client:
    """A client that can be asked for instruments; being a dataclass it cannot be hashed, like pybit's."""

    asked: list[tuple[str, str]] = field(default_factory=list)
    shape: Callable[[dict[str, Any]], Any] = field(default=lambda answer: answer)
    error: Exception | None = None

    def get_instruments_info(self, *, category: str, symbol: str) -> Any:
        self.asked.append((category, symbol))
        if self.error:
            raise self.error
        return self.shape(instruments_info(category, symbol))


@dataclass
class Session(Client):
    """A client that, like pybit's, says which host it talks to."""

    endpoint: str = "https://api-testnet.bybit.com"


@pytest.mark.parametrize(
    ("category", "symbol", "qty", "sent"),
    [
        ("linear", "BTCUSDT", 0.0037, "0.003"),
        ("linear", "BTCUSDT", 0.1 + 0.2, "0.3"),
        ("linear", "HALFUSDT", 12.7, "12.5"),
        ("linear", "TENUSDT", "15", "10"),
        ("inverse", "BTCUSD", Decimal("123.7"), "123"),
        ("option", "BTC-27MAR26-100000-C", 0.019, "0.01"),
        ("spot", "BTCUSDT", 0.12345678, "0.123456"),
    ],
)
def test_a_quantity_is_rounded_down_to_the_step_of_its_category(
    category: str, symbol: str, qty: shim.Number, sent: str
) -> None:
    assert shim.round_qty(Client(), category, symbol, qty) == sent


def test_a_spot_quantity_in_quote_coin_is_rounded_to_the_quote_precision() -> None:
    assert shim.round_qty(Client(), "spot", "BTCUSDT", 33.123456789, unit="quoteCoin") == "33.1234567"


@pytest.mark.parametrize(("qty", "sent"), [(5, "5"), ("0.010", "0.01"), (2.0, "2"), (100, "100"), ("1e1", "10")])
def test_a_quantity_on_the_grid_gains_no_decimals(qty: shim.Number, sent: str) -> None:
    assert shim.round_qty(Client(), "linear", "BTCUSDT", qty) == sent


@pytest.mark.parametrize(
    ("category", "symbol", "price", "down", "up"),
    [
        ("linear", "BTCUSDT", 27001.37, "27001.3", "27001.4"),
        ("linear", "BTCUSDT", 0.7 + 0.1, "0.8", "0.8"),
        ("linear", "BTCUSDT", 1.1 + 2.2, "3.3", "3.3"),  # a float just above the tick
        ("inverse", "BTCUSD", "60000.7", "60000.5", "60001"),
        ("option", "BTC-27MAR26-100000-C", 1237, "1235", "1240"),
        ("spot", "BTCUSDT", "27001.3", "27001.3", "27001.3"),
    ],
)
def test_a_price_is_rounded_to_the_tick_on_the_side_asked_for(
    category: str, symbol: str, price: shim.Number, down: str, up: str
) -> None:
    assert shim.round_price(Client(), category, symbol, price) == down
    assert shim.round_price(Client(), category, symbol, price, up=True) == up


@pytest.mark.parametrize("qty", [0.0004, "0.0009999", 1e-9])
def test_a_quantity_of_which_nothing_is_left_is_an_error_that_names_the_minimum(qty: shim.Number) -> None:
    with pytest.raises(ValueError, match=r"linear BTCUSDT: 0\.0\d+ is below the minimum.*minOrderQty 0\.002"):
        shim.round_qty(Client(), "linear", "BTCUSDT", qty)


def test_the_minimum_of_a_spot_order_is_its_amount_not_the_deprecated_quantity() -> None:
    with pytest.raises(ValueError, match="minOrderAmt 5") as raised:
        shim.round_qty(Client(), "spot", "BTCUSDT", 0.0000009)
    assert "minOrderQty" not in str(raised.value)


def test_a_price_of_which_nothing_is_left_is_an_error_because_zero_removes_a_stop() -> None:
    with pytest.raises(ValueError, match=r"BTCUSDT: 0\.04 is below the minimum"):
        shim.round_price(Client(), "linear", "BTCUSDT", 0.04)
    assert shim.round_price(Client(), "linear", "BTCUSDT", 0.04, up=True) == "0.1"


def test_between_the_step_and_the_minimum_bybit_judges() -> None:
    assert shim.round_qty(Client(), "linear", "BTCUSDT", 0.0012) == "0.001"


@pytest.mark.parametrize("zero", [0, 0.0, -0.0, "0", "0.000", Decimal(0)])
def test_exactly_zero_goes_out_as_zero_and_nobody_is_asked(zero: shim.Number) -> None:
    client = Client()
    assert shim.round_qty(client, "linear", "BTCUSDT", zero) == "0"
    assert shim.round_price(client, "linear", "BTCUSDT", zero) == "0"
    assert client.asked == []


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_argument_that_holds_nothing_goes_out_as_it_is(nothing: Any) -> None:
    assert shim.round_qty(Client(), "linear", "BTCUSDT", nothing) == nothing
    assert shim.round_price(Client(), "linear", "BTCUSDT", nothing) == nothing


@pytest.mark.parametrize("qty", [float("nan"), -0.5, "all"])
def test_what_is_no_quantity_is_an_error_whether_the_instrument_is_known_or_not(qty: shim.Number) -> None:
    for symbol in ("BTCUSDT", "NOSUCHUSDT"):
        with pytest.raises(ValueError, match=re.escape(repr(qty))):
            shim.round_qty(Client(), "linear", symbol, qty)


@pytest.mark.parametrize(
    ("client", "category", "symbol"),
    [
        (Client(), "linear", "NOSUCHUSDT"),
        (Client(), "futures", "BTCUSDT"),
        (Client(), "linear", "ZEROUSDT"),
        (Client(error=OSError("unreachable")), "linear", "BTCUSDT"),
        (
            Client(shape=lambda answer: {"retCode": 10006, "retMsg": "Too many visits!", "result": {}}),
            "spot",
            "BTCUSDT",
        ),
        (Client(shape=lambda answer: {"result": {"list": LISTED["linear"][1:]}}), "linear", "BTCUSDT"),
        (Client(shape=lambda answer: {"result": {"list": LISTED["linear"]}}), "spot", "BTCUSDT"),
        (Client(shape=lambda answer: None), "linear", "BTCUSDT"),
        (None, "linear", "BTCUSDT"),
        ("api.bybit.com", "linear", "BTCUSDT"),
    ],
)
def test_an_order_goes_out_unrounded_with_a_warning_where_the_step_cannot_be_learnt(
    client: object, category: str, symbol: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert shim.round_qty(client, category, symbol, 1e-05) == "0.00001"
    assert f"{category} {symbol}: 0.00001 goes out unrounded" in caplog.text
    assert {record.name for record in caplog.records} == {"bybit_shim"}
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_a_step_that_bybit_did_not_tell_is_not_known(caplog: pytest.LogCaptureFixture) -> None:
    shim.round_qty(Client(), "linear", "NOSUCHUSDT", 1)
    assert "linear NOSUCHUSDT: 1 goes out unrounded, because of its qtyStep: it is not known" in caplog.text


def with_step(step: object) -> Client:
    listed = {"symbol": "BTCUSDT", "lotSizeFilter": {"qtyStep": step}, "priceFilter": {"tickSize": "0.1"}}
    return Client(shape=lambda answer: {"retCode": 0, "result": {"list": [listed]}})


@pytest.mark.parametrize(
    "step",
    [
        "abc",
        "",
        "0",
        "-0.1",
        "nan",
        "inf",
        "1e999999999",
        0,
        -1.0,
        math.nan,
        True,
        None,
        [],
        {},
        ["0.1"],
        Decimal("sNaN"),
    ],
)
def test_an_order_goes_out_unrounded_where_the_step_is_no_number_above_zero(
    step: object, caplog: pytest.LogCaptureFixture
) -> None:
    client = with_step(step)
    assert shim.round_qty(client, "linear", "BTCUSDT", 1e-05) == "0.00001"
    assert "linear BTCUSDT: 0.00001 goes out unrounded, because of its qtyStep: " in caplog.text
    assert str(step) in caplog.text
    assert shim.round_price(client, "linear", "BTCUSDT", 27001.37) == "27001.3"


@given(ANYTHING, ANYTHING)
def test_nothing_that_bybit_answers_is_an_error(qty: Any, step: Any) -> None:
    try:
        number = Decimal(shim.floor_to_step(qty, "1e-990"))
    except ValueError:
        return  # the quantity itself is at fault
    try:
        sent = Decimal(shim.floor_to_step(qty, step))
    except ValueError:
        sent = number
    if number and not sent:
        with pytest.raises(ValueError, match="below the minimum"):
            shim.round_qty(with_step(step), "linear", "BTCUSDT", qty)
    else:
        assert Decimal(shim.round_qty(with_step(step), "linear", "BTCUSDT", qty)) == sent


@pytest.mark.parametrize("step", [0.1, 1, Decimal("0.5"), "1e-1"])
def test_a_step_may_be_a_number_of_any_kind(step: object) -> None:
    assert shim.round_qty(with_step(step), "linear", "BTCUSDT", 7.00001) == "7"


@pytest.mark.parametrize("shape", [lambda answer: (answer, 0.1), lambda answer: (answer, 0.1, {})])
def test_the_answer_may_come_in_a_tuple(shape: Callable[[dict[str, Any]], Any]) -> None:
    assert shim.round_qty(Client(shape=shape), "linear", "BTCUSDT", 0.0037) == "0.003"


def test_an_instrument_is_asked_for_once_for_quantity_and_price() -> None:
    client = Client()
    for _ in range(3):
        shim.round_qty(client, "linear", "BTCUSDT", 1)
        shim.round_price(client, "linear", "BTCUSDT", 1)
    shim.round_qty(client, "spot", "BTCUSDT", 1)
    assert client.asked == [("linear", "BTCUSDT"), ("spot", "BTCUSDT")]


def test_sessions_share_what_they_know_of_one_host_and_only_of_that() -> None:
    testnet, again, mainnet, other = Session(), Session(), Session(endpoint="https://api.bybit.com"), Client()
    clients = (testnet, again, mainnet, other, Client())
    for client in clients:
        shim.round_qty(client, "linear", "BTCUSDT", 1)
    assert [len(client.asked) for client in clients] == [1, 0, 1, 1, 1]


def test_a_client_that_came_and_went_leaves_nothing_to_the_next_in_its_place() -> None:
    def order(step: str) -> str:
        listed = {"result": {"list": [row("BTCUSDT", "0.1", qtyStep=step)]}}
        return shim.round_qty(Client(shape=lambda answer: listed), "linear", "BTCUSDT", 7.4)

    assert [order(step) for step in ("0.1", "0.5", "1", "2.5")] == ["7.4", "7", "7", "5"]


class Slotted:
    """A client that cannot be referred to weakly."""

    __slots__ = ("step",)

    def __init__(self, step: str) -> None:
        self.step = step

    def get_instruments_info(self, category: str, symbol: str) -> Any:
        return {"result": {"list": [row(symbol, "0.1", qtyStep=self.step)]}}


class Endpoint(Slotted):
    """A client whose endpoint is no address, and so nothing that it shares with others."""

    endpoint = "/v5/order/create"


@pytest.mark.parametrize("kind", [Slotted, Endpoint])
def test_clients_in_the_same_place_have_their_own_steps(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "id", lambda client: 7, raising=False)
    sent = [shim.round_qty(kind(step), "linear", "BTCUSDT", 7.4) for step in ("0.1", "0.5", "1", "2.5")]
    assert sent == ["7.4", "7", "7", "5"]
    one, two = kind("0.1"), kind("5")
    assert [shim.round_qty(client, "linear", "BTCUSDT", 7.4) for client in (one, two, one, two)] == ["7.4", "5"] * 2


@pytest.mark.parametrize("kind", [Client, Session])
def test_a_client_is_not_kept_for_what_is_known_of_it(kind: Callable[[], Client]) -> None:
    client = kind()
    shim.round_qty(client, "linear", "BTCUSDT", 1)
    ref = weakref.ref(client)
    del client
    gc.collect()
    assert ref() is None


def test_no_more_is_remembered_than_a_bot_can_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "_MOST", 5)
    clients = [Client() for _ in range(23)]
    assert {shim.round_qty(client, "linear", "BTCUSDT", 0.0037) for client in clients} == {"0.003"}
    assert len(shim._instruments) <= 5
    for number in range(2, 25):
        shim.server_timestamp(f"http://127.0.0.{number}:1")
    assert len(shim._clocks) <= 5


def test_every_symbol_of_a_client_has_its_own_step() -> None:
    client = Client()
    sent = [shim.round_qty(client, "linear", symbol, 12.7) for symbol in ("BTCUSDT", "HALFUSDT", "TENUSDT")]
    assert sent == ["12.7", "12.5", "10"]


def test_threads_that_order_together_ask_once() -> None:
    second = threading.Event()

    def slowly(answer: dict[str, Any]) -> dict[str, Any]:
        if len(client.asked) > 1:
            second.set()
        second.wait(0.3)  # time for a second look-up, if one can begin
        return answer

    client = Client(shape=slowly)
    sent = in_threads(8, partial(shim.round_qty, client, "linear", "BTCUSDT", 0.0037))
    assert sent == ["0.003"] * 8
    assert len(client.asked) == 1


# --- time that moves only when told -----------------------------------------------------------------------------------


class Clock:
    """The `time` module as the shim sees it."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_800_000_000.0, 5_000.0

    def time(self) -> float:
        return self.wall

    def monotonic(self) -> float:
        return self.steady

    def tick(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(shim, "time", clock)
    return clock


def test_a_step_that_bybit_changed_is_learnt_within_hours(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    assert shim.round_qty(client, "linear", "BTCUSDT", 0.0037) == "0.003"
    monkeypatch.setitem(LISTED, "linear", [row("BTCUSDT", "0.1", qtyStep="0.0005")])
    clock.tick(600)
    assert shim.round_qty(client, "linear", "BTCUSDT", 0.0037) == "0.003"
    clock.tick(6 * 3600)
    assert shim.round_qty(client, "linear", "BTCUSDT", 0.0037) == "0.0035"


def test_a_step_that_was_learnt_outlives_a_failed_look_up(clock: Clock) -> None:
    client = Client()
    shim.round_qty(client, "linear", "BTCUSDT", 1)
    client.error = OSError("unreachable")
    clock.tick(6 * 3600)
    assert shim.round_qty(client, "linear", "BTCUSDT", 0.0037) == "0.003"
    assert len(client.asked) == 2


def test_a_failed_look_up_is_made_again_after_a_while_but_not_at_every_order(clock: Clock) -> None:
    client = Client(error=OSError("unreachable"))
    assert [shim.round_qty(client, "linear", "BTCUSDT", 0.0037) for _ in range(3)] == ["0.0037"] * 3
    assert len(client.asked) == 1
    client.error = None
    clock.tick(120)
    assert shim.round_qty(client, "linear", "BTCUSDT", 0.0037) == "0.003"


# --- over HTTP --------------------------------------------------------------------------------------------------------


def told(seconds: float) -> dict[str, Any]:
    """A time as Bybit tells it."""
    nano = round(seconds * 1e9)
    return {"retCode": 0, "result": {"timeSecond": str(nano // 10**9), "timeNano": str(nano)}, "time": nano // 10**6}


class Exchange(ThreadingHTTPServer):
    """Bybit's two public endpoints on loopback; `show` gives the time by its clock, in seconds."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []
        self.show: Callable[[], float] = lambda: 0.0
        self.tell: Callable[[float], dict[str, Any]] = told

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Exchange

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path, _, query = self.path.partition("?")
        try:
            if path == "/v5/market/time":
                answer: dict[str, Any] = self.server.tell(self.server.show())
            else:
                answer = instruments_info(**dict(pair.split("=") for pair in query.split("&")))
        except OSError:
            self.send_error(502)
            return
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name http.server gave it
        pass


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    server = Exchange()
    threading.Thread(target=partial(server.serve_forever, poll_interval=0.01), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["", "/", "/v5/order/create"])
def test_a_raw_bot_gives_its_address_instead_of_a_client(exchange: Exchange, path: str) -> None:
    assert shim.round_qty(exchange.url + path, "linear", "BTCUSDT", 0.0037) == "0.003"
    assert shim.round_price(exchange.url, "linear", "BTCUSDT", 1.19) == "1.1"
    assert exchange.asked == ["/v5/market/instruments-info?category=linear&symbol=BTCUSDT"]


@pytest.mark.parametrize("options", [{}, {"record_request_time": True}, {"return_response_headers": True}])
def test_pybit_itself_is_asked_through_its_own_session(exchange: Exchange, options: dict[str, bool]) -> None:
    session = HTTP(testnet=True, **options)
    session.endpoint = exchange.url
    assert shim.round_qty(session, "spot", "BTCUSDT", 0.12345678) == "0.123456"
    assert exchange.asked == ["/v5/market/instruments-info?category=spot&symbol=BTCUSDT"]


# --- server_timestamp -------------------------------------------------------------------------------------------------


def milliseconds(seconds: float) -> Any:
    return pytest.approx(seconds * 1000, abs=1)


def settle() -> None:
    """Wait until no measurement is under way."""
    for thread in threads_called("bybit-clock"):
        thread.join(PATIENCE)


@pytest.mark.parametrize("lead", [90.0, 1.2, -1.2, -90.0])
def test_the_timestamp_is_bybits_time_whether_the_local_clock_is_behind_or_ahead(
    lead: float, exchange: Exchange, clock: Clock
) -> None:
    exchange.show = lambda: clock.wall + lead
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + lead)
    clock.tick(7.5)
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + lead)
    assert exchange.asked == ["/v5/market/time"]


@pytest.mark.parametrize(("there", "back", "error"), [(0.2, 0.2, 0.0), (0.0, 0.4, -0.2), (0.4, 0.0, 0.2), (2, 0, 0.5)])
def test_half_the_round_trip_is_credited_and_never_more_than_half_a_second(
    there: float, back: float, error: float, exchange: Exchange, clock: Clock
) -> None:
    def show() -> float:
        clock.tick(there)
        shown = clock.wall + 90
        clock.tick(back)
        return shown

    exchange.show = show
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90 + error)


def test_a_local_clock_that_the_answer_cannot_prove_wrong_is_left_alone(exchange: Exchange, clock: Clock) -> None:
    def show() -> float:
        shown = clock.wall
        clock.tick(2.0)
        return shown

    exchange.show = show
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall)


def test_a_small_step_of_the_local_clock_does_not_move_the_timestamp(exchange: Exchange, clock: Clock) -> None:
    bybit = clock.wall + 90
    exchange.show = lambda: bybit
    shim.server_timestamp(exchange.url)
    clock.wall -= 0.3
    assert shim.server_timestamp(exchange.url) == milliseconds(bybit)
    assert len(exchange.asked) == 1


@pytest.mark.parametrize(("set_by", "slept"), [(3600.0, 0.0), (-0.7, 0.0), (0.0, 3600.0)])
def test_a_clock_that_was_set_and_a_machine_that_slept_are_noticed_at_once(
    set_by: float, slept: float, exchange: Exchange, clock: Clock
) -> None:
    bybit = clock.wall + 90
    exchange.show = lambda: bybit
    shim.server_timestamp(exchange.url)
    clock.wall += set_by + slept  # time.monotonic() stands still in both
    bybit += slept
    assert shim.server_timestamp(exchange.url) == milliseconds(bybit)
    assert len(exchange.asked) == 2


def test_the_clock_is_measured_again_in_the_background(exchange: Exchange, clock: Clock) -> None:
    exchange.show = lambda: clock.wall + 90
    shim.server_timestamp(exchange.url)
    begun, go_on = threading.Event(), threading.Event()

    def show() -> float:
        begun.set()
        go_on.wait(5)  # a call that waited for this would answer with the new lead
        return clock.wall + 95

    exchange.show = show
    clock.tick(540)
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90)
    settle()
    assert len(exchange.asked) == 1
    clock.tick(61)
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90)
    assert begun.wait(PATIENCE)
    go_on.set()
    settle()
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 95)
    assert len(exchange.asked) == 2


def unreachable() -> float:
    raise OSError


def test_the_local_clock_signs_with_a_warning_while_bybits_cannot_be_read(
    exchange: Exchange, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.show = unreachable
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall)
    clock.wall += 3600
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "Bybit's clock could not be read at http"
    ]
    assert len(exchange.asked) == 1


YEAR = 365 * 86400.0
WALL = 1_800_000_000.0  # the local time of the tests


@pytest.mark.parametrize(
    "shown",
    [0.0, 1.0, -WALL, WALL / 1000, WALL * 1000, 1e15, WALL - 2 * YEAR, WALL + 2 * YEAR, WALL + 10 * YEAR],
)
def test_a_time_that_cannot_be_so_is_not_believed(
    shown: float, exchange: Exchange, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.show = lambda: shown
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall)
    assert "Bybit's clock could not be read" in caplog.text
    exchange.show = lambda: clock.wall + 90
    clock.tick(120)
    shim.server_timestamp(exchange.url)
    settle()
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90)


def test_a_time_that_cannot_be_so_replaces_no_better_one(exchange: Exchange, clock: Clock) -> None:
    exchange.show = lambda: clock.wall + 90
    shim.server_timestamp(exchange.url)
    exchange.show = lambda: clock.wall + 10 * YEAR
    clock.tick(601)
    shim.server_timestamp(exchange.url)
    settle()
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90)
    assert len(exchange.asked) == 2


@pytest.mark.parametrize("wall", [0.0, 946_684_800.0, WALL - YEAR / 2, WALL - 7200, WALL + 7200, WALL + 300 * 86400])
def test_a_local_clock_that_was_never_set_or_set_wrong_is_put_right(
    wall: float, exchange: Exchange, clock: Clock
) -> None:
    clock.wall = wall
    exchange.show = lambda: WALL
    assert shim.server_timestamp(exchange.url) == milliseconds(WALL)


@pytest.mark.parametrize("told", [0.0, WALL - YEAR, WALL * 1000, WALL + 30, math.nan])
@pytest.mark.parametrize("field", ["time", "timeSecond", "timeNano"])
def test_times_that_differ_within_one_answer_are_not_believed(
    field: str, told: float, exchange: Exchange, clock: Clock
) -> None:
    def tell(seconds: float) -> dict[str, Any]:
        right = {"time": seconds * 1e3, "timeSecond": seconds, "timeNano": seconds * 1e9}
        fields = {name: value * (told / seconds) if name == field else value for name, value in right.items()}
        return {"time": fields.pop("time"), "result": fields}

    exchange.tell = tell
    exchange.show = lambda: WALL + 90
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"time": None},
        {"time": True},
        {"time": ""},
        {"time": "now"},
        {"time": [int(WALL * 1000)]},
        {"time": math.inf},
        {"time": 10**400},
        {"time": int((WALL + 90) * 1000), "result": {"timeNano": "soon"}},
    ],
)
def test_an_answer_that_shows_no_time_is_not_believed(
    answer: dict[str, Any], exchange: Exchange, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    exchange.tell = lambda seconds: answer
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall)
    assert "Bybit's clock could not be read" in caplog.text


@pytest.mark.parametrize(
    "answer",
    [
        {"time": int((WALL + 90) * 1000)},
        {"time": str(int((WALL + 90) * 1000)), "result": {}},
        {"time": int((WALL + 90) * 1000), "retCode": 10006, "retMsg": "Too many visits!", "result": {}},
        {"time": int((WALL + 90) * 1000), "result": {"timeSecond": str(int(WALL + 89))}},  # whole seconds, and earlier
    ],
)
def test_the_time_of_any_answer_will_do(answer: dict[str, Any], exchange: Exchange, clock: Clock) -> None:
    exchange.tell = lambda seconds: answer
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90)


def test_a_failed_measurement_is_made_again_after_a_while(exchange: Exchange, clock: Clock) -> None:
    exchange.show = unreachable
    shim.server_timestamp(exchange.url)
    exchange.show = lambda: clock.wall + 90
    clock.tick(120)
    shim.server_timestamp(exchange.url)
    settle()
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90)


def test_a_measurement_outlives_a_failed_one(exchange: Exchange, clock: Clock) -> None:
    exchange.show = lambda: clock.wall + 90
    shim.server_timestamp(exchange.url)
    exchange.show = unreachable
    clock.tick(601)
    shim.server_timestamp(exchange.url)
    settle()
    assert shim.server_timestamp(exchange.url) == milliseconds(clock.wall + 90)
    assert len(exchange.asked) == 2


def test_nobody_waits_a_second_time_for_an_answer_that_does_not_come(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def answer_late(url: str) -> dict[str, float]:
        go_on.wait(5)  # a call that waited for this would answer with Bybit's time
        return {"time": (clock.wall + 90) * 1000}

    monkeypatch.setattr(shim, "_get", answer_late)
    monkeypatch.setattr(shim, "_TIMEOUT", 0.01)
    assert shim.server_timestamp() == milliseconds(clock.wall)
    monkeypatch.setattr(shim, "_TIMEOUT", PATIENCE)
    assert shim.server_timestamp() == milliseconds(clock.wall)
    go_on.set()
    settle()
    assert shim.server_timestamp() == milliseconds(clock.wall + 90)


def test_an_interpreter_that_starts_no_more_threads_signs_by_the_local_clock(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        assert shim.server_timestamp() == milliseconds(clock.wall)


@pytest.mark.parametrize("show", [lambda: 0.0, unreachable])
def test_the_first_call_goes_on_as_soon_as_measuring_has_ended(
    show: Callable[[], float], exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Prompt(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert super().wait(timeout)
            return True

    exchange.show = show
    monkeypatch.setattr(threading, "Event", Prompt)
    shim.server_timestamp(exchange.url)


def test_threads_that_sign_together_measure_once_and_all_get_bybits_time(exchange: Exchange, clock: Clock) -> None:
    exchange.show = lambda: clock.wall + 90
    stamps = in_threads(8, partial(shim.server_timestamp, exchange.url))
    assert stamps == [milliseconds(clock.wall + 90)] * 8
    assert len(exchange.asked) == 1


def test_each_host_has_its_clock_whatever_the_path(exchange: Exchange, clock: Clock) -> None:
    exchange.show = lambda: clock.wall + 90
    shim.server_timestamp(exchange.url)
    shim.server_timestamp(exchange.url + "/v5/order/create")
    assert len(exchange.asked) == 1
    shim.server_timestamp(exchange.url.replace("127.0.0.1", "localhost"))
    assert len(exchange.asked) == 2


def test_the_timestamp_is_a_whole_number(exchange: Exchange, clock: Clock) -> None:
    exchange.show = lambda: clock.wall + 90.0123
    assert type(shim.server_timestamp(exchange.url)) is int


# --- jitter and backoff -----------------------------------------------------------------------------------------------


@given(st.floats(0, 1e6) | st.integers(0, 10**6))
def test_jitter_waits_between_half_and_the_whole_of_the_delay(delay: float) -> None:
    assert delay / 2 <= shim.jitter(delay) <= delay


@given(st.integers(0, 500), st.floats(0, 1e3), st.floats(0, 1e6))
def test_backoff_stays_within_its_exponential_and_its_cap(attempt: int, base: float, cap: float) -> None:
    assert 0 <= shim.backoff(attempt, base, cap) <= min(cap, base * 2**attempt)


@pytest.mark.parametrize("attempt", [1023, 1024, 10**9])
def test_backoff_knows_no_attempt_that_is_too_many(attempt: int) -> None:
    assert 0 <= shim.backoff(attempt) <= 30


def test_backoff_uses_the_whole_of_its_interval() -> None:
    waits = [shim.backoff(3, base=1, cap=100) for _ in range(400)]
    assert min(waits) < 1
    assert 7 < max(waits) <= 8


def test_backoff_without_settings_doubles_from_one_second_to_thirty() -> None:
    longest = [max(shim.backoff(attempt) for _ in range(400)) for attempt in (0, 1, 2, 10)]
    assert longest == [pytest.approx(bound, rel=0.1) for bound in (1, 2, 4, 30)]


@pytest.mark.parametrize("arguments", [(-1,), (0, -1.0), (0, 1.0, -1.0)])
def test_backoff_refuses_negative_numbers(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        shim.backoff(*arguments)


NO_WAITS = [-1, -1e-9, math.nan, math.inf, -math.inf, 10**400, True, None, "soon", "5", b"5", [5], Decimal("sNaN")]


@pytest.mark.parametrize("wait", NO_WAITS, ids=lambda wait: str(wait)[:20])
@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("delay", shim.jitter),
        ("attempt", shim.backoff),
        ("base", lambda wait: shim.backoff(0, wait)),
        ("cap", lambda wait: shim.backoff(0, 1.0, wait)),
    ],
)
def test_what_nobody_can_wait_for_is_refused_by_name(name: str, draw: Callable[[Any], float], wait: object) -> None:
    with pytest.raises(ValueError, match=f"{name} must be a finite number and must not be negative: "):
        draw(wait)


@pytest.mark.parametrize("wait", [Decimal("1.5"), Fraction(3, 2), Single(1.5)])
def test_numbers_of_any_kind_can_be_waited_for(wait: Any) -> None:
    assert 0.75 <= shim.jitter(wait) <= 1.5
    assert 0 <= shim.backoff(wait, wait, wait) <= 1.5


@pytest.mark.parametrize("draw", [lambda: shim.jitter(5.0), lambda: shim.backoff(4)])
def test_bots_that_seed_random_alike_still_wait_differently(draw: Callable[[], float]) -> None:
    waits = set()
    for _ in range(5):
        random.seed(42)
        waits.add(draw())
    assert len(waits) == 5


# --- heartbeats -------------------------------------------------------------------------------------------------------


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "_PING_EVERY", 0.01)


def test_the_interval_is_the_one_that_bybit_recommends() -> None:
    assert shim._PING_EVERY == 20


PING = '{"req_id": "bybit_shim", "op": "ping"}'


def of(library: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A method that is taken for one of a library's, from whose messages the helpers take their pongs out."""

    def marked(method: Callable[..., Any]) -> Callable[..., Any]:
        method.__module__ = f"{library}.fake"
        return method

    return marked


class AsyncSocket:
    """A socket that closes after `life` messages."""

    def __init__(self, life: int) -> None:
        self.sent: list[object] = []
        self.life = life

    async def send(self, message: object) -> None:
        if len(self.sent) == self.life:
            raise ConnectionError("closed")
        self.sent.append(message)

    @of("websockets")
    async def recv(self) -> str:
        raise NotImplementedError


@pytest.mark.usefixtures("_quick")
def test_heartbeat_pings_until_the_socket_is_closed_and_ends_quietly(caplog: pytest.LogCaptureFixture) -> None:
    async def bot() -> list[object]:
        ws = AsyncSocket(life=3)
        task = shim.heartbeat(ws)
        await asyncio.wait_for(task, PATIENCE)
        return ws.sent

    assert asyncio.run(bot()) == [PING] * 3
    assert caplog.text == ""
    assert shim._tasks == {}


@pytest.mark.usefixtures("_quick")
def test_heartbeat_twice_for_one_socket_is_one_beat_and_two_sockets_are_two() -> None:
    async def bot() -> None:
        ws, other = AsyncSocket(life=2), AsyncSocket(life=2)
        first, second = shim.heartbeat(ws), shim.heartbeat(other)
        assert shim.heartbeat(ws) is first
        assert first is not second
        await asyncio.wait_for(asyncio.gather(first, second), PATIENCE)
        assert shim.heartbeat(ws) is not first

    asyncio.run(bot())


def test_heartbeat_leaves_the_first_moment_to_the_bots_own_login() -> None:
    async def bot() -> None:
        ws = AsyncSocket(life=9)
        task = shim.heartbeat(ws)
        for _ in range(10):
            await asyncio.sleep(0)
        assert ws.sent == []
        task.cancel()

    asyncio.run(bot())


@pytest.mark.usefixtures("_quick")
def test_heartbeat_reaches_a_websockets_server_as_text_and_ends_with_the_connection() -> None:
    async def bot() -> None:
        received: asyncio.Queue[str | bytes] = asyncio.Queue()

        async def serve(server: websockets.asyncio.server.ServerConnection) -> None:
            async for message in server:
                received.put_nowait(message)

        async with websockets.asyncio.server.serve(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            async with websockets.asyncio.client.connect(f"ws://127.0.0.1:{port}") as ws:
                task = shim.heartbeat(ws)
                for _ in range(3):
                    message = await asyncio.wait_for(received.get(), PATIENCE)
                    assert isinstance(message, str)
                    assert json.loads(message) == json.loads(PING)
            await asyncio.wait_for(task, PATIENCE)

    asyncio.run(bot())


@pytest.mark.usefixtures("_quick")
def test_heartbeat_reaches_an_aiohttp_server_as_text_and_ends_with_the_connection() -> None:
    async def bot() -> None:
        received: asyncio.Queue[aiohttp.WSMessage] = asyncio.Queue()

        async def serve(request: aiohttp.web.Request) -> aiohttp.web.WebSocketResponse:
            server = aiohttp.web.WebSocketResponse()
            await server.prepare(request)
            async for message in server:
                received.put_nowait(message)
            return server

        app = aiohttp.web.Application()
        app.router.add_get("/", serve)
        runner = aiohttp.web.AppRunner(app)
        await runner.setup()
        site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"http://127.0.0.1:{runner.addresses[0][1]}/") as ws,
        ):
            task = shim.heartbeat(ws)
            for _ in range(3):
                message = await asyncio.wait_for(received.get(), PATIENCE)
                assert message.type is aiohttp.WSMsgType.TEXT
                assert message.json() == json.loads(PING)
            await ws.close()
            await asyncio.wait_for(task, PATIENCE)
        await runner.cleanup()

    asyncio.run(bot())


# --- start_heartbeat --------------------------------------------------------------------------------------------------


class PlainSocket:
    """An open connection that closes after `life` messages."""

    def __init__(self, life: int) -> None:
        self.sent: list[object] = []
        self.life = life

    def send(self, message: object) -> None:
        if len(self.sent) >= self.life:
            raise ConnectionError("closed")
        self.sent.append(message)

    @of("websockets")
    def recv(self) -> str:
        raise NotImplementedError


def beats() -> list[threading.Thread]:
    return threads_called("bybit-ping")


def until_no_beats() -> None:
    for thread in beats():
        thread.join(PATIENCE)
    assert beats() == []


@pytest.fixture
def _quick_threads(_quick: None) -> Iterator[None]:
    """Short intervals, and no beat of one test heard in the next."""
    yield
    gc.collect()
    until_no_beats()


@pytest.mark.usefixtures("_quick_threads")
def test_start_heartbeat_returns_its_socket_and_pings_until_it_is_closed() -> None:
    ws = PlainSocket(life=3)
    assert shim.start_heartbeat(ws) is ws
    assert all(thread.daemon for thread in beats())
    until_no_beats()
    assert ws.sent == [PING] * 3


@pytest.mark.usefixtures("_quick_threads")
def test_start_heartbeat_twice_for_one_socket_is_one_beat_until_it_is_opened_again() -> None:
    ws = PlainSocket(life=sys.maxsize)
    shim.start_heartbeat(shim.start_heartbeat(ws))
    assert len(beats()) == 1
    ws.life = 0
    until_no_beats()
    ws.sent, ws.life = [], 2
    shim.start_heartbeat(ws)
    until_no_beats()
    assert len(ws.sent) == 2


@pytest.mark.usefixtures("_quick_threads")
def test_start_heartbeat_ends_when_the_bot_has_dropped_its_socket() -> None:
    ws = shim.start_heartbeat(PlainSocket(life=sys.maxsize))
    assert len(beats()) == 1
    del ws
    gc.collect()
    until_no_beats()


@pytest.mark.usefixtures("_quick_threads")
def test_start_heartbeat_leaves_the_first_moment_to_the_bots_own_login(monkeypatch: pytest.MonkeyPatch) -> None:
    sleeping, awake = queue.Queue[float](), threading.Semaphore(0)

    def sleep(seconds: float) -> None:
        sleeping.put(seconds)
        awake.acquire(timeout=PATIENCE)

    monkeypatch.setattr(shim, "time", SimpleNamespace(sleep=sleep))
    ws = shim.start_heartbeat(PlainSocket(life=1))
    for pings in (0, 1):
        assert sleeping.get(timeout=PATIENCE) == shim._PING_EVERY
        assert len(ws.sent) == pings
        awake.release()


class App:
    """As a WebSocketApp: there before it is connected, and connected again after it was closed."""

    def __init__(self) -> None:
        self.connection: SimpleNamespace | None = None
        self.looks, self.tries = queue.Queue[None](), queue.Queue[object]()
        self.is_broken = False

    @property
    def sock(self) -> SimpleNamespace | None:
        self.looks.put(None)
        return self.connection

    def send(self, message: object) -> None:
        self.tries.put(message)
        if self.is_broken:
            raise ConnectionError("closed")

    def run_forever(self) -> None: ...

    @of("websocket")
    def _callback(self, callback: object, *args: object) -> None: ...


@pytest.mark.usefixtures("_quick_threads")
def test_start_heartbeat_pings_an_app_only_while_it_is_connected_and_survives_its_reconnects() -> None:
    app = shim.start_heartbeat(App())
    for connection in (None, SimpleNamespace(connected=False)):
        app.connection = connection
        for _ in range(5):
            app.looks.get(timeout=PATIENCE)
    assert app.tries.empty()
    app.connection = SimpleNamespace(connected=True)
    for is_broken in (False, True, False):
        app.is_broken = is_broken
        for _ in range(3):
            assert app.tries.get(timeout=PATIENCE) == PING


@dataclass
class PingServer:
    """A WebSocket server on loopback that keeps what it receives and answers `patience` messages with one."""

    patience: int
    received: queue.Queue[str | bytes] = field(default_factory=queue.Queue)

    def __call__(self, connection: websockets.sync.server.ServerConnection) -> None:
        for count, message in enumerate(connection, start=1):
            self.received.put(message)
            if count == self.patience:
                connection.send('{"topic": "tickers.BTCUSDT"}')

    @contextlib.contextmanager
    def url(self) -> Iterator[str]:
        with websockets.sync.server.serve(self, "127.0.0.1", 0) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
            server.shutdown()
            thread.join(PATIENCE)


def plainly(url: str) -> contextlib.closing[websocket.WebSocket]:
    return contextlib.closing(websocket.create_connection(url))


@pytest.mark.usefixtures("_quick_threads")
@pytest.mark.parametrize("connect", [plainly, websockets.sync.client.connect])
def test_start_heartbeat_reaches_a_server_as_text_until_the_connection_is_closed(connect: Callable[[str], Any]) -> None:
    server = PingServer(patience=sys.maxsize)
    with server.url() as url:
        with connect(url) as ws:
            shim.start_heartbeat(ws)
            for _ in range(3):
                assert server.received.get(timeout=PATIENCE) == PING
        until_no_beats()


def hang_up(app: websocket.WebSocketApp, message: str) -> None:
    app.close()


@pytest.mark.usefixtures("_quick_threads")
def test_start_heartbeat_wraps_an_app_that_runs_for_ever() -> None:
    server = PingServer(patience=3)
    with server.url() as url:
        shim.start_heartbeat(websocket.WebSocketApp(url, on_message=hang_up)).run_forever()
    assert [server.received.get_nowait() for _ in range(3)] == [PING] * 3


@pytest.mark.usefixtures("_quick_threads")
def test_start_heartbeat_pings_every_connection_of_an_app() -> None:
    server = PingServer(patience=1)
    with server.url() as url:
        app = shim.start_heartbeat(websocket.WebSocketApp(url, on_message=hang_up))
        for _ in range(3):
            app.run_forever()
            assert server.received.get_nowait() == PING


# --- guarded ----------------------------------------------------------------------------------------------------------


def test_guarded_logs_what_a_callback_raises_and_lets_the_stream_go_on(caplog: pytest.LogCaptureFixture) -> None:
    @shim.guarded
    def on_order(message: dict[str, Any]) -> Any:
        """Handles an order."""
        return message["price"]

    assert on_order({}) is None
    assert on_order({"price": "1"}) == "1"
    assert (on_order.__name__, on_order.__doc__) == ("on_order", "Handles an order.")
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "on_order failed on a message" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is KeyError


def test_guarded_takes_callables_without_a_name(caplog: pytest.LogCaptureFixture) -> None:
    shim.guarded(partial(int, "one"))()
    assert "a callback failed on a message" in caplog.text


def test_guarded_does_not_hold_up_the_end_of_the_program() -> None:
    @shim.guarded
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()


# --- new_order_link_id and env_flag -----------------------------------------------------------------------------------


@given(st.from_regex(r"[A-Za-z0-9_-]{0,20}", fullmatch=True))
def test_an_order_link_id_is_new_and_has_the_form_that_bybit_asks_for(prefix: str) -> None:
    first, second = shim.new_order_link_id(prefix), shim.new_order_link_id(prefix)
    assert first != second
    assert re.fullmatch(re.escape(prefix) + r"[A-Za-z0-9_-]{16,}", first)
    assert len(first) <= 36


@pytest.mark.parametrize("prefix", ["grid bot", "größe", "a.b", "grid\n", "x" * 21])
def test_a_prefix_that_bybit_would_refuse_is_refused_at_once(prefix: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(prefix))):
        shim.new_order_link_id(prefix)


@pytest.mark.parametrize(
    ("text", "flag"),
    [(text, True) for text in ("1", "true", "Yes", " ON ")]
    + [(text, False) for text in ("0", "False", "no", "off", "", " ")],
)
def test_env_flag_reads_what_people_write(text: str, flag: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TESTNET", text)
    assert shim.env_flag("BOT_TESTNET", default=not flag) is flag


def test_env_flag_has_a_default_for_a_variable_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOT_TESTNET", raising=False)
    assert shim.env_flag("BOT_TESTNET") is False
    assert shim.env_flag("BOT_TESTNET", default=True) is True


def test_env_flag_guesses_nothing_and_shows_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TESTNET", "k3y")
    with pytest.raises(ValueError, match="BOT_TESTNET must be 1, true") as raised:
        shim.env_flag("BOT_TESTNET")
    assert "k3y" not in str(raised.value)
