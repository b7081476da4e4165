"""Loops that ask Bybit round after round, and have a way round on which nothing waits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_TO_RAISE
from bybit_lint.analysis.flow.exception_handlers import stands_in_handler
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.jumps import exits, own
from bybit_lint.analysis.syntax.nodes import called_name, children, position
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import Function, qualified_name
from bybit_lint.clients import ccxt, entries_of
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.quick_calls import QuickCalls
from bybit_lint.facts.retries.ways import Ways
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
    *("reverse", "insert", "remove", "clear", "setdefault", "discard", "appendleft", "popleft"),
    *("format", "strip", "split", "replace", "lower", "upper", "startswith", "endswith"),
    *("encode", "decode", "isoformat"),
    *("info", "debug", "warning", "error", "exception", "critical", "log", "timestamp", "strftime", "total_seconds"),
    *("json", "raise_for_status"),
}
"""Methods of texts, lists, dicts, dates, loggers and answers."""
BRANCHES = (ast.If, ast.IfExp, ast.ExceptHandler, ast.match_case)
QUICK = (
    *("math.", "numpy.", "pandas.", "statistics.", "decimal.", "collections.", "random."),
    *("time.time", "time.strftime", "time.monotonic", "time.perf_counter", "os.path.", "os.getenv", "os.environ"),
    *("re.", "copy.", "itertools.", "functools.", "uuid.", "hashlib.", "hmac.", "urllib.parse."),
    *("talib.", "ta.", "pandas_ta."),
)
"""What only computes, or reads this machine's clock."""


@extracts(BusyLoop, words="while")
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
        ways = [way for way in Ways(self, module, asking, loop).all() if way.asked and not way.waited]
        if ways:
            way = next((w for w in ways if w.by is None), ways[0])
            name = called_name(deferred_callee(asking[0])[0])
            by = module.source.span(way.by) if way.by else None
            span = _head(module.source.span(loop), module)
            yield BusyLoop(span, f"{name}()", by, isinstance(way.by, ast.ExceptHandler))

    def _asks(self, module: Module, call: ast.Call) -> bool:
        is_asking = self.effects.reaches_bybit(module, call) and not self.effects.opens_socket(module, call)
        return is_asking and self._always_asks(module, call, MAX_CALLS_TO_RAISE)

    def _always_asks(self, module: Module, call: ast.Call, hops: int) -> bool:
        """False for a call of a function that asks only where something has changed, or what it has not kept."""
        functions = self.program.callees.functions(module, call)
        if call in self.traffic.bybit_calls or not functions or not hops:
            return True
        return any(
            self.effects.reaches_bybit(found.module, inner)
            and not _is_conditional(found, inner)
            and self._always_asks(found.module, inner, hops - 1)
            for found in functions
            for inner in found.module.names.calls_in[found.node]
        )

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
        functions = self.program.callees.functions(module, call)
        if functions:
            return any(self._waits_inside(found.module, found.node, MAX_CALLS_TO_RAISE) for found in functions)
        return not self._is_quick(module, call)

    def _is_quick(self, module: Module, call: ast.Call) -> bool:
        """True for a call to Bybit, and for what is known to do no more than compute."""
        if self._asks(module, call) or self.quick.is_quick(module, call):
            return True
        name = called_name(deferred_callee(call)[0])
        is_plain = isinstance(call.func, ast.Attribute) and name in PLAIN and not _is_of_queue(call)
        return is_plain or self._is_computing(module, call)

    def _is_computing(self, module: Module, call: ast.Call) -> bool:
        names = self._names(module, call)
        return bool(names) and all(name and name.startswith(QUICK) for name in names)

    def _names(self, module: Module, call: ast.Call) -> list[str | None]:
        return [qualified_name(term) for term in self.program.callees.terms(module, call)]

    def _waits_inside(self, module: Module, function: ast.AST, hops: int) -> bool:
        """True if something in a function may take its time, or in those that it calls."""
        for call in module.names.calls_in[function]:
            name = called_name(call.func)
            if WAITING.search(name):
                return True
            functions = self.program.callees.functions(module, call)
            for found in functions:
                if not hops or self._waits_inside(found.module, found.node, hops - 1):
                    return True
            if not functions and any(self._names(module, call)) and not self._is_quick(module, call):
                return True  # a library's, which may ask somebody else
        return False


class NamesAlone:
    """What calls may do by their names alone: what is not called a wait is none, and anything may fail."""

    def may_wait(self, _: Module, call: ast.Call) -> bool:
        return bool(SLEEPING.search(called_name(call.func)))

    def may_fail(self, _: Module, __: ast.Call) -> bool:
        return True


def _may_be_busy(module: Module, loop: ast.While, calls: Sequence[ast.Call]) -> bool:
    """False where each way round has a wait by the names of what is called: to know more takes long."""
    return any(way.asked and not way.waited for way in Ways(NamesAlone(), module, calls, loop).all())


def _is_conditional(function: Function, call: ast.Call) -> bool:
    """True for a call in a branch of its function, and behind a way out of it that no failure leads to."""
    names = function.module.names
    if any(isinstance(around, BRANCHES) for around in names.ancestors(call)):
        return True
    leaving = (node for node in own(children(function.node)) if isinstance(node, ast.Return))
    return any(names.follows(call, node) and not stands_in_handler(function.module, node) for node in leaving)


def _is_of_queue(call: ast.Call) -> bool:
    """True for a `get()` that may be a queue's: a dict's has a key."""
    return called_name(call.func) == "get" and (not call.args or any(k.arg == "timeout" for k in call.keywords))


def _is_endless(loop: ast.While) -> bool:
    """True for `while True`, and for a flag that keeps the program going."""
    if isinstance(loop.test, ast.Constant):
        return bool(loop.test.value)
    return bool(RUNNING.search(_flag(loop.test)))


def _flag(test: ast.expr) -> str:
    """How a flag is called that a loop asks, be it one of threading's, or kept in a dict; empty for other questions."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner) | ast.Call(func=ast.Attribute(value=inner, attr="is_set")):
            return _flag(inner)
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
    return ""


def _is_free(call: Call) -> bool:
    """True if nothing keeps a call waiting for its turn."""
    if call.path.partition("().")[0] not in ccxt.CLASSES:
        return True
    limit = entries_of(call.maker("config", 0)).get("enableRateLimit")
    return limit is not None and limit.constant is False


def _head(span: Span, module: Module) -> Span:
    """The first line of a statement."""
    data = module.source.data
    end = data.find(b"\n", span.start)
    length = (end if end > 0 else len(data)) - span.start
    return Span(span.path, span.line, span.column, span.line, span.column + length, span.start, span.start + length)
