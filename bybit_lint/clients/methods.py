"""Calls that a client cannot make: methods it does not have, arguments it takes for something else."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.clients import Call
from bybit_lint.clients.arguments import is_slip, mistakes, squeezed
from bybit_lint.knowledge import client_methods, dialects
from bybit_lint.vocabulary import Break, BrokenCall, Fix, Replace

LIBRARY = "pybit"
MODULE = "pybit.unified_trading."
CLIENTS = ("HTTP", "WebSocket", "WebSocketTrading")
NEAR = 0.75
"""How alike two names are, by difflib's measure, before one is suggested for the other."""


def broken(call: Call) -> Iterator[BrokenCall]:
    """A call of a method that pybit's client does not have, or with arguments that have to be named."""
    client, _, name = call.path.removeprefix(MODULE).partition("().")
    if not call.path.startswith(MODULE) or client not in CLIENTS or not name.isidentifier() or name.startswith("_"):
        return
    method = client_methods.client_method(client, name)
    if method is None:
        meant = meant_by(client, name)
        yield BrokenCall(call.own_span, LIBRARY, name, Break.UNKNOWN, meant, renamed(call, name, meant))
    elif call.get("", len(method.positional)):
        yield BrokenCall(call.own_span, LIBRARY, name, Break.POSITIONAL)


def meant_by(client: str, name: str) -> str:
    """The method that a name is taken for: another spelling, what it was before V5, or the one most like it."""
    import difflib

    choices = client_methods.client_methods(client)
    spelt = [choice for choice in choices if squeezed(choice) == squeezed(name) or is_slip(name, choice)]
    legacy = dialects.legacy(name)
    renamed = [legacy.v5_method] if legacy and legacy.v5_method in choices else []
    return next(iter((*spelt, *renamed, *difflib.get_close_matches(name, choices, 1, NEAR))), "")


def renamed(call: Call, name: str, meant: str) -> Fix | None:
    """Call the method that is meant, where it is another spelling, only asks, and takes the arguments as they are."""
    endpoint = knowledge.endpoint_of(meant)
    if endpoint is None or endpoint.verb != "GET" or call.receiver is None or call.get("", 0):
        return None
    is_spelling = squeezed(meant) == squeezed(name) or is_slip(name, meant)
    if not is_spelling or any(mistakes(call, endpoint.path, call.arguments(), call.is_closed)):
        return None
    return Fix(f"call {meant}", (Replace(call.called, "", f"{call.receiver}.{meant}"),), is_safe=True)
