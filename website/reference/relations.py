"""What leads to what: rules, codes, endpoints and clients, by what the rules' pages show and the tables say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from bybit_lint import checks, knowledge
from bybit_lint.knowledge import messages
from bybit_lint.knowledge.dialects import ccxt_methods, legacy_methods, pybybit_methods, swagger_methods
from bybit_lint.knowledge.messages import Message
from bybit_lint.report import pages
from bybit_lint.report.pages import Page
from bybit_lint.rule import Rule
from reference.markdown import link, prose

PATH = re.compile(r"/v5/[a-z0-9/-]+")
CALL = re.compile(r"\.(\w+)\(")
BEFORE_V5 = r"^from pybit import |^from pybit\.(?:legacy|usd|inv|spot|unified_margin)"


class Client(NamedTuple):
    """A client library."""

    name: str
    model: str
    """The module of `bybit_lint.clients` that knows it."""
    imports: str
    """A regular expression for how a bot begins that uses it."""


def _import(name: str) -> str:
    return rf"^(?:import|from) {name}\b"


CLIENTS = (
    Client("pybit", "pybit", r"^from pybit\.(?:unified_trading|exceptions)"),
    Client("pybit before V5", "pybit_legacy", BEFORE_V5),
    Client("ccxt", "ccxt", _import("ccxt")),
    Client("requests", "rest", _import("requests")),
    Client("httpx", "rest", _import("httpx")),
    Client("aiohttp", "rest", _import("aiohttp")),
    Client("urllib", "rest", _import(r"urllib\.request")),
    Client("websockets", "sockets", _import("websockets")),
    Client("websocket-client", "sockets", _import("websocket")),
    Client("pybybit", "pybybit", _import("pybybit")),
    Client("bybit", "swagger", _import("bybit")),
    Client("bybit_p2p", "p2p", _import("bybit_p2p")),
)


# --- places in the site -----------------------------------------------------------------------------------------------


def client_place(client: Client) -> str:
    return f"clients/{client.name.lower().replace(' ', '-')}.md"


def code_place(code: int) -> str:
    return f"codes/{code}.md"


def endpoint_place(path: str) -> str:
    return f"endpoints/{path.removeprefix('/v5/')}.md"


def message_place(message: Message) -> str:
    return f"texts.md#{anchor(message)}"


@cache
def anchors() -> dict[str, Message]:
    """All texts by their anchors, of which none is another's."""
    found: dict[str, Message] = {}
    for message in messages.everything():
        stem = re.sub(r"[^a-z0-9]+", "-", message.text.lower()).strip("-") or "text"
        names = (stem, *(f"{stem}-{number}" for number in range(2, 100)))
        found[next(name for name in names if name not in found)] = message
    return found


def anchor(message: Message) -> str:
    return next(name for name, known in anchors().items() if known == message)


# --- links ------------------------------------------------------------------------------------------------------------


def rule_links(codes: Sequence[str]) -> Iterator[str]:
    for name in codes:
        if page := pages.find(name):
            yield f"{link(f'{page.code} {page.name}', page.path)}: {prose(page.summary)}"


def code_link(code: int) -> str:
    return link(str(code), code_place(code))


def endpoint_link(path: str) -> str:
    return link(f"`{path}`", endpoint_place(path))


# --- relations --------------------------------------------------------------------------------------------------------


@cache
def codes() -> tuple[int, ...]:
    """All codes that a table knows."""
    return tuple(sorted({int(row[0]) for table in ("ret_codes", "documented_codes") for row in knowledge.rows(table)}))


@cache
def paths() -> tuple[str, ...]:
    """All endpoints."""
    return tuple(sorted({e.path for name in knowledge.method_names() if (e := knowledge.endpoint_of(name))}))


@cache
def rules() -> tuple[tuple[Rule, Page], ...]:
    """All rules with their pages."""
    return tuple((rule, page) for rule in checks.load() if (page := pages.find(rule.code)))


def clients_of(page: Page) -> tuple[Client, ...]:
    """The clients with which a page shows its mistake."""
    return tuple(client for client in CLIENTS if re.search(client.imports, _mistakes()[page.code], re.MULTILINE))


def endpoints_of(page: Page) -> tuple[str, ...]:
    """The endpoints that are called where a page shows its mistake, by their paths or by a method of pybit or ccxt."""
    return _called()[page.code]


@cache
def _called() -> dict[str, tuple[str, ...]]:
    found = {name: {*PATH.findall(shown), *map(_path, CALL.findall(shown))} for name, shown in _mistakes().items()}
    return {name: tuple(path for path in paths() if path in called) for name, called in found.items()}


@cache
def _mistakes() -> dict[str, str]:
    """All code with the mistake of each rule's page."""
    return {
        page.code: "\n".join(block.source for case in page.cases for block in case.files("bad")) for page in pages.all()
    }


def _path(method: str) -> str:
    known = knowledge.endpoint_of(method)
    other = ccxt_methods().get(method)
    return known.path if known else other.endpoint if other else ""


@cache
def called(path: str) -> tuple[tuple[str, str], ...]:
    """How other clients than pybit call an endpoint: the client's name, and its method."""
    tables = {
        "ccxt": ccxt_methods(),
        "pybit before V5": legacy_methods(),
        "pybybit": pybybit_methods(),
        "bybit": swagger_methods(),
    }
    return tuple((client, m.name) for client, known in tables.items() for m in known.values() if m.endpoint == path)


@cache
def unchanged() -> dict[str, int]:
    """What an endpoint answers for a setting that is made already."""
    return {path: code for path in paths() if (code := knowledge.unchanged(path))}
