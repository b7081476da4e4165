"""A wait that is slept through second by second, so that it can be broken off: `for _ in range(delay): sleep(1)`."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits
from bybit_lint.analysis.syntax.nodes import unawaited

Waiting = ast.Call | ast.For
"""A sleep, or the loop that sleeps in pieces."""


def seconds(names: ModuleIndex, sleep: ast.Call) -> tuple[ast.For, ast.expr] | None:
    """The loop that does nothing but sleep, and how many seconds it sleeps."""
    loop = names.parents.get(names.statement(sleep))
    match loop, sleep:
        case (
            ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[count], keywords=[]), body=body, orelse=[]),
            ast.Call(args=[ast.Constant(value=1)], keywords=[]),
        ) if all(_sleeps(statement, sleep) or _breaks_off(statement) for statement in body):
            return loop, count
    return None


def _sleeps(statement: ast.stmt, sleep: ast.Call) -> bool:
    return isinstance(statement, ast.Expr) and unawaited(statement.value) is sleep


def _breaks_off(statement: ast.stmt) -> bool:
    """True for `if not self.running: break`."""
    return isinstance(statement, ast.If) and always_exits(statement.body) and not statement.orelse
