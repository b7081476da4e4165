"""What a function gives, or goes on with, where its read of orders, positions or coins has failed."""

from __future__ import annotations

import ast
from functools import cached_property

from bybit_lint.analysis.flow.emptiness import is_none, value_tests
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import always_exits
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.traffic.failed_reads import FailedRead, FailedReads
from bybit_lint.analysis.traffic.failures import Failure, Failures
from bybit_lint.analysis.traffic.responses import Responses


class FailedHoldings(FailedReads):
    """What becomes of the failed reads of holdings; a None that a function gives tells of one, too."""

    def __init__(self, effects: Effects, responses: Responses) -> None:
        super().__init__(effects, responses)
        self.failures = Failures(effects, responses, of_holdings=True)
        self._of_anything = FailedReads(effects, responses)

    def request(self, module: Module, failure: Failure) -> ast.Call | None:
        """The call that fails, as `Failures` says, or that a function gives None for."""
        return super().request(module, failure) or self._none(failure)

    def what(self, read: FailedRead) -> str:
        """What fails, by its last name: the function itself where it is told by a None, of nobody knows what."""
        return called_name(read.request.func) if self._none(read.failure) is None else read.function.name

    def _none(self, failure: Failure) -> ast.Call | None:
        """The call for holdings whose None a test takes for a failure; no handler takes one."""
        is_test = isinstance(failure.taking, ast.If)
        return self._nones.get((failure.taking, failure.holds)) if is_test else None

    @cached_property
    def _nones(self) -> dict[tuple[ast.AST, bool], ast.Call]:
        """The calls for holdings that give None where they fail, by a test that this decides and what it says then."""
        found: dict[tuple[ast.AST, bool], ast.Call] = {}
        for module in self.program.project.readable:
            for read in self._of_anything.of(module, is_none):
                for site, value in self.asked(read.function):
                    if isinstance(site.node, ast.Call) and self.effects.reads_holdings(site.module, site.node):
                        for test in value_tests(site.module, value, None):
                            if test.is_decided:
                                found.setdefault((test.node, test.branch is test.node.body), site.node)
                            if test.is_decided and always_exits(test.branch):
                                break  # what is asked behind that is never asked of None
        return found
