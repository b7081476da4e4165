"""One function, or a file's own body, as far as it matters for a signature: its names, and what only signs."""

from __future__ import annotations

import ast
from collections import defaultdict
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains import clocks
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name
from bybit_lint.analysis.syntax.reaching import reaching
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.analysis.values.terms import Function
from bybit_lint.tuples import NamedTuple

HASHING = ("new", "HMAC")
SAME = ("dict", "OrderedDict", "list", "tuple", "sorted", "deepcopy", "copy")
"""What is made of parameters and has the same of them, perhaps in another order."""
TEXTS = ("urlencode", "dumps")
"""What makes text of parameters that is sent."""
QUOTING = ("quote", "quote_plus")
PURE = frozenset(
    (
        *HASHING,
        *SAME,
        *TEXTS,
        *QUOTING,
        *("items", "keys", "values", "join", "encode", "format", "lower", "upper", "strip", "rstrip", "hexdigest"),
        *(
            "bytes",
            "bytearray",
            "str",
            "int",
            "float",
            "round",
            "len",
            "bool",
            "isinstance",
            "type",
            "map",
            "itemgetter",
        ),
        *("time", "time_ns", "timestamp", "now", "utcnow"),
    )
)
"""Calls that do nothing but give what they make: code of them can go once nobody asks for that."""
EFFECTS = (
    *(ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await, ast.Delete, ast.Import, ast.ImportFrom, ast.Break),
    *(ast.Global, ast.Nonlocal, ast.With, ast.Try, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
)
COMPOUND = (ast.For, ast.While, ast.If)
DEPTH = 3


class Secret(NamedTuple):
    """What signs, in the words of a body."""

    body: Body
    said: ast.expr


class Body:
    """A function, or a file's own body."""

    def __init__(self, program: Program, module: Module, scope: Scope) -> None:
        self.program, self.module, self.source, self.scope = program, module, module.source, scope

    @property
    def function(self) -> FunctionNode | None:
        return self.scope.node if isinstance(self.scope.node, FUNCTIONS) else None

    @cached_property
    def names(self) -> dict[str, list[ast.Name]]:
        """Where its own names are written, also in functions within it."""
        found: dict[str, list[ast.Name]] = defaultdict(list)
        for node in ast.walk(self.scope.node):
            if isinstance(node, ast.Name) and self.module.names.scope(node).holder(node.id) is self.scope:
                found[node.id].append(node)
        return found

    def loads_of(self, name: str) -> list[ast.Name]:
        """Where one of its names is read."""
        return [node for node in self.names.get(name, ()) if isinstance(node.ctx, ast.Load)]

    def reaching(self, use: ast.Name) -> list[Binding]:
        """The bindings of one of its names that may hold where it is used; parameters last."""
        found = reaching(self.module.names, self.scope, use.id, use)
        taken = (b for b in self.scope.bindings.get(use.id, ()) if b.how in ("parameter", "rest"))
        return [*found.bindings, *(taken if not found.is_complete else ())]

    def function_of(self, call: ast.Call) -> Function | None:
        """The function of the bot's that a call is of."""
        term = self.program.evaluator.evaluate(self.module, call.func)
        found = [option for option in self.program.callees.of(term) if isinstance(option, Function)]
        return found[0] if len(found) == 1 and not isinstance(found[0].node, ast.Lambda) else None

    def within(self, function: Function) -> Body:
        return Body(self.program, function.module, function.module.names.scopes[function.node])

    # --- what only signs ----------------------------------------------------------------------------------------------

    def is_pure(self, unit: ast.AST) -> bool:
        """True for statements that do nothing but make what they bind."""
        for node in ast.walk(unit):
            if isinstance(node, EFFECTS):
                return False
            if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
                return False
            if isinstance(node, ast.Call) and called_name(node.func) not in PURE and not self.is_of_signing(node):
                return False
        return isinstance(unit, (ast.Assign, ast.AugAssign, ast.AnnAssign, *COMPOUND))

    def is_of_signing(self, call: ast.Call, depth: int = DEPTH) -> bool:
        """True for a function of the bot's that makes a signature or tells the time."""
        function = self.function_of(call)
        if function is None or not depth:
            return False
        inner = self.within(function)
        made = [node for node in ast.walk(function.node) if isinstance(node, ast.Call)]
        return all(called_name(node.func) in PURE or inner.is_of_signing(node, depth - 1) for node in made)

    def secret_in(self, nodes: list[ast.AST], depth: int = DEPTH) -> Secret | None:
        """What some code makes signatures with, itself or by a function of the bot's."""
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        for call in filter(is_hash, calls):
            given = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "key"), None)
            return Secret(self, given) if given is not None else None
        for call in calls if depth else ():
            function = self.function_of(call)
            if function is not None:
                found = self.within(function).secret_in([*ast.walk(function.node)], depth - 1)
                if found is not None:
                    return self._as_given(call, function, found)
        return None

    def _as_given(self, call: ast.Call, function: Function, found: Secret) -> Secret:
        """A secret in the words of whoever calls the function that signs with it."""
        found = found._replace(said=found.body.unnamed(found.said))
        names = {node.id for node in ast.walk(found.said) if isinstance(node, ast.Name)}
        bound = bind_call(function.node, call, self.program.evaluator.parameters.offset(function)).named
        passed = names & bound.keys() if found.body.function is function.node else set()
        if not passed:
            return found
        name = passed.pop()
        return Secret(self, bound[name] if isinstance(found.said, ast.Name) else _put(found.said, name, bound[name]))

    def unnamed(self, said: ast.expr) -> ast.expr:
        """What a name of its own stands for, which means nothing to others; anything else as it is."""
        found = self.reaching(said) if isinstance(said, ast.Name) and said in self.names.get(said.id, ()) else []
        made = found[0].value if len(found) == 1 and found[0].how == "assign" and not found[0].index else None
        return said if made is None else self.unnamed(made)

    def is_of_this_machine(self, time: ast.expr) -> bool:
        """True for a time that was read from this machine's clock."""
        term = self.program.evaluator.evaluate(self.module, time)
        return any(clocks.local(way) for way in self.program.callers.in_all_contexts(term))


def is_hash(call: ast.Call) -> bool:
    """True for `hmac.new(secret, text, sha256)`."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="hmac"), attr=attr) if attr in HASHING:
            return True
    return False


def _put(expr: ast.expr, name: str, given: ast.expr) -> ast.expr:
    """An expression with another in the place of a name."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return given if node.id == name else node

    made = Put().visit(ast.parse(ast.unparse(expr), mode="eval").body)
    assert isinstance(made, ast.expr)
    return made
