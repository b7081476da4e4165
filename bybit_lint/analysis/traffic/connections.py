"""Whether a connection that was lost is opened again: by a loop around it, or by a handler that starts anew.

Every mention of a function's name counts as a way to it, so that nothing is missed that might connect again.
"""

from __future__ import annotations

import ast

from bybit_lint.analysis.bounds import MAX_PRINTED_STEPS
from bybit_lint.analysis.flow.executions import Executions
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic import heartbeats
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Function, Site, Term, qualified_name

ANEW = (b"os.exec", b"type(self)(", b"__class__(")
"""What a bot writes that starts itself anew, or makes an object like the one that has failed."""
RECEIVERS = {"recv", "receive", "receive_json", "receive_str"}


def is_made_once(evaluator: Evaluator, site: Site) -> bool:
    """True if it is proven that the connection made at `site` is never made again, and meant to be kept."""
    is_tended = heartbeats.is_pinged(evaluator.project, site.module)
    if any(evaluator.project.says(word) for word in ANEW):
        return False
    return _is_kept(site.module.names, site.node, is_tended) and Executions(evaluator).runs_once(site.module, site.node)


def _is_kept(names: ModuleIndex, node: ast.AST, is_tended: bool) -> bool:
    """True if a connection is kept for good: run for ever, or asked for messages without an end.

    A few messages and the end is a look at the connection, not a bot; nor is a loop that prints them for somebody,
    unless it is tended: who sends pings means it to last.
    """
    if isinstance(node, ast.Call) and called_name(node.func) == "run_forever":
        return True
    if isinstance(node, ast.Attribute):
        return True
    function = names.scope(node).function.node
    calls = [c for c in names.calls_in[function] if called_name(c.func) in RECEIVERS]
    loops = [a for call in calls for a in names.ancestors(call) if isinstance(a, ast.While)]
    is_endless = any(isinstance(loop.test, (ast.Constant, ast.Name, ast.Attribute)) for loop in loops)
    iterated = _iterated(names, node, function)
    messages = [*calls, *(load for name in iterated for load in names.loads(function, name))]
    is_shown = "" not in iterated and all(_is_printed(names, function, message) for message in messages)
    return (is_endless or bool(iterated)) and (is_tended or not is_shown)


def prints(handler: Term) -> bool:
    """True for `print`, and for a function that does nothing with its last argument but print it."""
    if not isinstance(handler, Function):
        return qualified_name(handler) == "builtins.print"
    names, given = handler.module.names, handler.node.args.args
    loads = names.loads(handler.node, given[-1].arg) if given else []
    return bool(loads) and all(_is_printed(names, handler.node, load) for load in loads)


def _iterated(names: ModuleIndex, node: ast.AST, function: ast.AST) -> list[str]:
    """The names of the messages in `for message in ws` over what the connection gave; "" for what is no name."""
    opened = _targets(names.statement(node))
    loops = (n for n in ast.walk(function) if isinstance(n, (ast.For, ast.AsyncFor)))
    over = [loop for loop in loops if isinstance(loop.iter, ast.Name) and loop.iter.id in opened]
    return [loop.target.id if isinstance(loop.target, ast.Name) else "" for loop in over]


def _is_printed(names: ModuleIndex, function: ast.AST, message: ast.expr, depth: int = MAX_PRINTED_STEPS) -> bool:
    """True if nothing becomes of a message but what is printed, whole or decoded."""
    node, above = message, names.parents.get(message)
    while isinstance(above, (ast.Await, ast.Attribute, ast.FormattedValue, ast.JoinedStr)):
        node, above = above, names.parents.get(above)
    match above:
        case ast.Expr():
            return True
        case ast.Call(func=called) if called_name(called).endswith("print"):  # pprint and the like among them
            return True
        case ast.Call(func=ast.Attribute(attr="loads"), args=[only]):
            return only is node and _is_printed(names, function, above, depth - 1) if depth else False
        case ast.Assign(targets=[ast.Name(id=name)]):
            loads = names.loads(function, name)
            return depth > 0 and all(_is_printed(names, function, load, depth - 1) for load in loads)
    return False


def _targets(statement: ast.stmt | None) -> set[str]:
    """The names that an assignment or a `with` gives to what it opens."""
    match statement:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            targets = [item.optional_vars for item in items]
        case ast.Assign(targets=found):
            targets = list(found)
        case _:
            targets = []
    return {target.id for target in targets if isinstance(target, ast.Name)}
