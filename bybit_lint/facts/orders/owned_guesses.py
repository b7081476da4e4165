"""Whether a guess stands in a record that says so, and whoever is given that asks: nothing is then made with it.

`return {"ok": False, "step": 0.001}`, `return False, 0.001` and `return Rules(ok=False, step=0.001)` are such records.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from bybit_lint.analysis.bounds import MAX_CALLS_BETWEEN
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow.emptiness import Test, flag_tests, leaves_before
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, literal_key
from bybit_lint.analysis.values.terms import Site

Record: TypeAlias = Mapping[object, ast.expr]
"""What stands in a record, by its keys, its names, or its places."""
Flags: TypeAlias = Mapping[object, ast.Constant]
"""What else stands in it and is written out."""


class OwnedGuesses:
    """The guesses of a project that are owned up to."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def is_owned(self, module: Module, literal: ast.expr) -> bool:
        """True if who is given a literal has always asked for what stands beside it, and left, before a use."""
        statement = module.names.statement(literal)
        value = statement.value if isinstance(statement, ast.Return) else None
        record = _record(value)
        mine = next((key for key, part in record.items() if module.names.holds(part, literal)), None)
        flags = {key: part for key, part in record.items() if key != mine and isinstance(part, ast.Constant)}
        function = module.names.scope(literal).function.node
        return bool(flags) and mine is not None and self._is_asked(function, mine, flags, MAX_CALLS_BETWEEN)

    def _is_asked(self, function: ast.AST, mine: object, flags: Flags, depth: int) -> bool:
        sites = self.program.callers.sites(function) if isinstance(function, FUNCTIONS) and depth else []
        return bool(sites) and all(self._asks(site, mine, flags, depth) for site in sites)

    def _asks(self, site: Site, mine: object, flags: Flags, depth: int) -> bool:
        names = site.module.names
        statement, around = names.statement(site.node), names.scope(site.node).function.node
        match statement:
            case ast.Return(value=value) if _is_call(value, site.node):
                return self._is_asked(around, mine, flags, depth - 1)
            case ast.Assign(targets=[target], value=value) if _is_call(value, site.node):
                reads = dict(_reads(site.module, around, target))
            case _:
                return False
        uses = reads.pop(mine, []) + reads.pop(None, [])
        tests = [
            test
            for key, flag in flags.items()
            for read in reads.get(key, ())
            for test in flag_tests(site.module, read, flag)
        ]
        return bool(uses) and all(any(_is_left_out(site.module, test, use) for test in tests) for use in uses)


def _record(value: ast.expr | None) -> Record:
    match value:
        case ast.Dict(keys=keys, values=values):
            return {literal_key(key): part for key, part in zip(keys, values, strict=True) if key is not None}
        case ast.Tuple(elts=parts):
            return dict(enumerate(parts))
        case ast.Call(args=[], keywords=keywords):
            return {keyword.arg: keyword.value for keyword in keywords if keyword.arg is not None}
    return {}


def _is_call(value: ast.expr | None, call: ast.AST) -> bool:
    return (value.value if isinstance(value, ast.Await) else value) is call


def _reads(module: Module, function: ast.AST, target: ast.expr) -> Iterator[tuple[object, list[ast.expr]]]:
    """Where a function reads what is in a record, by its keys; under None, where it does something with all of it."""
    if isinstance(target, ast.Tuple):
        for place, name in enumerate(target.elts):
            if isinstance(name, ast.Name):
                yield place, [*module.names.loads(function, name.id)]
    if isinstance(target, ast.Name):
        found: dict[object, list[ast.expr]] = {}
        for load in module.names.loads(function, target.id):
            key, read = _read(module, load)
            found.setdefault(key, []).append(read)
        yield from found.items()


def _read(module: Module, load: ast.expr) -> tuple[object, ast.expr]:
    """What is read of a record where its name stands: `found["ok"]`, `found.get("ok")`, `found.ok`."""
    above = module.names.parents.get(load)
    match above:
        case ast.Subscript(value=base, slice=key) if base is load:
            return literal_key(key), above
        case ast.Attribute(attr="get"):
            call = module.names.parents.get(above)
            if isinstance(call, ast.Call) and call.func is above and call.args:
                return literal_key(call.args[0]), call
            return None, load
        case ast.Attribute(attr=name):
            return name, above
    return None, load


def _is_left_out(module: Module, test: Test, use: ast.expr) -> bool:
    """True if a use is never come to where a test has come out as a failure makes it."""
    names = module.names
    if not names.holds(test.node, use):
        return leaves_before(module, test, use)
    return test.is_decided and not names.stands_in(test.branch, use) and not names.holds(test.node.test, use)
