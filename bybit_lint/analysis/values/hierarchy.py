"""What the classes of a project inherit from, and what inherits from them."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_ANCESTRY
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name, parameters
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.evaluation import Evaluation
from bybit_lint.analysis.values.terms import Class, Function, Term, alternatives, qualified_name


class Hierarchy:
    """Answers the evaluator's questions about which classes belong together."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._known: dict[ast.ClassDef, Class] = {}
        self._lineages: dict[Class, Sequence[Class]] = {}

    def class_of(self, module: Module, function: FunctionNode) -> Class | None:
        """The class a method belongs to."""
        parent = module.names.parents.get(function)
        return self.of_node(parent, module) if isinstance(parent, ast.ClassDef) else self._adopting.get(function)

    def adopted(self, importer: Module, binding: Binding) -> Function | None:
        """The function of another file that a class has for a method: `from _orders import enter` in its body."""
        if not isinstance(binding.extra, tuple) or binding.extra[2] is None:
            return None
        level, dotted, name = binding.extra
        origin = self.evaluation.project.imported(importer, level, dotted)
        found = origin.names.module.bindings.get(name, []) if origin is not None and origin.is_readable else []
        node = found[0].statement if len(found) == 1 else None
        if origin is None or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        return Function(node, origin)

    @cached_property
    def _adopting(self) -> dict[ast.AST, Class]:
        """The one class that has a function of another file for a method, by that function."""
        found: dict[ast.AST, list[Class]] = defaultdict(list)
        for module in self.evaluation.project.readable:
            for node, scope in module.names.scopes.items():
                if isinstance(node, ast.ClassDef):
                    imports = (b for held in scope.bindings.values() for b in held if b.how == "import")
                    for function in filter(None, (self.adopted(module, binding) for binding in imports)):
                        found[function.node].append(self.of_node(node, module))
        return {function: classes[0] for function, classes in found.items() if len(classes) == 1}

    def of_own(self, module: Module, scope: Scope, base: ast.expr) -> Class | None:
        """The class of the method in whose scope an expression is the method's own object; None of any other one."""
        function = scope.function.node
        named = parameters(function) if isinstance(function, FUNCTIONS) else []
        is_own = isinstance(base, ast.Name) and bool(named) and base.id == named[0].arg
        return self.class_of(module, function) if is_own and isinstance(function, FUNCTIONS) else None

    def of_node(self, node: ast.ClassDef, module: Module) -> Class:
        if node not in self._known:
            self._known[node] = Class(node, module)
        return self._known[node]

    def known(self, node: ast.ClassDef) -> Class | None:
        """The class that a node of any file of the project defines."""
        modules = () if node in self._known else (m for m in self.evaluation.project.readable if node in m.names.scopes)
        return self._known.get(node) or next((self.of_node(node, module) for module in modules), None)

    def bases(self, of: Class) -> Iterable[Term]:
        """What a class inherits from."""
        for base in of.node.bases:
            yield from alternatives(self.evaluation.evaluate(of.module, base))

    def lineage(self, of: Class) -> Sequence[Class]:
        """A class and the project's classes it inherits from, in the order in which Python asks them."""
        if of in self._lineages:
            return self._lineages[of]
        found = self._lineage(of, MAX_ANCESTRY)
        known = self.evaluation.memo.known
        if all(base in known for each in found for base in each.node.bases):  # else it may be more once they are
            self._lineages[of] = found
        return found

    def _lineage(self, of: Class, depth: int) -> Sequence[Class]:
        found = [of]
        for base in self.bases(of):
            if isinstance(base, Class) and depth and base.node is not of.node:
                found += self._lineage(base, depth - 1)
        return list(reversed(dict.fromkeys(reversed(found))))  # what several inherit from comes after all of them

    def foreign_base(self, of: Class) -> str | None:
        """The path of the first class from outside that a class inherits from."""
        for ancestor in self.lineage(of):
            for base in self.bases(ancestor):
                found = qualified_name(base)
                if found and not found.startswith("builtins."):
                    return found
        return None

    def field(self, of: Class, name: str) -> ast.AnnAssign | None:
        """The declaration of what each object of a class keeps: `size: float`."""
        declared = (node for each in self.lineage(of) for node in each.node.body if isinstance(node, ast.AnnAssign))
        return next((node for node in declared if called_name(node.target) == name), None)

    def heirs(self, of: Class) -> list[Class]:
        """The classes of the project that inherit from a class, be it by way of others."""
        found = {of.node: of}
        queue = [of]
        while queue:
            for heir in self.named(queue.pop(0).node.name):
                if heir.node not in found and any(c.node is of.node for c in self.lineage(heir)):
                    found[heir.node] = heir
                    queue.append(heir)
        return [*found.values()][1:]

    def strangers(self, of: Class, base: Class) -> Iterable[Class]:
        """Those heirs of a base that are neither above one of them nor below it."""
        own = {each.node for each in (*self.lineage(of), *self.heirs(of))}
        return (heir for heir in self.heirs(base) if heir.node not in own)

    def named(self, base: str) -> Sequence[Class]:
        """The classes of the project whose base is called like this."""
        return self._heirs.get(base, ())

    @cached_property
    def _heirs(self) -> dict[str, list[Class]]:
        """The classes of the project by the names of their bases."""
        found: dict[str, list[Class]] = defaultdict(list)
        for module in self.evaluation.project.readable:
            for node in module.names.scopes:
                if isinstance(node, ast.ClassDef):
                    for base in node.bases:
                        name = called_name(base)
                        found[module.names.aliases.get(name, name)].append(self.of_node(node, module))
        return found
