"""A syntax tree with what is only another way to say something said plainly, so that no reading has to know of it."""

from __future__ import annotations

import ast

from bybit_lint.analysis.bounds import is_bounded
from bybit_lint.analysis.compact import compact
from bybit_lint.patterns import regex

ENDLESS = regex(rb"0[xXoObB][0-9a-fA-F_]{1000}")
EXIT = regex(rb"\b(?:_?exit|quit|abort)\s*\(")
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def plain(tree: ast.Module, body: bytes) -> ast.Module:
    """The tree of a file, in which each number can be written out, and what ends the program raises."""
    if ENDLESS.search(body):
        _shorten(tree)
    if EXIT.search(body):
        _raise_exits(tree)
    return compact(tree)


def _shorten(tree: ast.Module) -> None:
    """Put infinity for numbers that Python would refuse to write out; both are past the bounds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, int) and not is_bounded(node.value):
            node.value = float("inf")


def _raise_exits(tree: ast.Module) -> None:
    """Put a `raise` for each statement that ends the program: nothing behind it is ever come to.

    `sys.exit` does raise (https://docs.python.org/3/library/sys.html#sys.exit); `os._exit` does not even do that.
    """
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        for name in BLOCKS:
            block: list[ast.AST] = getattr(node, name, [])
            for place, statement in enumerate(block):
                if isinstance(statement, ast.Expr) and _is_exit(statement.value):
                    block[place] = ast.copy_location(ast.Raise(statement.value, None), statement)
                else:
                    waiting.append(statement)


def _is_exit(value: ast.expr) -> bool:
    """True for a call that ends the program; a bot's own `exit(position)` is none."""
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="sys"), attr="exit")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="os"), attr="_exit" | "abort")):
            return True
        case ast.Call(func=ast.Name(id="exit" | "quit"), args=[] | [ast.Constant() | ast.JoinedStr()], keywords=[]):
            return True
    return False
