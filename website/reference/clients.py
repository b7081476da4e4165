"""A page for each client library, and a list of them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module

from bybit_lint import knowledge
from bybit_lint.knowledge import messages
from bybit_lint.knowledge.dialects import Method, ccxt_methods, legacy_methods, pybybit_methods, swagger_methods
from reference import relations
from reference.markdown import code, items, link, prose, section, table
from reference.relations import CLIENTS, Client

METHODS: Mapping[str, Mapping[str, Method]] = {
    "ccxt": ccxt_methods(),
    "pybit before V5": legacy_methods(),
    "pybybit": pybybit_methods(),
    "bybit": swagger_methods(),
}
OVER = {"rest": ("network",), "sockets": ("WebSocket", "network")}
"""What else is said to bots that send their requests, or open their sockets, themselves."""


def all_pages() -> Iterator[tuple[str, str]]:
    rows = ((link(client.name, relations.client_place(client)), prose(_story(client)[0])) for client in CLIENTS)
    text = (
        "What is known of each library: what its calls are at Bybit, which mistakes are made with it, what it says.\n"
    )
    yield "clients/index.md", f"---\ntitle: Clients\n---\n# Clients\n\n{text}\n{table(('client', ''), rows)}"
    yield from ((relations.client_place(client), _page(client)) for client in CLIENTS)


def _page(client: Client) -> str:
    head, *rest = _story(client)
    rules = [rule.code for rule, page in relations.rules() if client in relations.clients_of(page)]
    return "".join(
        [
            f"---\ntitle: {client.name}\n---\n# {client.name}\n\n{prose(head)}\n{{ .lead }}\n\n",
            *(f"{prose(text)}\n\n" for text in rest),
            section("Rules that show a mistake with it", items(relations.rule_links(rules))),
            section("What it says", items(_texts(client))),
            section("Methods", table(("method", "endpoint"), _methods(client))),
        ]
    )


def _story(client: Client) -> list[str]:
    """What the client's model says of it: a sentence, and the rest."""
    text = inspect.getdoc(import_module(f"bybit_lint.clients.{client.model}")) or ""
    return [" ".join(paragraph.replace("`", "").split()) for paragraph in text.split("\n\n")]


def _texts(client: Client) -> Iterator[str]:
    said_by = (client.name.partition(" ")[0], *OVER.get(client.model, ()))
    for message in messages.everything():
        if message.channel in said_by:
            yield f"{link(code(message.text), relations.message_place(message))}: {prose(message.meaning)}"


def _methods(client: Client) -> Iterator[tuple[str, str]]:
    if client.name == "pybit":
        known = {name: found.path for name in knowledge.method_names() if (found := knowledge.endpoint_of(name))}
    else:
        known = {name: method.endpoint for name, method in METHODS.get(client.name, {}).items()}
    for name, path in sorted(known.items()):
        yield code(name), relations.endpoint_link(path) if path in relations.paths() else "none in V5"
