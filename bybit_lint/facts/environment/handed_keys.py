"""The keys that are handed to Bybit's clients."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.values.terms import Constant, alternatives
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.environment.key_shapes import is_mixed, is_random

GIVEN = {"api_key", "api_secret", "apiKey", "secret", "key", "apikey"}
"""What clients call a key."""


class HandedKeys:
    """The literals that Bybit's clients are given for their keys, whatever they are called on the way."""

    def __init__(self, analysis: Analysis) -> None:
        self.evaluator, self.project = analysis.program.evaluator, analysis.program.project
        self.bybit_calls = analysis.traffic.bybit_calls

    def by_module(self) -> dict[Module, dict[ast.Constant, str]]:
        """For each file the literals in it, and what the client calls them."""
        found: dict[Module, dict[ast.Constant, str]] = defaultdict(dict)
        for module in self.project.readable:
            for call in module.names.calls:
                for name, literal in self._given(module, call):
                    if literal.site is not None and isinstance(literal.site.node, ast.Constant):
                        found[literal.site.module][literal.site.node] = name
        return found

    def _given(self, module: Module, call: ast.Call) -> Iterator[tuple[str, Constant]]:
        """The keys that a client is made with, if one of them looks random: the other is as real."""
        named = [(k.arg, k.value) for k in call.keywords if k.arg in GIVEN]
        for config in call.args:
            if isinstance(config, ast.Dict):
                named += [
                    (key.value, value)
                    for key, value in zip(config.keys, config.values, strict=True)
                    if isinstance(key, ast.Constant) and key.value in GIVEN
                ]
        if not named or call not in self.bybit_calls:
            return
        literals = [
            (name, term)
            for name, node in named
            for term in alternatives(self.evaluator.evaluate(module, node))
            if isinstance(term, Constant) and isinstance(term.value, str) and is_mixed(term.value)
        ]
        if any(is_random(str(term.value)) for _, term in literals):
            yield from literals


def text_of(node: ast.Constant) -> str:
    """The text of a literal, be it written as bytes."""
    return node.value.decode("latin-1") if isinstance(node.value, bytes) else str(node.value)
