"""What is made of the None that a function gives where its read has failed."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.traffic.failed_reads import FailedRead, FailedReads, is_none
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import UncheckedNone

TYPE, ATTRIBUTE = "TypeError", "AttributeError"
MADE = ("float", "int", "len", "list", "sorted", "sum", "max", "min", "abs", "round", "enumerate", "reversed", "dict")
"""Built-in functions that take no None."""
Place: TypeAlias = ast.expr | ast.stmt
ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@extracts(UncheckedNone)
class UncheckedNones:
    """The places of one project that take a part of None."""

    def __init__(self, analysis: Analysis) -> None:
        self.reads, self.project = FailedReads(analysis.effects), analysis.program.project

    def facts(self, module: Module) -> Sequence[UncheckedNone]:
        return list({fact.span: fact for fact in reversed(self._by_module.get(module, ()))}.values())

    @cached_property
    def _by_module(self) -> dict[Module, list[UncheckedNone]]:
        """By the module in which it is told: another one may call what gives None."""
        found: dict[Module, list[UncheckedNone]] = defaultdict(list)
        for module in self.project.readable:
            for read in self.reads.of(module, is_none):
                for place, fact in self._unchecked(module, read):
                    found[place].append(fact)
        return found

    def _unchecked(self, module: Module, read: FailedRead) -> Iterator[tuple[Module, UncheckedNone]]:
        for site, value in self.reads.asked(read):
            taken = _taken_first(site.module, value)
            if taken is None or self.reads.is_expected(site.module, taken[0]):
                continue
            if read.is_generator or not _gives_something(read):
                return
            node, error = taken
            handler = module.source.span(read.handler)
            yield site.module, UncheckedNone(site.module.source.span(node), read.function.name, handler, error)


def _gives_something(read: FailedRead) -> bool:
    """True if the attempt that went well gives something, or what is behind it does."""
    returned = (node for node in ast.walk(read.function) if isinstance(node, ast.Return))
    return any(node.value is not None and not isinstance(node.value, ast.Constant) for node in returned)


def _taken_first(module: Module, value: ast.expr) -> tuple[Place, str] | None:
    """What is made of a value before anybody asks whether it is None, and the error that comes of it."""
    names = module.names
    if error := _demand(module, value):
        return _place(module, value), error
    match names.parents.get(value):
        case ast.Assign(targets=[ast.Tuple() | ast.List()]) as unpacked:
            return unpacked, TYPE
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) as kept:
            return _of_name(module, kept, name)
    return None


def _place(module: Module, value: ast.expr) -> Place:
    """What is made of a value; the value itself where that is a loop."""
    around = module.names.parents.get(value)
    return around if isinstance(around, ast.expr) else value


def _of_name(module: Module, kept: ast.stmt, name: str) -> tuple[Place, str] | None:
    """The first thing that is done with a name, if None is no good for it."""
    names = module.names
    scope = names.scope(kept)
    loads = sorted(names.loads(scope.function.node, name), key=lambda load: (load.lineno, load.col_offset))
    for load in loads:
        found = reaching.reaching(names, scope, name, load)
        if not any(binding.statement is kept for binding in found.bindings):
            continue
        is_later = names.scope(load).function is not scope.function
        if is_later or len(found.bindings) > 1 or _is_asked(module, load, name):
            return None
        if error := _demand(module, load):
            return _place(module, load), error
        if not only_logs(names.statement(load)):
            return None
    return None


def _demand(module: Module, node: ast.expr) -> str:
    """The error that is raised where something is None; empty where None is taken as well."""
    match module.names.parents.get(node):
        case ast.Subscript(value=value) if value is node:
            return TYPE
        case ast.Attribute(value=value) if value is node:
            return ATTRIBUTE
        case ast.For(iter=value) | ast.comprehension(iter=value) if value is node:
            return TYPE
        case ast.BinOp(op=operator) if not isinstance(operator, (ast.Mod, ast.BitOr)):
            return TYPE
        case ast.Compare(ops=[operator, *_]) if isinstance(operator, ORDERINGS):
            return TYPE
        case ast.Call(func=ast.Name(id=called), args=[value, *_]) if value is node and called in MADE:
            return TYPE
    return ""


def _is_asked(module: Module, load: ast.expr, name: str) -> bool:
    """True if a test around a use asks about the name, before or behind it."""
    for around in module.names.ancestors(load):
        if isinstance(around, (ast.IfExp, ast.If, ast.While)) and name in names_in([around.test]):
            return not module.names.holds(around.test, load)
    return False
