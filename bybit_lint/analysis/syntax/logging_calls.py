"""Functions that only print or log, by their last names: what they are given is looked at and not changed."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.nodes import called_name

LOGGING = frozenset(
    ("print", "pprint", "print_exc", "debug", "info", "warning", "warn", "error", "exception", "critical", "log")
)
"""https://docs.python.org/3/library/logging.html#logger-objects, and what prints. Without words such as `success` and
`echo`, which a bot's own functions bear as well: who takes these asks first whether they are the bot's."""


def only_logs(statement: ast.stmt | None) -> bool:
    """True for a statement that only prints or logs something."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and called_name(call.func) in LOGGING
