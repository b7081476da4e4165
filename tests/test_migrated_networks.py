"""Runs tests/migrated/networks.tsv: no bot that is carried over reaches another network than the one it was made for.

A row has a bot of an older client, whose statements stand on lines of their own (`; ` ends one), the variables of its
environment, and where it has to arrive: a host, for a socket with its path. Where the network is known at run time
alone, the report says so (`told` is a pattern of it), and the bot arrives there or is left as it is.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from migrated.command import Migration
from migrated.tables import Table
from migrated.transport import reached

NEW = "from pybit.unified_trading import HTTP, WebSocket\n\n"


class Row(NamedTuple):
    """A bot that makes a client, and where this has to arrive."""

    old: str
    environment: str
    reaches: str
    told: str
    slice: str

    @property
    def variables(self) -> dict[str, str]:
        return dict(pair.split("=", 1) for pair in self.environment.strip("-").split())

    @property
    def program(self) -> str:
        return "\n".join([*self.lines, ""])

    @property
    def lines(self) -> list[str]:
        return self.old.split("; ")


TABLE = Table("networks", Row)


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Migration:
    return TABLE.migrated(tmp_path_factory.mktemp(TABLE.name))


@TABLE.each(TABLE.rows, lambda row: row.reaches, is_awaited=True)
def test_a_client_reaches_the_network_that_it_was_made_for(row: Row, migration: Migration) -> None:
    became = migration.files[TABLE.path(row)]
    told = migration.told(TABLE.path(row), len(row.lines))
    assert row.told == "-" or re.search(row.told, told), told or migration.output
    if row.told == "-" or row.lines[-1] not in became:
        assert_reached(row, became)


def assert_reached(row: Row, became: str) -> None:
    try:
        found = reached(became, row.variables)
    except Exception as error:  # noqa: BLE001  whatever it is, it says what became of the client
        pytest.fail(f"{error!r} in\n{became}", pytrace=False)
    assert found
    assert all(f"{place}/".startswith(f"{row.reaches}/") for place in found), f"{became}\nreaches {found}"


@pytest.mark.parametrize(
    ("made", "place"),
    [
        ("HTTP(testnet=True).get_server_time()", "api-testnet.bybit.com/v5/market/time"),
        ("HTTP().get_server_time()", "api.bybit.com/v5/market/time"),
        ('HTTP(domain="bytick").get_server_time()', "api.bytick.com/v5/market/time"),
        ('HTTP(tld="nl").get_server_time()', "api.bybit.nl/v5/market/time"),
        ("HTTP(demo=True).get_server_time()", "api-demo.bybit.com/v5/market/time"),
        ('WebSocket(channel_type="linear", testnet=True)', "stream-testnet.bybit.com/v5/public/linear"),
        (
            'WebSocket(channel_type="private", testnet=False, api_key="key", api_secret="secret")',
            "stream.bybit.com/v5/private",
        ),
        (
            'WebSocket(channel_type="linear", testnet=True, domain="bytick")',
            "stream-testnet.bytick.com/v5/public/linear",
        ),
    ],
)
def test_the_clients_of_v5_reach_what_the_table_speaks_of(made: str, place: str) -> None:
    assert reached(NEW + made, {}) == [place]
