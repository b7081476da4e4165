"""Settings that do something else than they say: of a client's retries, and of the account."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.analysis.bounds import MAX_CALLS_TO_START
from bybit_lint.analysis.callgraph.forwarding import Forwarder
from bybit_lint.analysis.flow.exception_handlers import (
    ALL,
    caught_exceptions,
    enclosing_attempts,
    enclosing_suppressions,
    stands_in_handler,
)
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.conditions import are_apart
from bybit_lint.analysis.syntax.deferred_calls import JOBS, PLACES, deferred_callee
from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import always_exits, exits, own
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name, children, position, walk
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.facts.retries.repeated_stops import is_set_again
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import AccountSetting

RAISING = ("pybit.unified_trading.HTTP().", "ccxt.")
TASKS = ("create_task", "ensure_future", "gather", "wait", "submit", "run_coroutine_threadsafe")
REFUSED = {
    *ALL,
    "pybit.exceptions.InvalidRequestError",
    "ccxt.BaseError",
    "ccxt.ExchangeError",
    "ccxt.BadRequest",
}
"""What is raised where a setting is made already, and what is more than that."""
EXPECTED = regex(r"modif|already|unchanged|same", re.IGNORECASE)
NEAR = 1
"""Functions between a setting and the order that is placed after it: what is further away is another decision."""
SETTINGS = regex(r"leverage|mode|isolated|margin_?type", re.IGNORECASE)
"""Words for what is set. Margin alone is money."""
LEAVING = (ast.Return, ast.Continue, ast.Break)
REHEARSALS = regex(r"simul|paper|dry|test|demo|live|debug|sandbox", re.IGNORECASE)
"""Words for a mode of the bot's own."""


# --- the account's settings -------------------------------------------------------------------------------------------


@extracts(AccountSetting)
class AccountSettings:
    """The settings of the account that raise when they are made already, on a way to the program's start."""

    def __init__(self, analysis: Analysis) -> None:
        self.project, self.callers = analysis.program.project, analysis.program.callers
        self.evaluator = analysis.program.evaluator
        self.requests, self.effects = analysis.traffic.requests, analysis.effects

    def facts(self, module: Module) -> Iterator[AccountSetting]:
        for call, request in self.requests.get(module, ()):
            code = knowledge.unchanged(request.endpoint)
            node = call.site.node
            if not code or request.sent or not call.path.startswith(RAISING) or not isinstance(node, ast.Call):
                continue
            if call.by is not None and _is_kept_near(call.by.module.names, call.by.call, code):
                continue
            if self.project.says(b"ignore_codes"):
                continue
            what = self._name(module, node)
            if request.endpoint in knowledge.set_again():
                if is_set_again(self.effects, module, node, request) and self._gets_through(
                    module, node, code, MAX_CALLS_TO_START
                ):
                    yield AccountSetting(call.own_span, what, code, when="in its next round")
            elif _asks_first(self.effects, module, node):
                continue
            elif self._gets_through(module, node, code, MAX_CALLS_TO_START):
                yield AccountSetting(call.own_span, what, code)
            elif order := self._skipped(module, node, code, ALL if call.by and _is_tried(call.by) else REFUSED, NEAR):
                yield AccountSetting(call.own_span, what, code, order)
            elif order := self._left_out(module, node, code):
                yield AccountSetting(call.own_span, what, code, order, is_told=True)
            elif setting := self._other_setting(module, node, code):
                yield AccountSetting(call.own_span, what, code, setting)

    def _name(self, module: Module, node: ast.Call) -> str:
        """What a call asks for, also where it hands that to a function of the bot's."""
        handed = (c.path.rpartition(".")[2] for c, _ in self.requests.get(module, ()) if c.by and c.site.node is node)
        return f"{next(handed, '') or called_name(deferred_callee(node)[0])}()"

    def _gets_through(self, module: Module, call: ast.Call, code: int, hops: int) -> bool:
        """True if what a call raises ends the program: nothing keeps it, up to where the program starts."""
        if _is_kept_near(module.names, call, code) or _is_task(module, call):
            return False
        function = module.names.scope(call).function.node
        if isinstance(function, ast.Module):
            return True
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list or not hops:
            return False
        made = [caller.made.site for caller in self.callers.of(function)]
        return any(
            isinstance(site.node, ast.Call) and self._gets_through(site.module, site.node, code, hops - 1)
            for site in made
        )

    def _skipped(self, module: Module, call: ast.Call, code: int, taken: set[str], hops: int) -> str:
        """The order behind a call in the attempt that keeps what it raises, if no handler expects such a thing."""
        if _is_task(module, call) or stands_in_handler(module, call):
            return ""
        for attempt in enclosing_attempts(module.names, call):
            if attempt.handlers and not _passes_on(attempt, code):
                return self._behind(module, attempt, call) if self._is_kept(module, attempt, code, taken) else ""
            taken = ALL if attempt.handlers else taken  # it may be raised on under any name
        function = module.names.scope(call).function.node
        sites = self.callers.sites(function) if isinstance(function, FunctionNode) and hops else []
        made = ((site.module, site.node) for site in sites if isinstance(site.node, ast.Call))
        return next(filter(None, (self._skipped(where, node, code, taken, hops - 1) for where, node in made)), "")

    def _behind(self, module: Module, attempt: ast.Try, call: ast.Call) -> str:
        names = module.names
        calls = names.calls_in[names.scope(attempt).function.node]
        behind = (c for c in calls if names.stands_in([*attempt.body, *attempt.orelse], c) and names.follows(c, call))
        others = sorted((c for c in behind if _asked(c) != _asked(call)), key=lambda c: c.lineno)
        ordering = (c for c in others if self.effects.order_placed(module, c) and not are_apart(names, c, call))
        return next((self._name(module, c) for c in ordering), "")

    def _other_setting(self, module: Module, call: ast.Call, code: int) -> str:
        """Another setting behind the first in an attempt that keeps what it raises: it is never made again."""
        names = module.names
        attempt = next((a for a in enclosing_attempts(names, call) if a.handlers), None)
        if attempt is None or _is_task(module, call) or stands_in_handler(module, call):
            return ""
        block = [*attempt.body, *attempt.orelse]
        made = [
            each.site.node
            for each, request in self.requests.get(module, ())
            if knowledge.unchanged(request.endpoint) not in (None, code) and each.path.startswith(RAISING)
        ]
        others = sorted((n for n in made if isinstance(n, ast.Call) and names.stands_in(block, n)), key=position)
        others = [other for other in others if not are_apart(names, other, call)]
        if not others or names.follows(call, others[0]) or not self._is_kept(module, attempt, code):
            return ""  # what stands behind the first is told of there
        return f"{called_name(deferred_callee(others[0])[0])}()"

    def _left_out(self, module: Module, call: ast.Call, code: int) -> str:
        """The order that a caller leaves out because it is told of a failure: by False where the call has raised."""
        function = module.names.scope(call).function.node
        attempt = next((a for a in enclosing_attempts(module.names, call) if a.handlers), None)
        if (
            attempt is None
            or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
            or _is_task(module, call)
        ):
            return ""
        if not self._is_kept(module, attempt, code) or not _tells(function, attempt):
            return ""
        sites = (site for site in self.callers.sites(function) if isinstance(site.node, ast.Call))
        return next(filter(None, (self._behind_test(site.module, site.node) for site in sites)), "")

    def _behind_test(self, module: Module, asked: ast.expr) -> str:
        """The order that is placed only if a call has given something: `if not prepare(): return`, `if prepare():`."""
        names = module.names
        while isinstance(above := names.parents.get(asked), ast.Await):
            asked = above
        tests: list[ast.expr] = [asked]
        if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Name):
            scope = names.scope(above).function
            is_one = len(scope.bindings[above.targets[0].id]) == 1
            tests = [*names.loads(scope.node, above.targets[0].id)] if is_one else []
        for test in tests:
            branch, is_met = _branch_of(module, test)
            calls = names.calls_in[names.scope(test).function.node] if branch is not None else []
            if branch is not None and is_met:
                calls = [c for c in calls if names.stands_in(branch.body, c)]
            elif branch is not None:
                calls = [c for c in calls if always_exits(branch.body) and names.follows(c, branch)]
            found = next((c for c in sorted(calls, key=position) if self.effects.order_placed(module, c)), None)
            if found is not None:
                return f"{called_name(deferred_callee(found)[0])}()"
        return ""

    def _is_kept(self, module: Module, attempt: ast.Try, code: int, taken: set[str] = REFUSED) -> bool:
        """True if the handlers take the refusal, none of them speaks of it, and no order is placed in them."""
        caught = (caught_exceptions(self.evaluator, module, handler.type) for handler in attempt.handlers)
        if all(found.isdisjoint(taken) for found in caught):
            return False
        names = module.names
        calls = names.calls_in[names.scope(attempt).function.node]
        for handler in attempt.handlers:
            said = ast.unparse(handler)
            if isinstance(handler.body[-1], ast.Raise) or str(code) in said or EXPECTED.search(said):
                return False
            if any(names.stands_in(handler.body, c) and self.effects.order_placed(module, c) for c in calls):
                return False
        return True


def _is_kept_near(names: ModuleIndex, node: ast.AST, code: int) -> bool:
    """True if something in its function may keep what a node raises, and does not raise it on."""
    attempts = (attempt for attempt in enclosing_attempts(names, node) if attempt.handlers)
    return not all(_passes_on(attempt, code) for attempt in attempts) or any(enclosing_suppressions(names, node))


def _is_tried(by: Forwarder) -> bool:
    """True if what is handed over is called in an attempt."""
    return any(attempt.handlers for attempt in enclosing_attempts(by.module.names, by.call))


def _passes_on(attempt: ast.Try, code: int) -> bool:
    """True if whatever its handlers take is raised again, if under another name, and none of them speaks of it."""
    said = (ast.unparse(handler) for handler in attempt.handlers)
    is_raised = all(isinstance(handler.body[-1], ast.Raise) for handler in attempt.handlers)
    left = (node for handler in attempt.handlers for node in own(handler.body) if isinstance(node, LEAVING))
    return is_raised and not any(left) and not any(str(code) in text or EXPECTED.search(text) for text in said)


def _asked(call: ast.Call) -> tuple[str, list[str]]:
    """What a call is of, by its name and what it may hand over."""
    return called_name(call.func), [ast.dump(given) for given in call.args[:1]]


def _tells(function: ast.FunctionDef | ast.AsyncFunctionDef, attempt: ast.Try) -> bool:
    """True if a function gives nothing, or False, where its attempt has failed, and something else where not."""
    handled = {node for handler in attempt.handlers for node in walk(handler)}
    given = [node for node in own(function.body) if isinstance(node, ast.Return)]
    failed, others = [r for r in given if r in handled], [r for r in given if r not in handled]
    is_false = bool(failed) and all(map(_gives_nothing, failed))
    ends = all(isinstance(handler.body[-1], ast.Return) for handler in attempt.handlers)
    return is_false and ends and any(not _gives_nothing(r) for r in others)


def _gives_nothing(returned: ast.Return) -> bool:
    value = returned.value
    return value is None or (isinstance(value, ast.Constant) and not value.value)


def _branch_of(module: Module, test: ast.expr) -> tuple[ast.If | None, bool]:
    """The branch that asks whether something is true, and whether it is entered then."""
    above = module.names.parents.get(test)
    match above:
        case ast.If(test=asked) if asked is test:
            return above, True
        case ast.UnaryOp(op=ast.Not()):
            around = module.names.parents.get(above)
            return (around, False) if isinstance(around, ast.If) and around.test is above else (None, False)
    return None, False


def _is_task(module: Module, call: ast.Call) -> bool:
    """True if a call is handed over to somebody else, who keeps what it raises."""
    around = [node for node in module.names.ancestors(call) if isinstance(node, ast.Call)]
    is_job = called_name(call.func) in (*JOBS, *PLACES)
    return is_job or deferred_callee(call)[1] > 0 or any(called_name(node.func) in TASKS for node in around)


def _asks_first(effects: Effects, module: Module, call: ast.Call) -> bool:
    """True if the code around a call may know what the setting is now."""
    names = module.names
    branches = [node for node in names.ancestors(call) if isinstance(node, ast.If)]
    function = names.scope(call).function.node
    block = [] if isinstance(function, ast.Lambda) else getattr(function, "body", [])
    branches += [s for s in block if isinstance(s, ast.If) and names.follows(call, s) and any(exits([s]))]
    is_compared = any(_is_setting(word) for branch in branches for word in _words(branch.test))
    return is_compared or any(effects.reads_orders(module, other) for other in names.calls_in[function])


def _is_setting(word: str) -> bool:
    return bool(SETTINGS.search(word)) and not REHEARSALS.search(word)


def _words(test: ast.AST) -> Iterator[str]:
    """The names and texts in a test, but for those that only scale something: `size * leverage < least`."""
    waiting = [test]
    while waiting:
        match node := waiting.pop():
            case ast.BinOp(op=ast.Mult() | ast.Div() | ast.FloorDiv()):
                continue
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.Constant(value=str() as word):
                yield word
        waiting += children(node)
