"""What a call leads to: itself, or through functions of the project."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterable, Iterator
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.call_sites import CallSite
from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call, defaults
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, PARENT, FunctionNode, called_name
from bybit_lint.analysis.values.parameters import Parameters
from bybit_lint.analysis.values.terms import Function


class CandidateNames:
    """The names by which functions go that lead to certain calls. They are asked first: to follow a call takes long."""

    def __init__(self, program: Program, calls: Iterable[ast.AST]) -> None:
        self._program = program
        self._calls = frozenset(calls)

    def may(self, call: ast.Call) -> bool:
        """False for a call that leads to none of them, by whatever name it goes."""
        name = called_name(deferred_callee(call)[0])
        return call in self._calls or name in self._names or not name or self._program.project.renames(name)

    @cached_property
    def _names(self) -> frozenset[str]:
        found: set[ast.AST] = set()
        names: set[str] = set()
        fresh = [_function_around(call) for call in self._calls]
        while fresh:
            function = fresh.pop()
            if function is None or function in found:
                continue
            found.add(function)
            calls = [*self._program.other_calls(function)]
            name = getattr(function, "name", "")
            if name and name not in names:
                names.add(name)
                calls += self._by_name(name)
            fresh += map(_function_around, calls)
        return frozenset(names)

    def _by_name(self, name: str) -> Iterator[ast.AST]:
        """The calls of what has a name, and of the partials that are made of it."""
        yield from (call for _, call in self._program.project.calls_of(name))
        for _, call, _, _ in self._program.project.deferred(name):
            yield call
            yield from self._program.other_calls(call)


def _function_around(node: ast.AST) -> FunctionNode | None:
    """The function that a node stands in."""
    around = getattr(node, PARENT, None)
    while around is not None and not isinstance(around, FUNCTIONS):
        around = getattr(around, PARENT, None)
    return around


class Reachability:
    """Where calls lead that are looked for with one question."""

    def __init__(
        self,
        callees: Callees,
        is_sought: Callable[[Module, ast.Call], bool],
        enters: Callable[[CallSite, Function], bool] = lambda *_: True,
        counts: Callable[[Module, ast.Call], bool] = lambda *_: True,
        leads: CandidateNames | None = None,
        apart: Container[tuple[ast.AST, ast.AST]] = (),
    ) -> None:
        """`counts` says of a call in a function on the way whether it is of interest there.

        `leads` is asked first, where all calls that are sought are known beforehand. `apart` has the calls that one
        of them is not what is sought for, each with that one.
        """
        self._callees = callees
        self._is_sought = is_sought
        self._enters = enters
        self._counts = counts
        self._leads = leads
        self._apart = apart
        self._known: dict[tuple[ast.Call, int], CallSite] = {}
        self._vain: dict[ast.Call, int] = {}
        """How deep was looked where nothing was found: most calls lead nowhere."""

    def of(self, module: Module, call: ast.Call, depth: int = MAX_CALLS_BETWEEN) -> CallSite | None:
        """The first call that is sought: this one, or one it leads to."""
        if self._vain.get(call, -1) >= depth or (self._leads is not None and not self._leads.may(call)):
            return None
        key = (call, depth)
        found = self._known.get(key) or next(self._found((module, call), depth), None)
        if found is None:
            self._vain[call] = depth
        else:
            self._known[key] = found
        return found

    def _found(self, place: CallSite, depth: int) -> Iterator[CallSite]:
        if self._is_sought(*place):
            yield place
        for function in self._callees.functions(*place) if depth else ():
            if self._enters(place, function):
                yield from self._within(place, function, depth)

    def _within(self, place: CallSite, function: Function, depth: int) -> Iterator[CallSite]:
        """What the calls in a function lead to."""
        module, depth = function.module, depth - 1
        told = self._callees.calls_of_parameters(function)
        for inner in module.names.calls_in[function.node]:
            ways: Iterable[CallSite]
            if inner in told:
                ways = self._led(place, function, inner, depth)
            elif (way := self.of(module, inner, depth)) is not None:
                ways = (way,)
            else:
                continue
            for found in ways:
                is_apart = (place[1], found[1]) in self._apart or _is_left_out(place[1], function, inner)
                if not is_apart and self._counts(module, inner):
                    yield found

    def _led(self, place: CallSite, function: Function, inner: ast.Call, depth: int) -> Iterator[CallSite]:
        """What a call of what is handed to the function leads to, as it is handed to it there."""
        here = (function.module, inner)
        given = None if self._is_sought(*here) else _handed(place[1], function, inner)
        handed = self._callees.handed_on(place[0], given) if given is not None else None
        if handed is None:
            found = self.of(*here, depth)
            yield from () if found is None else (found,)
        for of in handed or () if depth > 0 else ():
            if self._enters(here, of):
                yield from self._within(here, of, depth)


def _handed(call: ast.Call, function: Function, inner: ast.Call) -> ast.expr | None:
    """What a call hands to a function that calls it there: `place` in `again(place)`, for `action()`."""
    called = deferred_callee(inner)[0]
    if not isinstance(called, ast.Name) or deferred_callee(call)[1]:
        return None
    return bind_call(function.node, call, Parameters.offset(function)).named.get(called.id)


def _is_left_out(call: ast.Call, function: Function, inner: ast.Call) -> bool:
    """True for an inner call behind `if x:`, where `x` is a parameter that is None by default and is not given."""
    names = function.module.names
    child: ast.AST = inner
    for around in names.ancestors(inner):
        asked = _asked_for(around.test) if isinstance(around, ast.If) and child in around.body else ()
        if any(_is_nothing(call, function, name) for name in asked):
            return True
        child = around
    return False


def _asked_for(test: ast.expr) -> Iterator[str]:
    """The names in which there must be something for a test to be true."""
    match test:
        case (
            ast.Name(id=name)
            | ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)])
        ):
            yield name
        case ast.BoolOp(op=ast.And(), values=values):
            for value in values:
                yield from _asked_for(value)


def _is_nothing(call: ast.Call, function: Function, name: str) -> bool:
    """True for a parameter that stays what it is by default, which is nothing."""
    node = function.node
    default, bindings = defaults(node.args).get(name), function.module.names.scopes[node].bindings.get(name, ())
    if not isinstance(default, ast.Constant) or default.value or len(bindings) != 1:
        return False
    is_whole = not any(isinstance(value, ast.Starred) for value in call.args) and all(k.arg for k in call.keywords)
    is_plain = is_whole and not deferred_callee(call)[1]
    return is_plain and name not in bind_call(node, call, Parameters.offset(function)).named
