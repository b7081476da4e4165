"""Settings of pybit's retries that do something else than they say."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.bounds import whole
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.clients import pybit
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Misuse, Replace, RetrySetting, Verb

IGNORED_AT_LAST = "5.12.0"
"""The first pybit that ignores its ignore_codes (https://github.com/bybit-exchange/pybit, _http_manager.py)."""


@extracts(RetrySetting, words="retr ignore_codes")
class RetrySettings:
    """The settings of pybit's clients for their retries that do something else than they say."""

    def __init__(self, analysis: Analysis) -> None:
        self.views, self.packages = analysis.views, analysis.packages

    def facts(self, module: Module) -> Iterator[RetrySetting]:
        for name in ("HTTP", "__init__"):
            for node in module.names.calls_named.get(name, ()):
                for call in self.views.of(module, node):
                    if pybit.CONSTRUCTORS.get(call.path) == "HTTP":
                        yield from _misused(call)
                        codes = call.get("ignore_codes")
                        if codes and codes.items and self._sends_again(module):
                            yield RetrySetting(codes.span, "ignore_codes", Misuse.SENT_AGAIN)

    def _sends_again(self, module: Module) -> bool:
        return self.packages.versions(module, "pybit").is_below(IGNORED_AT_LAST)


def _misused(call: Call) -> Iterator[RetrySetting]:
    codes, tries, delay = (call.get(name) for name in ("retry_codes", "max_retries", "retry_delay"))
    if codes is not None and codes.is_empty:
        yield RetrySetting(codes.span, "retry_codes", Misuse.NO_CODES)
    if tries is not None and tries.is_text:
        yield RetrySetting(tries.span, "max_retries", Misuse.TEXT_TRIES, _number(tries))
    elif tries is not None and isinstance(tries.constant, int) and tries.constant <= 0:
        yield RetrySetting(tries.span, "max_retries", Misuse.NO_TRY, Replace(tries.span, "", "1"))
    if delay is not None and delay.is_text:
        yield RetrySetting(delay.span, "retry_delay", Misuse.TEXT_DELAY, _number(delay))


def _number(held: Argument) -> Verb | None:
    """The verb that writes a number in the place of its text."""
    text = held.site.node.value if isinstance(held.site.node, ast.Constant) else None
    number = whole(text) if isinstance(text, str) and text.isascii() else None
    return Replace(held.span, "", str(number)) if number else None
