"""Every method that is rewritten sends what the tables of V5 ask for.

The old call is migrated, and what comes of it is run with the installed pybit on a transport that only listens.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from test_migration import migrated

from bybit_lint.analysis.source import Source
from bybit_lint.clients import pybit_legacy
from bybit_lint.fixing.migration.arguments.categories import CLIENTS
from bybit_lint.knowledge import endpoint_at, endpoint_of, migrations, parameters
from bybit_lint.knowledge.migrations import MANUAL, Migration

SYMBOLS = {"linear": "BTCUSDT", "inverse": "BTCUSD", "spot": "BTCUSDT", "option": "BTC-30DEC22-20000-C", "": "BTCUSDT"}
GIVEN: Mapping[str, object] = {
    "side": "Buy",
    "order_type": "Limit",
    "orderType": "Limit",
    "type": "LIMIT",
    "qty": 1,
    "price": 20000,
    "orderPrice": "20000",
    "orderQty": "1",
    "time_in_force": "GoodTillCancel",
    "timeInForce": "GoodTillCancel",
    "interval": 5,
    "period": "5min",
    "from_time": 1581231260,
    "from": 1581231260,
    "startTime": 1581231260,
    "start_time": 1581231260,
    "end_time": 1581231261,
    "endTime": 1581231261,
    "limit": 5,
    "buy_leverage": 5,
    "sell_leverage": 5,
    "buyLeverage": 5,
    "sellLeverage": 5,
    "leverage": 5,
    "is_isolated": True,
    "auto_add_margin": True,
    "autoAddMargin": 1,
    "mode": "BothSide",
    "base_price": 19000,
    "basePrice": "19000",
    "stop_px": 20000,
    "triggerPrice": "20000",
    "p_r_trigger_price": 20000,
    "trigger_by": "LastPrice",
    "triggerBy": "LastPrice",
    "tp_trigger_by": "LastPrice",
    "sl_trigger_by": "LastPrice",
    "tpTriggerBy": "LastPrice",
    "slTriggerBy": "LastPrice",
    "tptriggerby": "LastPrice",
    "tp_sl_mode": "Full",
    "tpSlMode": "Full",
    "position_idx": 0,
    "positionIdx": 0,
    "reduce_only": False,
    "reduceOnly": False,
    "close_on_trigger": False,
    "closeOnTrigger": False,
    "page": 1,
    "order": "desc",
    "orderCategory": 0,
    "orderFilter": "Order",
    "category": "linear",
    "order_status": "Filled",
    "orderStatus": "Filled",
    "stop_order_status": "Untriggered",
    "setMarginMode": "ISOLATED_MARGIN",
    "leverage_only": False,
    "risk_id": 1,
    "riskId": 1,
    "request": [],
    "triggerDirection": 1,
    "exec_type": "Trade",
    "execType": "Trade",
    "wallet_fund_type": "TRADE",
    "walletFundType": "TRADE",
    "orders": [],
    "max_in_parallel": 2,
    "spot": False,
}
"""Values for arguments; a text for those that are not here."""
FORGONE = {"leverage_only", "timestamp", "orders"}
NUMBERED = ("from", "mmp")
"""What cannot be given by name, and what stands beside another one."""


class Call(NamedTuple):
    """An old call of one method."""

    client: str
    migration: Migration

    @property
    def category(self) -> str:
        return CLIENTS.get(self.client, "linear")

    @property
    def code(self) -> str:
        path = "pybit.HTTP" if self.client == "HTTP" else f"pybit.{self.client}.HTTP"
        module, _, name = path.rpartition(".")
        given = ", ".join(f"{name}={value!r}" for name, value in self._given().items())
        return (
            f"from {module} import {name}\n\n"
            f'session = HTTP("https://api-testnet.bybit.com", "key", "secret")\n'
            f"session.{self.migration.method}({given})\n"
        )

    def _given(self) -> dict[str, object]:
        """One value for each argument; of several that become the same only the first is given."""
        found: dict[str, object] = {}
        taken: set[str] = set()
        for name, way in self.migration.arguments.items():
            new = {parameter.name for parameter in way.new}
            if name in FORGONE or name in NUMBERED or new & taken:
                continue
            taken |= new
            found[name] = literal_of(way.only) if way.only not in ("", "leverage") else self._value(name)
        if "orders" in self.migration.arguments:
            found["orders"] = [self._leg()]
        return found

    def _leg(self) -> dict[str, object]:
        how = self.migration.arguments["orders"].new[0].how
        return Call(self.client, migrations.migrations()[self.client, how])._given()

    def _value(self, name: str) -> object:
        if name == "interval" and self.client == "spot":
            return "1h"
        if name == "period" and "kline" in self.migration.method:
            return "5"
        if name == "mode" and self.client == "contract":
            return 3
        if name in ("symbol", "symbolId"):
            return "BTCPERP" if self.client == "usdc_perpetual" else SYMBOLS[self.category]
        return GIVEN.get(name, "1")


def literal_of(only: str) -> object:
    """The one value with which an argument goes."""
    return {"1": 1, "0": 0, "False": False}.get(only, only)


def calls() -> Iterator[tuple[str, Call]]:
    for (client, method), migration in migrations.migrations().items():
        is_call = client in {*CLIENTS, "HTTP", "account_asset", "unified_margin", "contract"}
        is_rest = bool(endpoint_of(migration.v5_method))
        if is_call and is_rest and migration.level != MANUAL:
            yield f"{client}.{method}", Call(client, migration)


CALLS = dict(calls())


class Sent(NamedTuple):
    verb: str
    host: str
    path: str
    fields: dict[str, Any]


def sent(monkeypatch: pytest.MonkeyPatch, code: str) -> list[Sent]:
    """What the code sends to Bybit, which answers nothing."""
    found: list[Sent] = []

    def answer(_: requests.Session, request: requests.PreparedRequest, **_kw: object) -> requests.Response:
        url = urlsplit(str(request.url))
        fields = dict(parse_qsl(url.query)) if request.method == "GET" else json.loads(request.body or "{}")
        found.append(Sent(str(request.method), str(url.hostname), url.path, fields))
        response = requests.Response()
        response.status_code = 200
        response._content = b'{"retCode": 0, "retMsg": "OK", "result": {"list": []}, "time": 1}'
        return response

    monkeypatch.setattr(requests.Session, "send", answer)
    exec(compile(code, "bot.py", "exec"), {})  # our own few lines
    return found


def test_there_are_enough_of_them() -> None:
    assert len({call.migration.method for call in CALLS.values()}) >= 60
    assert {client for client, _ in migrations.migrations()} - {"*"} >= {*pybit_legacy.MODULES, "HTTP"}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_sends_what_v5_asks_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call = CALLS[name]
    made, (after,) = migrated([Source("bot.py", call.code.encode())])
    left = [step for step in made.steps if step.is_left]
    if left:
        assert [step.reasons for step in left] == [LEFT[name]]
        return
    assert name not in LEFT
    (first, *_) = sent(monkeypatch, after.data.decode())
    endpoint = endpoint_of(call.migration.v5_method)
    assert endpoint is not None
    known = parameters.parameters(first.path)
    assert first.host == "api-testnet.bybit.com"
    assert endpoint_at(first.path) is not None
    if first.path != endpoint.path:  # orders that can still be filled have an endpoint of their own
        assert first.path == "/v5/order/realtime"
    assert first.verb == endpoint.verb
    unknown = first.fields.keys() - known.keys() if parameters.is_complete(first.path) else set()
    assert not unknown
    missing = [
        p.name for p in known.values() if p.required == "yes" and ">" not in p.name and p.name not in first.fields
    ]
    assert not missing
    wrong = {k: v for k, v in first.fields.items() if k in known and not known[k].allows(v)}
    assert not wrong
    for leg in first.fields.get("request", ()):
        assert leg
        assert not leg.keys() - parameters.legs(first.path).keys()
        assert all(isinstance(leg[number], str) for number in ("qty", "price", "triggerPrice") if number in leg)


NEEDS_SYMBOL = ("V5 needs symbol",)
NO_CATEGORY = ("nothing says which category is meant",)
ONLY_LINEAR = ('V5 knows no category="inverse" for it',)
LEFT = {
    "spot.cancel_active_order": NEEDS_SYMBOL,
    "spot.cancel_order": NEEDS_SYMBOL,
    "HTTP.query_symbol": NO_CATEGORY,
    "unified_margin.get_closed_profit_and_loss_history": NO_CATEGORY,
    "unified_margin.get_trading_fee_rate": NO_CATEGORY,
    "unified_margin.set_auto_add_margin": NO_CATEGORY,
    "unified_margin.switch_position_mode": NO_CATEGORY,
    "inverse_futures.position_mode_switch": ONLY_LINEAR,
    "inverse_perpetual.query_premium_index_kline": ONLY_LINEAR,
}
"""What is left, whatever it was given: V5 asks for more, or has it for another market only."""
