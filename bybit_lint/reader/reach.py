"""What a call leads to: itself, or through functions of the project."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

from bybit_lint.names import FUNCTIONS, PARENT, called_name, handed_over
from bybit_lint.project import Module, Project
from bybit_lint.reader.callers import Callers
from bybit_lint.reader.terms import Function, Term, alternatives

Place: TypeAlias = tuple[Module, ast.Call]

DEPTH = 5
"""How many functions may stand between a call and the one it leads to."""


class Callees:
    """What the calls of a project may be calls of."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers
        self.project = callers.resolver.project
        self._known: dict[ast.Call, list[Term]] = {}

    def terms(self, module: Module, call: ast.Call) -> list[Term]:
        """What is called, with parameters as their callers fill them."""
        if call not in self._known:
            callee = self._callers.resolver.at(module, handed_over(call)[0]).term
            filled = [t for option in alternatives(callee) for t in self._callers.expanded(option)]
            self._known[call] = [inner for term in filled for inner in alternatives(term)]
        return self._known[call]

    def functions(self, module: Module, call: ast.Call) -> list[Function]:
        """The functions of the project that a call may be one of."""
        terms = self.terms(module, call) if self.may_be_ours(call) else []
        return [term for term in terms if isinstance(term, Function)]

    def may_be_ours(self, call: ast.Call) -> bool:
        """False for what nobody in the project can have written: `print()`, `text.strip()`."""
        name = called_name(handed_over(call)[0])
        return not name or self.project.binds(name)


class Leads:
    """The names by which functions go that lead to certain calls. They are asked first: to follow a call takes long."""

    def __init__(self, project: Project, calls: Iterable[ast.AST]) -> None:
        self._project = project
        self._calls = frozenset(calls)
        self._names: set[str] = set()
        fresh = {_name_around(call) for call in self._calls}
        while fresh := fresh - self._names - {""}:
            self._names |= fresh
            inner = [call for name in fresh for _, call in project.calls_of(name)]
            inner += [call for name in fresh for _, call, _, _ in project.handed_over(name)]
            fresh = {_name_around(call) for call in inner}

    def may(self, call: ast.Call) -> bool:
        """False for a call that leads to none of them, by whatever name it goes."""
        name = called_name(handed_over(call)[0])
        return call in self._calls or name in self._names or not name or self._project.renames(name)


def _name_around(node: ast.AST) -> str:
    """The name of the function that a node stands in."""
    around: ast.AST | None = node
    while around is not None and not isinstance(around, FUNCTIONS):
        around = getattr(around, PARENT, None)
    return getattr(around, "name", "")


class Reach:
    """Where calls lead that are looked for with one question."""

    def __init__(
        self,
        callees: Callees,
        is_sought: Callable[[Module, ast.Call], bool],
        enters: Callable[[Place, Function], bool] = lambda *_: True,
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
        self._known: dict[tuple[ast.Call, int], Place] = {}
        self._vain: dict[ast.Call, int] = {}
        """How deep was looked where nothing was found: most calls lead nowhere."""

    def of(self, module: Module, call: ast.Call, depth: int = DEPTH) -> Place | None:
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
    def _leads(self) -> Leads | None:
        return None if self._sought is None else Leads(self._callees.project, self._sought)

    def _found(self, place: Place, depth: int) -> Iterator[Place]:
        if self._is_sought(*place):
            yield place
        for function in self._callees.functions(*place) if depth else ():
            if self._enters(place, function):
                for inner in function.module.names.calls_in[function.node]:
                    found = self.of(function.module, inner, depth - 1)
                    if found is not None and self._counts(function.module, inner):
                        yield found
