"""The tables of other clients' names, and how ccxt's names are read."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from decimal import InvalidOperation
from typing import Any

import ccxt.async_support  # type: ignore[import-untyped]  # ccxt has no types
import ccxt.pro  # type: ignore[import-untyped]
import pytest
from ccxt.abstract.bybit import ImplicitAPI  # type: ignore[import-untyped]
from ccxt.base.errors import ArgumentsRequired  # type: ignore[import-untyped]

from bybit_lint import knowledge
from bybit_lint.clients import ccxt as model
from bybit_lint.knowledge import rows
from bybit_lint.knowledge.dialects import (
    Method,
    ccxt_endpoints,
    ccxt_methods,
    legacy,
    legacy_methods,
    pybybit,
    pybybit_methods,
    swagger_methods,
)
from bybit_lint.knowledge.parameters import ccxt_needs, ccxt_strangers
from bybit_lint.knowledge.streams import depths

NO_ENDPOINT = {"-", "Helpers.close_position"}


TABLES = (legacy_methods, ccxt_methods, pybybit_methods, swagger_methods)


@pytest.mark.parametrize("table", TABLES, ids=["legacy", "ccxt", "pybybit", "swagger"])
def test_every_counterpart_is_a_method_of_v5(table: Callable[[], Mapping[str, Method]]) -> None:
    unknown = {method.v5_method for method in table().values() if not method.endpoint}
    assert unknown <= NO_ENDPOINT, f"{sorted(unknown - NO_ENDPOINT)}: no method of endpoints.tsv"


def test_renaming_twice_changes_nothing() -> None:
    tables = [method for table in TABLES for method in table().values()]
    twice = {(m.name, v5) for m in tables for names in m.arguments.values() for v5 in names if renamed(m, v5) != (v5,)}
    assert not twice, f"{twice}: an argument and a V5 name of the same method are called alike and mean two things"


def renamed(method: Method, name: str) -> tuple[str, ...]:
    return method.arguments.get(name, (name,))


def test_an_argument_has_one_v5_name_several_or_none() -> None:
    leverage = legacy("set_leverage")
    mode = ccxt_methods()["set_position_mode"]
    assert leverage is not None
    assert leverage.arguments["leverage"] == ("buyLeverage", "sellLeverage")
    assert mode.arguments == {"hedged": ("mode",), "symbol": ("symbol",)}
    assert ccxt_methods()["fetch_tickers"].arguments == {"symbols": ()}


def test_a_methods_arguments_keep_their_positions() -> None:
    assert list(ccxt_methods()["create_order"].arguments) == ["symbol", "type", "side", "amount", "price"]
    assert list(ccxt_methods()["edit_order"].arguments)[:2] == ["id", "symbol"]


@pytest.mark.parametrize(
    ("module", "counterpart"),
    [("", "get_order_history"), ("usdt_perpetual", "get_order_history"), ("usdc_options", "get_open_orders")],
)
def test_a_method_means_what_its_module_means_by_it(module: str, counterpart: str) -> None:
    method = legacy("get_active_order", module)
    assert method is not None
    assert method.v5_method == counterpart


def test_a_method_of_pybybit_means_what_its_market_means_by_it() -> None:
    futures, inverse = pybybit("private_order_create", "futures"), pybybit("private_order_create", "inverse")
    assert futures is not None
    assert inverse is not None
    assert [*futures.arguments][:2] == ["position_idx", "side"]
    assert [*inverse.arguments][:2] == ["side", "symbol"]
    assert pybybit("private_order_search", "linear") is not None


def test_methods_of_v5_alone_are_not_legacy() -> None:
    assert legacy("get_kline") is None


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("fetch_ohlcv", "fetchOHLCV"),
        ("create_market_buy_order", "createMarketBuyOrder"),
        ("fetch_positions_adl_rank", "fetchPositionsADLRank"),
        ("transfer", "transfer"),
    ],
)
def test_a_name_in_camel_case_is_ccxts_own(name: str, twin: str) -> None:
    assert model.camel(name) == twin
    assert model.METHODS[twin] is ccxt_methods()[name]


def test_ccxts_methods_take_what_the_installed_one_takes() -> None:
    made = ccxt.pro.bybit()
    said = {name: [*method.arguments, "params"] for name, method in ccxt_methods().items()}
    assert said == {name: [*inspect.signature(getattr(made, name)).parameters] for name in said}


@pytest.mark.parametrize("of", [ccxt.bybit, ccxt.async_support.bybit, ccxt.pro.bybit])
def test_whatever_the_installed_ccxt_has_is_known(of: type) -> None:
    names = {name for name in dir(of()) if not name.startswith("_")}
    unknown = sorted(name for name in names if model.path_of(name) is None and not model.has(name))
    assert not unknown, "put these into ccxt_attributes.tsv"


def test_what_no_ccxt_has_is_not_known() -> None:
    assert not any(map(model.has, ("fetch_position_risk", "set_trading_stop", "createOco", "place_order", "")))


@pytest.mark.parametrize("method", sorted(knowledge.methods()))
def test_every_endpoint_is_found_by_both_spellings_of_its_path(method: str) -> None:
    endpoint = knowledge.endpoint_of(method)
    assert endpoint is not None
    words = ["private", endpoint.verb.lower(), *endpoint.path.strip("/").replace("-", "/").split("/")]
    for name in ("_".join(words), words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])):
        assert name.startswith(model.PREFIXES)
        assert model.path_of(name) == endpoint.path


@pytest.mark.parametrize("name", ["private_key", "publish", "fetch_time", "private", "publicNotes"])
def test_other_names_are_no_endpoints(name: str) -> None:
    assert model.path_of(name) is None


def test_an_endpoint_that_bybit_has_no_more_has_no_path() -> None:
    assert model.path_of("v2_private_get_position_list") == ""


def test_what_ccxt_needs_is_refused_by_the_installed_one() -> None:
    named = {name for row in rows("ccxt_needs") for name in row[0].split("|")}
    assert named <= ccxt_methods().keys()
    bare = [name for name in sorted(named) for need in ccxt_needs(name) if not need.because]
    assert {"cancel_order", "fetch_order", "set_leverage"} <= {*bare}
    for name in bare:
        first = next(iter(ccxt_methods()[name].arguments))
        given = () if first == "symbol" else (["1"],) if first.endswith("s") else ("1",)
        with pytest.raises(ArgumentsRequired):
            asyncio.run(getattr(offline(ccxt.pro.bybit), name)(*given))


@pytest.mark.parametrize("name", ["stopPrice", "triggerPrice"])
def test_a_trigger_of_a_contract_alone_needs_its_direction(name: str) -> None:
    order = ("limit", "sell", 1, 5, {name: 6})
    with pytest.raises(ArgumentsRequired, match="triggerDirection"):
        offline().create_order(SWAP["symbol"], *order)
    assert offline().create_order_request(SPOT["symbol"], *order)["triggerPrice"] == "6"


@pytest.mark.parametrize("kind", ["limit", "Limit"])
def test_a_price_among_the_params_is_none_for_ccxt(kind: str) -> None:
    with pytest.raises(ArgumentsRequired, match="requires a price"):
        offline().create_order(SWAP["symbol"], kind, "sell", 1, None, {"price": 5})
    assert offline().create_order_request(SWAP["symbol"], "market", "sell", 1, None, {"price": 5})["qty"] == "1"


def test_a_dict_for_the_price_stops_ccxt() -> None:
    with pytest.raises(InvalidOperation):
        offline().create_order(SWAP["symbol"], "market", "sell", 1, {"reduceOnly": True})


SPOT: dict[str, Any] = {
    "id": "ETCUSDT",
    "symbol": "ETC/USDT",
    "base": "ETC",
    "quote": "USDT",
    "settle": None,
    "type": "spot",
    "spot": True,
    "contract": False,
    "option": False,
    "linear": None,
    "inverse": None,
    "precision": {"amount": 1, "price": 1},
    "limits": {"amount": {}, "price": {}, "cost": {}},
}
SWAP = {
    **SPOT,
    "symbol": "ETC/USDT:USDT",
    "settle": "USDT",
    "type": "swap",
    "spot": False,
    "contract": True,
    "linear": True,
}


def offline(of: type = ccxt.bybit) -> ccxt.bybit:
    """An exchange that knows two markets and asks nobody."""

    async def unified() -> list[bool]:
        return [False, True]

    made = of()
    made.markets, made.markets_by_id = {market["symbol"]: market for market in (SPOT, SWAP)}, {}
    made.is_unified_enabled = unified if of is ccxt.pro.bybit else lambda: [False, True]
    return made


def test_what_other_exchanges_have_is_no_parameter_of_an_order() -> None:
    known = knowledge.parameters.parameters("/v5/order/create")
    assert {"leverage", "marginMode", "trailingPercent"} == ccxt_strangers().keys()
    assert not known.keys() & ccxt_strangers().keys()
    request = offline().create_order_request(
        SWAP["symbol"], "market", "sell", 1, None, dict.fromkeys(ccxt_strangers(), "1")
    )
    assert {name: request[name] for name in ccxt_strangers()} == dict.fromkeys(ccxt_strangers(), "1")
    assert "trailingStop" not in request


def test_the_names_of_endpoints_are_those_of_the_installed_ccxt() -> None:
    entries = [*vars(ImplicitAPI)]
    snake = [name for name in entries if "_" in name and not name.startswith("__")]
    assert sorted(ccxt_endpoints()) == sorted(snake)
    assert all(getattr(ImplicitAPI, name) is getattr(ImplicitAPI, twin) for name, twin in ccxt_endpoints().items())


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("private_get_v5_positon_closed_pnl", "private_get_v5_position_closed_pnl"),
        ("privateGetV5PositionClosedpnl", "privateGetV5PositionClosedPnl"),
        ("private_post_v5_position_list", "private_get_v5_position_list"),
        ("publicGetV5PositionList", "privateGetV5PositionList"),
        ("private_get_v5_position_closed_pnl", ""),
        ("privateGetV5PositionClosedPnl", ""),
        ("private_get_v5_something_that_comes_later", ""),
        ("private_linear_get_order_list", ""),
        ("privateGetV3PositionList", ""),
    ],
)
def test_a_wrong_name_of_an_endpoint_is_taken_for_the_nearest(name: str, meant: str) -> None:
    assert model.endpoint_meant(name) == meant
    assert not meant or not hasattr(ccxt.bybit(), name)
    assert not meant or hasattr(ccxt.bybit(), meant)


def test_the_depths_of_books_are_those_that_ccxt_takes() -> None:
    watching = inspect.getsource(ccxt.pro.bybit.watch_order_book_for_symbols)
    assert f"'spot': {depths(['spot'])}" in watching
    assert f"'option': {depths(['option'])}" in watching
    assert f"'default': {depths(['linear', 'inverse'])}" in watching
    assert depths([]) == depths(["", "spot"]) == [1, 25, 50, 100, 200, 1000]
