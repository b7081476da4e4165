"""Runs tests/migrated/streams.tsv: what a stream of an older client becomes, and what is read of its messages.

A row has a subscription of an older socket `ws` and what its function `on` reads of a `message`, both again for V5,
the channel and topics that are subscribed to, and what is read of the message in tests/migrated/messages.json. What a
person has to know is `told`, a pattern of what the report says; a row without topics is left whole.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from migrated.clients import KEYS
from migrated.command import Migration
from migrated.tables import Table
from migrated.transport import MESSAGES, listened

from bybit_lint.knowledge import streams

ON = "heard = []\n\n\ndef on(message):\n    heard.append(({reads}))\n\n\n{call}\n"
OLD = f"from pybit import {{module}}\n\nws = {{module}}.WebSocket(test=True, {KEYS})\n{ON}"
MADE = f'ws = WebSocket(channel_type="{{channel}}", testnet=True, {KEYS})\n'
NEW = f"from pybit.unified_trading import WebSocket\n\n{MADE}{ON}"


class Row(NamedTuple):
    """A subscription before and after."""

    client: str
    old: str
    reads: str
    new: str
    v5_reads: str
    subscribes: str
    gives: str
    told: str
    slice: str

    @property
    def is_left(self) -> bool:
        return self.subscribes == "-"

    @property
    def program(self) -> str:
        return OLD.format(module=self.client, reads=self.reads, call=self.old)

    @property
    def line(self) -> int:
        return self.program.count("\n")

    @property
    def v5_program(self) -> str:
        channel, *_ = self.subscribes.split()
        return NEW.format(channel=channel, reads=self.v5_reads, call=self.new)


TABLE = Table("streams", Row)


def those(*, are_left: bool, is_awaited: bool = True) -> pytest.MarkDecorator:
    rows = [row for row in TABLE.rows if row.is_left is are_left]
    return TABLE.each(rows, lambda row: f"{row.client} {row.old}", is_awaited=is_awaited)


def flaws(row: Row, program: str) -> Iterator[str]:
    """What of a program is not as the row says."""
    found, names = listened(program)
    if [str(each) for each in found] != [row.subscribes]:
        yield f"it subscribes to {[str(each) for each in found]}"
    if names["heard"] != [literal_eval(row.gives)]:
        yield f"it reads {names['heard']}"


# --- the table --------------------------------------------------------------------------------------------------------


@those(are_left=False, is_awaited=False)
def test_v5_has_this_stream(row: Row) -> None:
    assert list(flaws(row, row.v5_program)) == []


def test_another_stream_and_another_value_are_flaws() -> None:
    assert len(list(flaws(TABLE.rows[0], TABLE.rows[4].v5_program))) == 2


@pytest.mark.parametrize("topic", MESSAGES)
def test_the_messages_are_those_that_bybit_documents(topic: str) -> None:
    data = MESSAGES[topic]["data"]
    (held,) = data if isinstance(data, list) else [data]
    if topic == "wallet":
        held = {**held, **held["coin"][0]}
    known = streams.fields(topic, "linear")
    assert known.numbers
    assert known.numbers | known.others <= held.keys()


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Migration:
    return TABLE.migrated(tmp_path_factory.mktemp(TABLE.name))


@those(are_left=False)
def test_a_stream_of_before_becomes_this_one(row: Row, migration: Migration) -> None:
    became = migration.files[TABLE.path(row)]
    try:
        found = list(flaws(row, became))
    except Exception as error:  # noqa: BLE001  whatever it is, it says what became of the stream
        pytest.fail(f"{error!r} in\n{became}", pytrace=False)
    assert not found, f"{became}\n{found}"
    assert_told(row, migration)


@those(are_left=True)
def test_a_stream_that_v5_has_not_is_left_whole_and_told_with_the_reason(row: Row, migration: Migration) -> None:
    assert row.old in migration.files[TABLE.path(row)]
    assert_told(row, migration)


def assert_told(row: Row, migration: Migration) -> None:
    told = migration.told(TABLE.path(row), row.line)
    assert row.told == "-" or re.search(row.told, told), told or migration.output
