"""Runs tests/migrated/answers.tsv: what an older bot reads of an answer, and where V5 has it.

A row has an expression of an older client (`migrated.clients` makes it), one of V5 that gives the same, and its value,
where the answers are those of tests/migrated/answers.json. Numbers that are text in V5 are numbers again where a bot
reckons with them. What V5 does not tell gives `-`, and `told` is a pattern of what the report says of it.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from migrated.clients import NEW, PRELUDES
from migrated.command import Migration
from migrated.tables import Table
from migrated.transport import RESULTS, caught, run_in

from bybit_lint.knowledge import schemas

TYPES: dict[type, str] = {str: "string", int: "integer", bool: "boolean", list: "array", dict: "object"}


class Row(NamedTuple):
    """What is read, before and after."""

    client: str
    old: str
    new: str
    gives: str
    told: str
    slice: str

    @property
    def is_left(self) -> bool:
        return self.gives == "-"

    @property
    def program(self) -> str:
        return f"{PRELUDES[self.client]}value = {self.old}\n"

    @property
    def line(self) -> int:
        return self.program.count("\n")


TABLE = Table("answers", Row)


def those(*, are_left: bool, is_awaited: bool = True) -> pytest.MarkDecorator:
    rows = [row for row in TABLE.rows if row.is_left is are_left]
    return TABLE.each(rows, lambda row: f"{row.client} {row.gives}", is_awaited=is_awaited)


def value(program: str) -> Any:
    with caught():
        return run_in(program)["value"]


def is_same(given: Any, wanted: Any) -> bool:
    """Text is no number, but 6 is 6.0."""
    return bool(given == wanted) and isinstance(given, str) is isinstance(wanted, str)


# --- the table --------------------------------------------------------------------------------------------------------


@those(are_left=False, is_awaited=False)
def test_v5_has_it_there(row: Row) -> None:
    assert is_same(value(f"{NEW}value = {row.new}\n"), literal_eval(row.gives))


@pytest.mark.parametrize("path", RESULTS)
def test_the_answers_are_those_that_bybit_documents(path: str) -> None:
    assert path in schemas.endpoints()
    assert not list(strangers(path, ("result",), RESULTS[path]))


def strangers(path: str, way: tuple[object, ...], held: Any) -> Iterator[str]:
    """The fields that V5 does not document, or with another type."""
    known = schemas.fields_at(path, way) or {}
    if isinstance(held, list):
        for number, each in enumerate(held):
            yield from strangers(path, (*way, number), each)
    elif isinstance(held, dict):
        for name, each in held.items():
            if name not in known or known[name].type != TYPES[type(each)]:
                yield f"{(*way, name)}: {each!r}"
            yield from strangers(path, (*way, name), each)


def test_an_answer_that_bybit_does_not_document_is_noticed() -> None:
    wrong = {"list": [{"symbol": "BTCUSDT", "last_price": "60000"}], "category": 5}
    assert len(list(strangers("/v5/market/tickers", ("result",), wrong))) == 2


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Migration:
    return TABLE.migrated(tmp_path_factory.mktemp(TABLE.name))


@those(are_left=False)
def test_what_is_read_of_an_answer_is_what_it_was(row: Row, migration: Migration) -> None:
    became = migration.files[TABLE.path(row)]
    try:
        found = value(became)
    except Exception as error:  # noqa: BLE001  whatever it is, it says what became of what is read
        pytest.fail(f"{error!r} in\n{became}", pytrace=False)
    assert is_same(found, literal_eval(row.gives)), f"{became}\ngives {found!r}"


@those(are_left=True)
def test_what_v5_does_not_tell_is_told_with_the_reason(row: Row, migration: Migration) -> None:
    told = migration.told(TABLE.path(row), row.line)
    assert re.search(row.told, told), told or migration.output
