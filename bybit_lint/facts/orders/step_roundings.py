"""Finding the roundings that fail for some steps, once each, and how they are put right where they stand."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name, walk
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.orders.off_grid import OrderNumber, at_the_orders, categories, ways_out
from bybit_lint.vocabulary import (
    Argument,
    Fix,
    Kind,
    Misrounding,
    Order,
    Origin,
    Repair,
    Replace,
    Rounding,
    Span,
)

WHOLE = {"round", "int", "floor", "ceil", "trunc"}
PURE = {"Decimal", "str", "float"}
COUNTED = {
    *(Misrounding.QUANTIZE, Misrounding.TEXT, Misrounding.LOGARITHM, Misrounding.MINIMUM, Misrounding.RECIPROCAL)
}
"""What fails for some steps only."""
CONTRACTS = {"linear", "inverse", "option"}
ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)


def by_place(orders: Sequence[Order]) -> dict[str, dict[tuple[Span, Misrounding], list[OrderNumber]]]:
    """The roundings that fail for some steps, by the file they stand in, and the orders they end in."""
    found: dict[str, dict[tuple[Span, Misrounding], list[OrderNumber]]] = defaultdict(lambda: defaultdict(list))
    for order in orders:
        for number in (*order.quantities(), *order.prices()):
            for origin in number.value.origins:
                if (how := _misrounding(order, number, origin)) is not None:
                    found[origin.span.path][origin.span, how].append(OrderNumber(order, number))
    return found


def _misrounding(order: Order, number: Argument, origin: Origin) -> Misrounding | None:
    """What is wrong with a number of an order: a step that is lost counts where an order closes what is held.

    A price that is a tick lower closes all the same.
    """
    is_cut = origin.note == Misrounding.FLOOR.name
    if origin.kind is Kind.MISROUNDED or origin.note == Misrounding.DIGITS.name:
        return Misrounding.FLOATS if is_cut else Misrounding[origin.note]
    closes = order.closes and number.name in Order.QUANTITIES
    return Misrounding.FLOOR if is_cut and origin.kind is Kind.STEP and closes else None


@extracts(Rounding)
class StepRoundings:
    """The roundings of a module that fail for some steps and end in an order."""

    def __init__(self, analysis: Analysis) -> None:
        self.traffic = analysis.traffic

    @cached_property
    def _by_path(self) -> dict[str, dict[tuple[Span, Misrounding], list[OrderNumber]]]:
        return by_place(self.traffic.orders)

    def facts(self, module: Module) -> Iterator[Rounding]:
        for (span, how), found in self._by_path.get(module.source.path, {}).items():
            if how is Misrounding.SCALE:  # that is a matter of the field
                continue
            uses = [use for use in found if how is not Misrounding.RECIPROCAL or not _is_in_contracts(use)]
            if not uses:
                continue
            node = next(iter(module.source.expressions_at(span)), None)
            if node and how in COUNTED and all(_is_for_one_symbol(module, node, use) for use in uses):
                continue
            if how is Misrounding.MINIMUM and {*categories(uses)} == {"spot"}:
                continue  # of which each least quantity has the decimals that its step has, or fewer
            first = uses[0].number
            ends = (end for use in uses for end in ways_out(span, use, f"sent as {use.number.title} here"))
            repair = (_repair(module, node, how) if node else None) or at_the_orders(module, uses)
            are_prices = {use.number.name in Order.PRICES for use in uses}
            is_price = are_prices.pop() if len(are_prices) == 1 else None
            yield Rounding(span, how, first.name, tuple(dict.fromkeys(ends)), repair, categories(uses), is_price)


def _is_in_contracts(use: OrderNumber) -> bool:
    """True for a quantity of contracts, none of which has a step as fine as 0.00001."""
    return use.number.name in Order.QUANTITIES and {*categories([use])} <= CONTRACTS


def _is_for_one_symbol(module: Module, node: ast.expr, use: OrderNumber) -> bool:
    """True if the function that rounds names the one instrument that is ordered: its author may know the step."""
    function, symbol = module.names.scope(node).function.node, use.order.arguments.get("symbol")
    if symbol is None or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    own = module.source.span(function)
    origins = symbol.value.origins
    return bool(origins) and all(o.kind is Kind.CONSTANT and own.holds(o.span) for o in origins)


def _repair(module: Module, node: ast.expr, how: Misrounding) -> Repair | None:
    if how is Misrounding.FLOOR:
        return {"not_fixed": "what Bybit says is on the step already: only you know what the rounding is for"}
    if how is Misrounding.DIGITS:
        return {"not_fixed": "ccxt rounds by itself: hand it the number as it is"}
    match node:
        case ast.BinOp(op=ast.Mult(), left=left, right=right) if how is Misrounding.FLOATS:
            return _multiplied(module, node, left, right) or _multiplied(module, node, right, left)
        case ast.Call(func=ast.Attribute(value=value, attr="quantize"), args=[step, *_]) if _is_pure(step):
            return _in_steps(module, node, value, step)
        case ast.Call(func=ast.Attribute(attr="normalize")):
            parent = module.names.parents[node]
            if isinstance(parent, ast.Call) and called_name(parent.func) == "str" and parent.args == [node]:
                return _replaced(module, parent, f'format({_text(module, node)}, "f")')
    return None


def _multiplied(module: Module, node: ast.expr, whole: ast.expr, step: ast.expr) -> Repair | None:
    """`round(x / step) * step` with an exact product."""
    is_called = isinstance(whole, ast.Call) and called_name(whole.func) in WHOLE
    is_divided = isinstance(whole, ast.BinOp) and isinstance(whole.op, ast.FloorDiv)
    if not _is_pure(step) or not (is_called or is_divided):
        return None
    text = _text(module, whole) if is_called else f"int({_text(module, whole)})"
    return _replaced(module, node, f"float({{}}(str({_text(module, step)})) * {text})", "Decimal", "decimal")


def _in_steps(module: Module, node: ast.Call, value: ast.expr, step: ast.expr) -> Repair:
    """`x.quantize(step, rounding)` as whole steps, rounded the same way."""
    number, unit = _text(module, value), _text(module, step)
    number = number if isinstance(value, ATOMS) else f"({number})"
    rest = [_text(module, argument) for argument in node.args[1:]]
    rest += [f"{keyword.arg}={_text(module, keyword.value)}" for keyword in node.keywords if keyword.arg]
    return _replaced(module, node, f"({number} / {unit}).to_integral_value({', '.join(rest)}) * {unit}")


def _replaced(module: Module, node: ast.expr, text: str, helper: str = "", origin: str = "") -> Repair:
    verb = Replace(module.source.span(node), helper, text, origin)
    return {"fix": Fix("round to whole steps", (verb,), is_safe=True, unblocks_orders=True)}


def _is_pure(node: ast.expr) -> bool:
    """True for a step that may be written twice."""
    allowed = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.expr_context)
    return all(isinstance(n, allowed) or (isinstance(n, ast.Call) and called_name(n.func) in PURE) for n in walk(node))


def _text(module: Module, node: ast.expr) -> str:
    return module.source.text(node)
