"""Settings that do something else than they say: of a client's retries, and of the account."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.analysis.bounds import MAX_CALLS_TO_START
from bybit_lint.analysis.flow.exception_handlers import may_be_caught
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.jumps import exits
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import AccountSetting

RAISING = ("pybit.unified_trading.HTTP().", "ccxt.")
TASKS = ("create_task", "ensure_future", "gather", "wait", "submit", "run_coroutine_threadsafe")
COMPARES = regex(r"leverage|mode|margin", re.IGNORECASE)


# --- the account's settings -------------------------------------------------------------------------------------------


@extracts(AccountSetting)
class AccountSettings:
    """The settings of the account that raise when they are made already, on a way to the program's start."""

    def __init__(self, analysis: Analysis) -> None:
        self.project, self.callers = analysis.program.project, analysis.program.callers
        self.requests, self.effects = analysis.traffic.requests, analysis.effects

    def facts(self, module: Module) -> Iterator[AccountSetting]:
        for call, request in self.requests.get(module, ()):
            code = knowledge.unchanged(request.endpoint)
            node = call.site.node
            if not code or request.sent or not call.path.startswith(RAISING) or not isinstance(node, ast.Call):
                continue
            is_ignored = self.project.says(b"ignore_codes") or _asks_first(self.effects, module, node)
            if not is_ignored and self._gets_through(module, node, MAX_CALLS_TO_START):
                yield AccountSetting(call.own_span, f"{called_name(deferred_callee(node)[0])}()", code)

    def _gets_through(self, module: Module, call: ast.Call, hops: int) -> bool:
        """True if what a call raises ends the program: nothing catches it, up to where the program starts."""
        if may_be_caught(module.names, call) or _is_task(module, call):
            return False
        function = module.names.scope(call).function.node
        if isinstance(function, ast.Module):
            return True
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list or not hops:
            return False
        made = [caller.made.site for caller in self.callers.of(function)]
        return any(
            isinstance(site.node, ast.Call) and self._gets_through(site.module, site.node, hops - 1) for site in made
        )


def _is_task(module: Module, call: ast.Call) -> bool:
    """True if a call is handed over to somebody else, who keeps what it raises."""
    around = [node for node in module.names.ancestors(call) if isinstance(node, ast.Call)]
    return deferred_callee(call)[1] > 0 or any(called_name(node.func) in TASKS for node in around)


def _asks_first(effects: Effects, module: Module, call: ast.Call) -> bool:
    """True if the code around a call may know what the setting is now."""
    names = module.names
    branches = [node for node in names.ancestors(call) if isinstance(node, ast.If)]
    function = names.scope(call).function.node
    block = [] if isinstance(function, ast.Lambda) else getattr(function, "body", [])
    branches += [s for s in block if isinstance(s, ast.If) and names.follows(call, s) and any(exits([s]))]
    is_compared = any(COMPARES.search(ast.unparse(branch.test)) for branch in branches)
    return is_compared or any(effects.reads_orders(module, other) for other in names.calls_in[function])
