"""The functions that a `WebSocketApp` calls, held against the arguments that it calls them with.

It catches the TypeError, writes it into its own log, which nobody sees by default, and goes on
(https://github.com/websocket-client/websocket-client, `_callback()` in `_app.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import defaults, positional_parameters
from bybit_lint.analysis.values.parameters import header
from bybit_lint.analysis.values.terms import Expression, Site, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.sockets.app_callbacks import PACKAGE, AppCallbacks
from bybit_lint.facts.sockets.handed_callbacks import HandedCallback, handed_callback
from bybit_lint.knowledge.streams import app_handlers
from bybit_lint.vocabulary import Fix, Handler, Related, Rewrite, Span

SINCE = "1.0"
"""Earlier versions call `on_close` with as many arguments as it takes."""
OWN_NAMES = {"ws", "_ws", "wsapp", "ws_app", "app", "socket", "sock", "websocket", "_", "__", "client", "conn", "wss"}
"""What the app itself is called where a handler takes it."""


@extracts(Handler, words="websocket")
class AppHandlers:
    """The handlers that do not take what they are called with."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.packages = analysis.program, analysis.packages
        self.callbacks = AppCallbacks(analysis)

    def facts(self, module: Module) -> Iterator[Handler]:
        handed = [*self.callbacks.of(module)]
        if handed and not self.packages.versions(module, PACKAGE).is_below(SINCE):
            for each in handed:
                yield from self._misfits(app_handlers()[each.name], each.held)

    def _misfits(self, given: Sequence[str], held: Expression) -> Iterator[Handler]:
        for term in self.program.callers.in_all_contexts(held.term):
            for option in alternatives(term):
                handed = handed_callback(option)
                if handed is not None and not handed.takes(len(given)):
                    yield self._misfit(given, held.site, handed)

    def _misfit(self, given: Sequence[str], site: Site, handed: HandedCallback) -> Handler:
        function = handed.function
        name = getattr(function.node, "name", "lambda")
        taken = [argument.arg for argument in handed.left]
        told = Related(header(function), f"takes {', '.join(taken) or 'nothing'}")
        return Handler(site.span, name, given=tuple(given), misfit=told, adapted=self._adapted(given, site, handed))

    def _adapted(self, given: Sequence[str], site: Site, handed: HandedCallback) -> Fix | None:
        """Take what is missing at the end, or the app itself at the front, where nobody else calls the function."""
        arguments, function = handed.function.node.args, handed.function
        own = handed.left
        is_plain = not (arguments.vararg or arguments.kwonlyargs or defaults(arguments) or arguments.kwarg)
        is_here = function.module.source.path == site.module.source.path
        if not is_plain or not is_here or len(own) >= len(given) or self.program.callers.sites(function.node):
            return None
        source = function.module.source
        if own and own[0].arg not in OWN_NAMES:
            return _inserted(source.span(own[0]), f"{given[0]}, ", True) if len(own) == len(given) - 1 else None
        before = positional_parameters(arguments)[-1:]
        return _inserted(source.span(before[0]), f", {', '.join(given[len(own) :])}", False) if before else None


def _inserted(beside: Span, text: str, is_before: bool) -> Fix:
    line, column, place = (
        (beside.line, beside.column, beside.start) if is_before else (beside.end_line, beside.end_column, beside.end)
    )
    at = Span(beside.path, line, column, line, column, place, place)
    return Fix("take what it is called with", (Rewrite(at, text),))
