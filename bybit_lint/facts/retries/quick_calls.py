"""Which calls are proven to wait for nothing, so that what is tried again behind them is tried at once."""

from __future__ import annotations

import ast

from bybit_lint.analysis.callgraph.reachability import Reachability
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.retry_loops import SLEEPS
from bybit_lint.analysis.values.terms import qualified_name
from bybit_lint.facts.analysis import Analysis

QUICK = ("builtins.", "logging.", "traceback.", "datetime.", "json.", "sys.", "loguru.")
SLOW = ("builtins.input",)


class QuickCalls:
    """What the calls of a project wait for."""

    def __init__(self, analysis: Analysis) -> None:
        self.callees, self.effects = analysis.program.callees, analysis.effects
        self._sleeping = Reachability(self.callees, self._is_sleep)

    def sleeps(self, module: Module, call: ast.Call) -> bool:
        """True if a call waits, itself or in functions of the project."""
        return self._sleeping.of(module, call) is not None

    def _is_sleep(self, module: Module, call: ast.Call) -> bool:
        names = {qualified_name(term) for term in self.callees.terms(module, call)}
        return not names.isdisjoint(SLEEPS)

    def is_quick(self, module: Module, call: ast.Call) -> bool:
        """True if a call is proven to wait for nothing."""
        terms = self.callees.terms(module, call)
        names = [qualified_name(term) for term in terms]
        if terms and all(name and name.startswith(QUICK) and name not in SLOW for name in names):
            return True
        is_own = bool(self.callees.functions(module, call))
        return is_own and not self.sleeps(module, call) and not self.effects.reaches_bybit(module, call)
