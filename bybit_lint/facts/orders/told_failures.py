"""Failures that a function makes nothing of: it returns None or False, and a loop of its caller calls it again."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow import exception_handlers
from bybit_lint.analysis.flow.loops import Loop
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.jumps import LoopNode, always_exits, names_in
from bybit_lint.analysis.syntax.nodes import FunctionNode, walk
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.values.terms import Site
from bybit_lint.facts.orders.second_tries import EnclosingRetry
from bybit_lint.vocabulary import Related


class ToldFailures:
    """The loops that call a function again until it gives something."""

    def __init__(self, program: Program, effects: Effects) -> None:
        self.program, self.effects = program, effects

    def again(
        self, module: Module, function: FunctionNode, attempt: ast.Try, handler: ast.ExceptHandler
    ) -> Iterator[EnclosingRetry]:
        """What calls a function again that gives nothing where the answer got lost, and something where it did not."""
        if not _gives_nothing(function, attempt, handler) or not _gives_something(attempt):
            return
        for site in self.program.callers.sites(function):
            node = next((a for a in site.module.names.ancestors(site.node) if isinstance(a, LoopNode)), None)
            if node is not None and isinstance(site.node, ast.Call) and self._is_again(site, site.node, Loop(node)):
                cause = Related(module.source.span(handler), "a lost answer ends here as nothing, and the loop goes on")
                yield EnclosingRetry(site.module, site.node, cause, node)

    def _is_again(self, site: Site, call: ast.Call, loop: Loop) -> bool:
        """True if a loop makes a call until it gives something, and looks for nothing in between."""
        names = site.module.names
        if not loop.goes_round or loop.counters & names_in([call]) or names.scope(call) is not names.scope(loop.node):
            return False
        calls = (
            other for other in names.calls_in[names.scope(call).function.node] if names.stands_in(loop.node.body, other)
        )
        if any(self.effects.reads_orders(site.module, other) for other in calls if other is not call):
            return False
        return _ends_with_something(site, call, loop)


def raises_again(module: Module, call: ast.Call) -> bool:
    """True if the one who makes a call raises where it says that it has failed: `if not answer["success"]: raise`."""
    statement = module.names.statement(call)
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            block = getattr(module.names.parents.get(statement), "body", [])
        case _:
            return False
    following = next((two for one, two in itertools.pairwise(block) if one is statement), None)
    match following:
        case ast.If(test=test, body=[*_, ast.Raise()]):
            return name in names_in([test])
    return False


def _gives_nothing(function: FunctionNode, attempt: ast.Try, handler: ast.ExceptHandler) -> bool:
    """True if a function gives None, False or nothing at all after a handler, whatever was raised."""
    match handler.body[-1]:
        case ast.Return(value=value):
            is_nothing = value is None or (isinstance(value, ast.Constant) and not value.value)
            return is_nothing and not any(isinstance(s, (ast.If, ast.Match)) for s in handler.body)
    is_last = not isinstance(function, ast.Lambda) and function.body[-1] is attempt
    return is_last and exception_handlers.continues(handler)


def _gives_something(attempt: ast.Try) -> bool:
    """True if an attempt that went well returns something."""
    returned = [node for s in [*attempt.body, *attempt.orelse] for node in walk(s) if isinstance(node, ast.Return)]
    values = [node.value for node in returned if node.value is not None]
    return any(not isinstance(value, ast.Constant) or bool(value.value) for value in values)


def _ends_with_something(site: Site, call: ast.Call, loop: Loop) -> bool:
    """True if a loop is left once a call has given something, and goes on if it has not."""
    names = site.module.names
    node: ast.AST = call
    while isinstance(above := names.parents.get(node), ast.Await):
        node = above
    match above:
        case ast.If(test=test, body=body, orelse=[]):
            return test is node and always_exits(body)
        case ast.UnaryOp(op=ast.Not()):
            return names.parents.get(above) is loop.node
        case ast.Assign(targets=[ast.Name(id=name)]) if above in loop.node.body:
            following = next((two for one, two in itertools.pairwise(loop.node.body) if one is above), None)
            return isinstance(following, ast.If) and _is_left_with(name, following, loop.node.body)
    return False


def _is_left_with(name: str, test: ast.If, block: Sequence[ast.stmt]) -> bool:
    """True if an `if` leaves a loop where there is something in a name, or goes on where there is nothing."""
    match test.test:
        case (
            ast.Name(id=asked)
            | ast.Compare(left=ast.Name(id=asked), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)])
        ):
            return asked == name and always_exits(test.body) and not always_exits(block)
        case (
            ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=asked))
            | ast.Compare(left=ast.Name(id=asked), ops=[ast.Is()], comparators=[ast.Constant(value=None)])
        ):
            return asked == name and isinstance(test.body[-1], ast.Continue) and always_exits(block)
    return False
