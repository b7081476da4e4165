"""Whether an exchange of ccxt's is Bybit, where its name comes from the settings of the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bybit_lint.reader import naming
from bybit_lint.reader.terms import Expression, Invocation, Mapping, Part, Term, path

if TYPE_CHECKING:
    from bybit_lint.reader.resolve import Resolver

MODULES = {"ccxt", "ccxt.async_support", "ccxt.pro"}
NAME = "bybit"
"""ccxt's name for Bybit, and the word for it in the name of a key."""


class Made(Protocol):
    """A call that makes something."""

    @property
    def callee(self) -> Term: ...

    @property
    def positional(self) -> tuple[Expression, ...]: ...


def meant(resolver: Resolver, made: Made) -> Term | None:
    """Bybit's class, if `getattr(ccxt, name)(...)` is given a key that is named after Bybit on every way to it."""
    asked = made.callee
    if not isinstance(asked, Invocation) or path(asked.callee) != "builtins.getattr" or len(asked.positional) < 2:
        return None
    module = asked.positional[0].term
    if path(module) not in MODULES or not made.positional:
        return None
    config = made.positional[0].term
    key = config.entries.get("apiKey") if isinstance(config, Mapping) else None
    return Part(module, f".{NAME}") if key and naming.says(resolver, key.site, NAME) else None
