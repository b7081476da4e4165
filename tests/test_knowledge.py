"""The tables of knowledge/: complete rows, and no drift from the installed pybit."""

from __future__ import annotations

import re
from importlib.metadata import version
from inspect import signature
from pathlib import Path

import ccxt  # type: ignore[import-untyped]  # ccxt has no types
import pytest
from pybit.unified_trading import HTTP, WebSocket  # type: ignore[import-untyped]  # pybit has no types

import bybit_lint.knowledge
from bybit_lint import checks
from bybit_lint.clients import rest
from bybit_lint.knowledge import (
    Endpoint,
    endpoint_at,
    endpoint_of,
    exchanges,
    legacy,
    method_names,
    ret_code,
    rows,
    streams,
)
from bybit_lint.knowledge.messages import documented, messages

FOLDER = Path(bybit_lint.knowledge.__file__).parent
TABLES = sorted(path.stem for path in FOLDER.glob("*.tsv"))
NOT_ENDPOINTS = {"prepare_payload", "prepare_file_payload"}


def header(table: str) -> list[str]:
    return (FOLDER / f"{table}.tsv").read_text(encoding="utf-8").splitlines()[0].split("\t")


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_its_source_and_date(table: str) -> None:
    columns = header(table)
    assert columns[-2:] == ["source", "date"], f"{table}.tsv: the last two columns are source and date"
    for number, row in enumerate(rows(table), start=2):
        place = f"{table}.tsv:{number}"
        assert len(row) == len(columns), f"{place}: {len(row)} cells, the header has {len(columns)}"
        assert all(cell and cell == cell.strip() for cell in row), f"{place}: fill the empty cell, trim the others"
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", row[-1]), f"{place}: write the date as 2026-07-24"


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_sorted_and_no_key_comes_twice(table: str) -> None:
    keys = [int(row[0]) if re.fullmatch(r"-?\d+", row[0]) else row[0] for row in rows(table)]
    assert keys == sorted(set(keys)), f"{table}.tsv: sort the rows by their first column and drop doubles"


@pytest.mark.parametrize("code", [10001, 10003, 10006, 110059, 110072, 10429, 403, -2015])
def test_a_code_is_explained_in_full(code: int) -> None:
    found = ret_code(code)
    assert found is not None
    assert found.code == code
    assert all((found.meaning, found.retry, found.cause))


def test_a_channel_is_one_of_three() -> None:
    channels = {row[header("ret_codes").index("channel")] for row in rows("ret_codes")}
    assert channels == {"retCode", "HTTP status", "WebSocket trade"}


SPEAKERS = {"WebSocket", "pybit", "ccxt", "Python", "network"}


def test_a_message_names_rules_that_are_there_and_codes_that_are_known() -> None:
    codes = {rule.code for rule in checks.load()}
    for row in rows("messages"):
        message = messages(row[0].replace("{}", "X"))[0]
        assert message.text == row[0], "its own text finds another row"
        assert set(message.rules) <= codes
        assert message.channel in SPEAKERS or (message.code is not None and ret_code(message.code))


def test_what_is_known_in_full_is_on_bybits_page_or_says_where_else() -> None:
    page = "https://bybit-exchange.github.io/docs/v5/error"
    assert not [row[0] for row in rows("ret_codes") if row[-2] == page and not documented(int(row[0]))]


def test_a_path_of_an_older_api_is_told_by_how_it_begins() -> None:
    assert legacy.is_legacy("/v2/private/of-its-own")
    assert not legacy.is_legacy("/v2/privateer")
    assert not any(legacy.is_legacy(endpoint.path) for endpoint in map(endpoint_of, method_names()) if endpoint)


def test_each_older_path_is_known_in_an_address() -> None:
    paths = [path for path, known in legacy.paths().items() if known.kind == "REST"]
    assert not [path for path in paths if not rest.ENDPOINT.fullmatch(path)]


def test_what_takes_the_place_of_an_older_path_is_a_path_of_v5() -> None:
    found = {known.v5_path for known in legacy.paths().values() if known.kind == "REST"} - {""}
    assert not [path for path in found if not endpoint_at(path)]
    assert {known.kind for known in legacy.paths().values()} == {"REST", "stream"}


def test_what_is_given_up_is_an_endpoint_of_v5_and_so_is_what_takes_its_place() -> None:
    known = legacy.given_up()
    assert known["/v5/position/switch-isolated"][1:] == (
        ("linear",),
        "with linear contracts Bybit answers 100028",
        "/v5/account/set-margin-mode",
    )
    assert not [path for path in known if not endpoint_at(path)]
    assert not [each.instead for each in known.values() if each.instead and not endpoint_at(each.instead)]


def test_what_no_table_knows_is_none() -> None:
    assert ret_code(0) is None
    assert endpoint_of("place_active_order") is None
    assert endpoint_at("/v2/private/order/create") is None


def test_an_order_is_found_by_its_method_and_by_its_path() -> None:
    order = endpoint_of("place_order")
    assert order is not None
    assert order[:4] == ("place_order", "POST", "/v5/order/create", True)
    assert endpoint_at("/v5/order/create") == order


def test_the_methods_are_those_of_the_table() -> None:
    assert {"place_order", "get_tickers"} <= set(method_names())
    assert all(endpoint_of(method) for method in method_names())


def test_a_path_of_several_methods_gives_the_first() -> None:
    shared = endpoint_at("/v5/fiat/trade-execute")
    assert shared is not None
    assert shared.method == "confirm_a_quote_fiat_convert"


def test_market_data_needs_no_key() -> None:
    for method, needs_auth in {"get_tickers": False, "get_server_time": False, "get_positions": True}.items():
        endpoint = endpoint_of(method)
        assert endpoint is not None
        assert endpoint.needs_auth is needs_auth


# --- against the installed pybit --------------------------------------------------------------------------------------


class Recorder(HTTP):  # type: ignore[misc]  # pybit has no types
    """A pybit client that sends nothing and remembers what it was about to send."""

    crypto_loan_legacy_message = ""  # pybit 5.17.0 sets it in an __init__ that HTTP never runs

    def _submit_request(self, method: str, path: str, query: object = None, auth: bool = False) -> None:
        self.seen = (method, path.removeprefix(self.endpoint), auth)

    def _submit_file_request(self, path: str, query: object = None, auth: bool = True) -> None:
        self._submit_request("POST", path, query, auth)


def pybit_methods() -> set[str]:
    public = {name for name in dir(HTTP) if not name.startswith("_") and callable(getattr(HTTP, name))}
    return public - NOT_ENDPOINTS


def sent_by(method: str) -> tuple[str, str, bool]:
    client = Recorder(demo=True)  # some methods refuse to run elsewhere
    getattr(client, method)()
    return client.seen


def told(endpoint: Endpoint | None) -> tuple[str, str, bool] | None:
    return endpoint and (endpoint.verb, endpoint.path, endpoint.needs_auth)


def drift() -> list[str]:
    """Where the table and the installed pybit say different things."""
    tables, theirs = {row[0] for row in rows("endpoints")}, pybit_methods()
    both = ((name, told(endpoint_of(name)), sent_by(name)) for name in sorted(tables & theirs))
    return [
        *(f"{name}: pybit has it, the table lacks it" for name in sorted(theirs - tables)),
        *(f"{name}: the table has it, pybit lacks it" for name in sorted(tables - theirs)),
        *(f"{name}: the table says {ours}, pybit sends {sent}" for name, ours, sent in both if ours != sent),
    ]


def test_every_row_says_what_pybit_sends() -> None:
    installed, read = f"pybit {version('pybit')}", {row[-2] for row in rows("endpoints")}
    said = "\n".join([f"endpoints.tsv was read from {', '.join(sorted(read))}, installed is {installed}:", *drift()])
    if drift() and installed not in read:
        pytest.skip(said)  # a release of pybit must not turn anybody's tests red; -ra shows what it brought
    assert not drift(), said


# --- streams ----------------------------------------------------------------------------------------------------------


def test_the_subscribing_methods_are_those_of_pybit() -> None:
    told = {name: list(method.arguments) for name, method in streams.methods().items()}
    theirs = {
        name: [*signature(method).parameters][1:]
        for name, method in vars(WebSocket).items()
        if name.endswith("_stream")
    }
    assert told == theirs


@pytest.mark.parametrize(
    ("topic", "channel", "said"),
    [
        ("kline.5.BTCUSDT", "linear", ""),
        ("kline.D.BTCUSDT", None, ""),
        ("kline.5m.BTCUSDT", None, "there is no interval 5m, it is called 5"),
        ("kline.5.BTC-USD-C", "option", "the option stream has no topic kline"),
        ("kline.5.BTCUSDT", "public", "there is no public stream"),
        ("orderbook.25.BTCUSDT", "linear", "the linear stream has no depth 25, only 1, 50, 200, 1000"),
        ("orderbook.25.BTC-C", "option", ""),
        ("orderbook.25.BTCUSDT", None, ""),
        ("orderbook.\0.BTCUSDT", "linear", ""),
        ("orderbook.rpi.BTCUSDT", "spot", ""),
        ("orderbook", "linear", ""),
        ("position", "linear", "the linear stream has no topic position, it belongs to private"),
        ("order.linear", "private", ""),
        ("adlAlert.USDT", "linear", ""),
    ],
)
def test_a_topic_is_refused_for_a_reason(topic: str, channel: str | None, said: str) -> None:
    found = streams.refusal(topic, channel)
    assert found.startswith(said)
    assert bool(found) is bool(said)


def test_only_the_spot_stream_minds_a_crowd() -> None:
    assert [bool(streams.crowd(11, channel)) for channel in ("spot", "linear", None)] == [True, False, False]
    assert not streams.crowd(10, "spot")


def test_what_is_written_for_an_interval_is_none_of_bybits() -> None:
    allowed = set(streams.topics()["linear", "kline"].values)
    assert set(streams.intervals().values()) == allowed
    assert not allowed & set(streams.intervals())


def test_what_ccxt_calls_another_exchange_it_calls_so_still() -> None:
    said = {row[0] for row in rows("exchanges") if "/ccxt/" in row[1]}
    assert said
    assert said <= set(ccxt.exchanges)
    assert "bybit" not in exchanges.names()
