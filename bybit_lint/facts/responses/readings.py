"""Fields of answers that are not what the bot takes them for."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.responses.empties import Empties
from bybit_lint.facts.responses.fields import Fields
from bybit_lint.facts.responses.fills import Fills
from bybit_lint.facts.responses.first_positions import FirstPositions
from bybit_lint.facts.responses.legacy_names import LegacyNames
from bybit_lint.facts.responses.parsers import Parsers
from bybit_lint.facts.responses.passed_names import PassedNames
from bybit_lint.vocabulary import Reading


@extracts(Reading)
class FieldReadings:
    """The fields that are not what the bot takes them for."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        accounts = analysis.accounts
        self.is_hedged = cache(lambda: accounts.names_sides or accounts.hedge is not None)
        self.reads = cache(lambda module: [*Fields(analysis, module).reads()])
        self.parsers = Parsers(analysis, self.reads)

    def facts(self, module: Module) -> Iterator[Reading]:
        found = [read for read in self.reads(module) if read.is_certain]
        absent = [read for read in found if read.field.what == "absent"]
        yield from Fills(self.analysis, module).all([*absent, *self.parsers.of(module)])
        for read in found:
            if read.field.what == "renamed":
                yield from LegacyNames(self.analysis, module).of(read)
            elif read.field.what == "empty":
                yield from Empties(self.analysis, module).of(read)
        yield from PassedNames(self.analysis, module).all()
        if b"osition" in module.source.data:
            yield from FirstPositions(self.analysis, module).all(self.is_hedged)
