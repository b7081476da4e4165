"""The recv_window of signed requests."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.analysis.bounds import whole
from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.clock.signatures import (
    _headers,
)
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.headers import WINDOW
from bybit_lint.vocabulary import Window, WindowPlace


@extracts(Window)
class Windows:
    """The recv_window of every request that a module signs."""

    def __init__(self, analysis: Analysis) -> None:
        self.program = analysis.program

    def facts(self, module: Module) -> Iterator[Window]:
        for span, window in _headers(self.program.evaluator, module, WINDOW):
            terms = self.program.callers.in_all_contexts(window.term)
            found = {number for term in terms for text in strings.texts(term) if (number := whole(text)) is not None}
            for milliseconds in sorted(found) or (None,):
                yield Window(span, WindowPlace.HEADER, milliseconds)
