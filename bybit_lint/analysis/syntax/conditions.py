"""What tests hold where a node stands, so that what is bound in one branch is not taken for what the other one has."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import block_of, ends_in_jump
from bybit_lint.analysis.syntax.nodes import BODIES
from bybit_lint.analysis.syntax.scopes import Scope

Conditions: TypeAlias = Mapping[str, object]
"""Tests as text, and whether each of them holds; for `name ==`, to which literal a name is equal."""

SAME = ("lower", "upper", "strip")
"""Methods of a text that give the same each time they are asked."""


def are_apart(names: ModuleIndex, one: ast.AST, other: ast.AST) -> bool:
    """Proven: no run of the function around two nodes comes to both: a test holds at one, and not at the other."""
    here = conditions(names, one)
    there = conditions(names, other) if here else {}
    return bool(there) and _differ(names, one, other, here, there)


def those_together(names: ModuleIndex, many: Sequence[ast.AST], other: ast.AST) -> list[bool]:
    """Of each of several nodes, whether it is not proven to be apart from another one."""
    here = [conditions(names, one) for one in many]
    there = conditions(names, other) if any(here) else {}
    if not there:
        return [True] * len(many)
    return [not _differ(names, one, other, held, there) for one, held in zip(many, here, strict=True)]


def _differ(names: ModuleIndex, one: ast.AST, other: ast.AST, here: Conditions, there: Conditions) -> bool:
    differ = any(test in there and there[test] != held for test, held in here.items())
    return differ and names.scope(one).function is names.scope(other).function


def conditions(names: ModuleIndex, node: ast.AST) -> Conditions:
    """The tests of names that never change which hold, or do not, where a node of a function stands."""
    found: Conditions = {}
    while not isinstance(node, ast.stmt):
        around = names.parents.get(node)
        if around is None:
            return found
        if isinstance(around, ast.IfExp) and node is not around.test:
            found = {**_said(names, around.test, node is around.body), **found}
        node = around
    return {**_of_statement(names, node), **found} if found else _of_statement(names, node)


def _of_statement(names: ModuleIndex, statement: ast.stmt) -> Conditions:
    if statement not in names.conditions:
        around = names.parents[statement]
        held: Conditions = {}
        if isinstance(around, ast.If):
            held = {**_of_statement(names, around), **_said(names, around.test, statement in around.body)}
        elif not isinstance(around, BODIES) and (outer := names.statement(around)) is not None:
            held = _of_statement(names, outer)
        for each in block_of(around, statement) or [statement]:
            names.conditions[each] = held
            if isinstance(each, ast.If) and ends_in_jump(each.body) is not ends_in_jump(each.orelse):
                held = {**held, **_said(names, each.test, ends_in_jump(each.orelse))}
    return names.conditions[statement]


def _said(names: ModuleIndex, test: ast.expr, holds: bool) -> Conditions:
    """What is known once a test holds, or does not."""
    asked, is_meant = _plain(test)
    scope = names.scope(test).function
    if not scope.is_function or not _is_lasting(names, scope, asked):
        return {}
    found: dict[str, object] = {ast.unparse(asked): holds is is_meant}
    match asked:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=value)]) if holds is is_meant:
            found[f"{ast.unparse(left)} =="] = value
    return found


def _plain(test: ast.expr) -> tuple[ast.expr, bool]:
    """A test without what turns it round, and whether it holds where the test does."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            asked, is_meant = _plain(operand)
            return asked, not is_meant
        case ast.Compare(left=left, ops=[ast.NotEq()], comparators=right):
            return ast.Compare(left, [ast.Eq()], right), False
    return test, True


def _is_lasting(names: ModuleIndex, scope: Scope, test: ast.expr) -> bool:
    """True if a test asks for nothing but names of the function that stay what they are as long as it runs."""
    match test:
        case ast.Name(id=name):
            bound = scope.bindings.get(name, [])
            is_only = len(bound) == 1 and name not in names.kept  # nothing is put into it either
            return is_only and (bound[0].how == "parameter" or _is_set_once(names, bound[0].statement))
        case ast.Constant():
            return True
        case ast.Compare(left=left, comparators=others):
            return all(_is_lasting(names, scope, part) for part in (left, *others))
        case ast.Call(func=ast.Attribute(value=base, attr=method), args=[], keywords=[]):
            return method in SAME and _is_lasting(names, scope, base)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            return all(isinstance(item, ast.Constant) for item in items)
    return False


def _is_set_once(names: ModuleIndex, statement: ast.AST) -> bool:
    around = names.ancestors(statement)
    return isinstance(statement, ast.Assign) and not any(
        isinstance(a, (ast.For, ast.AsyncFor, ast.While)) for a in around
    )
