"""Which call another call will make: of a thread, an executor, a partial."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import called_name

PARTIAL = "partial"
DEFERRING = {"to_thread": 0, PARTIAL: 0, "submit": 0, "run_in_executor": 1, "run_sync": 0}
"""Calls that make another call of their arguments: at which position they take the function."""
SUBMIT = "submit"
OWN = ("self", "cls")
NO_FUNCTIONS = (ast.Constant, ast.JoinedStr, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.DictComp, ast.BinOp)
RUNNERS = ("run", "run_until_complete")
"""Calls that come back once the coroutine they are given is through."""
TOGETHER = ("gather", "wait")
"""What is awaited for several coroutines, or tasks of them, at once."""
TASKS = ("create_task", "ensure_future")
THREADS = ("Thread", "Process")
"""Calls that make another call later, of their `target` with their `args`."""


def thread_target(call: ast.Call) -> ast.expr | None:
    """What a thread that a call makes will call."""
    is_thread = called_name(call.func) in THREADS
    return next((k.value for k in call.keywords if k.arg == "target"), None) if is_thread else None


def deferred_callee(call: ast.Call) -> tuple[ast.expr, int]:
    """What a call really calls, and how many of its positional arguments are not for it."""
    name = called_name(call.func)
    position = DEFERRING.get(name)
    if position is not None and len(call.args) > position and not (name == SUBMIT and _is_own(call)):
        return call.args[position], position + 1
    return call.func, 0


def gone_through(names: ModuleIndex, function: ast.Lambda) -> ast.expr | None:
    """What a lambda is called for each item of, where it is written: `filter(lambda row: ..., rows)`.

    None where it is handed to something else, or takes more than an item.
    """
    around = names.parents.get(function)
    call = names.parents.get(around) if isinstance(around, ast.keyword) else around
    if not isinstance(call, ast.Call) or len(function.args.args) != 1:
        return None
    match called_name(call.func), call.func, call.args:
        case "filter" | "map", ast.Name(), [first, items] if first is function:
            return items
        case "sort", ast.Attribute(value=items), [] if isinstance(around, ast.keyword):
            return items
        case "sorted" | "min" | "max", ast.Name(), [items] if isinstance(around, ast.keyword):
            return items
        case "nlargest" | "nsmallest", _, [_, items] if isinstance(around, ast.keyword):
            return items
    return None


def _is_own(call: ast.Call) -> bool:
    """True for `submit` of the bot's own, which sends an order: an executor is another object, and takes a function."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_here = owner is None or (isinstance(owner, ast.Name) and owner.id in OWN)
    return is_here or isinstance(call.args[0], NO_FUNCTIONS)


def is_waited_for(names: ModuleIndex, call: ast.Call) -> bool:
    """True if the coroutine that a call makes is through before the code around it goes on."""
    for around in names.ancestors(call):
        match around:
            case ast.Await():
                return True
            case ast.Call() if called_name(around.func) in RUNNERS:
                return True
            case ast.Assign(targets=[ast.Name(id=task)]):
                return any(_is_joined(names, load) for load in names.loads(names.scope(call).function.node, task))
            case ast.Call() if called_name(around.func) not in (*TOGETHER, *TASKS):
                return False
            case ast.stmt():
                return False
    return False


def _is_joined(names: ModuleIndex, task: ast.expr) -> bool:
    """True for a task that is handed to what waits for several at once."""
    around = names.parents.get(task)
    while isinstance(around, (ast.List, ast.Tuple, ast.Set, ast.Starred)):
        around = names.parents.get(around)
    return isinstance(around, ast.Call) and called_name(around.func) in TOGETHER
