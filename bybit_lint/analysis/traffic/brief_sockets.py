"""Sockets that are only looked at: Bybit has no time to drop them for want of a ping."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import takewhile

from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.index import ModuleIndex, assigned
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.nodes import called_name, number, walk
from bybit_lint.analysis.values.terms import Constant, Parameter, Term, alternatives

RECEIVING = ("recv", "receive", "receive_str", "receive_json", "anext", "__anext__")
"""How messages are taken one by one."""
ENDLESS = ("count", "cycle", "repeat", "iter")
"""What makes something that a loop over it never comes to the end of."""
CLOCKS = ("time", "monotonic", "perf_counter")
"""Clocks that count in seconds, be it an event loop's."""
ENDS = ("timeout", "move_on_after", "fail_after")
"""Blocks that are left after so many seconds, of asyncio and anyio."""
QUIET = 600
"""After so many seconds without a ping Bybit may drop a connection."""
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)


def is_brief(callers: Callers, module: Module, call: ast.Call) -> bool:
    """True for a socket that is only looked at: its block keeps it in no loop, and nobody else gets hold of it.

    A loop over something in which no message is waited for ends by itself; so does what a clock ends soon.
    """
    names = module.names
    item = names.parents.get(call)
    block = names.parents.get(item) if isinstance(item, ast.withitem) else None
    if not isinstance(item, ast.withitem) or not isinstance(block, (ast.With, ast.AsyncWith)):
        return False
    name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else None
    inner = [node for statement in block.body for node in walk(statement)]
    uses = [node for node in inner if isinstance(node, ast.Name) and node.id == name]
    if not all(isinstance(names.parents[use], (ast.Attribute, *LOOPS)) for use in uses):
        return False
    return not any(
        _is_kept(callers, module, use, [*takewhile(lambda a: a is not block, names.ancestors(use))]) for use in uses
    )


def _is_kept(callers: Callers, module: Module, use: ast.Name, around: Sequence[ast.AST]) -> bool:
    """True for a use of a socket in a loop that may go on for long; `around` is what it stands in, the nearest first.

    What takes no message, as to subscribe or to measure how long so many pings take, is done as often as it is meant.
    """
    is_ended = getattr(around[0], "attr", "") not in RECEIVING
    for place, each in enumerate(around):
        if isinstance(each, ast.While) and _ends_soon(callers, module, each):
            is_ended = True
        elif isinstance(each, LOOPS) and not (is_ended and _is_over_another(each, use.id)):
            return not any(_ends_soon(callers, module, outer) for outer in around[place + 1 :])
    return False


def _is_over_another(loop: ast.AST, socket: str) -> bool:
    """True for a loop over something that is not the socket and comes to an end."""
    if not isinstance(loop, ast.For) or socket in names_in([loop.iter]):
        return False
    return not any(isinstance(node, ast.Call) and called_name(node.func) in ENDLESS for node in walk(loop.iter))


def _ends_soon(callers: Callers, module: Module, around: ast.AST) -> bool:
    """Proven: a clock ends a loop or a block sooner than Bybit drops a quiet connection, whoever calls."""
    return any(limits and all(_is_soon(callers, module, e) for e in limits) for limits in _limits(module.names, around))


def _limits(names: ModuleIndex, around: ast.AST) -> Iterator[list[ast.expr]]:
    """For how many seconds a loop or a block may go on, where a clock ends it; each of them may be one of several."""
    match around:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            given = [item.context_expr for item in items]
            yield from (
                [e.args[0]] for e in given if isinstance(e, ast.Call) and e.args and called_name(e.func) in ENDS
            )
        case ast.While(test=ast.BoolOp(op=ast.And(), values=values)):
            yield from (_held_against(names, around, value) for value in values)
        case ast.While(test=test):
            yield _held_against(names, around, test)


def _held_against(names: ModuleIndex, loop: ast.AST, test: ast.expr) -> list[ast.expr]:
    match test:
        case (
            ast.Compare(left=now, ops=[ast.Lt() | ast.LtE()], comparators=[limit])
            | ast.Compare(left=limit, ops=[ast.Gt() | ast.GtE()], comparators=[now])
        ):
            if isinstance(now, ast.BinOp) and isinstance(now.op, ast.Sub) and _is_clock(now.left):
                return [limit]
            if _is_clock(now) and isinstance(limit, ast.Name):
                return _from_now(names, loop, assigned(names.scope(test).function, limit.id))
    return []


def _from_now(names: ModuleIndex, loop: ast.AST, moments: Sequence[ast.expr]) -> list[ast.expr]:
    """How far from now some moments are; none where a round of the loop puts off its end."""
    sums = [each for each in moments if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add)]
    are_near = len(sums) == len(moments) and all(_is_clock(each.left) for each in sums)
    return [each.right for each in sums] if are_near and not any(names.holds(loop, each) for each in sums) else []


def _is_clock(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node.func) in CLOCKS and not node.args


def _is_soon(callers: Callers, module: Module, limit: ast.expr) -> bool:
    ways = callers.in_all_contexts(callers.evaluator.evaluate(module, limit))
    seconds = [_seconds(option) for way in ways for option in alternatives(way)]
    return bool(seconds) and all(each is not None and each < QUIET for each in seconds)


def _seconds(term: Term) -> float | None:
    """A number, or the one that a parameter is where nobody says another one."""
    match term:
        case Constant(value=int() | float() as seconds):
            return seconds
        case Parameter(name=name, function=function):
            default = defaults(function.args).get(name)
            return number(default) if default is not None else None
    return None
