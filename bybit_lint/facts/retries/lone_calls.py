"""Calls in coroutines that are made before the program has a second task: there is nobody to be held up yet."""

from __future__ import annotations

import ast

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.questions import CircularQuestion
from bybit_lint.analysis.syntax.deferred_calls import RUNNERS
from bybit_lint.analysis.syntax.jumps import LoopNode, own
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name, position, walk
from bybit_lint.patterns import regex

TASKS = ("create_task", "ensure_future", "gather", "TaskGroup", "as_completed", "run_coroutine_threadsafe")
"""What brings other tasks, or waits for them."""
COMPANY = regex(r"wait|wait_for|start\w*|run_forever|run_polling|call_(soon|later|at)\w*|add_(reader|writer|job)|serve")
"""What does so, unless it is a function of the project."""
BRINGING = (ast.AsyncFor, ast.AsyncWith, ast.Await, ast.Call)
QUIET = ("sleep", "to_thread", "run_in_executor", "ClientSession", "AsyncClient")
"""What is waited for, or opened, and has no tasks of its own."""


class LoneCalls:
    """The calls of a project before which nothing has brought a second task."""

    def __init__(self, program: Program) -> None:
        self.project, self.callees = program.project, program.callees
        self._bringing = CircularQuestion(self._brings_within)
        """Whether a function may bring other tasks."""

    def has(self, module: Module, call: ast.Call, depth: int = MAX_CALLS_BETWEEN) -> bool:
        """True if it is proven that no other task runs on the loop when a call in a coroutine is made."""
        function = module.names.scope(call).function.node
        if not isinstance(function, ast.AsyncFunctionDef) or function.decorator_list or not depth:
            return False
        callers = self.project.calls_of(function.name)
        if not callers or not all(_is_begun(*place) for place in callers):
            return False
        if self._has_company(module, function.body, call):
            return False
        return all(self._is_begun_alone(*place, depth - 1) for place in callers)

    def _is_begun_alone(self, module: Module, call: ast.Call, depth: int) -> bool:
        """True for a coroutine that is run as the program's first, or waited for where nothing else runs."""
        around = module.names.parents.get(call)
        if isinstance(around, ast.Await):
            return self.has(module, call, depth)
        function = module.names.scope(call).function.node
        block = [] if isinstance(function, ast.Lambda) else getattr(function, "body", [])
        return isinstance(around, ast.Call) and not self._has_company(module, block, around)

    def _has_company(self, module: Module, block: list[ast.stmt], call: ast.Call) -> bool:
        """True if something that comes before a call, be it in an earlier round, may bring other tasks."""
        around = set(module.names.ancestors(call))
        again = {inner for loop in around if isinstance(loop, LoopNode) for inner in walk(loop)}
        for node in own(block):
            is_opened = isinstance(node, (ast.AsyncWith, ast.AsyncFor))
            if isinstance(node, BRINGING) and (is_opened or node not in around):
                is_before = node in again or position(node) < position(call)
                if is_before and self._brings(module, node):
                    return True
        return False

    def _brings(self, module: Module, node: ast.expr | ast.stmt) -> bool:
        """True if something may bring other tasks: nobody knows what a library that is waited for has running."""
        match node:
            case ast.AsyncFor():
                return True
            case ast.AsyncWith(items=items):
                return not all(_is_quiet(item.context_expr) for item in items)
            case ast.Await(value=value):
                return not _is_quiet(value) and not self._is_known(module, value)
            case ast.Call(func=callee):
                if called_name(callee) in TASKS:
                    return True
                functions = self.callees.functions(module, node)
                inside = [(function.module, function.node) for function in functions]
                return any(map(self._bringing.of, inside)) if inside else _brings_by_name(callee)
        return False

    def _is_known(self, module: Module, value: ast.expr) -> bool:
        """True for a call of the project's own functions, which are read as calls."""
        return isinstance(value, ast.Call) and bool(self.callees.functions(module, value))

    def _brings_within(self, place: tuple[Module, FunctionNode]) -> bool:
        module, function = place
        block = [] if isinstance(function, ast.Lambda) else function.body
        return any(self._brings(module, node) for node in own(block) if isinstance(node, BRINGING))


def _is_begun(module: Module, call: ast.Call) -> bool:
    """True for a call whose coroutine is waited for where it stands, or run."""
    match module.names.parents.get(call):
        case ast.Await():
            return True
        case ast.Call(func=callee, args=[first, *_]):
            return first is call and called_name(callee) in RUNNERS
    return False


def _brings_by_name(callee: ast.expr) -> bool:
    return COMPANY.fullmatch(called_name(callee)) is not None


def _is_quiet(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and called_name(value.func) in QUIET
