"""Where a project uses pybit's clients of before V5: what is called, of which client, and where that is made."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.test_doubles import is_mocked
from bybit_lint.analysis.imports import Import
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.views import CallViews
from bybit_lint.analysis.values.terms import Invocation, Site, Term, qualified_name, spine
from bybit_lint.clients import passed, pybit_legacy, pybybit, swagger
from bybit_lint.fixing.migration.calls.dialects import MAKERS, PYBIT, spoken
from bybit_lint.fixing.migration.passages.passages import Passage
from bybit_lint.fixing.migration.passages.paths import Address
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Span

PACKAGE = "pybit"
WORDS = (b"active_order", b"conditional_order")
SINGLE = "HTTP"
"""What the client of all markets is called in the table."""
MADE = ("", "__init__")


class Maker(NamedTuple):
    """Where a client is made."""

    module: Module
    node: ast.Call


class Sighting(NamedTuple):
    """One call of an older client."""

    call: Call
    client: str
    """The module it is of (`usdt_perpetual`), or `HTTP` for the one of all markets; empty where nobody knows."""
    method: str
    """The class for the call that makes the client."""
    makers: tuple[Maker, ...]
    doubt: str
    """Why it cannot be rewritten, whatever it says; empty for nothing."""
    library: str = PYBIT
    positional: Sequence[str] | None = None
    """The names of what is given by position, where they are others than those of pybit."""
    address: Address | None = None
    """Of a request without a client."""
    passage: Passage | None = None
    """The way of one that others send, or sign."""
    given: frozenset[str] = frozenset()
    """What such a one is given, by the old names."""

    @property
    def span(self) -> Span:
        """What is told of it stands here."""
        if self.address is None:
            return self.call.own_span
        return self.address.module.source.span(self.address.said)

    @property
    def name(self) -> str:
        """What is called, as it is written."""
        if self.address:
            return self.address.path
        return called_name(deferred_callee(self.node)[0]) if self.library != PYBIT else self.method

    @property
    def module(self) -> Module:
        return self.call.site.module

    @property
    def node(self) -> ast.Call:
        assert isinstance(self.call.site.node, ast.Call)
        return self.call.site.node

    @property
    def is_maker(self) -> bool:
        return self.method in ("HTTP", "WebSocket")


class Sightings:
    """Finds them in one project."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.views = CallViews(program, None)

    def all(self) -> list[Sighting]:
        """Those of all files, each call once."""
        if not self._may_be_any():
            return []
        found = [sighting for module in self.program.project.readable for sighting in self._in(module)]
        known = {sighting.node for sighting in found}
        receivers = {called_name(s.node.func.value) for s in found if isinstance(s.node.func, ast.Attribute)} - {""}
        receivers |= {_name_given(s) for s in found if s.method == SINGLE} - {""}
        receivers |= {"ws"} if any(s.library == pybybit.LIBRARY for s in found) else set()
        more = (s for module in self.program.project.readable for s in self._others(module, receivers, known))
        return [*found, *more]

    def _may_be_any(self) -> bool:
        """False where nobody imports an older client, nor says words that only its methods have."""
        return self._is_imported or any(map(self.program.project.says, WORDS))

    @cached_property
    def _is_imported(self) -> bool:
        modules = self.program.project.modules.values()
        return any(_is_older(one) for module in modules for one in module.imports)

    def _in(self, module: Module) -> Iterator[Sighting]:
        names, aliases, nicknames = module.names, module.names.aliases, module.names.nicknames
        for name, calls in names.calls_named.items():
            spelt = {aliases.get(name, name), *nicknames.get(name, ())}
            for node in calls:
                if name in DEFERRING:
                    spelt = {called_name(deferred_callee(node)[0])}
                if spelt & self._names:
                    yield from self._sighted(module, node)

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names by which the clients or their methods are called; a class of the bot's own may be one."""
        if not self._is_imported:
            return passed.OLDER
        known = pybit_legacy.NAMES | swagger.NAMES | pybybit.NAMES | passed.OLDER
        return known | self.views.clients_of_the_project | self._renamed(known)

    def _renamed(self, known: frozenset[str]) -> frozenset[str]:
        """What files call a class by that they give to others: `from pybit import HTTP as Client`."""
        importing = (module for module in self.program.project.readable if any(map(_is_older, module.imports)))
        aliases = (pair for module in importing for pair in module.names.aliases.items())
        return frozenset(name for name, meant in aliases if meant in known)

    def _others(self, module: Module, receivers: set[str], known: set[ast.Call]) -> Iterator[Sighting]:
        """The calls of what no client ever had, of objects that have the name of one."""
        for node in module.names.calls:
            match node.func:
                case ast.Attribute(value=receiver) if node not in known and called_name(receiver) in receivers:
                    yield from self._sighted(module, node)

    def _sighted(self, module: Module, node: ast.Call) -> Iterator[Sighting]:
        if is_mocked(self.program.evaluator, module, node):
            return
        calls = list(self.views.of(module, node))
        legacy = [call for call in calls if made_of(call.path)]
        if legacy:
            yield self._of_clients(module, node, calls, legacy)
        elif any(self._is_passed(call) for call in calls):
            yield Sighting(calls[0], "", called_name(deferred_callee(node)[0]), (), "nobody is seen to make its client")

    def _is_passed(self, call: Call) -> bool:
        return call.path.startswith(passed.CLIENT) and call.path.rpartition(".")[2] in passed.OLDER

    def _of_clients(self, module: Module, node: ast.Call, calls: Sequence[Call], legacy: Sequence[Call]) -> Sighting:
        made = {made_of(call.path) for call in legacy}
        method = legacy[0].path.partition("().")[2]
        is_maker = method in MADE
        makers = [Maker(module, node)] if is_maker else list(dict.fromkeys(self._makers(module, node)))
        doubt = ""
        if len(legacy) < len(calls) or len(made) > 1 or None in makers:
            doubt = "it may be asked of something else"
        elif method == "__init__" or not makers:
            doubt = "its client is a class of the bot's own"
        of = legacy[0].path.partition("().")[0]
        known = tuple(maker for maker in makers if maker is not None)
        if (library := MAKERS[of]) != PYBIT:
            return self._foreign(legacy[0], library, known, doubt, is_maker=is_maker)
        client = pybit_legacy.CLASSES[of] or SINGLE
        name = of.rpartition(".")[2] if is_maker else method
        return Sighting(legacy[0], self._client(client, known), name, known, doubt)

    def _foreign(self, call: Call, library: str, makers: tuple[Maker, ...], doubt: str, *, is_maker: bool) -> Sighting:
        """A call of another library, in the words of pybit."""
        if is_maker:
            return Sighting(call, library, SINGLE, makers, doubt, library)
        meant = spoken(call.path)
        if meant is None:
            method = call.path.partition("().")[2]
            return Sighting(call, library, method, makers, doubt, library)
        return Sighting(call, meant.client, meant.method, makers, doubt, library, meant.positional or None)

    def _client(self, client: str, makers: Sequence[Maker]) -> str:
        """The client of all markets is told with an argument that it is for the spot market."""
        if client != SINGLE or not any(_says_spot(maker.node) for maker in makers):
            return client
        return "spot" if all(_says_spot(maker.node) for maker in makers) else client

    def _makers(self, module: Module, node: ast.Call) -> Iterator[Maker | None]:
        function = Site(module, deferred_callee(node)[0], module.names.scope(node))
        for term in self.program.callees.of(self.program.evaluator.term(function)):
            yield self._maker(term)

    def _maker(self, term: Term) -> Maker | None:
        for part in spine(term):
            if isinstance(part, Invocation) and qualified_name(part.callee) in MAKERS:
                node = part.site.node
                return Maker(part.site.module, node) if isinstance(node, ast.Call) else None
        return None


def _name_given(maker: Sighting) -> str:
    """What a client is called where it is made."""
    match maker.module.names.parents.get(maker.node):
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as target]) | ast.AnnAssign(target=target):
            return called_name(target)
    return ""


def made_of(path: str) -> str:
    """The class of an older client that something is called of, or that is made; empty for anything else."""
    made = path.partition("().")[0]
    return made if made in MAKERS else ""


def _is_older(one: Import) -> bool:
    """True for an import that an older client may come by."""
    first, _, rest = one.dotted.partition(".")
    if first in (swagger.LIBRARY, pybybit.LIBRARY):
        return not one.level
    return first == PACKAGE and rest.partition(".")[0] not in ("unified_trading", "exceptions", "helpers")


def _says_spot(maker: ast.Call) -> bool:
    spot = next((k.value for k in maker.keywords if k.arg == "spot"), None)
    return isinstance(spot, ast.Constant) and spot.value is True
