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
THREADS = {"Thread": "target", "Process": "target", "Timer": "function", "add_job": "func"}
"""Calls that make another call later, with their `args` and `kwargs`: by which name they take the function."""
JOBS = {"do": 0, "add_task": 0, "call_later": 1, "call_at": 1, "call_soon": 0, "call_soon_threadsafe": 0}
"""Calls that have another call made later of their arguments: at which position they take the function."""
PLACES = {"Timer": 1, "add_job": 0}
"""Where the function of such a job stands, if it is not named."""


def thread_target(call: ast.Call) -> ast.expr | None:
    """What a thread that a call makes will call."""
    name = called_name(call.func)
    if name not in THREADS:
        return None
    place = PLACES.get(name, len(call.args))
    given = call.args[place] if len(call.args) > place else None
    return next((k.value for k in call.keywords if k.arg == THREADS[name]), given)


def later_callee(call: ast.Call) -> tuple[ast.expr, int]:
    """What a call has called, now or later, and how many of its positional arguments are not for that."""
    if (target := thread_target(call)) is not None:
        return target, 0
    position = JOBS.get(called_name(call.func))
    if position is not None and len(call.args) > position:
        return call.args[position], position + 1
    return deferred_callee(call)


def job(call: ast.Call) -> ast.Call | None:
    """The call that a job comes to; None for any other call, and where its arguments are not written out."""
    name = called_name(call.func)
    if name in JOBS:
        called, skip = later_callee(call)
        return ast.Call(called, call.args[skip:], call.keywords) if called is not call.func else None
    target = thread_target(call) if name in PLACES else None
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if target is None or "kwargs" in named or (name == "Timer" and len(call.args) > 2):
        return None
    given = named.get("args")
    is_written = given is None or isinstance(given, (ast.List, ast.Tuple))
    return ast.Call(target, getattr(given, "elts", []), []) if is_written else None


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
