"""What a bot says of the account that it trades on: by what it switches to, and by what it names in its orders."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_TO_START
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, walk
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.values.terms import Constant, alternatives
from bybit_lint.clients import ccxt
from bybit_lint.clients.rest import BODIES
from bybit_lint.knowledge import accounts
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Account, Request

SWITCH = "/v5/position/switch-mode"
SIDES = {"1", "2"}
BRANCHES = (ast.If, ast.IfExp, ast.Match, ast.ExceptHandler, ast.While)
"""What may leave out what stands in it."""


class Hedge(NamedTuple):
    """That contracts are traded in hedge mode, and how that is known."""

    account: Account | None
    """Where the bot says so; None where the config does."""
    categories: frozenset[str]
    symbols: frozenset[str] = frozenset()
    """The instruments it is switched for; all of their coin if there are none."""

    def concerns(self, category: str, symbol: str) -> bool:
        """True if an order of a category, for a symbol or for one that is not known, is for a contract in that mode."""
        if self.symbols and symbol:
            return category in self.categories and symbol in self.symbols
        return category in self.categories and (category != "linear" or not symbol or symbol.endswith("USDT"))


class Accounts:
    """Answers what a project says of its account."""

    def __init__(self, program: Program, traffic: Traffic) -> None:
        self.program, self.traffic = program, traffic

    @cached_property
    def hedge(self) -> Hedge | None:
        """How it is known that contracts are traded in hedge mode; None where it is not known."""
        said = self.program.project.account.position_mode
        if said:
            return Hedge(None, frozenset({"linear"})) if said == accounts.HEDGE else None
        if self.sides - SIDES:
            return None
        return self._switched() or (self._named() if self.sides == SIDES else None)

    @cached_property
    def sides(self) -> frozenset[object]:
        """All that the bot may say as `positionIdx`, as text; None among them for what is not known."""
        if not self.program.project.says(b"positionIdx"):
            return frozenset()
        calls = [call for call, _ in self._requests()]
        seen = {call.site.node for call in calls if not call.context.frames}  # there all callers are asked at once
        asked = (call for call in calls if not call.context.frames or call.site.node not in seen)
        return frozenset(side for call in asked for side in self._sides(call))

    @property
    def names_sides(self) -> bool:
        """True if the bot names sides of hedge mode, and nowhere the one position of one-way mode."""
        return bool(self.sides) and self.sides <= SIDES

    def _requests(self) -> Iterator[tuple[Call, Request]]:
        for told in self.traffic.requests.values():
            yield from told

    def _switched(self) -> Hedge | None:
        """The mode that is switched to, if it is hedge mode wherever it is switched, and nothing decides about it."""
        modes: dict[ast.AST, set[str]] = defaultdict(set)
        found = [(call, request) for call, request in self._requests() if request.endpoint == SWITCH]
        for call, request in found:
            mode = request.constant("mode")
            modes[call.site.node] |= set() if mode is None else {accounts.position_mode(mode)}
        if not all(said == {accounts.HEDGE} for said in modes.values()):
            return None
        certain = [(c, r) for c, r in found if r.constant("mode") and self._is_certain(c.site.module, c.site.node)]
        if not certain:
            return None
        symbols = [request.constant("symbol") for _, request in certain]
        categories = frozenset(str(request.constant("category") or "linear") for _, request in certain)
        account = Account(certain[0][0].own_span, accounts.HEDGE, "switched to")
        return Hedge(account, categories, frozenset(map(str, symbols)) if all(symbols) else frozenset())

    def _is_certain(self, module: Module, node: ast.AST, hops: int = MAX_CALLS_TO_START) -> bool:
        """True if nothing decides whether the program comes to a place: no branch, up to where it starts."""
        names = module.names
        if any(isinstance(a, BRANCHES) and not _asks_for_main(a) for a in names.ancestors(node)):
            return False
        function = names.scope(node).function.node
        if not isinstance(function, FUNCTIONS):
            return isinstance(function, ast.Module)
        sites = self.program.callers.sites(function) if hops else []
        return any(self._is_certain(site.module, site.node, hops - 1) for site in sites)

    def _named(self) -> Hedge | None:
        """The sides that are named in orders."""
        naming = [(call, request) for call, request in self._requests() if SIDES & {*self._sides(call)}]
        if not naming:
            return None
        categories = {request.category or "linear" for _, request in naming}
        return Hedge(Account(naming[0][0].own_span, accounts.HEDGE, "named by its sides"), frozenset(categories))

    def _sides(self, call: Call) -> Iterator[object]:
        """What a call may say as `positionIdx`."""
        for argument in (call.get("positionIdx"), *(entries.get("positionIdx") for entries in _bodies(call))):
            for term in self.program.callers.in_all_contexts(argument.term) if argument else ():
                yield from (str(t.value) if isinstance(t, Constant) else None for t in alternatives(term))


def _bodies(call: Call) -> Iterator[Mapping[str, Argument]]:
    """The dicts that a call sends fields in, the orders of a batch among them."""
    places = {"data": 1, "body": 2, "params": ccxt.place_of_params(call)}
    held = [call.get(name, places.get(name)) for name in (*BODIES, "params", "request", "orders")]
    for argument in filter(None, held):
        yield from (each.entries for each in (argument, *(argument.items or ())) if each.entries)


def _asks_for_main(node: ast.AST) -> bool:
    """True for `if __name__ == "__main__"`."""
    return isinstance(node, ast.If) and any(isinstance(n, ast.Name) and n.id == "__name__" for n in walk(node.test))
