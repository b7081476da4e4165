"""Fields of one record: which an expression reads, and which of two words it is, by what one of them is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.bounds import MAX_TRAIL
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import unawaited
from bybit_lint.analysis.syntax.scopes import Binding
from bybit_lint.tuples import NamedTuple

OPPOSITE = {"Buy": "Sell", "Sell": "Buy", "buy": "sell", "sell": "buy", "long": "short", "short": "long"}
"""What a side is that is there and is not the one."""
MEMBERS = {"BUY": "Buy", "SELL": "Sell", "LONG": "long", "SHORT": "short"}
"""What a constant or a member of an enum is that is called so."""
SIGNED = ""
"""The field that a number is by itself, whose sign says the side."""
PLAIN = {"float", "int", "str", "round", "Decimal"}
"""What leaves a number what it is, but for its last digits."""
NESTED = ("info",)
"""Keys under which a client keeps the record as it came."""


class Read(NamedTuple):
    """A field that is read out of a record: `position["side"]`, `position.get("side")`, `position.side`."""

    record: str
    """The record, as it is written."""
    field: str
    node: ast.expr


class Decision(NamedTuple):
    """A word that another one decides on: `"Sell" if side == "Buy" else "Buy"`."""

    asked: ast.expr
    """What is compared."""
    known: str
    """What it is compared with."""
    word: str
    """What comes of it where it is that."""


def read(node: ast.expr) -> Read | None:
    """The field that is read by an expression; None for anything else."""
    found = (node.value, node.attr) if isinstance(node, ast.Attribute) else keyed(node)
    return Read(ast.unparse(_record(found[0])), found[1], node) if found is not None else None


def signed(names: ModuleIndex, node: ast.expr, depth: int = MAX_TRAIL, *, is_bare: bool = False) -> Iterator[Read]:
    """The numbers that a size is without their signs: `abs(position)`. Each is a record by itself.

    One whose sign is not taken off need not have any: `if position_size > 0` asks whether there is something to open.
    """
    match node:
        case _ if not depth:
            return
        case ast.Name() | ast.Attribute():
            yield from [Read(ast.unparse(node), SIGNED, node)] if is_bare else ()
            for value in values(names, node) if isinstance(node, ast.Name) else ():
                yield from signed(names, value, depth - 1, is_bare=is_bare)
        case ast.UnaryOp(op=ast.USub(), operand=inner) | ast.Call(func=ast.Name(id="abs"), args=[inner]):
            yield from signed(names, inner, depth - 1, is_bare=True)
        case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in PLAIN:
            yield from signed(names, inner, depth - 1, is_bare=is_bare)


def _record(base: ast.expr) -> ast.expr:
    found = keyed(base)
    return found[0] if found is not None and found[1] in NESTED else base


def keyed(node: ast.expr) -> tuple[ast.expr, str] | None:
    """What an item is taken out of by a key that is written out, and the key."""
    match node:
        case ast.Subscript(value=base, slice=ast.Constant(value=str(key))):
            return base, key
        case ast.Call(func=ast.Attribute(value=base, attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return base, key
    return None


def reads(names: ModuleIndex, node: ast.expr, depth: int = MAX_TRAIL) -> Iterator[Read]:
    """The fields that a value is, be it cut, rounded or written as text: nothing else is computed with them."""
    found = read(node)
    match node:
        case _ if not depth:
            return
        case ast.Name():
            yield from _given(names, node)
            for value in values(names, node):
                yield from reads(names, value, depth - 1)
        case ast.UnaryOp(operand=inner) | ast.Await(value=inner) | ast.FormattedValue(value=inner):
            yield from reads(names, inner, depth - 1)
        case ast.JoinedStr(values=[ast.FormattedValue(value=inner)]):
            yield from reads(names, inner, depth - 1)
        case ast.BoolOp(op=ast.Or(), values=[first, *_]):
            yield from reads(names, first, depth - 1)
        case ast.Subscript() | ast.Attribute() if found is not None:
            yield found
        case ast.Call() if found is not None and keyed(node) is not None:
            yield found
        case ast.Call(func=callee, args=args, keywords=keywords):
            given = [*args, *(keyword.value for keyword in keywords)]
            for argument in (*given, *([callee.value] if isinstance(callee, ast.Attribute) else [])):
                yield from reads(names, argument, depth - 1)


def _given(names: ModuleIndex, name: ast.Name) -> Iterator[Read]:
    """What a function gives beside other things, by the name that it gets: `side, size = position(symbol)`."""
    scope = names.scope(name).function
    match scope.bindings.get(name.id, []) if scope.is_function else []:
        case [Binding(how="assign", value=value, index=[_])] if isinstance(call := unawaited(value), ast.Call):
            yield Read(ast.unparse(call), name.id, name)


def values(names: ModuleIndex, name: ast.Name) -> list[ast.expr]:
    """What a function gives to one of its names; nothing where one of the values is not known."""
    scope = names.scope(name).function
    bindings = scope.bindings.get(name.id, []) if scope.is_function else []
    found = [_unpacked(b.value, b.index) for b in bindings if b.how == "assign" and b.value is not None]
    known = [value for value in found if value is not None]
    return known if len(known) == len(bindings) else []


def _unpacked(value: ast.expr, index: tuple[int, ...]) -> ast.expr | None:
    for place in index:
        if not isinstance(value, ast.Tuple) or place >= len(value.elts):
            return None
        value = value.elts[place]
    return value


def decisions(names: ModuleIndex, node: ast.expr, depth: int = MAX_TRAIL) -> Iterator[Decision]:
    """What decides which word an expression is."""
    match node:
        case _ if not depth:
            return
        case ast.IfExp(test=test, body=body, orelse=orelse):
            word, other = word_of(body), word_of(orelse)
            yield from _decided(test, word, other) if word and other else ()
        case ast.Subscript(value=table, slice=asked) if (written := _table(names, table)) is not None:
            for key, value in zip(written.keys, written.values, strict=True):
                if (known := word_of(key)) and (word := word_of(value)):
                    yield Decision(asked, known, word)
        case ast.Attribute(value=ast.Name() as inner, attr="value"):
            yield from decisions(names, inner, depth - 1)
        case ast.Call(func=ast.Attribute(value=inner, attr="lower" | "upper" | "capitalize" | "title"), args=[]):
            yield from decisions(names, inner, depth - 1)
        case ast.Constant(value=str(word)):
            yield from branched(names, node, word)
        case ast.Name():
            for value in values(names, node):
                yield from decisions(names, value, depth - 1)


def word_of(node: ast.expr | None) -> str:
    """The word that an expression is: written out, or by the name of a constant or of a member (`Side.SELL.value`)."""
    match node:
        case ast.Constant(value=str(word)):
            return word
        case ast.Attribute(value=ast.Attribute() as member, attr="value"):
            return word_of(member)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return MEMBERS.get(name, "")
    return ""


def _table(names: ModuleIndex, node: ast.expr) -> ast.Dict | None:
    """The dict that something is looked up in, be it one that the module has under a name."""
    bindings = names.module.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
    held = bindings[0].value if len(bindings) == 1 else node
    return held if isinstance(held, ast.Dict) else None


def branched(names: ModuleIndex, node: ast.AST, word: str) -> Iterator[Decision]:
    """What decides that a word is said in one branch of an `if`: the test around it."""
    here = node
    for around in names.ancestors(node):
        if isinstance(around, ast.If) and here is not around.test:
            is_body = here in around.body
            yield from _decided(around.test, word if is_body else "", "" if is_body else word)
        here = around


def _decided(test: ast.expr, word: str, other: str) -> Iterator[Decision]:
    match test:
        case ast.Compare(
            left=left, ops=[ast.Eq() | ast.NotEq() | ast.Is() | ast.IsNot() as op], comparators=[right]
        ) if known := word_of(right):
            same, opposite = (word, other) if isinstance(op, (ast.Eq, ast.Is)) else (other, word)
            yield from [Decision(left, known, same)] if same else ()
            is_rest = bool(opposite) and not same and known in OPPOSITE
            yield from [Decision(left, OPPOSITE[known], opposite)] if is_rest else ()
        case ast.Compare(left=left, ops=[ast.In()], comparators=[ast.Tuple(elts=items) | ast.List(elts=items)]):
            for known in filter(None, map(word_of, items)) if word else ():
                yield Decision(left, known, word)
        case ast.Compare(left=left, ops=[ast.Gt() | ast.Lt() as op], comparators=[ast.Constant(value=0)]) if word:
            yield Decision(left, "long" if isinstance(op, ast.Gt) else "short", word)
