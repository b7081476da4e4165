"""Calls of the bot's own functions that cannot succeed, on the way to Bybit: mostly left behind by a change elsewhere.

Only closed cases: what is called is known on each way through the code, and nothing may make it something else.
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.migration.misfits import Misfits
from bybit_lint.facts.migration.missing_names import MissingNames
from bybit_lint.facts.migration.project_code import ProjectCode
from bybit_lint.facts.migration.speakers import Speakers
from bybit_lint.vocabulary import ImpossibleCall


@extracts(ImpossibleCall)
class ImpossibleCalls:
    """The impossible calls of one project."""

    def __init__(self, analysis: Analysis) -> None:
        self.bybit_calls = analysis.traffic.bybit_calls
        code, speakers = ProjectCode(analysis.program), Speakers(analysis.program, analysis.traffic)
        self.misfits = Misfits(analysis, code, speakers)
        self.missing = MissingNames(analysis, code, speakers)

    def facts(self, module: Module) -> Iterator[ImpossibleCall]:
        if not module.is_test and self.bybit_calls:
            yield from self.misfits.of(module)
            yield from self.missing.of(module)
