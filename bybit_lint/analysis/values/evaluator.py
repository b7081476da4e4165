"""From an expression to what it stands for: each kind of expression, by the parts that know of names and calls."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from bybit_lint.analysis.bounds import is_bounded
from bybit_lint.analysis.compact import ByKind
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.syntax import guards
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.analysis.values import containers
from bybit_lint.analysis.values.access import Accesses
from bybit_lint.analysis.values.annotations import Annotations
from bybit_lint.analysis.values.application import Applications
from bybit_lint.analysis.values.constructors import Constructors
from bybit_lint.analysis.values.containers import joined
from bybit_lint.analysis.values.dicts import Dicts
from bybit_lint.analysis.values.hierarchy import Hierarchy
from bybit_lint.analysis.values.kept import Kept
from bybit_lint.analysis.values.members import Members
from bybit_lint.analysis.values.memo import Memo
from bybit_lint.analysis.values.name_lookup import NameLookup
from bybit_lint.analysis.values.parameters import Parameters
from bybit_lint.analysis.values.shapes import Shapes
from bybit_lint.analysis.values.terms import (
    HUGE,
    Access,
    Constant,
    Expression,
    Formatted,
    Function,
    Invocation,
    ListTerm,
    Operation,
    Site,
    Term,
    Unknown,
    folded,
    key_of,
    union,
)

T = TypeVar("T")


class Evaluator:
    """Follows expressions through one project. Each expression is followed once and remembered."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.parameters = Parameters(self)
        self.memo = Memo(self.parameters.bounded)
        self.shapes = Shapes()
        self.hierarchy = Hierarchy(self)
        self.dicts = Dicts(self)
        kept = Kept(self, self.hierarchy)
        self.constructors = Constructors(self, self.hierarchy, self.dicts)
        self.members = Members(self, self.hierarchy, self.constructors, kept)
        self.names = NameLookup(self, self.hierarchy, self.dicts, kept)
        self.annotations = Annotations(self, self.hierarchy, self.names, self.parameters)
        self.accesses = Accesses(self, self.names, self.annotations, self.members, kept)
        self.calls = Applications(self, self.hierarchy, self.dicts, self.members, self.accesses, kept)
        self._kinds = ByKind(self._kinds_of_expressions(), None)
        self._helpers: dict[object, Any] = {}

    def helper(self, kind: Callable[[Evaluator], T]) -> T:
        """The one helper of a kind that reads this project: what it has found once it knows."""
        if kind not in self._helpers:
            self._helpers[kind] = kind(self)
        found: T = self._helpers[kind]
        return found

    def at(self, module: Module, node: ast.expr) -> Expression:
        """The expression a node of a module is."""
        return self.expression(Site(module, node, module.names.scope(node)))

    def evaluate(self, module: Module, node: ast.expr) -> Term:
        """What a node of a module stands for: `at` without its site, which takes longer to find than what is known."""
        return self.memo.known.get(node) or self.term(Site(module, node, module.names.scope(node)))

    def expression(self, site: Site) -> Expression:
        return Expression(site, self.term(site))

    def term(self, site: Site) -> Term:
        """What stands at a site."""
        return self.memo.known.get(site.node) or self.memo.once(site.node, self._term, site)

    def beside(self, site: Site, node: ast.expr) -> Site:
        """The site of a node inside the expression at `site`."""
        comprehension = site.module.names.scopes.get(site.node)
        return Site(site.module, node, comprehension or site.scope)

    def inner(self, site: Site, node: ast.expr) -> Term:
        """What a node inside the expression at `site` stands for."""
        return self.memo.known.get(node) or self.term(self.beside(site, node))

    def _term(self, site: Site) -> Term:
        of_kind = self._kinds[type(site.node)]
        return Unknown(type(site.node).__name__) if of_kind is None else of_kind(site, site.node)

    def bound(self, module: Module, binding: Binding) -> Term:
        """What one binding gives its name."""
        return self.memo.known.get(binding) or self.memo.once(binding, self._bound, module, binding)

    def _bound(self, module: Module, binding: Binding) -> Term:
        term, node = self.names.bound(module, binding), binding.statement
        return self.annotations.beside(module, node.annotation, term) if isinstance(node, ast.AnnAssign) else term

    def access(self, term: Term, key: str, site: Site | None) -> Term:
        """An attribute or an item of a term, or what it makes; `key` as in an Access."""
        if key == "()":
            return Access(term, key, site)
        if key.startswith("."):
            return self.accesses.attribute(term, key, site)
        return self.accesses.item(term, Constant(key_of(key)), site)

    def item(self, term: Term, key: Term, site: Site | None) -> Term:
        """What a term has under a key that is a term, too."""
        return self.accesses.item(term, key, site)

    def made(self, site: Site, call: ast.Call, callee: Term) -> Invocation:
        """A call of something with its arguments."""
        return self.calls.made(site, call, callee)

    def apply(self, made: Invocation) -> Term:
        """A call as what it gives, where that is known."""
        return self.calls.apply(made)

    def summary(self, function: Function) -> Term:
        """What a function returns, in terms of its own parameters."""
        return self.memo.once(("returned", function.node), self._returned, function)

    def _returned(self, function: Function) -> Term:
        term, node = self.calls.summary(function), function.node
        return term if isinstance(node, ast.Lambda) else self.annotations.beside(function.module, node.returns, term)

    def _kinds_of_expressions(self) -> Mapping[type[ast.AST], Callable[[Site, Any], Term] | None]:
        """How each kind of expression is followed; the others are unknown."""
        return {
            ast.Constant: lambda site, node: Constant(node.value, site) if is_bounded(node.value) else HUGE,
            ast.Name: self.names.value,
            ast.Attribute: self.accesses.attribute_at,
            ast.Subscript: self.accesses.item_at,
            ast.Call: self.calls.value,
            ast.BinOp: self._operation,
            ast.UnaryOp: lambda site, node: Operation(type(node.op), (self.inner(site, node.operand),), site),
            ast.Compare: self._comparison,
            ast.IfExp: self._conditional,
            ast.BoolOp: self._connected,
            ast.JoinedStr: self._joined,
            ast.FormattedValue: self._formatted,
            ast.Dict: lambda site, node: self.dicts.written(site, node.keys, node.values),
            **dict.fromkeys((ast.List, ast.Tuple, ast.Set), self._listed),
            **dict.fromkeys((ast.ListComp, ast.GeneratorExp, ast.SetComp), self._generated),
            ast.DictComp: self.dicts.comprehended,
            ast.NamedExpr: lambda site, node: self.inner(site, node.value),
            ast.Await: lambda site, node: self.calls.futures.outcome(self.inner(site, node.value)),
            ast.Lambda: lambda site, node: Function(node, site.module),
        }

    def _operation(self, site: Site, node: ast.BinOp) -> Term:
        found = Operation(type(node.op), (self.inner(site, node.left), self.inner(site, node.right)), site)
        return joined(found) or folded(found)

    def _comparison(self, site: Site, node: ast.Compare) -> Term:
        if len(node.ops) > 1:
            return Unknown("Compare")
        return Operation(type(node.ops[0]), (self.inner(site, node.left), self.inner(site, node.comparators[0])), site)

    def _either(self, site: Site, values: Iterable[ast.expr]) -> Term:
        return union([self.inner(site, value) for value in values])

    def _conditional(self, site: Site, node: ast.IfExp) -> Term:
        is_certain = not guards.asks_text(node.test, names_in([node.body, node.orelse]))
        return union([self.inner(site, node.body), self.inner(site, node.orelse)], is_certain=is_certain)

    def _connected(self, site: Site, node: ast.BoolOp) -> Term:
        return self._either(site, node.values) if isinstance(node.op, ast.Or) else Unknown("and")

    def _joined(self, site: Site, node: ast.JoinedStr) -> Term:
        parts = tuple(self.inner(site, value) for value in node.values)
        is_plain = len(node.values) == 1 and isinstance(node.values[0], ast.Constant)
        return parts[0] if is_plain else Formatted(parts, "", site)

    def _formatted(self, site: Site, node: ast.FormattedValue) -> Term:
        return Formatted((self.inner(site, node.value),), format_text(node.format_spec), site)

    def _listed(self, site: Site, node: ast.List | ast.Tuple | ast.Set) -> Term:
        parts: list[ListTerm] = []
        for item in node.elts:
            if isinstance(item, ast.Starred):
                parts.append(containers.starred(self.expression(self.beside(site, item.value))))
            else:
                parts.append(ListTerm((self.expression(self.beside(site, item)),), True, site))
        return containers.chained(parts, site)

    def _generated(self, site: Site, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> Term:
        return ListTerm((self.expression(self.beside(site, node.elt)),), False, site)


def format_text(spec: ast.expr | None) -> str:
    """The format after the colon of an f-string's part, `?` where it is not fixed."""
    if not isinstance(spec, ast.JoinedStr):
        return ""
    return "".join(str(v.value) if isinstance(v, ast.Constant) else "?" for v in spec.values)
