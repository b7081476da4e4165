"""Fields of answers and messages where they are compared or computed with literals, and what is wrong with that."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import literal_key, walk
from bybit_lint.knowledge.schemas import SchemaField
from bybit_lint.vocabulary import Fix, ImpossibleTest, Noun, Replace, TextNumber, Wrap

ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
EQUALITIES = (ast.Eq, ast.NotEq)
SIZES = ("size", "contracts")
"""What says of a position whether there is any."""
SIGNS = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
}


class Use(NamedTuple):
    """Where a field, or a name of the bot's for it, is compared or computed with."""

    node: ast.expr
    cased: str = ""
    """`lower` or `upper`, if that is asked of it first."""


def uses(module: Module, node: ast.expr) -> Iterator[Use]:
    """A field where it is compared or computed with a literal, or the names that are, to which it is bound."""
    names = module.names
    held, cased = _cased(module, node)
    if _is_beside_literal(names.parents.get(held)):
        yield Use(node, cased)
    match names.parents.get(held):
        case ast.Assign(targets=[ast.Name(id=name)]):
            scope = names.scope(node).function
            if not cased or len(scope.bindings[name]) == 1:
                for load in names.loads(scope.node, name):
                    parent = names.parents.get(load)
                    if isinstance(parent, ast.Compare) and _is_beside_literal(parent):
                        yield Use(load, cased)


def impossible(
    module: Module, node: ast.expr, field: SchemaField, is_meant: Callable[[ast.expr], bool]
) -> Iterator[ImpossibleTest]:
    """The tests of a field that say the same each time, where it and the name that is compared are what is meant."""
    for use in uses(module, node):
        found = [noun for noun in judged(module, use, field) if isinstance(noun, ImpossibleTest)]
        if found and all(map(is_meant, {node, use.node})):
            yield from found


def judged(module: Module, use: Use, field: SchemaField) -> list[Noun]:
    """What is wrong with a field where it is used."""
    node = _cased(module, use.node)[0] if use.cased else use.node
    match module.names.parents.get(node):
        case ast.Compare(left=left, ops=[operator], comparators=[right]) as test:
            other = right if left is node else left
            return [*_compared(module, test, node, field, operator, other, use.cased)]
        case ast.BinOp(left=left, op=operator, right=right) as sum_ if field.type == "string" and not use.cased:
            other = right if left is node else left
            is_format = isinstance(operator, ast.Mod) and left is node
            if _number(other) is not None and not is_format and not isinstance(operator, ast.BitOr):
                operation = _operation(field.name, SIGNS.get(type(operator), "?"), other, is_first=left is node)
                is_repeat = isinstance(operator, ast.Mult) and isinstance(_number(other), int)
                span, fix = module.source.span(sum_), _as_number(module, node)
                return [TextNumber(span, field.name, operation, not is_repeat, fix)]
    return []


def _cased(module: Module, node: ast.expr) -> tuple[ast.expr, str]:
    """The call of `x.lower()` for `x`, and the method; `x` itself and nothing where that is not called."""
    parents = module.names.parents
    match parents.get(node):
        case ast.Attribute(attr="lower" | "upper" as cased) as method:
            call = parents.get(method)
            if isinstance(call, ast.Call) and call.func is method:
                return call, cased
    return node, ""


def _is_beside_size(module: Module, test: ast.Compare) -> bool:
    """True for `float(row["size"]) > 0 and row["side"] != "None"`: what is meant to be left out is left out already."""
    around = module.names.parents.get(test)
    if not isinstance(test.ops[0], ast.NotEq) or not isinstance(around, ast.BoolOp) or isinstance(around.op, ast.Or):
        return False
    asked = (value for value in around.values if value is not test and isinstance(value, ast.Compare))
    return any(
        node.value in SIZES if isinstance(node, ast.Constant) else getattr(node, "id", "") in SIZES
        for value in asked
        for node in walk(value.left)
    )


def _compared(
    module: Module,
    test: ast.Compare,
    node: ast.expr,
    field: SchemaField,
    operator: ast.cmpop,
    other: ast.expr,
    cased: str,
) -> Iterator[Noun]:
    """What a comparison with a literal makes of a field."""
    if _is_one_of_several(module, test, node) or _is_default(node, other):
        return
    span, number = module.source.span(test), _number(other)
    sign = SIGNS.get(type(operator), "")
    if field.type == "string" and number is not None and isinstance(operator, (*ORDERINGS, *EQUALITIES)):
        raises = isinstance(operator, ORDERINGS)
        operation = _operation(field.name, sign, other, is_first=test.left is node)
        yield TextNumber(span, field.name, operation, raises, _as_number(module, node))
        return
    said = _texts(operator, other)
    if cased:
        field = field._replace(values=tuple(getattr(value, cased)() for value in field.values))
    is_closed = bool(field.values) or field.is_number
    if said and is_closed and not any(map(field.may_be, said)) and not _is_beside_size(module, test):
        values = () if field.is_number else field.values
        fix = _respelt(module, other, field)
        yield ImpossibleTest(span, field.name, ast.unparse(other), values, field.is_number, fix)


def _operation(name: str, sign: str, other: ast.expr, *, is_first: bool) -> str:
    """What is done with a field and something else, in the order in which it is written."""
    said = ast.unparse(other)
    return f"{name} {sign} {said}" if is_first else f"{said} {sign} {name}"


def _is_one_of_several(module: Module, test: ast.Compare, node: ast.expr) -> bool:
    """True if the same is compared with something else beside it: `side == "Buy" or side == "long"`."""
    above = module.names.parents.get(test)
    if not isinstance(above, ast.BoolOp):
        return False
    said = ast.unparse(node)
    others = (value for value in above.values if value is not test and isinstance(value, ast.Compare))
    return any(ast.unparse(side) == said for other in others for side in (other.left, *other.comparators))


def _is_default(node: ast.expr, other: ast.expr) -> bool:
    """True if it is compared with what it is where it is missing: `row.get("size", 0) == 0`."""
    default = node.args[1] if isinstance(node, ast.Call) and len(node.args) > 1 else None
    return default is not None and ast.dump(default) == ast.dump(other)


def _is_beside_literal(parent: ast.AST | None) -> bool:
    match parent:
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return any(_number(side) is not None or bool(_texts(operator, side)) for side in (left, right))
        case ast.BinOp(left=left, right=right):
            return _number(left) is not None or _number(right) is not None
    return False


def _number(node: ast.expr) -> int | float | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
    return None


def _texts(operator: ast.cmpop, node: ast.expr) -> list[object]:
    """The literals that a field is compared with; none where one of them is something else."""
    match operator, node:
        case ((ast.Eq() | ast.NotEq()), ast.Constant(value=str() | int() as value)):
            return [] if isinstance(value, bool) else [value]
        case ((ast.In() | ast.NotIn()), ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items)):
            found: list[object] = [literal_key(item) for item in items]
            return found if all(isinstance(item, ast.Constant) for item in items) else []
    return []


def _as_number(module: Module, node: ast.expr) -> Fix:
    """Read the text as a number."""
    return Fix("read it as a number", (Wrap(module.source.span(node), "float", module="builtins"),))


def _respelt(module: Module, other: ast.expr, field: SchemaField) -> Fix | None:
    """The value in Bybit's spelling, where it is one of them in other letters, or a number as text."""
    if not isinstance(other, ast.Constant):
        return None
    if field.is_number:
        is_one = isinstance(other.value, str) and other.value.isdecimal()
        right = str(other.value) if is_one else ""
    else:
        found = [value for value in field.values if value.lower() == str(other.value).lower()]
        right = f'"{found[0]}"' if found else ""
    return Fix(f"write {right}", (Replace(module.source.span(other), "", right),)) if right else None
