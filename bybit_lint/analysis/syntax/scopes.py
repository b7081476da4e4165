"""What a scope and a binding are."""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field

from bybit_lint.analysis.syntax.nodes import (
    COMPREHENSIONS,
    FUNCTIONS,
    parameters,
)


@dataclass(eq=False, slots=True)
class Binding:
    """One place that gives a name a value. `how` is the statement's kind; `index` the way into an unpacked value."""

    path: str
    how: str
    statement: ast.AST
    value: ast.expr | None
    scope: Scope
    index: tuple[int, ...] = ()
    extra: object = None


@dataclass(eq=False, slots=True)
class Scope:
    """A module, class, function or comprehension, with what is bound in it."""

    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=lambda: defaultdict(list))
    outer_names: frozenset[str] = frozenset()
    """Names declared `global` or `nonlocal` here."""
    function: Scope = field(init=False)
    """The function (or class, or module) whose statements these are, looking through comprehensions."""

    def __post_init__(self) -> None:
        self.function = self.parent.function if isinstance(self.node, COMPREHENSIONS) and self.parent else self

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, FUNCTIONS)

    @property
    def parameters(self) -> list[ast.arg]:
        return parameters(self.node) if isinstance(self.node, FUNCTIONS) else []

    @property
    def module(self) -> Scope:
        return self if self.parent is None else self.parent.module


def _bind_parameters(scope: Scope) -> None:
    if not isinstance(scope.node, FUNCTIONS):
        return
    arguments = scope.node.args
    for argument in parameters(scope.node):
        scope.bindings[argument.arg].append(Binding(argument.arg, "parameter", scope.node, None, scope))
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            scope.bindings[rest.arg].append(Binding(rest.arg, "rest", scope.node, None, scope, extra=rest))
