"""The functions that a stream calls with its messages: what in them may raise, keep the stream waiting, or trade.

Over an exception of its callback pybit closes the stream for good (https://github.com/bybit-exchange/pybit/issues/209).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.call_sites import CallSite
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.questions import answered_once
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.nodes import called_name, position
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.values.terms import Function, alternatives
from bybit_lint.clients import streams
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.handed_callbacks import HandedCallback, handed_callback
from bybit_lint.facts.sockets.may_raise import MayRaise, Tainted
from bybit_lint.facts.sockets.topic_tests import is_for_others
from bybit_lint.knowledge.streams import Fields, fields, methods
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Handler, Related, Span

CANDLES = "kline"
CLOSED = b"confirm"
WORD = regex(r"\S*confirm(ed)?")
"""A key or a name that says whether a candle is closed; a sentence and a comment say nothing of it."""


@extracts(Handler, words="_stream")
class Callbacks:
    """The callbacks that the subscriptions of a module hand over."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.bybit_calls = analysis.program, analysis.traffic.bybit_calls
        self.effects, self.views = analysis.effects, analysis.views

    def facts(self, module: Module) -> Iterator[Handler]:
        for node in module.names.called(*methods()):
            if node in self.bybit_calls:
                for call in self.views.of(module, node):
                    held = streams.callback(call)
                    if isinstance(held, Argument):
                        method = methods()[called_name(node.func)]
                        always = fields(method.topic, streams.channel(call), streams.symbols(call, method))
                        yield from self._handlers(held, method.topic, always)

    def _handlers(self, held: Argument, topic: str, always: Fields) -> Iterator[Handler]:
        for term in self.program.callers.in_all_contexts(held.term):
            for option in alternatives(term):
                if (handed := handed_callback(option)) is not None:
                    yield Callback(self, handed, topic, always).handler(held.span)


class Callback:
    """A function that a stream calls, and what comes of that."""

    def __init__(self, known: Callbacks, handed: HandedCallback, topic: str, always: Fields) -> None:
        self.program, self.bybit_calls, self.effects = known.program, known.bybit_calls, known.effects
        self.handed, self.function, self.topic, self.always = handed, handed.function, topic, always

    def handler(self, handed: Span) -> Handler:
        function = self.function
        trades = self._leads_to(function, self.effects.order_placed, "the order is placed here")
        pauses = self._leads_to(function, self.effects.pause, "waits here")
        waits = pauses or self._leads_to(function, self.effects.sleep, "waits here")
        return Handler(
            span=handed,
            name=getattr(function.node, "name", "lambda"),
            fails=None if self.handed.is_guarded else self._failure(function),
            blocks=waits,
            blocks_after_failure=waits is not None and pauses is None,
            trades=trades,
            takes_open_candles=self.topic == CANDLES and trades is not None and not self._asks_if_closed(function),
            is_coroutine=isinstance(function.node, ast.AsyncFunctionDef),
        )

    def _failure(self, function: Function) -> Related | None:
        """What may raise; the body of a coroutine function never runs, because nobody awaits it."""
        is_coroutine = isinstance(function.node, ast.AsyncFunctionDef)
        return (
            None
            if is_coroutine
            else MayRaise(
                self.program, self.bybit_calls, function, self._told(function), self.always, self._is_unreached
            ).failure()
        )

    def _is_unreached(self, node: ast.AST) -> bool:
        """True for what is done over the messages of other topics only."""
        return is_for_others(self.function.module.names, node, self.topic)

    def _told(self, function: Function) -> Tainted:
        """The parameters that the stream fills: those that are left, and have no default."""
        optional = defaults(function.node.args)
        return frozenset((function.node, argument.arg) for argument in self.handed.left if argument.arg not in optional)

    def _leads_to(
        self, function: Function, reach: Callable[[Module, ast.Call], CallSite | None], words: str
    ) -> Related | None:
        calls = sorted(function.module.names.calls_in[function.node], key=position)
        places = (place for call in calls if (place := reach(function.module, call)) and not self._is_unreached(call))
        found = next(places, None)
        return Related(found[0].source.span(found[1]), words) if found else None

    @answered_once
    def _asks_if_closed(self, function: Function, depth: int = MAX_CALLS_BETWEEN) -> bool:
        """True unless the code of no file that takes part in handling the message speaks of confirmed candles."""
        if CLOSED in function.module.source.data and _speaks_of_closed(function.module):
            return True
        called = (
            inner
            for call in function.module.names.calls_in[function.node]
            for inner in self.program.callees.functions(function.module, call)
        )
        return depth > 0 and any(self._asks_if_closed(inner, depth - 1) for inner in called)


def _speaks_of_closed(module: Module) -> bool:
    """True if a name or a key of a module's code is about what is confirmed."""
    return any(WORD.fullmatch(word) for node in module.names.nodes() for word in _words(node))


def _words(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Constant(value=str() as word) | ast.Name(id=word) | ast.Attribute(attr=word) | ast.arg(arg=word):
            return (word,)
    return ()
