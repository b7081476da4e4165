"""A call whose arguments are evaluated when somebody asks for them, and where calls stand."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import thread_target
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.mappings import Entries
from bybit_lint.analysis.values.terms import (
    Expression,
    Invocation,
    ListTerm,
    Site,
    Spread,
    Term,
)
from bybit_lint.tuples import NamedTuple

CallSite: TypeAlias = tuple[Module, ast.Call]


class LazyCall:
    """A call of a certain callee, whose arguments are not followed before somebody asks for them.

    The first `skip` arguments are not the callee's own, nor are keywords that are `taken`. A function that is only
    named, to be called by somebody else, is a call without arguments.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        site: Site,
        callee: Term,
        skip: int = 0,
        taken: frozenset[str] = frozenset(),
        called: ast.expr | None = None,
    ) -> None:
        self.evaluator, self.site, self.callee, self.skip, self.taken = evaluator, site, callee, skip, taken
        self.called = called
        """Where the callee is written, if that is no part of the call."""

    @classmethod
    def known(cls, evaluator: Evaluator, invocation: Invocation) -> LazyCall:
        """A call whose arguments were followed already."""
        made = cls(evaluator, invocation.site, invocation.callee)
        made.invocation = invocation
        return made

    @cached_property
    def invocation(self) -> Invocation:
        if not isinstance(self.site.node, ast.Call):
            return Invocation(self.callee, (), {}, True, self.site)
        made = self.evaluator.made(self.site, self.site.node, self.callee)
        if thread_target(self.site.node) is not None:
            made = _passed_later(made)
        is_partial = called_name(self.site.node.func) == "partial"  # which may be given the others later
        return made.left(self.callee, self.skip, self.taken, is_whole=made.is_whole and not is_partial)

    @property
    def positional(self) -> tuple[Expression, ...]:
        return self.invocation.positional

    @property
    def keywords(self) -> Mapping[str, Expression]:
        return self.invocation.keywords

    @property
    def rest(self) -> Expression | None:
        return self.invocation.rest

    @property
    def spreads(self) -> tuple[Spread, ...]:
        return self.invocation.spreads

    @property
    def is_whole(self) -> bool:
        return self.invocation.is_whole

    @property
    def is_closed(self) -> bool:
        return self.invocation.is_closed


class Candidate(NamedTuple):
    """A call that may be of a function: how many of its arguments, and which of its keywords, are not for it."""

    module: Module
    node: ast.Call
    called: ast.expr
    skip: int = 0
    taken: frozenset[str] = frozenset()

    @property
    def site(self) -> Site:
        return Site(self.module, self.node, self.module.names.scope(self.node))

    def term(self, evaluator: Evaluator) -> Term:
        return evaluator.evaluate(self.module, self.called)

    def made(self, evaluator: Evaluator, callee: Term) -> LazyCall:
        return LazyCall(evaluator, self.site, callee, self.skip, self.taken, self.called)


def _passed_later(made: Invocation) -> Invocation:
    """The arguments that a thread is made with for what it will call."""
    unnamed = dict(zip(("args", "kwargs"), made.positional[2:], strict=False)) if _is_timer(made) else {}
    args, kwargs = (made.keywords.get(name) or unnamed.get(name) for name in ("args", "kwargs"))
    positional = args.term.items if args and isinstance(args.term, ListTerm) else ()
    named = Entries()
    if kwargs is not None:
        named.pass_on(kwargs)
    is_all = args is None or (isinstance(args.term, ListTerm) and args.term.is_closed)
    is_whole = is_all and named.is_whole
    return Invocation(made.callee, positional, named.entries, is_whole, made.site, None, named.spreads)


def _is_timer(made: Invocation) -> bool:
    return isinstance(made.site.node, ast.Call) and called_name(made.site.node.func) == "Timer"


def enclosing_function(site: Site) -> FunctionNode | None:
    """The function a site stands in, looking out of lambdas' comprehensions."""
    scope = site.scope.function
    return scope.node if isinstance(scope.node, FUNCTIONS) else None
