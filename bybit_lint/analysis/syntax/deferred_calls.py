"""Which call another call will make: of a thread, an executor, a partial."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.nodes import (
    called_name,
)

DEFERRING = {"to_thread": 0, "partial": 0, "submit": 0, "run_in_executor": 1, "run_sync": 0}
"""Calls that make another call of their arguments: at which position they take the function."""
THREADS = ("Thread", "Process")
"""Calls that make another call later, of their `target` with their `args`."""


def thread_target(call: ast.Call) -> ast.expr | None:
    """What a thread that a call makes will call."""
    is_thread = called_name(call.func) in THREADS
    return next((k.value for k in call.keywords if k.arg == "target"), None) if is_thread else None


def deferred_callee(call: ast.Call) -> tuple[ast.expr, int]:
    """What a call really calls, and how many of its positional arguments are not for it."""
    position = DEFERRING.get(called_name(call.func))
    if position is not None and len(call.args) > position:
        return call.args[position], position + 1
    return call.func, 0
