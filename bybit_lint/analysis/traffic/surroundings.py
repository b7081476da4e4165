"""What stands around a call: what becomes of the object it makes, who pings it, and where the program ends."""

from __future__ import annotations

import ast

from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.flow import termination
from bybit_lint.analysis.syntax.jumps import always_exits
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic import brief_sockets, connections, heartbeats, http_clients
from bybit_lint.analysis.traffic.sites import repeatable
from bybit_lint.analysis.values.terms import Site, Term, Unknown, alternatives, qualified_name
from bybit_lint.vocabulary import CallFirst, Verb

HARMLESS = ("asyncio", "websockets", "websocket", "aiohttp", "logging", "json")
"""Libraries that do nothing for a socket by themselves."""
CURSOR = "nextPageCursor"
"""What an answer says of its next page, where there is one."""


def _ends_at_a_small_page(node: ast.AST) -> bool:
    """True for `if len(rows) < limit: break`, where a page that Bybit makes smaller is taken for the last one."""
    if not isinstance(node, ast.If) or not always_exits(node.body):
        return False
    for test in walk(node.test):
        match test:
            case ast.Compare(left=ast.Call(func=ast.Name(id="len")), ops=[ast.Lt() | ast.NotEq()], comparators=[other]):
                return not isinstance(other, ast.Constant) or other.value not in (0, 1)
    return False


class Surroundings:
    """The code around one call; implements `clients.SurroundingsView`."""

    def __init__(self, callers: Callers, site: Site) -> None:
        self.callers, self.evaluator = callers, callers.evaluator
        self.site, self.module = site, site.module
        self.names = site.module.names

    @property
    def _node(self) -> ast.Call:
        assert isinstance(self.site.node, ast.Call)
        return self.site.node

    @property
    def is_plain(self) -> bool:
        return self.evaluator.helper(http_clients.is_plain)

    @property
    def adds_nothing(self) -> bool:
        """Proven: nobody tells an HTTP client after it was made what to send with each request."""
        return self.evaluator.helper(http_clients.say_nothing)

    @property
    def is_last(self) -> bool:
        return termination.ends_after(self.callers, self.site)

    @property
    def is_made_once(self) -> bool:
        return connections.is_made_once(self.callers, self.site)

    @property
    def turns_pages(self) -> bool:
        inner = [*walk(self.site.scope.function.node)]
        is_said = any(isinstance(node, ast.Constant) and node.value == CURSOR for node in inner)
        return is_said and not any(map(_ends_at_a_small_page, inner))

    @property
    def is_pinged(self) -> bool:
        if self._is_given_away() or brief_sockets.is_brief(self.callers, self.module, self._node):
            return True
        return self.is_tended

    @property
    def is_tended(self) -> bool:
        """True unless it is proven that nobody in this part of the project sends a ping."""
        return heartbeats.is_pinged(self.evaluator.project, self.module)

    @property
    def is_received_plainly(self) -> bool:
        return heartbeats.is_received_plainly(self.evaluator.project, self.module)

    def first_statement(self, helper: str) -> Verb | None:
        node: ast.AST = self._node
        while isinstance(parent := self.names.parents.get(node), ast.Await):
            node = parent
        if isinstance(parent, ast.withitem):
            return self._in_block(helper, parent, self.names.parents[parent])
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            name = repeatable(Site(self.module, parent.targets[0], self.site.scope))
            return CallFirst(self.module.source.span(parent), helper, name) if name else None
        if isinstance(parent, ast.AsyncFor) and parent.iter is node and isinstance(parent.target, ast.Name):
            return CallFirst(self.module.source.span(parent), helper, parent.target.id, inside=True)
        return None

    def _is_given_away(self) -> bool:
        """True if the object this call makes is handed to code that cannot be seen, which may ping it."""
        verb = self.first_statement("")
        if not isinstance(verb, CallFirst):
            return False
        calls = self.names.calls_in[self.site.scope.function.node]
        takers = (call for call in calls if any(_is_called(argument, verb.argument) for argument in call.args))
        callees = (self.evaluator.evaluate(self.module, call.func) for call in takers)
        return any(_may_ping(option) for callee in callees for option in alternatives(callee))

    def _in_block(self, helper: str, item: ast.withitem, statement: ast.AST) -> Verb | None:
        if not isinstance(item.optional_vars, ast.Name) or not isinstance(statement, (ast.With, ast.AsyncWith)):
            return None
        if statement.items[-1] is not item:
            return None
        return CallFirst(self.module.source.span(statement), helper, item.optional_vars.id, inside=True)


def _is_called(node: ast.expr, name: str) -> bool:
    return isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node) == name


def _may_ping(callee: Term) -> bool:
    """True for code that cannot be seen, and for libraries that do something for a socket."""
    library = (qualified_name(callee) or "builtins.").partition(".")[0]
    return isinstance(callee, Unknown) or library not in ("builtins", *HARMLESS)
