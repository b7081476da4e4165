"""What a scope and a binding are."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from bybit_lint.analysis.syntax.nodes import (
    COMPREHENSIONS,
    FUNCTIONS,
    parameters,
)
from bybit_lint.tuples import NamedTuple


class Binding:
    """One place that gives a name a value. `how` is the statement's kind; `index` the way into an unpacked value."""

    __slots__ = ("extra", "how", "index", "path", "scope", "statement", "value")

    def __init__(
        self,
        path: str,
        how: str,
        statement: ast.AST,
        value: ast.expr | None,
        scope: Scope,
        index: tuple[int, ...] = (),
        extra: object = None,
    ) -> None:
        self.path, self.how, self.statement, self.value = path, how, statement, value
        self.scope, self.index, self.extra = scope, index, extra


class Store(NamedTuple):
    """Something that is put into a dict or a list: `held[key] = value`, `held.append(value)`, `held.update(more)`."""

    holder: ast.expr
    key: ast.expr | None
    binding: Binding


NO_NAMES: frozenset[str] = frozenset()  # one: Python makes an empty set anew each time, which takes 200 bytes


class Scope:
    """A module, class, function or comprehension, with what is bound in it."""

    __slots__ = ("bindings", "function", "node", "outer_names", "parent")

    def __init__(self, node: ast.AST, parent: Scope | None) -> None:
        self.node, self.parent = node, parent
        self.bindings: dict[str, list[Binding]] = defaultdict(list)
        self.outer_names = NO_NAMES
        """Names declared `global` or `nonlocal` here."""
        self.function: Scope = parent.function if isinstance(node, COMPREHENSIONS) and parent else self
        """The function (or class, or module) whose statements these are, looking through comprehensions."""

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, FUNCTIONS)

    @property
    def parameters(self) -> list[ast.arg]:
        return parameters(self.node) if isinstance(self.node, FUNCTIONS) else []

    def outward(self) -> Iterator[Scope]:
        """The scope and those around it, nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def binds(self, name: str) -> bool:
        """True if a name is the scope's own; what is only put into it (`held.update(more)`) may be another's."""
        found = self.bindings.get(name, ())
        return any(binding.how != "update" for binding in found)

    def holder(self, name: str) -> Scope | None:
        """The nearest scope that binds a name."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.bindings.get(name)
            if found and (found[0].how != "update" or scope.binds(name)):  # mostly the first says it
                return scope
            scope = scope.parent
        return None


def bind_parameters(scope: Scope) -> None:
    """Bind the parameters of a function, `*args` and `**kwargs` among them."""
    if not isinstance(scope.node, FUNCTIONS):
        return
    arguments = scope.node.args
    for argument in parameters(scope.node):
        scope.bindings[argument.arg].append(Binding(argument.arg, "parameter", scope.node, None, scope))
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            scope.bindings[rest.arg].append(Binding(rest.arg, "rest", scope.node, None, scope, extra=rest))
