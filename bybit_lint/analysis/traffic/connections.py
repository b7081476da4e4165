"""Whether a connection that was lost is opened again: by a loop around it, or by a handler that starts anew.

Every mention of a function's name counts as a way to it, so that nothing is missed that might connect again.
"""

from __future__ import annotations

import ast

from bybit_lint.analysis.bounds import MAX_PRINTED_STEPS
from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.flow.executions import Executions
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic import heartbeats
from bybit_lint.analysis.traffic.receptions import Reception, Receptions
from bybit_lint.analysis.traffic.running_sockets import RUN
from bybit_lint.analysis.values.terms import Function, Site, Term, qualified_name

ANEW = (b"os.exec", b"type(self)(", b"__class__(")
"""What a bot writes that starts itself anew, or makes an object like the one that has failed."""


def is_made_once(callers: Callers, site: Site) -> bool:
    """True if it is proven that the connection made at `site` is never made again, and meant to be kept."""
    evaluator = callers.evaluator
    if any(evaluator.project.says(word) for word in ANEW) or _is_replaced(site):
        return False
    return _is_kept(callers, site) and Executions(evaluator).runs_once(site.module, site.node)


def _is_replaced(site: Site) -> bool:
    """True if the name or attribute that the connection has is given another one by a call of the same name."""
    names = site.module.names
    statement = names.statement(site.node)
    if not isinstance(site.node, ast.Call) or not isinstance(statement, ast.Assign):
        return False
    others = {names.statement(call) for call in names.calls_named[called_name(site.node.func)]} - {statement}
    targets = {ast.unparse(target) for target in statement.targets}
    again = (other for other in others if isinstance(other, ast.Assign))
    found = (other for other in again if targets & {ast.unparse(target) for target in other.targets})
    return any("." in "".join(targets) or names.scope(other) is names.scope(statement) for other in found)


def _is_kept(callers: Callers, site: Site) -> bool:
    """True if a connection is kept for good: run for ever, or asked for messages without an end.

    A few messages and the end is a look at the connection, not a bot; nor is a loop that prints them for somebody,
    unless it is tended: who sends pings means it to last.
    """
    if isinstance(site.node, ast.Attribute) or (isinstance(site.node, ast.Call) and called_name(site.node.func) == RUN):
        return True
    found = Receptions(callers, Callees(callers)).of(site.module, site.node)
    receptions = [reception for reception in found if reception.is_until_lost]
    is_tended = bool(receptions) and heartbeats.is_pinged(callers.evaluator.project, site.module)
    return is_tended or not all(map(_is_shown, receptions))


def _is_shown(reception: Reception) -> bool:
    names, function = reception.module.names, reception.function
    return reception.given is not None and all(_is_printed(names, function, each) for each in reception.given)


def prints(handler: Term) -> bool:
    """True for `print`, and for a function that does nothing with its last argument but print it."""
    if not isinstance(handler, Function):
        return qualified_name(handler) == "builtins.print"
    names, given = handler.module.names, handler.node.args.args
    loads = names.loads(handler.node, given[-1].arg) if given else []
    return bool(loads) and all(_is_printed(names, handler.node, load) for load in loads)


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
