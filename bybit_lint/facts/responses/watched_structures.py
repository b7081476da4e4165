"""Fields of what ccxt.pro makes of a stream's messages, where they are compared with a value that they never have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property, partial

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.field_tests import impossible
from bybit_lint.analysis.traffic.responses import ANY
from bybit_lint.analysis.values.terms import Invocation, Term, qualified_name
from bybit_lint.clients import ccxt
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge import schemas
from bybit_lint.knowledge.schemas import SchemaField
from bybit_lint.vocabulary import ImpossibleTest


@extracts(ImpossibleTest, words="watch")
class WatchedStructures:
    """Those of one project: `watch_orders()` gives the same structures as `fetch_orders()` does."""

    def __init__(self, analysis: Analysis) -> None:
        self.responses, self.project = analysis.responses, analysis.program.project

    def facts(self, module: Module) -> Iterator[ImpossibleTest]:
        for name, fields in self._fields.items():
            for node in module.names.items.get(name, ()):
                for structure, field in fields.items():
                    yield from impossible(module, node, field, partial(self._is_of, structure, name, module))

    @cached_property
    def _fields(self) -> Mapping[str, Mapping[str, SchemaField]]:
        """By the names of fields the structures that have one of few values there, of those that the bot watches."""
        found: dict[str, dict[str, SchemaField]] = {}
        for structure in {of for name, of in schemas.watched().items() if self.project.says(name.encode())}:
            for name, field in schemas.structure(structure).items():
                if field.values:
                    found.setdefault(name, {})[structure] = field
        return found

    def _is_of(self, structure: str, name: str, module: Module, node: ast.expr) -> bool:
        """True for what is read from the rows that a stream brings, on each way through the code."""
        sources = self.responses.sources(module, node)
        return bool(sources) and all(_watched(made) == structure and way == (ANY, name) for made, way in sources)


def _watched(made: Term) -> str:
    """The structure of the rows that a call waits for; empty if it is no such call."""
    called = qualified_name(made.callee) or "" if isinstance(made, Invocation) else ""
    exchange, _, method = called.rpartition("().")
    return schemas.watched().get(method, "") if exchange in ccxt.CLASSES else ""
