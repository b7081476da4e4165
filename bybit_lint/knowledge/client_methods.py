"""The methods of pybit's clients, beside those that call an endpoint by its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import endpoint_of, method_names, rows
from bybit_lint.tuples import NamedTuple


class ClientMethod(NamedTuple):
    """One method of a client."""

    name: str
    positional: tuple[str, ...]
    """The arguments that may be given without their names."""
    until: str
    """The last version of pybit that has it; `-` where the newest does."""


def client_method(client: str, name: str) -> ClientMethod | None:
    """A method of `HTTP`, `WebSocket` or `WebSocketTrading`; None where no version since 5.0 is known to have it."""
    if client == "HTTP" and endpoint_of(name):
        return ClientMethod(name, (), "-")
    return _methods().get(f"{client}.{name}")


@cache
def client_methods(client: str) -> tuple[str, ...]:
    """The names of all methods that the newest version of a client has."""
    named = [key.partition(".") for key, method in _methods().items() if method.until == "-"]
    return (*(method_names() if client == "HTTP" else ()), *(name for own, _, name in named if own == client))


@cache
def _methods() -> Mapping[str, ClientMethod]:
    return {
        name: ClientMethod(name, tuple(listed.strip("-").split(",")) if listed != "-" else (), until)
        for name, listed, _, until, *_ in rows("client_methods")
    }
