"""The clients bybit and pybybit, whose methods are those of pybit before V5 by other names, and in parts."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from bybit_lint.clients import pybit_legacy, pybybit, swagger
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import dialects, migrations
from bybit_lint.tuples import NamedTuple

PYBIT = "pybit"
MAKERS: Mapping[str, str] = {
    **dict.fromkeys(pybit_legacy.CLASSES, PYBIT),
    swagger.MAKER: swagger.LIBRARY,
    pybybit.API: pybybit.LIBRARY,
}
"""The libraries by what makes their clients."""
MARKETS: Mapping[str, str] = {
    "Linear": "usdt_perpetual",
    "Futures": "inverse_futures",
    "": "inverse_perpetual",
    "linear": "usdt_perpetual",
    "futures": "inverse_futures",
    "inverse": "inverse_perpetual",
}
"""What the clients of one market are called in pybit."""
SOCKET = "ws."
PARTS = {swagger.LIBRARY: 1, pybybit.LIBRARY: 2}
"""How many names stand between a client and its method: `client.Order.Order_new`, `api.rest.linear.public_tickers`."""


class Spoken(NamedTuple):
    """A method in the words of pybit."""

    client: str
    method: str
    positional: Sequence[str] = ()


def spoken(path: str) -> Spoken | None:
    """What a path means in pybit; None for what it has no word for."""
    if match := swagger.METHOD.fullmatch(path):
        return _meant(swagger.LIBRARY, match[1], match[2], ())
    if match := pybybit.METHOD.fullmatch(path):
        known = dialects.pybybit(match[2], match[1])
        return _meant(pybybit.LIBRARY, match[1], match[2], [*known.arguments] if known else ())
    return None


def _meant(library: str, market: str, name: str, positional: Sequence[str]) -> Spoken | None:
    method = migrations.meant_by(library, name)
    return Spoken(MARKETS[market], method, [name.rstrip("_") for name in positional]) if method else None


def root(library: str, part: ast.expr) -> ast.expr:
    """The client that a part of it is written of: `client` in `client.Order`. Raises Undecided."""
    for _ in range(PARTS[library]):
        if not isinstance(part, ast.Attribute):
            raise Undecided("which part of its client it is asked of is not written beside it")
        part = part.value
    return part
