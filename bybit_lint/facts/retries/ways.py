"""The ways through the statements of a loop that come round: whether Bybit is asked on them, and whether they wait."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import LoopNode, block_of, names_in, own
from bybit_lint.analysis.syntax.nodes import position
from bybit_lint.tuples import NamedTuple

BINDING = (ast.Assign, ast.AugAssign, ast.AnnAssign)


class Way(NamedTuple):
    """How a way through some statements ends."""

    asked: bool
    waited: bool
    by: ast.stmt | ast.excepthandler | None = None
    """The handler or the `continue` that it goes by."""
    goes_on: bool = True
    """False where it goes round by a `continue`."""


class Calls(Protocol):
    """What is known of the calls on such a way."""

    def may_wait(self, module: Module, call: ast.Call, /) -> bool:
        """True unless it is proven that a call waits for nothing but Bybit's answers."""

    def may_fail(self, module: Module, call: ast.Call, /) -> bool:
        """True if a call raises where what it sends fails."""


class Ways:
    """The ways through the statements of a loop."""

    def __init__(self, known: Calls, module: Module, asking: Sequence[ast.Call], loop: LoopNode) -> None:
        self.known, self.module, self.asking, self.loop = known, module, {*asking}, loop

    def all(self) -> list[Way]:
        """The ways through a round."""
        return self.of(self.loop.body, Way(False, False))

    def of(self, block: Iterable[ast.stmt], start: Way) -> list[Way]:
        """The ways through a block that come round: to its end, or by a `continue`."""
        open_ways, ended = {start}, set[Way]()
        for statement in block:
            found = {way for before in open_ways for way in self._through(statement, before)}
            ended |= {way for way in found if not way.goes_on}
            open_ways = {way for way in found if way.goes_on}
        return [*open_ways, *ended]

    def _through(self, statement: ast.stmt, way: Way) -> Iterator[Way]:
        match statement:
            case ast.Return() | ast.Raise() | ast.Break():
                return
            case ast.Continue():
                is_news = self._changes(statement)
                yield way._replace(goes_on=False, by=way.by or statement, waited=way.waited or is_news)
            case ast.If(test=test, body=body, orelse=orelse):
                before = self._after([test], way)
                asked = names_in([test])
                found = [*self._turned(body, before, asked), *self._turned(orelse, before, asked)]
                is_turn = any(w.waited for w in found) and not self._carried.isdisjoint(asked)
                yield from (w._replace(waited=True) for w in found) if is_turn else found
            case (
                ast.For(iter=test, body=body) | ast.AsyncFor(iter=test, body=body) | ast.While(test=test, body=body)
            ):  # it is taken to have rounds, and a wait in one of them counts
                yield self._after(body, self._after([test], way))
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                yield from self.of(body, self._after([item.context_expr for item in items], way))
            case ast.Try():
                yield from self._tried(statement, way)
            case _:
                yield self._after([statement], way)

    def _turned(self, branch: Sequence[ast.stmt], start: Way, asked: set[str]) -> Iterator[Way]:
        """The ways through a branch; one that asks, and changes what led to it, is not come to in the next round."""
        is_changed = not asked.isdisjoint(names_in(self._told(branch), ast.Store))
        for way in self.of(branch, start):
            yield way._replace(waited=way.waited or (is_changed and way.asked and not start.asked))

    @cached_property
    def _carried(self) -> set[str]:
        """What a round leaves to the next one, which reads it first: a test of it says whose turn it is."""
        told = names_in(self._told(self.loop.body), ast.Store)
        names = sorted((n for n in own([self.loop]) if isinstance(n, ast.Name) and n.id in told), key=position)
        first = {name.id: name for name in reversed(names)}
        return {name for name, node in first.items() if isinstance(node.ctx, ast.Load)}

    def _told(self, block: Iterable[ast.stmt]) -> list[ast.stmt]:
        """The statements that bind something, but for what Bybit answers: that may be the same each time."""
        bound = (s for s in own(block) if isinstance(s, BINDING))
        return [s for s in bound if not any(call in self.asking for call in _calls(s))]

    def _changes(self, jump: ast.Continue) -> bool:
        """True if something is bound beside a jump: the next round is another one then."""
        block = block_of(self.module.names.parents[jump], jump)
        return any(isinstance(s, BINDING) for s in block)

    def _tried(self, attempt: ast.Try, way: Way) -> Iterator[Way]:
        body = self.of([*attempt.body, *attempt.orelse], way)
        broken = self._broken(attempt, way)
        failed = [
            found._replace(by=found.by or handler)
            for handler in attempt.handlers
            for found in (self.of(handler.body, broken) if broken else ())
        ]
        for found in (*body, *failed):
            yield from self.of(attempt.finalbody, found) if found.goes_on else [self._after(attempt.finalbody, found)]

    def _broken(self, attempt: ast.Try, way: Way) -> Way | None:
        """The way up to the first request that fails; where none can, up to whatever may take its time."""
        calls = sorted((call for statement in attempt.body for call in _calls(statement)), key=position)
        failing = [call for call in calls if call in self.asking and self.known.may_fail(self.module, call)]
        if not failing:
            return self._after(attempt.body, way) if way.asked else None
        before = [call for call in calls if position(call) < position(failing[0])]
        waited = way.waited or any(self.known.may_wait(self.module, call) for call in before)
        return way._replace(asked=True, waited=waited)

    def _after(self, nodes: Iterable[ast.AST], way: Way) -> Way:
        calls = [call for node in nodes for call in _calls(node)]
        asked = way.asked or any(call in self.asking for call in calls)
        waited = way.waited or any(self.known.may_wait(self.module, call) for call in calls)
        return way._replace(asked=asked, waited=waited)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls in a node, without those of functions in it."""
    return (inner for inner in own([node]) if isinstance(inner, ast.Call))
