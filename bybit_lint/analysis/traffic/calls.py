"""A call as the client models see it, in the calling context where a wrapper passes it on."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TypeGuard

from bybit_lint.analysis.callgraph.call_sites import LazyCall, enclosing_function
from bybit_lint.analysis.domains import networks
from bybit_lint.analysis.flow import termination
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic import connections, heartbeats, http_clients, running_sockets
from bybit_lint.analysis.traffic.arguments import Argument, PassedArguments, place, repeatable
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.traffic.running_sockets import RUN
from bybit_lint.analysis.values.terms import (
    Access,
    Instance,
    Invocation,
    Parameter,
    Site,
    Term,
    Unknown,
    alternatives,
    children,
    qualified_name,
)
from bybit_lint.vocabulary import CallFirst, Named, Noun, Span, Verb

HARMLESS = ("asyncio", "websockets", "websocket", "aiohttp", "logging", "json")
"""Libraries that do nothing for a socket by themselves."""


class Call:
    """One call; implements `clients.CallView`."""

    def __init__(self, context: CallingContext, made: LazyCall, called: str, *, is_only: bool = True) -> None:
        self.context = context
        self.made = made
        self.site = made.site
        self.path = called
        self.is_only = is_only
        self._held: dict[tuple[object, ...], Argument | None] = {}
        """The arguments that were asked for: each remembers what it found out about itself."""

    def wants(self, *kinds: type[Noun]) -> bool:
        return self.context.wanted is None or not self.context.wanted.isdisjoint(kinds)

    @property
    def _node(self) -> ast.Call:
        assert isinstance(self.site.node, ast.Call)
        return self.site.node

    @property
    def place(self) -> str:
        return place(self.site)

    @property
    def own_span(self) -> Span:
        return self.site.span

    @property
    def span(self) -> Span:
        layers = self.context.frames
        return layers[-1].made.site.span if layers else self.own_span

    @property
    def sent(self) -> Span | None:
        return self.own_span if self.context.frames else None

    @property
    def called(self) -> Span:
        return self.site.module.source.span(deferred_callee(self._node)[0])

    @cached_property
    def receiver(self) -> str | None:
        func, _ = deferred_callee(self._node)
        if not isinstance(func, ast.Attribute):
            return None
        return repeatable(Site(self.site.module, func.value, self.site.scope))

    @property
    def is_awaited(self) -> bool:
        return isinstance(self.site.module.names.parents.get(self._node), ast.Await)

    @cached_property
    def _passed(self) -> PassedArguments:
        return PassedArguments(self.context, self.made)

    @property
    def is_closed(self) -> bool:
        return self._passed.is_closed

    def get(self, name: str, position: int | None = None) -> Argument | None:
        key = (name, position)
        if key not in self._held:
            self._held[key] = self._passed.get(name, position)
        return self._held[key]

    def maker(self, name: str, position: int | None = None) -> Argument | None:
        key = ("maker", name, position)
        if key not in self._held:
            self._held[key] = self._given_to_maker(name, position)
        return self._held[key]

    def _given_to_maker(self, name: str, position: int | None) -> Argument | None:
        receiver = self.made.callee
        while isinstance(receiver, Access):  # some clients have their methods in parts: `client.Order.Order_new()`
            receiver = receiver.base
        made = [t for t in alternatives(receiver) if isinstance(t, Invocation)]
        return PassedArguments(self.context, made[0]).get(name, position) if len(made) == 1 else None

    def when(self, condition: str, name: str) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
        flag, held = self.get(condition), self.get(name)
        return networks.branches(self.context.evaluator, held.site, flag.site) if flag and held else None

    def arguments(self) -> dict[str, Argument]:
        return dict(self._passed.keywords)

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters of functions around the call that its arguments depend on."""
        parts = children(self.made.invocation)[1:]
        return [p for term in parts for p in self.context.evaluator.parameters.of(self.context.term(term))]

    @property
    def is_plain(self) -> bool:
        return http_clients.is_plain(self.context.evaluator)

    @cached_property
    def run(self) -> Call | None:
        module, evaluator = self.site.module, self.context.evaluator
        for node in module.names.nodes() if RUN.encode() in module.source.data else ():
            parent = module.names.parents.get(node) or module.names.tree
            if isinstance(node, ast.expr) and any(map(self._makes, running_sockets.running(evaluator, module, node))):
                site = Site(module, parent if _calls(parent, node) else node, module.names.scope(node))
                return Call(self.context, LazyCall(evaluator, site, Access(self.made.invocation, f".{RUN}")), RUN)
        return None

    def _makes(self, term: Term) -> bool:
        """True for what this call makes, or for the object whose constructor it stands in."""
        hierarchy, function = self.context.evaluator.hierarchy, enclosing_function(self.site)
        if isinstance(term, Instance) and called_name(self._node.func) == "__init__":
            return function is not None and hierarchy.class_of(self.site.module, function) in hierarchy.lineage(term.of)
        return running_sockets.maker(term) is self._node

    @property
    def is_last(self) -> bool:
        return termination.ends_after(self.context.callers, self.site)

    @property
    def is_made_once(self) -> bool:
        return connections.is_made_once(self.context.callers, self.site)

    @property
    def only_prints(self) -> bool:
        held = self.get("on_message")
        found = alternatives(held.term) if held is not None else []
        is_tended = heartbeats.is_pinged(self.context.evaluator.project, self.site.module)
        return bool(found) and not is_tended and all(connections.prints(term) for term in found)

    @property
    def is_pinged(self) -> bool:
        if self._is_given_away() or heartbeats.is_brief(self.site.module.names, self._node):
            return True
        return heartbeats.is_pinged(self.context.evaluator.project, self.site.module)

    @property
    def is_received_plainly(self) -> bool:
        return heartbeats.is_received_plainly(self.context.evaluator.project, self.site.module)

    def first_statement(self, helper: str) -> Verb | None:
        names = self.site.module.names
        node: ast.AST = self._node
        while isinstance(parent := names.parents.get(node), ast.Await):
            node = parent
        if isinstance(parent, ast.withitem):
            return self._in_block(helper, parent, names.parents[parent])
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            name = repeatable(Site(self.site.module, parent.targets[0], self.site.scope))
            return CallFirst(self.site.module.source.span(parent), helper, name) if name else None
        if isinstance(parent, ast.AsyncFor) and parent.iter is node and isinstance(parent.target, ast.Name):
            return CallFirst(self.site.module.source.span(parent), helper, parent.target.id, inside=True)
        return None

    def _is_given_away(self) -> bool:
        """True if the object this call makes is handed to code that cannot be seen, which may ping it."""
        verb = self.first_statement("")
        names = self.site.module.names
        if not isinstance(verb, CallFirst):
            return False
        for call in names.calls_in[self.site.scope.function.node]:
            if any(isinstance(a, (ast.Name, ast.Attribute)) and ast.unparse(a) == verb.argument for a in call.args):
                term = self.context.evaluator.at(self.site.module, call.func).term
                if any(
                    isinstance(t, Unknown)
                    or (qualified_name(t) or "builtins.").partition(".")[0] not in ("builtins", *HARMLESS)
                    for t in alternatives(term)
                ):
                    return True
        return False

    def _in_block(self, helper: str, item: ast.withitem, statement: ast.AST) -> Verb | None:
        if not isinstance(item.optional_vars, ast.Name) or not isinstance(statement, (ast.With, ast.AsyncWith)):
            return None
        if statement.items[-1] is not item:
            return None
        return CallFirst(self.site.module.source.span(statement), helper, item.optional_vars.id, inside=True)


def _calls(parent: ast.AST, node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(parent, ast.Call) and parent.func is node
