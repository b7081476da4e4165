"""What a function gives, or goes on with, where its read of orders, positions or coins has failed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.flow.emptiness import is_none, value_tests
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import always_exits
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.asked_reads import AskedReads
from bybit_lint.analysis.traffic.failed_reads import FailedRead, FailedReads
from bybit_lint.analysis.traffic.failures import Failure, Failures
from bybit_lint.analysis.traffic.responses import Responses


class FailedHoldings(FailedReads):
    """What becomes of the failed reads of holdings; a None that a function gives tells of one, too."""

    def __init__(self, reads: FailedReads, responses: Responses) -> None:
        """`reads` are those of whatever Bybit is asked for."""
        super().__init__(Failures(reads.effects, responses, of_holdings=True))
        self._asked = AskedReads(reads, is_none, self._tests)
        self._nones: dict[Module, dict[tuple[ast.AST, bool], ast.Call]] = {}
        """The calls for holdings that give None where they fail, by a test that this decides and what it says then."""

    def request(self, module: Module, failure: Failure) -> ast.Call | None:
        """The call that fails, as `Failures` says, or that a function gives None for."""
        return super().request(module, failure) or self._none(module, failure)

    def what(self, module: Module, read: FailedRead) -> str:
        """What fails, by its last name: the function itself where a None tells it, or a decorator takes it."""
        is_own = read.is_wrapped or self._none(module, read.failure) is not None
        return read.function.name if is_own else called_name(read.request.func)

    def _none(self, module: Module, failure: Failure) -> ast.Call | None:
        """The call for holdings whose None a test takes for a failure; no handler takes one."""
        if isinstance(failure.taking, ast.ExceptHandler):
            return None
        if module not in self._nones:
            first = reversed([*self._asked.of(module)])
            self._nones[module] = dict(first)
        return self._nones[module].get((failure.taking, failure.holds))

    def _tests(self, _: Module, read: FailedRead) -> Iterator[tuple[Module, tuple[tuple[ast.AST, bool], ast.Call]]]:
        """The tests that None decides which a read gives, each with what it says then, and the call."""
        for site, value in self.asked(read.function):
            if isinstance(site.node, ast.Call) and self.effects.reads_holdings(site.module, site.node):
                for test in value_tests(site.module, value, None):
                    if test.is_decided:
                        yield site.module, ((test.node, test.holds), site.node)
                    if test.is_decided and always_exits(test.branch):
                        break  # what is asked behind that is never asked of None
