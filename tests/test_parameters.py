"""The tables of what endpoints take: what they say, that they fit each other, and no drift from the installed pybit."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from importlib.metadata import version

import pytest
from pybit.unified_trading import HTTP, WebSocket, WebSocketTrading  # type: ignore[import-untyped]  # it has no types

from bybit_lint.knowledge import endpoint_of, method_names, parameters, rows
from bybit_lint.knowledge.client_methods import client_method, client_methods
from bybit_lint.knowledge.limits import limits

PATHS = {row[2] for row in rows("endpoints")}
NEWEST = "5.17.0"
"""The version of pybit that the tables were read from."""


def test_an_order_takes_what_bybit_lists() -> None:
    found = parameters.parameters("/v5/order/create")
    assert found["side"][:5] == ("side", "yes", "string", ("Buy", "Sell"), "")
    assert found["reduceOnly"].required == "no"
    assert "leverage" not in found
    assert parameters.is_complete("/v5/order/create")


def test_an_order_of_a_batch_takes_its_own_parameters_and_the_category() -> None:
    legs = parameters.legs("/v5/order/create-batch")
    assert {"category", "side", "qty"} <= set(legs)
    assert "request" not in legs
    assert not parameters.legs("/v5/order/create").keys() - {"category"}


def test_a_parameter_is_known_by_its_row() -> None:
    assert parameters.parameters("/v5/asset/withdraw/create")["beneficiary"][:3] == ("beneficiary", "no", "object")


def test_other_endpoints_may_take_more_than_is_known() -> None:
    assert not parameters.is_complete("/v5/asset/transfer/inter-transfer")
    assert not parameters.is_complete("/v2/private/order/create")
    assert not parameters.parameters("/v2/private/order/create")


@pytest.mark.parametrize(("value", "is_allowed"), [("Buy", True), ("buy", False), ("Sell", True), ("", False)])
def test_a_listed_value_is_allowed_as_it_is_written(value: str, is_allowed: bool) -> None:
    assert parameters.parameters("/v5/order/create")["side"].allows(value) is is_allowed


@pytest.mark.parametrize(("value", "is_allowed"), [(5, True), ("5", True), ("5m", False), ("D", True), ("d", False)])
def test_numbers_are_values_as_their_text_is(value: object, is_allowed: bool) -> None:
    assert parameters.parameters("/v5/market/kline")["interval"].allows(value) is is_allowed


@pytest.mark.parametrize(
    ("value", "is_allowed"), [("BTCUSDT", True), ("BTC-27MAR26-70000-C", True), ("btcusdt", False), ("BTC/USDT", False)]
)
def test_a_symbol_has_a_form(value: str, is_allowed: bool) -> None:
    assert parameters.parameters("/v5/order/create")["symbol"].allows(value) is is_allowed


@pytest.mark.parametrize(
    ("value", "is_allowed"),
    [(1000, True), ("1000", True), (1001, False), ("1001", False), ("9" * 5000, False), ("x", True)],
)
def test_a_number_has_a_largest_one(value: object, is_allowed: bool) -> None:
    assert parameters.parameters("/v5/market/kline")["limit"].allows(value) is is_allowed


def test_what_is_not_listed_is_allowed() -> None:
    assert parameters.parameters("/v5/order/create")["qty"].allows("anything")


def test_needs_begin_with_what_is_always_needed() -> None:
    needs = parameters.needs("/v5/order/create")
    assert [need.names[0] for need in needs if need.is_plain] == ["category", "orderType", "qty", "side", "symbol"]
    limit = (parameters.Condition(("orderType",), ("Limit",)),)
    assert parameters.Need(("price", "orderIv", "bboSideType"), limit) in needs
    assert parameters.Need(("tpOrderType",), (parameters.Condition(("tpLimitPrice",)),)) in needs


def test_needs_have_several_conditions_and_are_met_by_one_or_by_all_of_their_names() -> None:
    needs = parameters.needs("/v5/order/create")
    contract = parameters.Condition(("category",), ("linear", "inverse"))
    nothing = parameters.Condition(("qty",), ("0", "0.0"))
    assert parameters.Need(("reduceOnly", "closeOnTrigger"), (contract, nothing), is_choice=False) in needs
    stop = parameters.Condition(("slOrderType", "tpOrderType"))
    assert parameters.Need(("tpslMode",), (stop,)) in parameters.needs("/v5/position/trading-stop")


def test_needs_of_a_batchs_orders_have_their_names_without_the_mark() -> None:
    needs = [need.of_a_leg() for need in parameters.needs("/v5/order/create-batch") if need.names[0] == ">orderFilter"]
    assert [need.names for need in needs] == [("orderFilter",)]
    assert [condition.words for condition in needs[0].conditions] == ["category=spot", "triggerPrice"]


def test_each_need_is_of_parameters_that_the_endpoint_has() -> None:
    for path in {row[0].split(" ")[0] for row in rows("needs")}:
        known = parameters.parameters(path)
        for need in parameters.needs(path):
            given = {name for condition in need.conditions for name in condition.names}
            assert not {*need.names, *given} - known.keys(), f"needs.tsv: {path} has no {given} or {need.names}"
            for name, values in ((n, c.values) for c in need.conditions for n in c.names if known[n].values):
                assert set(values) <= set(known[name].values), f"needs.tsv: {name} of {path} is never {values}"


@pytest.mark.parametrize(
    ("category", "symbol", "meant"),
    [
        ("linear", "BTCUSD", "inverse"),
        ("inverse", "BTCUSDT", "linear"),
        ("inverse", "BTCPERP", "linear"),
        ("linear", "BTCUSDT", ""),
        ("linear", "BTCPERP", ""),
        ("linear", "BTC-26DEC25", ""),
        ("inverse", "BTCUSDH25", ""),
        ("option", "BTCUSD", ""),
    ],
)
def test_the_form_of_some_symbols_tells_their_category(category: str, symbol: str, meant: str) -> None:
    assert parameters.category_of(category, symbol) == meant


def test_aliases_stand_for_what_there_is() -> None:
    values: dict[str, set[str]] = defaultdict(set)
    for parameter in (found for path in PATHS for found in parameters.parameters(path).values()):
        values[parameter.name].update(parameter.values)
    for said, meant, *_ in rows("value_aliases"):
        name, _, value = said.partition(" ")
        assert meant in values[name], f"value_aliases.tsv: {name} is never {meant}"
        assert parameters.value_meant(name, value) == meant
        assert value not in values[name], f"value_aliases.tsv: {value} is a value of {name} itself"
    for said, meant, *_ in rows("parameter_aliases"):
        assert set(meant.split("|")) <= parameters.complete_names(), f"parameter_aliases.tsv: {said} means nothing"
        assert parameters.meant_by(said) == tuple(meant.split("|"))


def test_ccxt_knows_more_names() -> None:
    assert {"hedged", "stopLossPrice", "postOnly"} <= parameters.ccxt_names()
    assert "reduce_only" not in parameters.ccxt_names() | parameters.complete_names()


def test_limits_are_read() -> None:
    order = limits("/v5/order/create")
    assert order is not None
    assert order[:4] == ("/v5/order/create", "10", "10", "20")
    assert limits("/v5/market/kline") is None
    assert {row[0] for row in rows("rate_limits")} <= PATHS


# --- against the installed pybit --------------------------------------------------------------------------------------


def required_by_pybit(method: str) -> set[str]:
    """The required arguments that pybit's docstring of a method names; those of a batch's orders begin with `>`."""
    text = inspect.getdoc(getattr(HTTP, method)) or ""
    listed = text.partition("Required args:\n")[2].partition("\nReturns")[0].partition("Optional args:")[0]
    return {name.replace(" ", "") for name in re.findall(r"^    ((?:> )?\w+) \(", listed, re.MULTILINE)}


def required_by_table(path: str) -> set[str]:
    found = parameters.parameters(path).values()
    return {p.name for p in found if p.required in ("yes", "pybit")}


def test_what_pybit_requires_is_in_the_table() -> None:
    complete = [endpoint for m in method_names() if (endpoint := endpoint_of(m)) and endpoint.is_complete]
    differing = {
        endpoint.method: required_by_pybit(endpoint.method) ^ required_by_table(endpoint.path) for endpoint in complete
    }
    said = {method: names for method, names in differing.items() if names}
    if said and version("pybit") != NEWEST:
        pytest.skip(f"pybit {version('pybit')} requires other arguments than the table: {said}")
    assert not said, f"parameters.tsv and pybit differ in what is required: {said}"


@pytest.mark.parametrize("client", [HTTP, WebSocket, WebSocketTrading], ids=lambda client: client.__name__)
def test_the_methods_of_a_client_are_those_of_pybit(client: type) -> None:
    name = client.__name__
    theirs = {each for each in dir(client) if not each.startswith("_") and callable(getattr(client, each))}
    ours = set(client_methods(name))
    if theirs != ours and version("pybit") != NEWEST:
        pytest.skip(f"{name} of pybit {version('pybit')} and the table differ in {sorted(theirs ^ ours)}")
    tables = "endpoints.tsv, client_methods.tsv" if client is HTTP else "client_methods.tsv"
    assert theirs == ours, f"{tables} and pybit differ in the methods of {name}: {sorted(theirs ^ ours)}"


@pytest.mark.parametrize("client", [WebSocket, WebSocketTrading], ids=lambda client: client.__name__)
def test_arguments_without_names_are_those_of_pybit(client: type) -> None:
    for name in client_methods(client.__name__):
        found = client_method(client.__name__, name)
        assert found is not None
        parameters_of = [p for p in inspect.signature(getattr(client, name)).parameters.values() if p.name != "self"]
        assert found.positional == tuple(p.name for p in parameters_of if p.kind is p.POSITIONAL_OR_KEYWORD), name


def test_a_method_that_some_version_had_is_known() -> None:
    gone = client_method("HTTP", "set_no_convert_repay")
    assert gone is not None
    assert gone.until == "5.14.0"
    assert "set_no_convert_repay" not in client_methods("HTTP")
    assert client_method("HTTP", "get_position") is None
    assert client_method("HTTP", "kline_stream") is None


def test_what_has_to_be_equal_are_two_parameters_of_the_endpoint() -> None:
    path = "/v5/position/trading-stop"
    assert parameters.equals(path) == (("tpSize", "slSize", parameters.Condition(("tpslMode",), ("Partial",))),)
    assert {"tpSize", "slSize", "tpslMode"} <= parameters.parameters(path).keys()
    assert parameters.equals("/v5/order/create") == ()
