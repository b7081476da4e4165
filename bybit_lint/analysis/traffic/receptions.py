"""Where the messages of a connection are taken: the loops that go on until it is lost, wherever it is handed to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.call_sites import LazyCall
from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import guards
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import LoopNode, exits
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, access_path, arguments, called_name, parameters, walk
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import Parameter, Site
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

RECEIVERS = {"recv", "receive", "receive_json", "receive_str", "receive_bytes", "recv_data", "recv_frame"}
ENDS = regex(r"(?i)stop|running|shut|clos|error|alive|connected|cancel|exit|quit")
"""What is asked before a loop of messages is left because the connection or the bot has come to its end."""
LASTING = (ast.expr_context, ast.Constant, ast.Name, ast.Attribute, ast.UnaryOp, ast.Not, ast.BoolOp, ast.boolop)


class Reception(NamedTuple):
    """A loop that takes messages; `given` are the expressions that are one, None where a message has no name."""

    module: Module
    loop: LoopNode
    given: list[ast.expr] | None

    @property
    def function(self) -> ast.AST:
        return self.module.names.scope(self.loop).function.node

    @property
    def is_until_lost(self) -> bool:
        """True if only the end of the connection, or of the bot, leaves the loop."""
        return all(self._is_end(leaver) for leaver in exits(self.loop.body))

    def _is_end(self, leaver: ast.stmt) -> bool:
        tests = [a.test for a in self.module.names.ancestors(leaver) if isinstance(a, ast.If)]
        return bool(tests) and (ENDS.search(ast.unparse(tests[0])) is not None or guards.asks_for_nothing(tests[0]))


class Receptions:
    """The receptions of a project's connections."""

    def __init__(self, callers: Callers, callees: Callees) -> None:
        self.callers, self.callees = callers, callees
        self.evaluator = callers.evaluator

    def of(self, module: Module, opening: ast.AST) -> Iterator[Reception]:
        """The loops that take the messages of the connection that is opened at a node, be it handed outward first."""
        places: dict[ast.AST, Module] = {opening: module}
        seen: set[ast.AST] = set()
        for depth in range(MAX_CALLS_BETWEEN, -1, -1):
            for node, where in places.items():
                yield from self._held(where, node, depth)
            seen |= {*places}
            sites = [site for node, where in places.items() for site in self._returned_to(where, node)]
            places = {site.node: site.module for site in sites if site.node not in seen}

    def _returned_to(self, module: Module, opening: ast.AST) -> list[Site]:
        """Who calls the function that gives back what it opens."""
        function = module.names.scope(opening).function.node
        if isinstance(function, FUNCTIONS) and isinstance(module.names.statement(opening), ast.Return):
            return self.callers.sites(function)
        return []

    def _held(self, module: Module, opening: ast.AST, depth: int) -> Iterator[Reception]:
        function = module.names.scope(opening).function.node
        for path in _targets(module.names, module.names.statement(opening), opening):
            for held in {path, *_other_names(function, path)}:
                yield from self._under(module, function, held, opening, depth)

    def _under(self, module: Module, function: ast.AST, path: str, opening: ast.AST, depth: int) -> Iterator[Reception]:
        for where, root in self._roots(module, function, path):
            yield from _loops(where, root, path, opening)
            for call in (node for node in walk(root) if isinstance(node, ast.Call)) if depth else ():
                given = [a for a in arguments(call) if access_path(a) == path]
                if given:
                    yield from self._handed(where, call, given[0], depth - 1)

    def _roots(self, module: Module, function: ast.AST, path: str) -> Iterator[tuple[Module, ast.AST]]:
        """The code in which a path means the same connection: a function, or all that know the object it hangs on."""
        owner = self.evaluator.hierarchy.class_of(module, function) if isinstance(function, FUNCTIONS) else None
        if "." in path and owner is not None:
            for of in (owner, *self.evaluator.hierarchy.heirs(owner)):
                yield of.module, of.node
        elif path in module.names.scope(function).outer_names:
            yield module, module.names.tree
        else:
            yield module, function

    def _handed(self, module: Module, call: ast.Call, given: ast.expr, depth: int) -> Iterator[Reception]:
        """The loops of a function of the bot that is given the connection."""
        site = Site(module, call, module.names.scope(call))
        for function in self.callees.functions(module, call):
            passed = Substitution(self.evaluator, function, LazyCall(self.evaluator, site, function))
            for named in parameters(function.node):
                held = passed.argument(Parameter(function.node, named.arg, function.module))
                if held is not None and held.site.node is given:
                    yield from self._under(function.module, function.node, named.arg, call, depth)


def _loops(module: Module, root: ast.AST, path: str, opening: ast.AST) -> Iterator[Reception]:
    names = module.names
    for node in walk(root):
        if isinstance(node, (ast.For, ast.AsyncFor)) and access_path(node.iter) == path:
            function = names.scope(node).function.node
            named = node.target.id if isinstance(node.target, ast.Name) else None
            yield Reception(module, node, [*names.loads(function, named)] if named else None)
        if isinstance(node, ast.Call) and called_name(node.func) in RECEIVERS and _base(node.func) == path:
            around = [a for a in names.ancestors(node) if isinstance(a, ast.While) and is_lasting(a.test)]
            inner = [loop for loop in around if loop not in set(names.ancestors(opening))]
            yield from (Reception(module, loop, [node]) for loop in inner[:1])


def is_lasting(test: ast.expr) -> bool:
    """True for a loop that goes on until somebody says stop, rather than for a time or a number of messages."""
    return all(isinstance(node, LASTING) or (isinstance(node, ast.Call) and not node.args) for node in ast.walk(test))


def _targets(names: ModuleIndex, statement: ast.stmt | None, opening: ast.AST) -> set[str]:
    """The paths that an assignment or a `with` gives to what it opens."""
    match statement:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            around = {opening, *names.ancestors(opening)}
            targets = [item.optional_vars for item in items if item in around]
        case ast.Assign(targets=found):
            targets = [*found]
        case ast.AnnAssign(target=target):
            targets = [target]
        case _:
            targets = []
    return {path for target in targets if target is not None and (path := access_path(target))}


def _other_names(function: ast.AST, path: str) -> Iterator[str]:
    """What else a connection is called, once it is stored: `self.ws = ws`."""
    for node in walk(function):
        if isinstance(node, ast.Assign) and access_path(node.value) == path:
            yield from (other for target in node.targets if (other := access_path(target)))


def _base(func: ast.expr) -> str | None:
    return access_path(func.value) if isinstance(func, ast.Attribute) else None
