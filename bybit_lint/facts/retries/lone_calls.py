"""Calls in coroutines that are made before the program has a second task: there is nobody to be held up yet."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import LoopNode, own
from bybit_lint.analysis.syntax.nodes import called_name, position
from bybit_lint.patterns import regex

RUN = ("run", "run_until_complete")
TASKS = ("create_task", "ensure_future", "gather", "TaskGroup", "as_completed", "run_coroutine_threadsafe")
"""What brings other tasks, or waits for them."""
COMPANY = regex(r"wait|wait_for|start\w*|run_forever|run_polling|call_(soon|later|at)\w*|add_(reader|writer|job)|serve")
"""What does so, unless it is a function of the project."""
QUIET = ("sleep", "to_thread", "run_in_executor", "ClientSession", "AsyncClient")
"""What is waited for, or opened, and has no tasks of its own."""


class LoneCalls:
    """The calls of a project before which nothing has brought a second task."""

    def __init__(self, program: Program) -> None:
        self.project, self.callees = program.project, program.callees

    def has(self, module: Module, call: ast.Call, depth: int = MAX_CALLS_BETWEEN) -> bool:
        """True if it is proven that no other task runs on the loop when a call in a coroutine is made."""
        function = module.names.scope(call).function.node
        if not isinstance(function, ast.AsyncFunctionDef) or function.decorator_list or not depth:
            return False
        callers = self.project.calls_of(function.name)
        if not callers or self._has_company(module, function.body, call):
            return False
        return all(self._is_begun_alone(*place, depth - 1) for place in callers)

    def _is_begun_alone(self, module: Module, call: ast.Call, depth: int) -> bool:
        """True for a coroutine that is run as the program's first, or waited for where nothing else runs."""
        match module.names.parents.get(call):
            case ast.Await():
                return self.has(module, call, depth)
            case ast.Call(func=callee, args=[first, *_]) as outer if first is call and called_name(callee) in RUN:
                around = module.names.scope(call).function.node
                block = [] if isinstance(around, ast.Lambda) else getattr(around, "body", [])
                return not self._has_company(module, block, outer)
        return False

    def _has_company(self, module: Module, block: list[ast.stmt], call: ast.Call) -> bool:
        around = set(module.names.ancestors(call))
        again = {inner for loop in around if isinstance(loop, LoopNode) for inner in ast.walk(loop)}
        return any(
            node in again or position(node) < position(call)
            for node in self._bringers(module, block, MAX_CALLS_BETWEEN)
            if node not in around or isinstance(node, (ast.AsyncWith, ast.AsyncFor))
        )

    def _bringers(self, module: Module, block: list[ast.stmt], depth: int) -> Iterator[ast.expr | ast.stmt]:
        """What in some code may bring other tasks: nobody knows what a library that is waited for has running."""
        for node in own(block):
            match node:
                case ast.AsyncFor():
                    yield node
                case ast.AsyncWith(items=items) if not all(_is_quiet(item.context_expr) for item in items):
                    yield node
                case ast.Await(value=value) if not _is_quiet(value) and not self._is_known(module, value):
                    yield node
                case ast.Call() if self._brings(module, node, depth):
                    yield node

    def _is_known(self, module: Module, value: ast.expr) -> bool:
        """True for a call of the project's own functions, which are read as calls."""
        return isinstance(value, ast.Call) and bool(self.callees.functions(module, value))

    def _brings(self, module: Module, call: ast.Call, depth: int) -> bool:
        if called_name(call.func) in TASKS:
            return True
        functions = self.callees.functions(module, call)
        if not functions:
            return COMPANY.fullmatch(called_name(call.func)) is not None
        return any(
            not depth or any(self._bringers(f.module, f.node.body, depth - 1))
            for f in functions
            if not isinstance(f.node, ast.Lambda)
        )


def _is_quiet(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and called_name(value.func) in QUIET
