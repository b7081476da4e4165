"""What Bybit says, as tables: its endpoints and its error codes, each row with its source and date."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from functools import cache

from bybit_lint.tuples import NamedTuple

DOMAINS = "bybit|bytick|bybit-tr|bybitgeorgia|bybitglobal"
"""What Bybit's own hosts are called, also those of its regions (https://bybit-exchange.github.io/docs/v5/guide)."""


class RetCode(NamedTuple):
    """One code that Bybit answers with: what it means, whether trying again helps, what usually causes it."""

    code: int
    channel: str
    """Where the code is seen: `retCode` of an answer, `HTTP status`, `WebSocket trade`."""
    meaning: str
    retry: str
    cause: str
    source: str
    date: str


class Endpoint(NamedTuple):
    """One REST endpoint and the pybit method that calls it."""

    method: str
    verb: str
    """`GET` or `POST`."""
    path: str
    needs_auth: bool
    is_complete: bool
    """True if it is known to take no other parameters than those of the table."""
    since: str
    """The first version of pybit that has the method."""
    source: str
    date: str


class Setting(NamedTuple):
    """One argument that pybit's clients are made with, or that is mistaken for one."""

    argument: str
    clients: tuple[str, ...]
    """The clients that take it: `HTTP`, `WebSocket`, `WebSocketTrading`; none if it only looks like one of theirs."""
    instead: str
    """What it is called where it is taken, empty if nothing does the same."""
    source: str
    date: str


class InstrumentField(NamedTuple):
    """One field of an instrument's filters, and the categories whose instruments have it."""

    name: str
    filter: str
    categories: tuple[str, ...]
    is_step: bool
    is_power: bool
    """True for a step that is a power of ten for every instrument, written with no zeros behind it."""
    instead: str
    """The field that has its place in the other categories, or `-`."""
    source: str
    date: str


def setting(argument: str) -> Setting | None:
    """What is known of an argument for pybit's clients; None where no table knows it."""
    return _settings().get(argument)


def ret_code(code: int) -> RetCode | None:
    """What Bybit means by a retCode, a WebSocket trade code or an HTTP status; None where no table knows it."""
    return _ret_codes().get(code)


def endpoint_of(method: str) -> Endpoint | None:
    """The endpoint that a method of pybit's `unified_trading.HTTP` calls."""
    return _endpoints().get(method)


def method_names() -> Collection[str]:
    """The methods of pybit's `unified_trading.HTTP` that call an endpoint."""
    return _endpoints().keys()


def endpoint_at(path: str) -> Endpoint | None:
    """The endpoint at a V5 path; where several pybit methods call it, the alphabetically first."""
    return _endpoints_by_path().get(path)


def methods() -> frozenset[str]:
    """The names of pybit's methods that call an endpoint."""
    return frozenset(_endpoints())


@cache
def instrument_fields() -> Mapping[str, InstrumentField]:
    """The fields of instruments that are not the same for all categories, and the steps, by their names."""
    fields = (
        InstrumentField(r[0], r[1], tuple(r[2].split(",")), r[3] != "no", r[3] == "ten", *r[4:])
        for r in rows("instrument_fields")
    )
    return {field.name: field for field in fields}


@cache
def steps() -> frozenset[str]:
    """The names of the fields that say of what a quantity or price is a multiple."""
    return frozenset(field.name for field in instrument_fields().values() if field.is_step)


@cache
def powers() -> frozenset[str]:
    """The names of those of them that are powers of ten, so that to count their decimals is right."""
    return frozenset(field.name for field in instrument_fields().values() if field.is_power)


def unchanged(endpoint: str) -> int | None:
    """What an endpoint answers for a setting that is already what it should become; None if that is no error there."""
    return _unchanged().get(endpoint)


@cache
def set_again() -> frozenset[str]:
    """The endpoints whose settings no second start makes again, because they end with the position, but a loop may."""
    return frozenset(row[0] for row in rows("unchanged") if row[2] == "round")


@cache
def _unchanged() -> dict[str, int]:
    return {row[0]: int(row[1]) for row in rows("unchanged")}


@cache
def _ret_codes() -> dict[int, RetCode]:
    return {int(code): RetCode(int(code), *rest) for code, *rest in rows("ret_codes")}


@cache
def _settings() -> dict[str, Setting]:
    return {row[0]: Setting(row[0], words(row[1]), row[2].strip("-"), row[3], row[4]) for row in rows("pybit_settings")}


def words(cell: str) -> tuple[str, ...]:
    """The words of a cell; `-` is none."""
    return tuple(word for word in cell.split(",") if word != "-")


@cache
def _endpoints() -> dict[str, Endpoint]:
    return {row[0]: _endpoint(*row) for row in rows("endpoints")}


def _endpoint(method: str, verb: str, path: str, auth: str, parameters: str, *rest: str) -> Endpoint:
    since, source, date = rest
    return Endpoint(method, verb, path, auth == "yes", parameters == "all", since, source, date)


@cache
def _endpoints_by_path() -> dict[str, Endpoint]:
    return {endpoint.path: endpoint for endpoint in reversed(_endpoints().values())}


def rows(table: str) -> Iterator[list[str]]:
    """The rows of `<table>.tsv` without its header, each split into its cells."""
    for line in text(table).splitlines()[1:]:
        yield line.split("\t")


def rows_of(table: str, path: str) -> Iterator[list[str]]:
    """The rows about one path, without it. They stand together, so that no other row is taken apart."""
    whole, start = text(table), f"\n{path} "
    at = whole.find(start)
    while whole.startswith(start, at):
        end = whole.find("\n", at + 1)
        yield whole[at + len(start) : end].split("\t")
        at = end


def places(table: str) -> Iterator[tuple[str, str]]:
    """The path that each row of a table is about, and what of it."""
    for line in text(table).splitlines()[1:]:
        path, _, name = line.partition("\t")[0].partition(" ")
        yield path, name


@cache
def text(table: str) -> str:
    """All of `<table>.tsv`."""
    with open(os.path.join(os.path.dirname(__file__), f"{table}.tsv"), encoding="utf-8") as file:
        return file.read()
