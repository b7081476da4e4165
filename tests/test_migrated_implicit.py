"""What becomes of endpoints that ccxt called by their own names is what the ccxt that is installed has, and sends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import ccxt  # type: ignore[import-untyped]  # ccxt has no types
import pytest
from migrated.command import migrate, write

from bybit_lint.clients import ccxt as model
from bybit_lint.knowledge import dialects, endpoint_of, legacy, migrations
from bybit_lint.knowledge.migrations import MANUAL

CALLS: Mapping[str, tuple[str, dict[str, Any]]] = {
    'private_linear_post_order_create({"symbol": "BTCUSDT", "side": "Buy", "order_type": "Market", "qty": 0.01, '
    '"time_in_force": "ImmediateOrCancel", "reduce_only": True})': (
        "POST /v5/order/create",
        {
            "category": "linear",
            "symbol": "BTCUSDT",
            "side": "Buy",
            "orderType": "Market",
            "qty": "0.01",
            "timeInForce": "IOC",
            "reduceOnly": True,
        },
    ),
    'v2PrivatePostOrderCancel({"symbol": "BTCUSD", "order_id": "1"})': (
        "POST /v5/order/cancel",
        {"category": "inverse", "symbol": "BTCUSD", "orderId": "1"},
    ),
    'private_post_private_linear_order_cancel_all({"symbol": "BTCUSDT"})': (
        "POST /v5/order/cancel-all",
        {"category": "linear", "symbol": "BTCUSDT", "orderFilter": "Order"},
    ),
    'private_linear_get_position_list({"symbol": "BTCUSDT"})': (
        "GET /v5/position/list",
        {"category": "linear", "symbol": "BTCUSDT"},
    ),
    'v2_private_post_position_leverage_save({"symbol": "BTCUSD", "leverage": 5})': (
        "POST /v5/position/set-leverage",
        {"category": "inverse", "symbol": "BTCUSD", "buyLeverage": "5", "sellLeverage": "5"},
    ),
    'privateDeleteSpotV1Order({"symbol": "BTCUSDT", "orderId": "1"})': (
        "POST /v5/order/cancel",
        {"category": "spot", "symbol": "BTCUSDT", "orderId": "1"},
    ),
    'public_linear_get_kline({"symbol": "BTCUSDT", "interval": "5", "from": 1600000000})': (
        "GET /v5/market/kline",
        {"category": "linear", "symbol": "BTCUSDT", "interval": "5", "start": "1600000000000"},
    ),
    'v2_private_get_wallet_balance({"coin": "USDT"})': (
        "GET /v5/account/wallet-balance",
        {"accountType": "UNIFIED", "coin": "USDT"},
    ),
}
MADE = "import ccxt\n\nexchange = ccxt.bybit({'apiKey': 'key', 'secret': 'secret'})\nexchange.set_sandbox_mode(True)\n"


class Sent(Exception):
    """What would have been sent."""


def requests_of(program: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str, dict[str, Any]]:
    """The host, verb with path, and parameters of the one request of a bot that never reaches a network."""

    def fetch(_: object, url: str, method: str = "GET", headers: object = None, body: str | None = None) -> None:
        raise Sent(url, method, body)

    monkeypatch.setattr(ccxt.bybit, "fetch", fetch)
    with pytest.raises(Sent) as caught:
        exec(compile(program, "bot.py", "exec"), {})
    url, method, body = caught.value.args
    parts = urlsplit(url)
    return parts.netloc, f"{method} {parts.path}", json.loads(body) if body else dict(parse_qsl(parts.query))


@pytest.mark.parametrize("call", CALLS)
def test_ccxt_sends_what_v5_asks_for(call: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"bot.py": f"{MADE}exchange.{call}\n"}, tmp_path)
    became = migrate(tmp_path, "--write").files["bot.py"]
    host, asked, given = requests_of(became, monkeypatch)
    assert (asked, given) == CALLS[call], became
    assert host == "api-testnet.bybit.com"


@pytest.mark.parametrize("call", CALLS)
def test_what_was_called_is_in_no_ccxt_of_today(call: str) -> None:
    assert not hasattr(ccxt.bybit, call.partition("(")[0])


@pytest.mark.parametrize("said", migrations.implicit())
def test_an_endpoint_is_a_method_of_pybits_that_asks_where_the_path_is_now(said: str) -> None:
    verb, slash, rest = said.partition("/")
    path = slash + rest
    known = migrations.migrations()[migrations.implicit()[said]]
    assert verb in ("GET", "POST", "DELETE")
    if known.level != MANUAL:
        endpoint = endpoint_of(known.v5_method)
        assert endpoint is not None
        is_fee = path.endswith("/prev-funding")  # one's last funding fee is an entry of two lists
        assert is_fee or legacy.paths()[path].v5_path in ("", endpoint.path)


def test_what_changes_something_never_becomes_a_reading_nor_the_other_way_round() -> None:
    for said, meant in migrations.implicit().items():
        known = migrations.migrations()[meant]
        endpoint = endpoint_of(known.v5_method) if known.level != MANUAL else None
        if endpoint is not None and "/usdc/" not in said and not said.startswith("POST/perpetual"):
            assert (endpoint.verb == "GET") is said.startswith("GET"), said


def test_the_names_are_those_that_ccxt_has() -> None:
    missing = [name for name in dialects.ccxt_endpoints() if "_v5_" in name and not hasattr(ccxt.bybit, name)]
    assert not missing
    assert model.path_of("private_post_v5_order_create") == "/v5/order/create"
