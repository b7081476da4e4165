"""The failed reads of a project by the files that may ask for what they give, so that one file costs little alone."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from operator import itemgetter
from typing import Generic, TypeVar

from bybit_lint.analysis.callgraph.forwarding import Forwarding
from bybit_lint.analysis.callgraph.indirect_calls import IndirectCalls
from bybit_lint.analysis.flow.emptiness import Value
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.failed_reads import FailedRead, FailedReads, is_handed_on
from bybit_lint.analysis.traffic.failures import Defined, Taking

T = TypeVar("T")


class AskedReads(Generic[T]):
    """What becomes of the failed reads of a project, where somebody asks for the values that they give."""

    def __init__(
        self,
        reads: FailedReads,
        is_wanted: Callable[[Value], bool],
        follow: Callable[[Module, FailedRead], Iterable[tuple[Module, T]]],
    ) -> None:
        """`follow` says of a read in its file what becomes of it, and in which file."""
        self._reads, self._is_wanted, self._follow = reads, is_wanted, follow
        self._followed: dict[str, dict[Module, list[tuple[int, T]]]] = {}

    def of(self, module: Module) -> Iterator[T]:
        """What becomes of them in one file, in the order of the project's files."""
        named = (self._becomes(name) for name in self._asked_for.get(module, ()))
        found = [each for became in (self._anywhere, *named) for each in became.get(module, ())]
        yield from (each for _, each in sorted(found, key=itemgetter(0)))

    def _becomes(self, name: str) -> dict[Module, list[tuple[int, T]]]:
        """What becomes of those that functions of one name take, by file, with the number of what takes each."""
        if name not in self._followed:
            found: dict[Module, list[tuple[int, T]]] = defaultdict(list)
            for number in self._numbers[name]:
                module, function, taking = self._takings[number]
                for read in self._reads.by(module, function, taking, self._is_wanted):
                    for place, became in self._follow(module, read):
                        found[place].append((number, became))
            self._followed[name] = found
        return self._followed[name]

    @cached_property
    def _anywhere(self) -> dict[Module, list[tuple[int, T]]]:
        """The same of all that may be asked for in any file: most of it comes to nothing."""
        found: dict[Module, list[tuple[int, T]]] = defaultdict(list)
        for name in self._asked_for.get(None, ()):
            for module, became in self._becomes(name).items():
                found[module] += became
        return found

    @cached_property
    def _takings(self) -> list[tuple[Module, Defined, Taking]]:
        """What may take a failed read, with its file and its function."""
        modules = self._reads.program.project.readable
        return [(module, *taking) for module in modules for taking in self._reads.takings(module)]

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        """The numbers of what may take one, by the names of their functions: a bot has a run() in each strategy."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, (_, function, _) in enumerate(self._takings):
            found[function.name].append(number)
        return found

    @cached_property
    def _asked_for(self) -> dict[Module | None, list[str]]:
        """The names of these functions, by the files in which one may be asked for what it gives; None for any file."""
        found: dict[Module | None, list[str]] = defaultdict(list)
        indirect = self._reads.program.evaluator.helper(IndirectCalls)
        for name, numbers in self._numbers.items():
            is_indirect = any(indirect.of(self._takings[number][1]) for number in numbers)
            asking = {None} if is_indirect else set(self._asking(name))
            for module in {None} if None in asking else asking:
                found[module].append(name)
        return found

    def _asking(self, name: str) -> Iterator[Module | None]:
        """The files in which a function may be called for what it gives: those that say its name, as a rule."""
        program = self._reads.program
        for module, call in program.project.calls_of(name):
            above = module.names.parents.get(call)
            value = above if isinstance(above, ast.Await) else call
            yield None if is_handed_on(module, value) else module
        if program.project.deferred(name) or program.evaluator.helper(Forwarding).by_name.get(name):
            yield None
