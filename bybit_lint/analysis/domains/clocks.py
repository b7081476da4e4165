"""Reading terms as clocks: whether a timestamp is this machine's own, or was corrected by the server's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.syntax.nodes import number
from bybit_lint.analysis.values.terms import (
    Access,
    Again,
    Constant,
    Formatted,
    Invocation,
    Operation,
    Site,
    Term,
    Union,
    qualified_name,
)
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Replace

LOCAL = {
    "time.time": "{} / 1000",
    "time.time_ns": "{} * 1_000_000",
    "datetime.datetime.now().timestamp": "{} / 1000",
    "datetime.datetime.utcnow().timestamp": "{} / 1000",
}
"""Local clocks, and the server's time in the same unit made from its milliseconds."""

SAME = {"builtins.int", "builtins.str", "builtins.float", "builtins.round", "math.floor", "math.trunc", "builtins.repr"}
SAME_METHODS = (".split", ".encode", ".strip", ".__str__")
SAME_OPERATORS = (ast.Mult, ast.Div, ast.FloorDiv, ast.Add, ast.Sub)


class ClockRead(NamedTuple):
    """One place where a local clock is read."""

    name: str
    site: Site


def local(term: Term) -> list[ClockRead]:
    """The local clocks a timestamp comes from; empty unless it is proven that nothing else went into it."""
    try:
        return list(dict.fromkeys(_local(term)))
    except _Corrected:
        return []


class _Corrected(Exception):
    """Something that is not a constant goes into the timestamp: it may be an offset from the server's time."""


def _local(term: Term) -> Iterator[ClockRead]:
    match term:
        case Again() | Constant(value=None | 0 | ""):
            return
        case Union(terms=terms):
            for option in terms:
                yield from _local(option)
        case Formatted(parts=[part]):
            yield from _local(part)
        case Operation(operator=operator, operands=operands) if issubclass(operator, SAME_OPERATORS):
            moving = [operand for operand in operands if not isinstance(operand, Constant)]
            if len(moving) != 1:
                raise _Corrected
            yield from _local(moving[0])
        case Invocation(callee=callee, positional=arguments, site=site):
            yield from _called(callee, [argument.term for argument in arguments], site)
        case Access(base=base, key=key) if key.startswith("["):
            yield from _local(base)
        case _:
            raise _Corrected


def _called(callee: Term, arguments: list[Term], site: Site) -> Iterator[ClockRead]:
    name = qualified_name(callee) or ""
    if name in LOCAL:
        yield ClockRead(name, site)
    elif name in SAME and arguments:
        yield from _local(arguments[0])
    elif isinstance(callee, Access) and callee.key in SAME_METHODS:
        yield from _local(callee.base)
    else:
        raise _Corrected


def correction(reading: ClockRead, host: str | None) -> Replace | None:
    """The verb that reads Bybit's clock instead, in the largest expression that is milliseconds already.

    None where the code calls a clock it was given, which its tests may want to turn by hand.
    """
    if not _is_called_by_name(reading.site):
        return None
    node, is_whole = _milliseconds(reading)
    template = "{}" if is_whole else LOCAL[reading.name]
    span = reading.site.module.source.span(node)
    return Replace(span, "server_timestamp", template.replace("{}", server_call(host)))


def server_call(host: str | None) -> str:
    """How Bybit's clock is asked, as a template with `{}` for the helper's name."""
    return f'{{}}("{host}")' if host else "{}()"


def _is_called_by_name(site: Site) -> bool:
    """True if what is called is an imported name, or begins with one."""
    node: ast.AST = site.node
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    names = site.module.names
    scopes = (site.scope.function, names.module)
    bound = next((s.bindings[node.id] for s in scopes if isinstance(node, ast.Name) and node.id in s.bindings), [])
    return any(binding.how == "import" for binding in bound)


def place(reading: ClockRead) -> Site:
    """Where the clock is read, with the conversion to milliseconds around it."""
    node, _ = _milliseconds(reading)
    return Site(reading.site.module, node, reading.site.scope)


def _milliseconds(reading: ClockRead) -> tuple[ast.expr, bool]:
    """The largest expression around a clock that is milliseconds, or else the clock itself, and which of the two."""
    parents = reading.site.module.names.parents
    node: ast.expr = reading.site.node
    found: ast.expr | None = None
    per_second = 1e9 if reading.name.endswith("_ns") else 1.0
    while isinstance(parent := parents.get(node), (ast.BinOp, ast.Call)):
        factor = _factor(parent, node)
        if factor is None:
            break
        per_second, node = per_second * factor, parent
        found = node if abs(per_second - 1000) < 1e-6 else found
    return found or reading.site.node, found is not None


def _factor(parent: ast.expr, node: ast.expr) -> float | None:
    """What `parent` multiplies `node` by, if it only converts it."""
    match parent:
        case ast.Call(func=ast.Name(id="int" | "round"), args=[only], keywords=[]) if only is node:
            return 1
        case ast.BinOp(left=left, op=ast.Mult(), right=by) if left is node:
            return number(by)
        case ast.BinOp(left=by, op=ast.Mult(), right=right) if right is node:
            return number(by)
        case ast.BinOp(left=left, op=ast.Div() | ast.FloorDiv(), right=by) if left is node:
            return 1 / factor if (factor := number(by)) else None
    return None
