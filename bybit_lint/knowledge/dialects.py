"""The names that other clients have for Bybit's endpoints and arguments: pybit before V5, bybit, pybybit, and ccxt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import endpoint_of, rows
from bybit_lint.tuples import NamedTuple


class Method(NamedTuple):
    """A method of another client, and what it is called in V5."""

    name: str
    """`place_active_order`; `usdc_options.get_active_order` where it means something else in one of the modules."""
    v5_method: str
    """The method of pybit's `unified_trading` that takes its place, or `-`."""
    written: str
    """Its arguments, as they stand in the table."""
    source: str
    date: str

    @property
    def arguments(self) -> Mapping[str, tuple[str, ...]]:
        """Its arguments and for each its V5 names: none, one, or several. Those that have a position come first."""
        return _arguments(self.written)

    @property
    def endpoint(self) -> str:
        """The V5 path; empty if Bybit has none for it any more."""
        found = endpoint_of(self.v5_method)
        return found.path if found else ""


def legacy(name: str, module: str = "") -> Method | None:
    """A method of pybit up to 2.4, of its 3.0 previews or of `pybit.legacy`, as one of their modules means it."""
    known = legacy_methods()
    return known.get(f"{module}.{name}") or known.get(name)


@cache
def legacy_methods() -> Mapping[str, Method]:
    """The methods of pybit before V5, by their names."""
    return _methods("legacy_methods")


def pybybit(name: str, market: str) -> Method | None:
    """A method of pybybit, as its part for a market means it."""
    known = pybybit_methods()
    return known.get(f"{market}.{name}") or known.get(name)


@cache
def pybybit_methods() -> Mapping[str, Method]:
    """The methods of pybybit, by their names; all of their arguments, in the order of their positions."""
    return _methods("pybybit_methods")


@cache
def swagger_methods() -> Mapping[str, Method]:
    """The operations of the client `bybit`, without the market that some begin with: `Order_new`."""
    return _methods("swagger_methods")


@cache
def ccxt_methods() -> Mapping[str, Method]:
    """The unified methods of ccxt by their names in snake_case; the last argument, `params`, is not listed."""
    return _methods("ccxt_methods")


@cache
def ccxt_attributes() -> frozenset[str]:
    """What an exchange of ccxt has besides endpoints, in snake_case where it has a twin in camelCase."""
    return frozenset(name for name, *_ in rows("ccxt_attributes"))


@cache
def ccxt_endpoints() -> Mapping[str, str]:
    """How ccxt spells the methods that it makes of endpoints' paths, in snake_case, with their twins in camelCase."""
    return {name: twin for name, twin, *_ in rows("ccxt_endpoints")}


@cache
def ccxt_acknowledged() -> frozenset[str]:
    """The methods of ccxt that refuse to ask for an order before the bot says that it knows how far back they look."""
    return frozenset(name for name, *_ in rows("ccxt_acknowledged"))


def _methods(table: str) -> dict[str, Method]:
    return {row[0]: Method(*row[:5]) for row in rows(table)}


@cache
def _arguments(cell: str) -> dict[str, tuple[str, ...]]:
    """`type=orderType,side,leverage=buyLeverage+sellLeverage,hedged=`: no name after `=` is no counterpart."""
    pairs = [argument.partition("=") for argument in cell.split(",") if cell != "-"]
    return {name: tuple(n for n in (v5 if sign else name).split("+") if n) for name, sign, v5 in pairs}
