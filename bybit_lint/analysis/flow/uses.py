"""What becomes of a value: which parts of it are read, tested or shown, as long as all of that can be seen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow.exception_handlers import may_be_caught
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name, literal_key, parameters
from bybit_lint.analysis.values.key_paths import ANY, KeyPath
from bybit_lint.analysis.values.terms import Function, alternatives

DEPTH = 40
"""Steps after which it counts as unseen what becomes of a value."""
ITSELF = ("json", "copy", "raise_for_status", "read", "decode")
"""Methods whose result is the answer itself, or its text."""
ROWS = ("items", "values", "keys")
STATUS = ("status_code", "status", "ok", "reason", "headers", "elapsed", "url")
TEXT = ("text", "content", "data")
SHOWN = LOGGING | {"str", "repr", "len", "type", "bool", "isinstance", "pformat", "format", "id", "success", "echo"}
NUMBERS = ("float", "int", "Decimal")
SAME = ("list", "dict", "tuple", "sorted", "reversed", "loads", "deepcopy", "next", "iter")


@dataclass
class Uses:
    """What becomes of a value. Ways are keys from the value to the part; of a raw answer, from its JSON."""

    read: set[KeyPath] = field(default_factory=set)
    """The parts that are read, tested and shown ones among them."""
    tested: set[KeyPath] = field(default_factory=set)
    """The parts that a condition asks about."""
    words: set[str] = field(default_factory=set)
    """Keys of which it is asked whether they are there."""
    is_caught: bool = False
    """True if a part is taken by its key or position where an exception is caught: it is expected to be missing."""
    is_shown: bool = False
    """True if the whole value is printed or logged: somebody may look at it."""
    escaped: set[KeyPath] = field(default_factory=set)
    """The parts that go where they cannot be followed."""

    @property
    def is_seen(self) -> bool:
        """False if the whole value goes where it cannot be followed."""
        return () not in self.escaped


class UseTracker:
    """Follows one value through the project."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.uses = Uses()
        self._met: set[tuple[ast.AST, KeyPath]] = set()

    def of(self, module: Module, node: ast.expr) -> Uses:
        self._follow(module, node, ())
        return self.uses

    def _follow(self, module: Module, node: ast.expr, way: KeyPath) -> None:
        """What the code around a node does with it."""
        if (node, way) in self._met or not self.uses.is_seen:
            return
        self._met.add((node, way))
        if len(self._met) > DEPTH * 10 or len(way) > DEPTH:
            self.uses.escaped.add(())
            return
        parent = module.names.parents.get(node)
        match parent:
            case ast.FormattedValue():
                self.uses.is_shown |= not way
                self._end(way)
            case ast.Expr() | ast.withitem(optional_vars=None):
                self._end(way)
            case ast.Await() | ast.NamedExpr() | ast.IfExp() if node is not getattr(parent, "test", None):
                self._follow(module, parent, way)
                if isinstance(parent, ast.NamedExpr):
                    self._loads(module, parent, parent.target, way)
            case ast.Attribute(attr=attr):
                self._attribute(module, parent, attr, way)
            case ast.Subscript(value=value, slice=key) if value is node:
                self.uses.is_caught |= may_be_caught(module.names, parent)
                self._follow(module, parent, way if isinstance(key, ast.Slice) else (*way, _key(key)))
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                self._loads(module, parent, target, way)
            case ast.withitem(optional_vars=ast.expr() as target):
                self._loads(module, module.names.parents[parent], target, way)
            case ast.For(iter=rows, target=target) | ast.AsyncFor(iter=rows, target=target) if rows is node:
                self._end((*way, ANY))
                self._loads(module, parent, target, (*way, ANY))
            case ast.comprehension(iter=rows, target=target) if rows is node:
                self._end((*way, ANY))
                self._loads(module, parent, target, (*way, ANY))
            case ast.Return() | ast.Lambda():
                self._return(module, node, parent, way)
            case ast.BoolOp():
                self._test(way)
                self._follow(module, parent, way)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]) if left is not node:
                self.uses.words.add(str(literal_key(left)))
                self._test(way)
            case (
                ast.comprehension()
                | ast.Compare()
                | ast.UnaryOp()
                | ast.If()
                | ast.While()
                | ast.Assert()
                | ast.IfExp()
            ):
                self._test(way)
            case ast.Call() | ast.keyword():
                self._argument(module, parent, node, way)
            case ast.BinOp() if way:
                self._end(way)
            case _:
                self._lose(way)

    def _lose(self, way: KeyPath) -> None:
        self._end(way)
        self.uses.escaped.add(way)

    def _end(self, way: KeyPath) -> None:
        self.uses.read.add(way)

    def _test(self, way: KeyPath) -> None:
        self._end(way)
        self.uses.tested.add(way)

    def _attribute(self, module: Module, node: ast.Attribute, name: str, way: KeyPath) -> None:
        call = module.names.parents.get(node)
        if not isinstance(call, ast.Call) or call.func is not node:
            is_known = name in STATUS or name in TEXT
            self.uses.escaped |= set() if is_known else {way}
            if name in TEXT:
                self._follow(module, node, way)
        elif name in ("get", "pop") and call.args:
            self._follow(module, call, (*way, _key(call.args[0])))
        elif name in ROWS:
            self._follow(module, call, (*way, ANY))
        elif name in ITSELF or name in TEXT:
            self._follow(module, call, way)
        elif name in ("append", "extend", "update", "setdefault"):
            self._lose(way)
        else:
            self._end(way)

    def _loads(self, module: Module, binder: ast.AST, target: ast.expr, way: KeyPath) -> None:
        """What is done with the name that a value is bound to."""
        if isinstance(target, ast.Tuple):
            for position, item in enumerate(target.elts):
                self._loads(module, binder, item, (*way, position))
            return
        if not isinstance(target, ast.Name):
            self._lose(way)
            return
        scope = module.names.scope(target)
        function = scope.function
        if target.id in function.outer_names or (not function.is_function and function.parent is None):
            self._end(way)
        for load in module.names.loads(scope.node, target.id):
            reached = reaching.reaching(module.names, module.names.scope(load), target.id, load).bindings
            if not reached or any(b.statement is binder or isinstance(binder, ast.comprehension) for b in reached):
                self._follow(module, load, way)
        self._end(way)

    def _return(self, module: Module, node: ast.expr, parent: ast.AST, way: KeyPath) -> None:
        """What the callers of a function do with what it returns."""
        function = parent if isinstance(parent, ast.Lambda) else module.names.scope(node).function.node
        call = module.names.parents.get(function)
        if isinstance(function, ast.Lambda) and isinstance(call, ast.Call) and called_name(call.func) in DEFERRING:
            self._follow(module, call, way)
            return
        calls = self.program.callers.of(function) if isinstance(function, FUNCTIONS) else []
        if not calls or len(calls) >= self.program.callers.MAX_CALL_SITES:
            self._lose(way)
        for made in (caller.made for caller in calls):
            self._follow(made.site.module, made.site.node, way)

    def _argument(self, module: Module, parent: ast.Call | ast.keyword, node: ast.expr, way: KeyPath) -> None:
        """What a function does with an argument."""
        call = module.names.parents[parent] if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call):
            self._lose(way)
            return
        name = called_name(call.func)
        own = list(self._own(module, call))
        if own:
            for function in own:
                self._parameter(function, call, node, way)
        elif name in SHOWN or (name in NUMBERS and way):
            self.uses.is_shown |= not way
            self._end(way)
        elif name in SAME:
            self._follow(module, call, way)
        else:
            self._lose(way)

    def _own(self, module: Module, call: ast.Call) -> Iterator[Function]:
        callee = self.program.evaluator.at(module, call.func).term
        yield from (t for t in alternatives(callee) if isinstance(t, Function))

    def _parameter(self, function: Function, call: ast.Call, node: ast.expr, way: KeyPath) -> None:
        name = _filled(function.node, call, node, self.program.evaluator.parameters.offset(function))
        if name is None:
            self._lose(way)
            return
        names = function.module.names
        for load in names.loads(function.node, name):
            if not reaching.reaching(names, names.scope(load), name, load).is_complete:
                self._follow(function.module, load, way)
        self._end(way)


def _filled(function: FunctionNode, call: ast.Call, node: ast.expr, offset: int) -> str | None:
    """The parameter that an argument is passed for."""
    for keyword in call.keywords:
        if keyword.value is node:
            return keyword.arg
    if any(isinstance(a, ast.Starred) for a in call.args) or node not in call.args:
        return None
    names = [a.arg for a in parameters(function)][offset:]
    position = call.args.index(node)
    return names[position] if position < len(names) else None


def _key(key: ast.expr) -> object:
    found = literal_key(key)
    return ANY if found is None else found
