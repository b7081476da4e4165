"""Whether a program is over once an expression has been evaluated: nothing follows it that waits, nobody else runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.bounds import MAX_CALLS_FROM_START
from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name, children
from bybit_lint.analysis.values.terms import Function, Site, alternatives, qualified_name

KEEPERS = {
    "Thread",
    "Timer",
    "Process",
    "Pool",
    "ThreadPoolExecutor",
    "ProcessPoolExecutor",
    "BackgroundScheduler",
    "FastAPI",
    "Flask",
    "Starlette",
    "Quart",
    "Sanic",
    "Dash",
    "Celery",
}
"""What goes on when the main thread is through, or is run by a server."""
NOTEBOOK = (b"get_ipython", b"# %%", b"# In[")
QUICK = (
    "builtins.",
    "logging.",
    "pybit.unified_trading.HTTP",
    "pybit.unified_trading.WebSocketTrading",
    "os.environ",
    "datetime.",
    "json.",
    "threading.Thread",
)
WAITS = {
    "threading.Thread().join",
    "builtins.input",
    "builtins.breakpoint",
    "builtins.exit",
    "builtins.quit",
    "builtins.getattr",
}
RUNNERS = {"asyncio.run", "asyncio.get_event_loop().run_until_complete"}


def ends_after(callers: Callers, site: Site, depth: int = MAX_CALLS_FROM_START) -> bool:
    """True if it is proven of some way to `site` that the program ends right after it."""
    if not _ends_after(callers, site, depth):
        return False
    around = callers.evaluator.project.around(site.module)
    return not any(_keeps_running(module.names) for module in around if module.is_readable)


def _ends_after(callers: Callers, site: Site, depth: int) -> bool:
    rest = _rest(site.module.names, site.node)
    if rest is None or not all(_is_quick(callers, site.module, node, depth) for node in rest):
        return False
    function = site.scope.function.node
    if isinstance(function, ast.Module):
        return _is_script(callers, site)
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list or not depth:
        return False
    return any(
        _ends_after(callers, caller, depth - 1)
        for caller in callers.sites(function)
        if isinstance(function, ast.FunctionDef) or _is_run(callers, caller)
    )


def _keeps_running(names: ModuleIndex) -> bool:
    """True if a file starts something that may outlive the main thread."""
    for call in names.calls:
        if called_name(call.func) in KEEPERS:
            settings = {k.arg: k.value for k in call.keywords}
            daemon = settings.get("daemon")
            if not isinstance(daemon, ast.Constant) or daemon.value is not True:
                return True
    return False


def _rest(names: ModuleIndex, node: ast.AST) -> list[ast.AST] | None:
    """What is evaluated after a node in its function: calls around it, and statements; None inside an endless loop."""
    found: list[ast.AST] = []
    child = node
    for around in names.ancestors(node):
        if isinstance(around, (ast.While, ast.AsyncFor)):
            return None
        if isinstance(around, ast.Call):
            found.append(around.func)
        found += _behind(around, child)
        child = around
    return found


def _behind(block: ast.AST, child: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a block that come after one of its parts, if nothing is raised."""
    for name in ("body", "orelse", "finalbody"):
        part = getattr(block, name, None)
        if isinstance(part, list) and child in part:
            yield from part[part.index(child) + 1 :]
    if isinstance(block, ast.Try):
        yield from block.orelse if child in block.body else ()
        yield from () if child in block.finalbody else block.finalbody


def _is_quick(callers: Callers, module: Module, node: ast.AST, depth: int) -> bool:
    """True if a statement, or a call of the expression `node`, is proven to come to its end at once."""
    if isinstance(node, ast.expr):
        return _is_quick_call(callers, module, node, depth)
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, (ast.While, ast.AsyncFor, ast.AsyncWith, ast.Await, ast.Yield, ast.YieldFrom)):
            return False
        if isinstance(here, ast.Call) and not _is_quick_call(callers, module, here.func, depth):
            return False
        if not isinstance(here, (*FUNCTIONS, ast.ClassDef)):
            stack.extend(children(here))
    return True


def _is_quick_call(callers: Callers, module: Module, function: ast.expr, depth: int) -> bool:
    terms = alternatives(callers.evaluator.evaluate(module, function))
    return all(
        _is_quick_function(callers, t, depth) if isinstance(t, Function) else _is_quick_path(qualified_name(t))
        for t in terms
    )


def _is_quick_path(called: str | None) -> bool:
    return called is not None and (called in RUNNERS or (called.startswith(QUICK) and called not in WAITS))


def _is_quick_function(callers: Callers, function: Function, depth: int) -> bool:
    if isinstance(function.node, (ast.Lambda, ast.AsyncFunctionDef)) or not depth:
        return False
    return all(_is_quick(callers, function.module, statement, depth - 1) for statement in function.node.body)


def _is_run(callers: Callers, site: Site) -> bool:
    """True if a call of a coroutine function is awaited, or handed to an event loop that runs until it is through."""
    parent = site.module.names.parents.get(site.node)
    if isinstance(parent, ast.Call):
        return qualified_name(callers.evaluator.evaluate(site.module, parent.func)) in RUNNERS
    return isinstance(parent, ast.Await)


def _is_script(callers: Callers, site: Site) -> bool:
    """True if the code of a file's outermost level is a program rather than something that others import."""
    if any(mark in site.module.source.data for mark in NOTEBOOK):
        return False
    around = site.module.names.ancestors(site.node)
    if any(isinstance(a, ast.If) and "__main__" in ast.unparse(a.test) for a in around):
        return True
    return not callers.evaluator.project.is_imported(site.module) and not site.module.source.path.endswith(
        "__init__.py"
    )
