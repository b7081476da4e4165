"""Tests of an answer: whether they ask if it is a good one."""

from __future__ import annotations

import ast
import re

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import ends_in_jump, names_in, preceding
from bybit_lint.analysis.syntax.nodes import FUNCTIONS
from bybit_lint.patterns import regex

ANSWER = regex(r"ret_?code|status_?code|\.status\b|\.ok\b|success|retMsg", re.IGNORECASE)
GOOD = (0, 200, "0", "OK", True)
WELL = ("ok", "success")
HTTP_TESTS: dict[tuple[type[ast.cmpop], object], bool] = {
    (ast.Eq, 200): True,
    (ast.NotEq, 200): False,
    (ast.Lt, 400): True,
    (ast.GtE, 400): False,
}
"""What comparisons of an HTTP status ask for: a good one, or a bad one."""
TRIED_AGAIN = (10002, 10006, 10016, "10002", "10006", "10016")
"""Codes after which a wrapper asks once more: whoever looks for them hears of no other refusal."""
LISTS = {"list", "tuple"}
WRITTEN = (ast.Constant, ast.Tuple, ast.List, ast.Set)


def tests_success(test: ast.expr) -> bool | None:
    """True if a test holds for a good answer, False if for an error, None if it asks about neither."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            said = tests_success(operand)
            return None if said is None else not said
        case ast.BoolOp(values=values):
            return next((said for value in values if (said := tests_success(value)) is not None), None)
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=value)]) if _asks(left):
            is_good = value in GOOD
            if isinstance(value, str) and not is_good:
                return None
            return is_good if isinstance(op, (ast.Eq, ast.Is)) else not is_good if isinstance(op, ast.NotEq) else False
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()]) if _asks(left):
            return False
        case ast.Compare(left=ast.Constant(value="error"), ops=[ast.In() | ast.NotIn() as op]):
            return isinstance(op, ast.NotIn)
        case ast.Call(func=ast.Name(id="isinstance")):
            return True
        case ast.Name() | ast.Attribute() | ast.Call() | ast.Subscript() if re.search(
            r"\bok\b|success", ast.unparse(test)
        ):
            return True
    return None


def is_of_failed_http(names: ModuleIndex, node: ast.AST) -> bool:
    """True where a node is come to only if the HTTP status says that a request failed.

    Bybit's refusals are not come to there: their status is 200 (https://bybit-exchange.github.io/docs/v5/guide).
    """
    around = names.parents.get(node)
    while around is not None and not isinstance(node, FUNCTIONS):
        if isinstance(around, ast.If) and _says_http_is_good(around.test) is (node in around.orelse):
            return node is not around.test
        left = (s for s in preceding(around, node) if isinstance(s, ast.If) and not s.orelse and ends_in_jump(s.body))
        if any(_says_http_is_good(s.test) for s in left):
            return True
        node, around = around, names.parents.get(around)
    return False


def _says_http_is_good(test: ast.expr) -> bool | None:
    """True for a test that asks for a good HTTP status and nothing else, False for a bad one, None for any other."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            said = _says_http_is_good(operand)
            return None if said is None else not said
        case ast.Attribute(value=ast.Name(), attr="ok" | "is_success"):
            return True
        case ast.Attribute(value=ast.Name(), attr="is_error"):
            return False
        case ast.Compare(
            left=ast.Attribute(attr="status_code" | "status"), ops=[op], comparators=[ast.Constant(value=value)]
        ):
            return HTTP_TESTS.get((type(op), value))
    return None


def asks_more(test: ast.expr) -> bool:
    """True for a test that asks besides what an answer says: where it does not hold, nothing may have failed.

    `code == 0 and order["status"] == "Filled"` is one, `rows and code == 0` is not.
    """
    match test:
        case ast.BoolOp(values=values):
            return any(map(asks_more, values))
        case ast.UnaryOp(operand=operand):
            return asks_more(operand)
        case ast.Compare(left=left, comparators=[other]):
            return not _asks(left) and isinstance(other, WRITTEN) and not _says_nothing(other)
    return False


def _says_nothing(node: ast.expr) -> bool:
    """True for what only says that there is something, or that all is well."""
    return isinstance(node, ast.Constant) and (node.value in (None, "", *GOOD) or str(node.value).lower() in WELL)


def _asks(left: ast.expr) -> bool:
    return bool(ANSWER.search(ast.unparse(left)))


def tries_again(test: ast.Compare) -> bool:
    """True for a comparison with codes after which the same is asked once more."""
    match test:
        case ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=code)]):
            return code in TRIED_AGAIN
        case ast.Compare(
            ops=[ast.In()], comparators=[ast.Tuple(elts=codes) | ast.List(elts=codes) | ast.Set(elts=codes)]
        ):
            return all(isinstance(code, ast.Constant) and code.value in TRIED_AGAIN for code in codes)
    return False


def asks_for_list(call: ast.Call) -> bool:
    """True for `isinstance(rows, list)`: a refusal has a dict or nothing there."""
    match call:
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]):
            return names_in([kinds]) <= LISTS
    return False
