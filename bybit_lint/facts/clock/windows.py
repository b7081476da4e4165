"""The recv_window of signed requests."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.analysis.bounds import whole
from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.values.terms import Expression
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.clock.signed_fields import among_parameters, in_headers, is_for_bybit
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.headers import WINDOW
from bybit_lint.vocabulary import Span, Window, WindowPlace

PARAMETERS = ("recv_window", "recvWindow")


@extracts(Window)
class Windows:
    """The recv_window of every request that a module signs."""

    def __init__(self, analysis: Analysis) -> None:
        self.program = analysis.program

    def facts(self, module: Module) -> Iterator[Window]:
        for span, window in in_headers(self.program.evaluator, module, WINDOW):
            yield from self._windows(span, window, WindowPlace.HEADER)
        for name in PARAMETERS:
            for span, window in among_parameters(self.program.evaluator, module, name):
                if is_for_bybit(self.program.callers, window.site):
                    yield from self._windows(span, window, WindowPlace.PARAMETERS)

    def _windows(self, span: Span, window: Expression, place: WindowPlace) -> Iterator[Window]:
        """One for each length that callers give it."""
        terms = self.program.callers.in_all_contexts(window.term)
        found = {number for term in terms for text in strings.texts(term) if (number := whole(text)) is not None}
        for milliseconds in sorted(found) or (None,):
            yield Window(span, place, milliseconds)
