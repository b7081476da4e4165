"""What a call leads to: itself, or through functions of the project."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.call_sites import CallSite
from bybit_lint.analysis.callgraph.callees import Callees
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.syntax.argument_binding import bind_call, defaults
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, PARENT, called_name
from bybit_lint.analysis.values.parameters import Parameters
from bybit_lint.analysis.values.terms import Function


class CandidateNames:
    """The names by which functions go that lead to certain calls. They are asked first: to follow a call takes long."""

    def __init__(self, project: Project, calls: Iterable[ast.AST]) -> None:
        self._project = project
        self._calls = frozenset(calls)
        self._names: set[str] = set()
        fresh = {_name_around(call) for call in self._calls}
        while fresh := fresh - self._names - {""}:
            self._names |= fresh
            inner = [call for name in fresh for _, call in project.calls_of(name)]
            inner += [call for name in fresh for _, call, _, _ in project.deferred(name)]
            fresh = {_name_around(call) for call in inner}

    def may(self, call: ast.Call) -> bool:
        """False for a call that leads to none of them, by whatever name it goes."""
        name = called_name(deferred_callee(call)[0])
        return call in self._calls or name in self._names or not name or self._project.renames(name)


def _name_around(node: ast.AST) -> str:
    """The name of the function that a node stands in."""
    around: ast.AST | None = node
    while around is not None and not isinstance(around, FUNCTIONS):
        around = getattr(around, PARENT, None)
    return getattr(around, "name", "")


class Reachability:
    """Where calls lead that are looked for with one question."""

    def __init__(
        self,
        callees: Callees,
        is_sought: Callable[[Module, ast.Call], bool],
        enters: Callable[[CallSite, Function], bool] = lambda *_: True,
        counts: Callable[[Module, ast.Call], bool] = lambda *_: True,
        sought: Iterable[ast.AST] | None = None,
    ) -> None:
        """`counts` says of a call in a function on the way whether it is of interest there.

        `sought` are all calls that are sought, where they are known beforehand.
        """
        self._callees = callees
        self._is_sought = is_sought
        self._enters = enters
        self._counts = counts
        self._sought = sought
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

    @cached_property
    def _leads(self) -> CandidateNames | None:
        return None if self._sought is None else CandidateNames(self._callees.project, self._sought)

    def _found(self, place: CallSite, depth: int) -> Iterator[CallSite]:
        if self._is_sought(*place):
            yield place
        for function in self._callees.functions(*place) if depth else ():
            if self._enters(place, function):
                for inner in function.module.names.calls_in[function.node]:
                    found = self.of(function.module, inner, depth - 1)
                    is_come_to = found is not None and not _is_left_out(place[1], function, inner)
                    if found is not None and is_come_to and self._counts(function.module, inner):
                        yield found


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
