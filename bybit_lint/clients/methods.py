"""Calls that a client cannot make: methods it does not have, arguments it takes for something else."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.clients import CallView
from bybit_lint.clients.arguments import is_slip, mistakes, squeezed
from bybit_lint.knowledge import client_methods, dialects
from bybit_lint.vocabulary import Break, BrokenCall, Fix, Replace

LIBRARY = "pybit"
MODULE = "pybit.unified_trading."
CLIENTS = ("HTTP", "WebSocket", "WebSocketTrading")
NEAR = 0.75
"""How alike two names are, by difflib's measure, before one is suggested for the other."""


def unknown(call: CallView) -> Iterator[BrokenCall]:
    """A call of a method that pybit's client does not have."""
    client, name = called(call)
    is_method = client in CLIENTS and name.isidentifier() and not name.startswith("_")
    if is_method and client_methods.client_method(client, name) is None:
        meant = meant_by(client, name)
        yield BrokenCall(call.own_span, LIBRARY, name, Break.UNKNOWN, meant, renamed(call, name, meant))


def unnamed(call: CallView) -> Iterator[BrokenCall]:
    """A call of a method of pybit's with more arguments than it takes without their names."""
    client, name = called(call)
    method = client_methods.client_method(client, name)
    if method is not None and call.is_only and call.sent is None and call.get("", len(method.positional)):
        yield BrokenCall(call.own_span, LIBRARY, name, Break.POSITIONAL)


def called(call: CallView) -> tuple[str, str]:
    """The client whose method is called, and the method; empty for anything that is not pybit's."""
    client, _, name = call.path.removeprefix(MODULE).partition("().")
    return (client, name) if call.path.startswith(MODULE) else ("", "")


def meant_by(client: str, name: str) -> str:
    """The method that a name is taken for: another spelling, what it was before V5, or the one most like it."""
    import difflib

    choices = client_methods.client_methods(client)
    spelt = [choice for choice in choices if squeezed(choice) == squeezed(name) or is_slip(name, choice)]
    legacy = dialects.legacy(name)
    former = [legacy.v5_method] if legacy and legacy.v5_method in choices else []
    usual = [choice for choice in choices if client != "HTTP" or is_usual(choice)]
    return next(iter((*spelt, *former, *difflib.get_close_matches(name, usual, 1, NEAR))), "")


def is_usual(method: str) -> bool:
    """True if a method is about market data, orders or positions, which most bots are about."""
    endpoint = knowledge.endpoint_of(method)
    return endpoint is not None and endpoint.is_complete


def renamed(call: CallView, name: str, meant: str) -> Fix | None:
    """Call the method that is meant, where it is another spelling, only asks, and takes the arguments as they are."""
    endpoint = knowledge.endpoint_of(meant)
    if endpoint is None or endpoint.verb != "GET" or call.receiver is None or call.get("", 0):
        return None
    is_spelling = squeezed(meant) == squeezed(name) or is_slip(name, meant)
    if not is_spelling or any(mistakes(call, endpoint.path, call.arguments(), call.is_closed)):
        return None
    return Fix(f"call {meant}", (Replace(call.called, "", f"{call.receiver}.{meant}"),), is_safe=True)
