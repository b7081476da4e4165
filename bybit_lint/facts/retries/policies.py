"""Retries that a library makes: tenacity's and backoff's decorators, urllib3's Retry.

tenacity waits the same for everybody unless the wait says random (https://tenacity.readthedocs.io), backoff adds full
jitter unless it is turned off (https://pypi.org/project/backoff/), urllib3 adds none unless backoff_jitter is set
(https://urllib3.readthedocs.io/en/stable/reference/urllib3.util.html).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from bybit_lint.analysis.domains import delays
from bybit_lint.analysis.flow import exception_handlers
from bybit_lint.analysis.flow.retry_iterators import TriedBlock, tried_blocks
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name, number
from bybit_lint.analysis.traffic.retry_loops import FACTORIES
from bybit_lint.analysis.values.terms import Constant, Invocation, Operation, Term, alternatives, qualified_name
from bybit_lint.clients import rest
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Replace, Retry, Verb

DECORATORS = ("retry", "on_")
"""How the names of tenacity's and backoff's decorators begin."""
EXPONENTIAL = {"wait_exponential": "wait_random_exponential"}
SAME_FOR_ALL = {"wait_fixed", "wait_incrementing", "wait_exponential"}
ON_EXCEPTIONS = ("tenacity.retry_if_exception", "tenacity.retry_unless_exception")
"""How the names begin of what decides by the exception alone."""
_Settings: TypeAlias = Mapping["str | None", ast.expr]
"""What a policy is given by name; under None what is spread."""


@extracts(Retry, words="retry Retry backoff")
class RetryPolicies:
    """The retry policies that are set in each module."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.traffic, self.effects = analysis.program, analysis.traffic, analysis.effects

    def facts(self, module: Module) -> Iterator[Retry]:
        yield from _Policies(self, module).all()


class _Policies:
    """The retry policies of one module."""

    def __init__(self, known: RetryPolicies, module: Module) -> None:
        self.program, self.effects, self.bybit_calls = known.program, known.effects, known.traffic.bybit_calls
        self.evaluator, self.module = known.program.evaluator, module

    def all(self) -> Iterator[Retry]:
        for function in self.module.names.scopes:
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for decorator in function.decorator_list:
                    if isinstance(decorator, ast.Call) and self._original(decorator.func).startswith(DECORATORS):
                        yield from self._decorated(decorator, function)
        for tried in tried_blocks(self.evaluator, self.module):
            yield from self._iterated(tried)
        for node in self.module.names.called("Retry"):
            yield from self._urllib3(node)

    def _original(self, callee: ast.expr) -> str:
        name = called_name(callee)
        return self.module.names.aliases.get(name, name)

    def _term(self, node: ast.expr) -> Term:
        return self.evaluator.evaluate(self.module, node)

    def _tried(self, calls: Iterable[ast.Call], asked: _Settings) -> ast.Call | None:
        """The call to Bybit that is tried again: not one whose failures stay in the function, unless values decide."""
        found = (call for call in calls if self.effects.reaches_bybit(self.module, call))
        return next((call for call in found if self._is_by_value(asked) or self._raises(call, asked)), None)

    def _raises(self, call: ast.Call, asked: _Settings) -> bool:
        """True if what a call raises leaves its function, and is what is tried again, as far as that is said."""
        if not self.effects.may_raise(self.module, call):
            return False
        if exception_handlers.is_contained(self.program, self.module, call):
            return False
        caught = exception_handlers.caught_exceptions(self.evaluator, self.module, _exceptions(asked))
        return bool(self.effects.raised(self.module, call, caught))

    def _is_by_value(self, asked: _Settings) -> bool:
        """True unless it is proven that tenacity tries again after exceptions alone, as it does if it is told nothing.

        https://tenacity.readthedocs.io/en/latest/#whether-to-retry
        """
        if "retry" not in asked:
            return None in asked
        return not (qualified_name(self._term(asked["retry"])) or "").startswith(ON_EXCEPTIONS)

    def _decorated(self, decorator: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Retry]:
        name = qualified_name(self._term(decorator.func)) or ""
        settings = {keyword.arg: keyword.value for keyword in decorator.keywords}
        if name == "backoff.on_exception" and len(decorator.args) > 1:
            settings["exception"] = decorator.args[1]
        call = self._tried(self.module.names.calls_in[function], settings)
        if call is None:
            return
        if name in ("tenacity.retry", "tenacity.asyncio.retry") and "wait" in settings:
            wait = settings["wait"]
            is_same = is_same_for_all(self._term(wait))
            yield self._retry(wait, call, function.name, self._text(wait), is_same, self._spread(wait))
        elif name.startswith("backoff.on_"):
            jitter = settings.get("jitter")
            is_off = jitter is not None and isinstance(held := self._term(jitter), Constant) and held.value is None
            yield self._retry(jitter or decorator, call, function.name, "backoff's without its jitter", is_off, None)

    def _iterated(self, tried: TriedBlock) -> Iterator[Retry]:
        """The wait between the rounds of a loop over tenacity's tries."""
        names = self.module.names
        calls = names.calls_in[names.scope(tried.loop).function.node]
        inside = (c for c in calls if names.stands_in(tried.block.body, c))
        settings = {keyword.arg: keyword.value for keyword in tried.made.keywords}
        call, wait = self._tried(inside, settings), settings.get("wait")
        if call is not None and wait is not None:
            is_same, text = is_same_for_all(self._term(wait)), self._text(wait)
            name = called_name(deferred_callee(call)[0])
            yield self._retry(wait, call, name, text, is_same, self._spread(wait))

    def _retry(
        self, node: ast.expr, call: ast.Call, name: str, delay: str, is_synchronised: bool, spreader: Verb | None
    ) -> Retry:
        source = self.module.source
        return Retry(source.span(node), source.span(call), f"{name}()", delay, is_synchronised, spreader)

    def _text(self, node: ast.expr) -> str:
        return delays.describe(self.evaluator.at(self.module, node))

    def _spread(self, wait: ast.expr) -> Verb | None:
        """Tenacity's own random wait with the same bounds."""
        if not isinstance(wait, ast.Call):
            return None
        name = (qualified_name(self._term(wait.func)) or "").removeprefix("tenacity.").removeprefix("wait.")
        if name in EXPONENTIAL:
            return Replace(self.module.source.span(wait.func), EXPONENTIAL[name], "{}", "tenacity")
        given = [*wait.args, *(keyword.value for keyword in wait.keywords)]
        if name == "wait_fixed" and len(given) == 1 and (longest := number(given[0])) is not None:
            return Replace(
                self.module.source.span(wait), "wait_random", f"{{}}({longest / 2:g}, {longest:g})", "tenacity"
            )
        return None

    def _urllib3(self, node: ast.Call) -> Iterator[Retry]:
        name = (qualified_name(self._term(node.func)) or "").removeprefix("requests.packages.")
        settings = {keyword.arg: keyword.value for keyword in node.keywords}
        if name not in FACTORIES or "backoff_factor" not in settings or None in settings:
            return
        factor = self._term(settings["backoff_factor"])
        raw = (c for c in self.module.names.calls if called_name(c.func) in rest.NAMES)
        call = next((c for c in raw if c in self.bybit_calls), None)
        if call is None or (isinstance(factor, Constant) and not factor.value):
            return
        is_synchronised = "backoff_jitter" not in settings and delays.is_synchronised(factor)
        text = f"backoff_factor={self.module.source.text(settings['backoff_factor'])}"
        yield self._retry(node, call, called_name(call.func), text, is_synchronised, None)


def _exceptions(asked: _Settings) -> ast.expr | None:
    """The exceptions that a policy names as what is tried again."""
    match asked.get("retry"):
        case ast.Call(func=func, args=[exceptions]) if called_name(func) == "retry_if_exception_type":
            return exceptions
    return asked.get("exception")


def is_same_for_all(term: Term) -> bool:
    """True if a tenacity wait, or every part of a sum of waits, is the same for everybody."""
    if isinstance(term, Operation):
        return all(is_same_for_all(operand) for operand in term.operands)
    found = [qualified_name(option.callee) or "" for option in alternatives(term) if isinstance(option, Invocation)]
    return bool(found) and all(
        name.startswith("tenacity.") and name.rpartition(".")[2] in SAME_FOR_ALL for name in found
    )
