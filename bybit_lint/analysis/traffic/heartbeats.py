"""Who sends Bybit's ping, `{"op": "ping"}` as text, and whether the shim can keep the answers from the bot."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import takewhile

from bybit_lint.analysis.callgraph.callers import Callers
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source, once_per_source
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.index import ModuleIndex, assigned
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.nodes import called_name, number, walk
from bybit_lint.analysis.values.terms import Constant, Parameter, Term, alternatives
from bybit_lint.patterns import regex

PING = regex(rb"""op(?<!\wop)\\?["']?\s*[:=]\s*\\?["']ping""")
"""The ping as a dict, as JSON text or as a keyword. A pattern that begins with a letter is found fastest."""
HELPER = regex(rb"(?<![\w.])(?:start_)?heartbeat\(")
"""The shim's helper that sends it."""
PING_WORDS = (b"ping", b"heartbeat(")
"""One of these stands wherever a ping is sent."""
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
NOT_BRIEF = (*RECEIVING, *ENDLESS)
LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
OWN_WAY = regex(
    rb"""recv_streaming|recv_frame|ws_response_class|create_protocol|(?:create_connection|class_)["']?\s*[=:]"""
)
"""A message taken in parts, or a connection of a class of the bot's own: there no pong can be told from the rest."""


def is_pinged(project: Project, module: Module) -> bool:
    """True unless neither the module nor any it is linked to by imports holds Bybit's ping."""
    if not any(project.says(word) for word in PING_WORDS):
        return False
    return any(_sends_ping(linked.source) for linked in project.around(module))


@once_per_source
def _sends_ping(source: Source) -> bool:
    patterns = (PING, HELPER) if b"heartbeat(" in source.data else (PING,)
    places = (match.start() for pattern in patterns for match in pattern.finditer(source.data))
    return any(not _is_commented_out(source.data, place) for place in places)


def _is_commented_out(data: bytes, place: int) -> bool:
    """True in a line that is nothing but a comment."""
    return data[data.rfind(b"\n", 0, place) + 1 : place].lstrip().startswith(b"#")


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
    around = ([*takewhile(lambda a: a is not block, names.ancestors(use))] for use in uses)
    return not any(_is_kept(callers, module, name, each) for each in around)


def _is_kept(callers: Callers, module: Module, socket: str | None, around: Sequence[ast.AST]) -> bool:
    """True in a loop that may go on for long; `around` is what stands around a place, the nearest first."""
    loops = [place for place, each in enumerate(around) if isinstance(each, LOOPS) and not _takes_nothing(each, socket)]
    if not loops:
        return False
    ends = around[loops[-1] :] if len(loops) == 1 else around[loops[-1] + 1 :]  # a loop within is not ended by its test
    return not any(_is_soon(callers, module, limit) for each in ends for limit in _limits(module.names, each))


def _takes_nothing(loop: ast.AST, socket: str | None) -> bool:
    """True for a loop over something, as to subscribe or to measure how long so many pings take, without a message."""
    if not isinstance(loop, ast.For) or socket in names_in([loop.iter]):
        return False
    return {called_name(node.func) for node in walk(loop) if isinstance(node, ast.Call)}.isdisjoint(NOT_BRIEF)


def _limits(names: ModuleIndex, around: ast.AST) -> Iterator[ast.expr]:
    """For how many seconds a loop or a block may go on, where a clock ends it."""
    match around:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            given = [item.context_expr for item in items]
            yield from (e.args[0] for e in given if isinstance(e, ast.Call) and e.args and called_name(e.func) in ENDS)
        case ast.While(test=ast.BoolOp(op=ast.And(), values=values)):
            yield from (limit for value in values for limit in _held_against(names, value))
        case ast.While(test=test):
            yield from _held_against(names, test)


def _held_against(names: ModuleIndex, test: ast.expr) -> Iterator[ast.expr]:
    match test:
        case (
            ast.Compare(left=now, ops=[ast.Lt() | ast.LtE()], comparators=[limit])
            | ast.Compare(left=limit, ops=[ast.Gt() | ast.GtE()], comparators=[now])
        ):
            match now, limit:
                case ast.BinOp(left=read, op=ast.Sub()), _ if _is_clock(read):
                    yield limit
                case read, ast.Name(id=name) if _is_clock(read):
                    found = assigned(names.scope(test).function, name)
                    ends = found[0] if len(found) == 1 else None
                    if isinstance(ends, ast.BinOp) and isinstance(ends.op, ast.Add) and _is_clock(ends.left):
                        yield ends.right


def _is_clock(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node.func) in CLOCKS and not node.args


def _is_soon(callers: Callers, module: Module, limit: ast.expr) -> bool:
    """Proven: sooner than Bybit drops a quiet connection, whoever calls."""
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


def is_received_plainly(project: Project, module: Module) -> bool:
    """True unless somebody near the module receives in another way than with the library's own methods for messages."""
    return not any(OWN_WAY.search(linked.source.data) for linked in project.around(module))
