"""What a setup.py asks to have installed; other manifests are no code and are told of without an extractor."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Dependency


@extracts(Dependency)
class DeclaredDependencies:
    """The packages that a setup.py names."""

    def __init__(self, analysis: Analysis) -> None:
        self.packages = analysis.packages

    def facts(self, module: Module) -> Iterator[Dependency]:
        yield from self.packages.declared(module)
