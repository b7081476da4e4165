"""Runs tests/migrated/calls.tsv: the request that a call of an older client becomes, as V5's tables ask for it.

A row has a call of a client (`PRELUDES` makes it), a call of V5 that does the same, and the request that both are:
the second one today, with the pybit that is installed, the first one as soon as `bybit-lint migrate` carries it over.
What a person has to know of it is `told`, a pattern of what the report says. A call without a request is left whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from migrated.clients import NEW, PRELUDES
from migrated.command import Migration, migrate, write
from migrated.requests import Meant, meant
from migrated.slices import awaiting
from migrated.tables import Table
from migrated.transport import run

from bybit_lint import knowledge
from bybit_lint.knowledge import parameters

TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list}


class Row(NamedTuple):
    """A call before and after."""

    client: str
    old: str
    new: str
    request: str
    told: str
    slice: str

    @property
    def is_left(self) -> bool:
        return self.request == "-"

    @property
    def program(self) -> str:
        return f"{PRELUDES[self.client]}{self.old}\n"

    @property
    def line(self) -> int:
        return self.program.count("\n")

    @property
    def method(self) -> str:
        """What is called: `place_active_order`."""
        found: list[str] = re.findall(r"(?:session|client\.\w+|api\.rest\.\w+)\.(\w+)\(", self.old)
        return found[-1]


TABLE = Table("calls", Row)
CARRIED = [row for row in TABLE.rows if not row.is_left]
LEFT = [row for row in TABLE.rows if row.is_left]


def those(rows: list[Row], *, is_awaited: bool = False) -> pytest.MarkDecorator:
    return TABLE.each(rows, lambda row: f"{row.client} {row.method}", is_awaited=is_awaited)


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_table_has_calls_of_every_client() -> None:
    assert {row.client for row in TABLE.rows} == PRELUDES.keys()
    assert len({(row.client, row.method) for row in CARRIED}) >= 60


@those(CARRIED)
def test_the_call_of_v5_is_this_request(row: Row) -> None:
    (one,) = run(NEW + row.new)
    assert meant(row.request).is_met_by(one.request), f"it sends {one.request}"


@those(CARRIED)
def test_the_request_is_one_that_v5_documents(row: Row) -> None:
    assert list(flaws(meant(row.request))) == []


def flaws(request: Meant) -> Iterator[str]:
    """What the tables of V5 have against a request."""
    endpoint = knowledge.endpoint_at(request.path)
    if endpoint is None or endpoint.verb != request.method:
        yield f"there is no {request.method} {request.path}"
        return
    known = parameters.parameters(request.path)
    yield from strangers(known, request.known, is_text=request.method == "GET")
    yield from missing(request.path, dict(request.required))
    for leg in request.required.get("request", ()):
        yield from strangers(parameters.legs(request.path), leg, is_text=False)
        own = {f"{parameters.LEG}{name}": value for name, value in leg.items()}
        yield from missing(request.path, {**own, **request.required})


def strangers(known: Any, said: Any, *, is_text: bool) -> Iterator[str]:
    for name, value in said.items():
        parameter = known.get(name)
        if parameter is None:
            yield f"there is no parameter {name}"
        elif not parameter.allows(value):
            yield f"{name} has no value {value}"
        elif not is_text and type(value) is not TYPES[parameter.type]:
            yield f"{name} is no {parameter.type}: {value!r}"


def missing(path: str, said: dict[str, Any]) -> Iterator[str]:
    for need in parameters.needs(path):
        is_of_a_leg = any(name.startswith(parameters.LEG) for name in need.names)
        if is_of_a_leg and not any(name.startswith(parameters.LEG) for name in said):
            continue
        needed = all(
            any(name in said and (not it.values or str(said[name]) in it.values) for name in it.names)
            for it in need.conditions
        )
        if needed and not any(name in said for name in need.names):
            yield f"{' or '.join(need.names)} is missing"


@pytest.mark.parametrize(
    ("written", "flaw"),
    [
        ("GET /v5/market/candles {}", "there is no GET /v5/market/candles"),
        ("POST /v5/market/kline {}", "there is no POST /v5/market/kline"),
        ('GET /v5/market/kline {"symbol": "BTCUSDT"}', "interval is missing"),
        ('GET /v5/market/kline {"symbol": "BTCUSDT", "interval": "5m"}', "interval has no value 5m"),
        ('GET /v5/market/kline {"symbol": "BTCUSDT", "interval": "5", "from": "1"}', "there is no parameter from"),
        ('POST /v5/position/switch-mode {"category": "linear", "mode": "3"}', "mode is no integer: '3'"),
        ('GET /v5/position/list {"category": "linear"}', "symbol or settleCoin is missing"),
        ('POST /v5/order/cancel-batch {"category": "linear", "request": [{"orderId": "1"}]}', ">symbol is missing"),
    ],
)
def test_a_request_that_v5_does_not_document_is_a_flaw(written: str, flaw: str) -> None:
    assert flaw in list(flaws(meant(written)))


@pytest.mark.parametrize(
    "other",
    [
        'POST /v5/position/switch-mode {"category": "linear", "symbol": "BTCUSDT", "mode": 0}',
        'POST /v5/position/switch-mode {"category": "linear", "symbol": "BTCUSDT", "mode": "3"}',
        'POST /v5/position/switch-mode {"category": "linear", "symbol": "BTCUSDT"}',
        'POST /v5/position/switch-mode {"category": "linear", "symbol": "BTCUSDT", "mode": 3, "coin": "USDT"}',
        'POST /v5/position/set-leverage {"category": "linear", "symbol": "BTCUSDT", "mode": 3}',
    ],
)
def test_a_call_that_sends_something_else_is_noticed(other: str) -> None:
    (one,) = run(NEW + 'session.switch_position_mode(category="linear", symbol="BTCUSDT", mode=3)')
    assert not meant(other).is_met_by(one.request)


def test_what_may_be_left_out_may_not_be_something_else() -> None:
    wanted = meant('GET /v5/order/realtime {"category": "linear", "symbol": "BTCUSDT", "orderFilter?": "Order"}')
    for said, is_right in (("", True), (', orderFilter="Order"', True), (', orderFilter="StopOrder"', False)):
        (one,) = run(f'{NEW}session.get_open_orders(category="linear", symbol="BTCUSDT"{said})')
        assert wanted.is_met_by(one.request) is is_right


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Migration:
    return TABLE.migrated(tmp_path_factory.mktemp(TABLE.name))


@those(CARRIED)
def test_the_call_of_before_does_not_even_start(row: Row) -> None:
    with pytest.raises(ImportError):
        run(row.program)


@those(CARRIED, is_awaited=True)
def test_the_call_of_before_becomes_this_request(row: Row, migration: Migration) -> None:
    became = migration.files[TABLE.path(row)]
    try:
        found = run(became)
    except Exception as error:  # noqa: BLE001  whatever it is, it says what became of the call
        pytest.fail(f"{error!r} in\n{became}", pytrace=False)
    sent = [str(one.request) for one in found]
    is_right = len(found) == 1 and meant(row.request).is_met_by(found[0].request)
    assert is_right, f"{became}\nsends {sent}"
    assert {one.host for one in found} == {"api-testnet.bybit.com"}
    assert_told(row, migration)


@those(LEFT, is_awaited=True)
def test_a_call_that_a_person_has_to_decide_is_left_whole_and_told_with_the_reason(
    row: Row, migration: Migration
) -> None:
    assert row.old in migration.files[TABLE.path(row)]
    assert_told(row, migration)


def assert_told(row: Row, migration: Migration) -> None:
    told = migration.told(TABLE.path(row), row.line)
    assert row.told == "-" or re.search(row.told, told), told or migration.output


@pytest.mark.parametrize("exit_code", [pytest.param(1, marks=awaiting("command"))])
def test_all_calls_parse_and_are_carried_over_once(migration: Migration, tmp_path: Path, exit_code: int) -> None:
    assert migration.exit_code == exit_code
    for became in migration.files.values():
        compile(became, "bot.py", "exec")
    write(migration.files, tmp_path)
    assert migrate(tmp_path, "--write").files == migration.files
