"""What a bot takes where a field is not in an answer: then it knows that the field may be missing."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Sequence

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits, following, preceding
from bybit_lint.analysis.syntax.nodes import walk

ABSENT = (None, "")
"""What a field that is not there is taken for; a 0 may as well be what it says."""


def is_planned(names: ModuleIndex, node: ast.expr, base: ast.expr, name: str) -> bool:
    """True if the code itself takes something else where a field of `base` is missing, or asks whether it is there."""
    above = names.parents.get(node)
    default = node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else None
    if (
        _has_others_beside(names, node)
        or _stands_in(names, above)
        or _is_replaced(names, node)
        or _is_second_choice(names, node, base)
        or (default is not None and not _is_empty(default))
    ):
        return True
    if isinstance(above, ast.Call) and isinstance(above.func, ast.Attribute) and above.func.attr == "get":
        return True  # it is the default of another one
    for around in names.ancestors(node):
        tests = [around.test] if isinstance(around, (ast.If, ast.IfExp, ast.While)) else []
        if any(isinstance(n, ast.Constant) and n.value == name for test in tests for n in walk(test)):
            return True
        if isinstance(around, ast.Try) and any(h.type and "KeyError" in ast.unparse(h.type) for h in around.handlers):
            return True
    return False


def _is_empty(default: ast.expr) -> bool:
    """True for a default that is nothing in the place of something: a literal, a list or dict with nothing in it."""
    match default:
        case ast.Constant() | ast.List(elts=[]) | ast.Tuple(elts=[]) | ast.Dict(keys=[]):
            return True
    return False


def _is_nothing(value: ast.expr) -> bool:
    """True for a literal that is false."""
    return _is_empty(value) and not getattr(value, "value", None)


def _has_others_beside(names: ModuleIndex, node: ast.expr) -> bool:
    """True for `x or y`, whatever each of them is converted by; `x or 0` says no more than a default does."""
    above = names.parents.get(node)
    while isinstance(above, ast.Call) and len(above.args) == 1 and not above.keywords and node in above.args:
        node, above = above, names.parents.get(above)
    if not isinstance(above, ast.BoolOp):
        return False
    return isinstance(above.op, ast.And) or not all(_is_nothing(other) for other in above.values if other is not node)


def _stands_in(names: ModuleIndex, kept: ast.AST | None) -> bool:
    """True for `x = y` where an `if` has just found that there is nothing in `x`."""
    if not isinstance(kept, ast.Assign) or len(kept.targets) != 1:
        return False
    around, said = names.parents.get(kept), ast.unparse(kept.targets[0])
    is_asked = isinstance(around, ast.If) and kept in around.body
    return is_asked and isinstance(around, ast.If) and said in map(ast.unparse, _empty(around.test))


def _is_replaced(names: ModuleIndex, node: ast.expr) -> bool:
    """True for `x = y` behind which something else is taken if there is nothing in `x`."""
    kept = names.statement(node)
    if not isinstance(kept, ast.Assign) or len(kept.targets) != 1:
        return False
    said = ast.unparse(kept.targets[0])
    match following(names.parents[kept], kept):
        case [ast.If(test=test, body=[ast.Assign(targets=[target]), *_]), *_]:
            return said in map(ast.unparse, _empty(test)) and ast.unparse(target) == said
    return False


def _is_second_choice(names: ModuleIndex, node: ast.expr, base: ast.expr) -> bool:
    """True if the code comes to a field only where it has found that there is nothing in another one of the row."""
    said = ast.unparse(base)
    rows = (row for asked in _missing(names, node) for row in _rows_behind(names, asked, node))
    return any(ast.unparse(row) == said for row in rows)


def _missing(names: ModuleIndex, node: ast.AST) -> Iterator[ast.expr]:
    """What is known to be nothing where the code comes to a node: it is taken itself where there is something in it."""
    for around in names.ancestors(node):
        match around:
            case ast.If(test=test, body=body, orelse=orelse) if node in orelse:
                yield from _taken(test, body)
            case ast.IfExp(test=test, body=taken, orelse=other) if node is other:
                yield from _taken(test, [taken])
            case ast.If(test=test) | ast.IfExp(test=test) if node is not test:
                yield from _empty(test, ABSENT)
        for earlier in preceding(around, node):
            if isinstance(earlier, ast.If) and always_exits(earlier.body):
                yield from _taken(earlier.test, earlier.body)
        node = around


def _taken(test: ast.expr, block: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """What a test asks whether it is anything, of which something is made in the block behind it."""
    made = [each.value if isinstance(each, (ast.Assign, ast.Return)) else each for each in block]
    said = {_field(n) for value in made if isinstance(value, ast.expr) for n in walk(value) if isinstance(n, ast.expr)}
    yield from (asked for asked in _full(test) if _field(asked) in said)


def _field(node: ast.expr) -> str:
    """A name, or a field in whichever way it is read."""
    match node:
        case ast.Call(func=ast.Attribute(value=row, attr="get"), args=[key, *_]) | ast.Subscript(value=row, slice=key):
            return f"{ast.unparse(row)}[{ast.unparse(key)}]"
    return node.id if isinstance(node, ast.Name) else ""


def _rows_behind(names: ModuleIndex, asked: ast.expr, node: ast.expr) -> Iterator[ast.expr]:
    """What a field is read from that was asked for before a node, be it by the name that it is bound to."""
    bound = names.scope(asked).bindings.get(asked.id, ()) if isinstance(asked, ast.Name) else ()
    yield from _rows(asked)
    for binding in bound:
        if binding.value is not None and node not in walk(binding.value):
            yield from _rows(binding.value)


def _rows(value: ast.expr) -> Iterator[ast.expr]:
    """What a value is read from: `row` of `row["size"]`, of `row.get("size")` and of `float(row["size"])`."""
    match value:
        case ast.Call(func=ast.Attribute(value=row, attr="get")) | ast.Subscript(value=row):
            yield row
        case ast.Call(args=[first]):
            yield from _rows(first)
        case ast.BoolOp(values=[first, *_]):
            yield from _rows(first)


def _empty(test: ast.expr, nothing: Container[object] = (*ABSENT, 0)) -> Iterator[ast.expr]:
    """What a test asks whether it is nothing: `x is None`, `not x`, `x == ""`, each of several."""
    match test:
        case ast.BoolOp(op=ast.Or(), values=values):
            for value in values:
                yield from _empty(value, nothing)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
            yield from _keyed(operand, ast.In)
        case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=value)]):
            yield from [left] if value in nothing else []
        case _:
            yield from _keyed(test, ast.NotIn)


def _full(test: ast.expr) -> Iterator[ast.expr]:
    """What a test asks whether it is anything: `x is not None`, `x`, `x != ""`, each of several."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            for value in values:
                yield from _full(value)
        case ast.Name() | ast.Subscript() | ast.Call(func=ast.Attribute(attr="get")):
            yield test
        case ast.Compare(left=left, ops=[ast.IsNot() | ast.NotEq()], comparators=[ast.Constant(value=None | "")]):
            yield left
        case _:
            yield from _keyed(test, ast.In)


def _keyed(test: ast.expr, how: type[ast.cmpop]) -> Iterator[ast.expr]:
    """The field of the key that a test looks for in a row: `row["size"]` of `"size" in row`."""
    match test:
        case ast.Compare(left=ast.Constant() as key, ops=[op], comparators=[row]) if isinstance(op, how):
            yield ast.Subscript(row, key, ast.Load())
