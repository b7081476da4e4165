"""Waiting before a connection to Bybit is made again, once it was lost.

In a loop that goes round, what takes a connection's messages for good and then comes back has lost it: every wait of
the round that follows is a wait before the next connection, in whichever branch, handler or `finally` it stands.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.flow.loops import Loop, is_left_after
from bybit_lint.analysis.questions import answered_once
from bybit_lint.analysis.syntax.jumps import LoopNode, names_in
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.retry_loops import RetryLoops
from bybit_lint.analysis.values.terms import Site
from bybit_lint.facts.retries.sliced_waits import Waiting
from bybit_lint.patterns import regex

NamedFunction = ast.FunctionDef | ast.AsyncFunctionDef
LOST = regex(r"reconnect|on_?close|on_?error|disconnect", re.IGNORECASE)
LOSSES = ("on_close", "on_error")
"""What a `WebSocketApp` calls once its connection is lost."""


class ConnectionWaits:
    """The waits of one module, as those before a connection."""

    def __init__(self, attempts: RetryLoops) -> None:
        self.attempts, self.names = attempts, attempts.names

    def in_round(self, wait: Waiting) -> ast.Call | None:
        """The call that opens the connection again in the round in which `wait` stands."""
        around = self.names.within_function(wait)
        node = next((a for a in around if isinstance(a, LoopNode)), None)
        if node is None or not (loop := Loop(node)).goes_round or is_left_after(self.names, wait, loop):
            return None
        calls = self.attempts.calls(node.body)
        opening = next((call for call in calls if self.attempts.opens_socket(call)), None)
        if opening is None or loop.counters & names_in([opening]):
            return None
        takers = self._takers(node, calls)
        is_lost = all(self.names.follows(wait, taker) for taker in takers) or self._goes_round_at_once(wait, node)
        return opening if takers and is_lost and self.names.follows(wait, opening) else None

    def _takers(self, loop: LoopNode, calls: Sequence[ast.Call]) -> list[ast.stmt | ast.expr]:
        """What takes the messages of a connection in a round, after which it is lost."""
        inner = (r.loop for r in self.attempts.receptions() if loop in self.names.ancestors(r.loop))
        return [*inner, *(call for call in calls if self.attempts.holds_socket(call))]

    def _goes_round_at_once(self, wait: Waiting, loop: LoopNode) -> bool:
        """True if the next round begins right behind a wait: nothing came of the connection."""
        for around in itertools.takewhile(lambda node: node is not loop, self.names.ancestors(wait)):
            block = getattr(around, "body", [])
            if isinstance(block, list) and block and isinstance(block[-1], ast.Continue):
                return True
        return False

    def in_callback(self, sleep: Waiting) -> ast.Call | None:
        """The call by which the handler of a lost connection connects again, once it has slept."""
        function = self.names.scope(sleep).function.node
        if not isinstance(function, NamedFunction) or not self._is_of_lost(function):
            return None
        opening = [call for call in self.attempts.calls(function.body) if self.attempts.opens_connection(call)]
        if any(self.names.follows(sleep, call) for call in opening):
            return None  # it closes on purpose what it has opened itself
        later = (call for call in opening if self.names.follows(call, sleep))
        return next((call for call in later if not self._is_interval(sleep, call)), None)

    def _is_interval(self, sleep: Waiting, opening: ast.Call) -> bool:
        """True for the time from round to round of a loop that tends a connection, and opens another once it is lost.

        It is begun by what has opened a connection. What is begun where there is none waits for the next one.
        """
        around = list(self.names.within_function(sleep))
        loop = next((node for node in around if isinstance(node, LoopNode)), None)
        function = self.names.scope(sleep).function.node
        is_tending = isinstance(function, NamedFunction) and self._is_begun_with_connection(function)
        if not is_tending or not isinstance(loop, ast.While) or is_left_after(self.names, sleep, Loop(loop)):
            return False
        if not self.names.holds(loop, opening):
            return True
        branches = itertools.takewhile(lambda node: node is not loop, self.names.ancestors(opening))
        return any(self._is_apart(branch, opening, sleep) for branch in branches)

    def _is_begun_with_connection(self, function: NamedFunction) -> bool:
        """True for a function that is called, or started, where a connection is opened, and not named after a loss."""
        sites = [] if LOST.search(function.name) else self.attempts.program.callers.sites(function)
        return any(any(self._opened_beside(site)) for site in sites)

    def _opened_beside(self, site: Site) -> Iterator[ast.Call]:
        """The calls by which the function around a site opens a connection, other than by what is called there."""
        around = site.scope.function.node
        if site.module is self.attempts.module and isinstance(around, NamedFunction):
            for call in self.attempts.calls(around.body):
                if not self.names.holds(call, site.node) and self.attempts.opens_connection(call):
                    yield call

    def _is_apart(self, branch: ast.AST, opening: ast.Call, sleep: Waiting) -> bool:
        """True for a branch in which a connection is opened again, and not in each round that sleeps."""
        is_asked = isinstance(branch, ast.If) and not self.names.holds(branch.test, opening)
        return (is_asked or isinstance(branch, ast.ExceptHandler)) and not self.names.holds(branch, sleep)

    @answered_once
    def _is_of_lost(self, function: ast.AST, depth: int = MAX_CALLS_BETWEEN) -> bool:
        """True for a function that is named after the loss of a connection, or handed over for it.

        So is one that is called by such functions only.
        """
        if self._is_handed_for_loss(function):
            return True
        if not isinstance(function, NamedFunction):
            return False
        if LOST.search(function.name):
            return True
        sites = self.attempts.program.callers.sites(function) if depth else []
        lost = [site for site in sites if self._is_of_lost(site.scope.function.node, depth - 1)]
        return bool(lost) and all(site in lost or self._is_behind_opening(site) for site in sites)

    def _is_handed_for_loss(self, function: ast.AST) -> bool:
        """True for what an app is given to call once its connection is lost, whatever it is named."""
        if isinstance(function, NamedFunction):
            return any(called_name(value) == function.name for value in self._handed_for_loss)
        return any(value is function for value in self._handed_for_loss)

    @cached_property
    def _handed_for_loss(self) -> list[ast.expr]:
        """What the apps of a file are given for the loss of their connection."""
        given = (keyword.value for call in self.names.calls for keyword in call.keywords if keyword.arg in LOSSES)
        hung = (binding.value for name in LOSSES for binding in self.names.attributes.get(name, ()))
        return [value for value in itertools.chain(given, hung) if value is not None]

    def _is_behind_opening(self, site: Site) -> bool:
        """True for a call that follows one by which its function opens a connection, in vain as it seems."""
        return any(self.names.follows(site.node, call) for call in self._opened_beside(site))
