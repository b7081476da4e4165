"""Shapes of nodes: access paths, called names, literal keys, parameters, parents, fields."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from bybit_lint.analysis.bounds import is_bounded
from bybit_lint.analysis.compact import PLAIN, ByKind

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
BODIES = (*FUNCTIONS, ast.ClassDef, ast.Module)
PARENT = "parent"


def parameters(function: FunctionNode) -> list[ast.arg]:
    """Every named parameter of a function but `*args` and `**kwargs`, in order."""
    arguments = function.args
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def access_path(node: ast.AST) -> str | None:
    """`self.orders['qty']` as text, if that is all the expression is."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=base, attr=attr):
            inner = access_path(base)
            return inner and f"{inner}.{attr}"
        case ast.Subscript(value=base, slice=ast.Constant(value=str() | int() as key)) if is_bounded(key):
            inner = access_path(base)
            return inner and f"{inner}[{key!r}]"
    return None


def literal_key(key: ast.expr | None) -> str | int | None:
    """The text or number a key is written as: `"result"`, `0`, `-1`; that of `**rows` is none."""
    match key:
        case ast.Constant(value=str() | int() as value) if is_bounded(value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as value)) if is_bounded(value):
            return -value
    return None


def number(node: ast.expr) -> float | None:
    """The number that an expression is written as, if it is one to compute with."""
    match node:
        case ast.Constant(value=int() | float() as value) if is_bounded(value):
            return value
    return None


def arguments(call: ast.Call) -> list[ast.expr]:
    """All that a call is given, by place and then by name."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def unawaited(node: ast.expr | None) -> ast.expr | None:
    """What is waited for; the expression itself, where that is not an `await`."""
    return node.value if isinstance(node, ast.Await) else node


def called_name(callee: ast.expr) -> str:
    """The last name of what is called: `place_order` of `self.session.place_order`."""
    if isinstance(callee, ast.Attribute):
        return callee.attr
    return callee.id if isinstance(callee, ast.Name) else ""


def position(node: ast.expr | ast.stmt | ast.excepthandler) -> tuple[int, int]:
    """Where a node begins: its line and its column."""
    return node.lineno, node.col_offset


PLAIN_DECORATORS = {"staticmethod", "classmethod", "abstractmethod", "override"}
"""Decorators under which a function takes what it says."""


def _decorators(function: FunctionNode) -> set[str]:
    return set() if isinstance(function, ast.Lambda) else {called_name(d) for d in function.decorator_list}


def is_static(function: FunctionNode) -> bool:
    """True for what stands in a class and is given no object: a static method, a decorator of its neighbours."""
    return "staticmethod" in _decorators(function) or _decorates_neighbours(function)


def _decorates_neighbours(function: FunctionNode) -> bool:
    """True if methods of the same class are decorated with a function, which wraps them in one of its own."""
    around = getattr(function, PARENT, None)
    if isinstance(function, ast.Lambda) or not isinstance(around, ast.ClassDef):
        return False
    if not any(isinstance(statement, FUNCTIONS) for statement in function.body):
        return False
    methods = (each for each in around.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)))
    written = (d.func if isinstance(d, ast.Call) else d for each in methods for d in each.decorator_list)
    return any(isinstance(d, ast.Name) and d.id == function.name for d in written)


def is_classmethod(function: FunctionNode) -> bool:
    """True for a method that is given its class."""
    return "classmethod" in _decorators(function)


def keeps_parameters(function: FunctionNode) -> bool:
    """False for a function whose decorators may have it take other arguments than are written in it."""
    return _decorators(function) <= PLAIN_DECORATORS


def is_property(function: FunctionNode) -> bool:
    """True for a method whose name stands for what it returns."""
    return not _decorators(function).isdisjoint(("property", "cached_property"))


def is_stub(function: FunctionNode) -> bool:
    """True for a method that says no more than that heirs have one: `...`, `raise NotImplementedError`."""
    if isinstance(function, ast.Lambda):
        return False
    return "abstractmethod" in _decorators(function) or all(map(_says_nothing, function.body))


def _says_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError")) | ast.Name(id="NotImplementedError")):
            return True
    return False


class Parents:
    """The parent of every node. Each node keeps its own: a dict of them takes a tenth of the memory of a run."""

    def get(self, node: ast.AST | None) -> ast.AST | None:
        return getattr(node, PARENT, None)

    def __getitem__(self, node: ast.AST) -> ast.AST:
        found: ast.AST = getattr(node, PARENT)
        return found


CHILDLESS = PLAIN | {"annotation"}
"""Fields that hold no node worth a visit; most of all nodes are `Load()` otherwise."""
LEAVES = {ast.Name, ast.Constant, ast.alias}
BARREN = LEAVES | {ast.Global, ast.Nonlocal, ast.MatchSingleton}
KINDS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)]
IS_LEAF = ByKind(dict.fromkeys(LEAVES, True), False)
FIELDS: ByKind[tuple[str, ...]] = ByKind(
    {k: () if k in BARREN else tuple(name for name in k._fields if name not in CHILDLESS) for k in KINDS}, ()
)
"""The fields of each kind of node in which nodes stand that are worth a visit."""
INNER: ByKind[tuple[str, ...]] = ByKind(
    {k: () if k in BARREN else tuple(name for name in k._fields if name not in PLAIN) for k in KINDS}, ()
)
"""The fields of each kind of node in which nodes stand."""


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node, as `ast.iter_child_nodes` gives them, but for marks such as `Load()`."""
    found = []
    for name in INNER[type(node)]:
        value = getattr(node, name)
        if type(value) is list:
            found += [item for item in value if item]
        elif value:
            found.append(value)
    return found


def walk(top: ast.AST) -> Iterator[ast.AST]:
    """A node and all that stands in it, level by level as `ast.walk` gives them, but for marks."""
    found = [top]
    for node in found:  # which grows on the way
        yield node
        found += children(node)
