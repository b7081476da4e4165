"""What is made of the None, or the dict of words, that a function gives where its read has failed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from bybit_lint.analysis.flow.emptiness import Value, is_none
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.argument_binding import bind_call
from bybit_lint.analysis.syntax.jumps import names_in, own
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.syntax.nodes import called_name, literal_key, position, walk
from bybit_lint.analysis.traffic.asked_reads import AskedReads
from bybit_lint.analysis.traffic.failed_reads import FailedRead
from bybit_lint.analysis.traffic.failures import Taking
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import UncheckedNone

TYPE, ATTRIBUTE, KEY = "TypeError", "AttributeError", "KeyError"
MADE = ("float", "int", "len", "list", "sorted", "sum", "max", "min", "abs", "round", "enumerate", "reversed", "dict")
"""Built-in functions that take no None."""
Place: TypeAlias = ast.expr | ast.stmt
Demand: TypeAlias = Callable[[Module, ast.expr, Value], str]
"""Says which error is raised where something is such a value."""
ORDERINGS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@extracts(UncheckedNone)
class UncheckedNones:
    """The places of one project that take a part of None."""

    def __init__(self, analysis: Analysis) -> None:
        self.reads = analysis.failed_reads
        self.asked = AskedReads(self.reads, _lacks_parts, self._unchecked)

    def facts(self, module: Module) -> Sequence[UncheckedNone]:
        return list({fact.span: fact for fact in reversed([*self.asked.of(module)])}.values())

    def _unchecked(self, module: Module, read: FailedRead) -> Iterator[tuple[Module, UncheckedNone]]:
        """By the module in which it is told: another one may call what gives None."""
        for site, value in self.reads.asked(read.function):
            taken = _taken_first(site.module, value, read.value, self._demanded)
            if taken is None or self.reads.is_expected(site.module, *taken):
                continue
            if read.is_generator or not _gives_something(read):
                return
            node, error = taken
            span, name = site.module.source.span(node), called_name(getattr(site.node, "func", site.node))
            yield site.module, UncheckedNone(span, name, _said(read.value), module.source.span(_told(read)), error)

    def _demanded(self, module: Module, node: ast.expr, value: Value) -> str:
        """The error that is raised where something is such a value, be it in a function that is handed it."""
        return _demand(module, node, value) or (self._demanded_within(module, node) if is_none(value) else "")

    def _demanded_within(self, module: Module, node: ast.expr) -> str:
        """The error that the one function raises which is given None: before anything it takes a part of it."""
        call = _call_of(module, node)
        program = self.reads.program
        called = program.callees.functions(module, call) if call is not None else []
        if call is None or len(called) != 1 or not isinstance(function := called[0].node, ast.FunctionDef):
            return ""
        name = bind_call(function, call, program.evaluator.parameters.offset(called[0])).parameter_of(node)
        inside = called[0].module
        load = _first_load(inside, function, name) if name else None
        error = _demand_of_none(inside, load) if load is not None else ""
        return "" if load is None or not error or self.reads.is_expected(inside, load, error) else error


def _call_of(module: Module, node: ast.expr) -> ast.Call | None:
    """The call that something is an argument of."""
    parent = module.names.parents.get(node)
    around = module.names.parents.get(parent) if isinstance(parent, ast.keyword) else parent
    return around if isinstance(around, ast.Call) and node is not around.func else None


def _first_load(module: Module, function: ast.FunctionDef, name: str) -> ast.Name | None:
    """Where a function reads a parameter first, if it always comes there, and the parameter is still what was given."""
    names = module.names
    load = min(names.loads(function, name), key=position, default=None)
    statement = names.statement(load) if load is not None else None
    if load is None or statement not in function.body or _is_asked(module, load, name):
        return None
    before = own(function.body[: function.body.index(statement)])
    is_given = all(b.how == "parameter" for b in reaching.reaching(names, names.scope(load), name, load).bindings)
    may_end = any(isinstance(node, (ast.Return, ast.Raise, ast.Call)) for node in before)
    is_generator = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in own(function.body))
    return load if is_given and not may_end and not is_generator else None


def _told(read: FailedRead) -> ast.Return | Taking:
    """Where a failure is taken: of a test for refusals, what it ends with."""
    taking = read.failure.taking
    return taking if isinstance(taking, ast.ExceptHandler) else read.end


def _lacks_parts(value: Value) -> bool:
    """True for None, and for a dict that holds what its keys say and nothing else."""
    return is_none(value) or _entries(value) is not None


def _entries(value: Value) -> dict[object, ast.expr] | None:
    """What a dict holds whose keys are all written out."""
    if not isinstance(value, ast.Dict):
        return None
    keys = [literal_key(key) for key in value.keys]
    return None if None in keys else dict(zip(keys, value.values, strict=True))


def _said(value: Value) -> str:
    """A value in a few words; what stands in a dict may be long, and a secret."""
    entries = _entries(value)
    if entries is None:
        return "None"
    return f"{{{next(iter(entries))!r}: ...}}" if entries else "{}"


def _gives_something(read: FailedRead) -> bool:
    """True if the attempt that went well gives something, or what is behind it does."""
    returned = (n for n in walk(read.function) if isinstance(n, ast.Return) and n is not read.end)
    return any(node.value is not None and not isinstance(node.value, ast.Constant) for node in returned)


def _taken_first(module: Module, node: ast.expr, value: Value, demand: Demand) -> tuple[Place, str] | None:
    """What is made of what a function gives before anybody asks what it is, and the error that comes of it."""
    names = module.names
    if error := demand(module, node, value):
        return _place(module, node), error
    match names.parents.get(node):
        case ast.Assign(targets=[ast.Tuple() | ast.List()]) as unpacked if is_none(value):
            return unpacked, TYPE
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) as kept:
            return _of_name(module, kept, name, value, demand)
    return None


def _place(module: Module, value: ast.expr) -> Place:
    """What is made of a value; the value itself where that is a loop."""
    around = module.names.parents.get(value)
    return around if isinstance(around, ast.expr) else value


def _of_name(module: Module, kept: ast.stmt, name: str, value: Value, demand: Demand) -> tuple[Place, str] | None:
    """The first thing that is done with a name, if what it stands for is no good for it."""
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
        if error := demand(module, load, value):
            return _place(module, load), error
        if not only_logs(names.statement(load)):
            return None
    return None


def _demand(module: Module, node: ast.expr, value: Value) -> str:
    """The error that is raised where something is such a value; empty where that is taken as well."""
    if is_none(value):
        return _demand_of_none(module, node)
    entries, around = _entries(value), module.names.parents.get(node)
    match around:
        case ast.Subscript(value=base, slice=at) if (
            base is node and (key := literal_key(at)) is not None and entries is not None and _is_read(module, around)
        ):
            return _demand(module, around, entries[key]) if key in entries else KEY
        case ast.Attribute(value=base, attr="get") if base is node and entries is not None:
            call = module.names.parents.get(around)
            key = literal_key(call.args[0]) if isinstance(call, ast.Call) and call.args else None
            if isinstance(call, ast.Call) and key is not None and (key in entries or len(call.args) == 1):
                return _demand(module, call, entries.get(key))
    return ""


def _is_read(module: Module, item: ast.Subscript) -> bool:
    """False where an item is only set, which no missing key hinders."""
    return not isinstance(item.ctx, ast.Store) or isinstance(module.names.parents.get(item), ast.AugAssign)


def _demand_of_none(module: Module, node: ast.expr) -> str:
    """The error that is raised where something is None."""
    match module.names.parents.get(node):
        case ast.Subscript(value=value) if value is node:
            return TYPE
        case ast.Attribute(value=value) if value is node:
            return ATTRIBUTE
        case ast.For(iter=value) | ast.comprehension(iter=value) if value is node:
            return TYPE
        case ast.Starred(value=value) | ast.keyword(arg=None, value=value) if value is node:
            return TYPE
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[value]) if value is node:
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
