"""Loops that ask Bybit round after round, and have a way round on which nothing waits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from bybit_lint.analysis.bounds import MAX_CALLS_TO_RAISE
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.jumps import block_of, exits, own
from bybit_lint.analysis.syntax.nodes import called_name, position
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import qualified_name
from bybit_lint.clients import ccxt
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.quick_calls import QuickCalls
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import BusyLoop, Span

RUNNING = regex(r"run|active|alive|stop|enabled|working|exit|shutdown", re.IGNORECASE)
"""How flags are called that keep a program going."""
WAITING = regex(
    r"sleep|wait|pause|delay|throttle|limit|join|input|recv|acquire|select|poll|next|schedule", re.IGNORECASE
)
"""What the names of calls say that may take their time."""
SLEEPING = regex(r"sleep|wait|pause|delay", re.IGNORECASE)
PLAIN = {
    *("append", "extend", "get", "items", "keys", "values", "pop", "update", "copy", "add", "index", "count", "sort"),
    *(
        "format",
        "strip",
        "split",
        "replace",
        "lower",
        "upper",
        "startswith",
        "endswith",
        "encode",
        "decode",
        "isoformat",
    ),
    *("info", "debug", "warning", "error", "exception", "critical", "log", "timestamp", "strftime", "total_seconds"),
    *("json", "raise_for_status"),
}
"""Methods of texts, lists, dicts, dates, loggers and answers."""
QUICK = (
    "math.",
    "numpy.",
    "pandas.",
    "statistics.",
    "decimal.",
    "collections.",
    "random.",
    "time.time",
    "time.strftime",
)


class Way(NamedTuple):
    """How a way through some statements ends."""

    asked: bool
    waited: bool
    by: ast.stmt | ast.excepthandler | None = None
    """The handler or the `continue` that it goes by."""
    goes_on: bool = True
    """False where it goes round by a `continue`."""


@extracts(BusyLoop)
class BusyLoops:
    """The busy loops of a project."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects
        self.quick = QuickCalls(analysis)

    def facts(self, module: Module) -> Iterator[BusyLoop]:
        for loop in module.names.loops:
            if isinstance(loop, ast.While) and _is_endless(loop) and not any(exits(loop.body)) and not module.is_test:
                yield from self._told(module, loop)

    def _told(self, module: Module, loop: ast.While) -> Iterator[BusyLoop]:
        calls = [
            c for c in module.names.calls_in[module.names.scope(loop).function.node] if module.names.holds(loop, c)
        ]
        if not _may_be_busy(module, loop, calls):
            return
        asking = sorted((call for call in calls if self._asks(module, call)), key=position)
        if not asking or not all(self._is_unthrottled(module, call) for call in asking):
            return
        ways = [w for w in Ways(self, module, asking).of(loop.body, Way(False, False)) if w.asked and not w.waited]
        if ways:
            way = next((w for w in ways if w.by is None), ways[0])
            name = called_name(deferred_callee(asking[0])[0])
            by = module.source.span(way.by) if way.by else None
            span = _head(module.source.span(loop), module)
            yield BusyLoop(span, f"{name}()", by, isinstance(way.by, ast.ExceptHandler))

    def _asks(self, module: Module, call: ast.Call) -> bool:
        return self.effects.reaches_bybit(module, call) and not self.effects.opens_socket(module, call)

    def _is_unthrottled(self, module: Module, call: ast.Call) -> bool:
        """False for what ccxt sends at its own pace, which it does unless it is told not to."""
        told = [c for c, request in self.traffic.requests.get(module, ()) if c.site.node is call]
        return all(map(_is_free, told)) if told else not self._is_throttled

    @cached_property
    def _is_throttled(self) -> bool:
        """True if some calls of the project are sent at ccxt's pace."""
        return any(not _is_free(call) for told in self.traffic.requests.values() for call, _ in told)

    def may_fail(self, module: Module, call: ast.Call) -> bool:
        """True if a call raises where what it sends fails: one to Bybit itself, or one of a function that lets it."""
        return call in self.traffic.bybit_calls or self.effects.may_raise(module, call)

    def may_wait(self, module: Module, call: ast.Call) -> bool:
        """True unless it is proven that a call waits for nothing but Bybit's answers."""
        name = called_name(deferred_callee(call)[0])
        functions = self.program.callees.functions(module, call)
        if functions:
            return any(self._waits_inside(found.module, found.node, MAX_CALLS_TO_RAISE) for found in functions)
        if self._asks(module, call) or self.quick.is_quick(module, call):
            return False
        is_plain = isinstance(call.func, ast.Attribute) and name in PLAIN and not _is_of_queue(call)
        return not (is_plain or self._is_computing(module, call))

    def _is_computing(self, module: Module, call: ast.Call) -> bool:
        names = [qualified_name(term) for term in self.program.callees.terms(module, call)]
        return bool(names) and all(name and name.startswith(QUICK) for name in names)

    def _waits_inside(self, module: Module, function: ast.AST, hops: int) -> bool:
        """True if something in a function may take its time, or in those that it calls."""
        for call in module.names.calls_in[function]:
            name = called_name(call.func)
            if WAITING.search(name):
                return True
            for found in self.program.callees.functions(module, call):
                if not hops or self._waits_inside(found.module, found.node, hops - 1):
                    return True
        return False


class Names:
    """What calls may do by their names alone: what is not called a wait is none, and anything may fail."""

    def may_wait(self, _: Module, call: ast.Call) -> bool:
        return bool(SLEEPING.search(called_name(call.func)))

    def may_fail(self, _: Module, __: ast.Call) -> bool:
        return True


def _may_be_busy(module: Module, loop: ast.While, calls: Sequence[ast.Call]) -> bool:
    """False where each way round has a wait by the names of what is called: to know more takes long."""
    ways = Ways(Names(), module, calls).of(loop.body, Way(False, False))
    return any(way.asked and not way.waited for way in ways)


class Ways:
    """The ways through the statements of a loop."""

    def __init__(self, loops: BusyLoops | Names, module: Module, asking: Sequence[ast.Call]) -> None:
        self.loops, self.module, self.asking = loops, module, {*asking}

    def of(self, block: Iterable[ast.stmt], start: Way) -> list[Way]:
        """The ways through a block that come round: to its end, or by a `continue`."""
        open_ways, ended = {start}, set[Way]()
        for statement in block:
            found = {way for before in open_ways for way in self._through(statement, before)}
            ended |= {way for way in found if not way.goes_on}
            open_ways = {way for way in found if way.goes_on}
        return [*open_ways, *ended]

    def _through(self, statement: ast.stmt, way: Way) -> Iterator[Way]:
        match statement:
            case ast.Return() | ast.Raise() | ast.Break():
                return
            case ast.Continue():
                is_news = self._changes(statement)
                yield way._replace(goes_on=False, by=way.by or statement, waited=way.waited or is_news)
            case ast.If(test=test, body=body, orelse=orelse):
                before = self._after([test], way)
                yield from self.of(body, before)
                yield from self.of(orelse, before)
            case (
                ast.For(iter=test, body=body) | ast.AsyncFor(iter=test, body=body) | ast.While(test=test, body=body)
            ):  # it is taken to have rounds, and a wait in one of them counts
                yield self._after(body, self._after([test], way))
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                yield from self.of(body, self._after([item.context_expr for item in items], way))
            case ast.Try():
                yield from self._tried(statement, way)
            case _:
                yield self._after([statement], way)

    def _changes(self, jump: ast.Continue) -> bool:
        """True if something is bound beside a jump: the next round is another one then."""
        block = block_of(self.module.names.parents[jump], jump)
        return any(isinstance(s, (ast.Assign, ast.AugAssign, ast.AnnAssign)) for s in block)

    def _tried(self, attempt: ast.Try, way: Way) -> Iterator[Way]:
        body = self.of([*attempt.body, *attempt.orelse], way)
        broken = self._broken(attempt, way)
        failed = [
            found._replace(by=found.by or handler)
            for handler in attempt.handlers
            for found in (self.of(handler.body, broken) if broken else ())
        ]
        for found in (*body, *failed):
            yield from self.of(attempt.finalbody, found) if found.goes_on else [self._after(attempt.finalbody, found)]

    def _broken(self, attempt: ast.Try, way: Way) -> Way | None:
        """The way up to the first request that fails; where none can, up to whatever may take its time."""
        calls = sorted((call for statement in attempt.body for call in _calls(statement)), key=position)
        failing = [call for call in calls if call in self.asking and self.loops.may_fail(self.module, call)]
        if not failing:
            return self._after(attempt.body, way) if way.asked else None
        before = [call for call in calls if position(call) < position(failing[0])]
        waited = way.waited or any(self.loops.may_wait(self.module, call) for call in before)
        return way._replace(asked=True, waited=waited)

    def _after(self, nodes: Iterable[ast.AST], way: Way) -> Way:
        calls = [call for node in nodes for call in _calls(node)]
        asked = way.asked or any(call in self.asking for call in calls)
        waited = way.waited or any(self.loops.may_wait(self.module, call) for call in calls)
        return way._replace(asked=asked, waited=waited)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls in a node, without those of functions in it."""
    return (inner for inner in own([node]) if isinstance(inner, ast.Call))


def _is_of_queue(call: ast.Call) -> bool:
    """True for a `get()` that may be a queue's: a dict's has a key."""
    return called_name(call.func) == "get" and (not call.args or any(k.arg == "timeout" for k in call.keywords))


def _is_endless(loop: ast.While) -> bool:
    """True for `while True`, and for a flag that keeps the program going."""
    match loop.test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return bool(RUNNING.search(name))
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name) | ast.Attribute(attr=name)):
            return bool(RUNNING.search(name))
    return False


def _is_free(call: Call) -> bool:
    """True if nothing keeps a call waiting for its turn."""
    if call.path.partition("().")[0] not in ccxt.CLASSES:
        return True
    config = call.maker("config", 0)
    limit = ((config.entries if config else None) or {}).get("enableRateLimit")
    return limit is not None and limit.constant is False


def _head(span: Span, module: Module) -> Span:
    """The first line of a statement."""
    data = module.source.data
    end = data.find(b"\n", span.start)
    length = (end if end > 0 else len(data)) - span.start
    return Span(span.path, span.line, span.column, span.line, span.column + length, span.start, span.start + length)
