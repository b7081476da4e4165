"""Whole numbers of steps: what they are multiplied with, and whether that is the step that was counted."""

from __future__ import annotations

import ast
import re

from bybit_lint.analysis.domains.precision import TRANSPARENT, near, reciprocal
from bybit_lint.analysis.domains.step_fields import is_step
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Invocation,
    Operation,
    Term,
    alternatives,
    qualified_name,
)
from bybit_lint.patterns import regex

UNIT = regex(r"step|tick|increment|lot|min|unit|precision|quant|size|multiplier", re.IGNORECASE)
"""What bots call a step, or what they take for one."""
CUTS = {"math.floor", "math.trunc", "builtins.int", "numpy.floor"}
CASTS = {name.rpartition(".")[2] for name in TRANSPARENT}


def counts_steps(product: Operation, whole: int) -> bool:
    """True for `floor(x / unit) * unit`, whose operand `whole` counts how often the other one fits."""
    factor, unit = product.operands[1 - whole], _written(product, 1 - whole)
    if any(UNIT.search(name) for name in _names(unit)) or any(map(is_step, near(factor))):
        return True
    counted = (part for part in near(product.operands[whole]) if isinstance(part, Operation))
    return any(
        part.operands[-1] is factor or _are_alike(unit, _written(part, 1))
        for part in counted
        if len(part.operands) == 2
    )


def units(quotient: Operation) -> list[Term] | None:
    """What `floor(x * many) / many` rounds to: `step` for each `1 / step` that `many` may be; None for others.

    None too for so many as somebody wrote down: those are parts of his own.
    """
    many = quotient.operands[1]
    match quotient.operands[0]:
        case Invocation(callee=Access(base=product, key=".to_integral_value" | ".to_integral" | ".quantize")):
            pass
        case Invocation(positional=[only, *_]):
            product = only.term
        case Operation(operator=ast.FloorDiv, operands=(product, _)):
            pass
        case _:
            return None
    if not isinstance(product, Operation) or not issubclass(product.operator, ast.Mult):
        return None
    divisor, sides = _written(quotient, 1), (_written(product, 0), _written(product, 1))
    is_written = divisor is not None and any(side and ast.dump(side) == ast.dump(divisor) for side in sides)
    if not is_written and not any(operand is many for operand in product.operands):
        return None
    parts = [unit for option in alternatives(many) if (unit := reciprocal(option)) is not None]
    return None if not parts and all(map(_is_decided, alternatives(many))) else parts


def _is_decided(term: Term) -> bool:
    """True for a number that somebody wrote down, be it one of a table or worked out."""
    match term:
        case Operation(operands=operands):
            return all(map(_is_decided, operands))
        case Constant() | Access(base=DictTerm()):
            return True
    return False


def cut_number(product: Operation) -> Term | None:
    """`x` in `floor(x / step) * step`, where what is cut is one quotient."""
    for whole in product.operands:
        match whole:
            case Invocation(callee=callee, positional=[only]) if qualified_name(callee) in CUTS:
                if isinstance(only.term, Operation) and issubclass(only.term.operator, ast.Div):
                    return only.term.operands[0]
            case Operation(operator=ast.FloorDiv, operands=(number, _)):
                return number
    return None


def _written(operation: Operation, place: int) -> ast.expr | None:
    node = operation.site.node
    return (node.left, node.right)[place] if isinstance(node, ast.BinOp) else None


def _are_alike(one: ast.expr | None, other: ast.expr | None) -> bool:
    """True if two expressions have a name in common, or a key where both are taken out of something by one."""
    keys = _keys(one), _keys(other)
    said, known = keys if all(keys) else (_names(one), _names(other))
    return not said.isdisjoint(known)


def _names(node: ast.expr | None) -> set[str]:
    """The names in an expression, and the words by which something is taken out of them."""
    nodes = [] if node is None else [*walk(node)]
    return _keys(node) | {called_name(n) for n in nodes if isinstance(n, (ast.Name, ast.Attribute))} - CASTS


def _keys(node: ast.expr | None) -> set[str]:
    nodes = [] if node is None else [*walk(node)]
    return {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
