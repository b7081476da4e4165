"""What the parts of the evaluator ask of the whole: each is given it, and none imports it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Protocol

from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values.memo import Memo
from bybit_lint.analysis.values.terms import Expression, Function, Invocation, Site, Spread, Term


class CallArguments(Protocol):
    """A call with its arguments."""

    @property
    def site(self) -> Site: ...

    @property
    def callee(self) -> Term: ...

    @property
    def positional(self) -> tuple[Expression, ...]: ...

    @property
    def keywords(self) -> Mapping[str, Expression]: ...

    @property
    def rest(self) -> Expression | None: ...

    @property
    def spreads(self) -> tuple[Spread, ...]: ...

    @property
    def is_whole(self) -> bool: ...

    @property
    def is_closed(self) -> bool: ...


class Evaluation(Protocol):
    """The evaluator, as far as its own parts know it."""

    @property
    def project(self) -> Project: ...

    @property
    def memo(self) -> Memo: ...

    def at(self, module: Module, node: ast.expr) -> Expression: ...

    def evaluate(self, module: Module, node: ast.expr) -> Term: ...

    def expression(self, site: Site) -> Expression: ...

    def term(self, site: Site) -> Term: ...

    def beside(self, site: Site, node: ast.expr) -> Site: ...

    def inner(self, site: Site, node: ast.expr) -> Term: ...

    def bound(self, module: Module, binding: Binding) -> Term: ...

    def access(self, term: Term, key: str, site: Site | None) -> Term: ...

    def item(self, term: Term, key: Term, site: Site | None) -> Term: ...

    def made(self, site: Site, call: ast.Call, callee: Term) -> Invocation: ...

    def apply(self, made: Invocation) -> Term: ...

    def summary(self, function: Function) -> Term: ...
