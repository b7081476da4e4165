"""Ways through answers: which part a reading takes, where V5 has it, and what a name it is taken out of was given."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import literal_key
from bybit_lint.fixing.migration.answers.readings import Named, Way
from bybit_lint.knowledge.migrations import ANY, Place

RESULT = ("result",)


def base_of(node: ast.Subscript | ast.Call) -> ast.expr:
    """What something is taken out of."""
    if isinstance(node, ast.Subscript):
        return node.value
    assert isinstance(node.func, ast.Attribute)
    return node.func.value


def key_of(node: ast.Subscript | ast.Call) -> ast.expr:
    """What it is taken out by."""
    return node.slice if isinstance(node, ast.Subscript) else node.args[0]


def is_last(node: ast.Subscript | ast.Call, way: Way) -> bool:
    """True if a way ends with the key that a node takes something out by."""
    written = literal_key(key_of(node))
    return bool(way) and way[-1] == (ANY if written is None else written)


def holder(asked: ast.expr) -> ast.expr:
    """What is asked whether it has a part: `answer` in `"ret_msg" in answer.keys()`."""
    match asked:
        case ast.Call(func=ast.Attribute(value=holder, attr="keys"), args=[]):
            return holder
    return asked


def annotated(module: Module, node: ast.expr) -> Iterator[ast.expr]:
    """What the names that something is taken out of are given, nearest first, where that is annotated."""
    met: set[str] = set()
    while True:
        while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)):
            node = node.func if isinstance(node, ast.Call) else node.value
        holder = module.names.scope(node).holder(node.id) if isinstance(node, ast.Name) else None
        bound = holder.bindings[node.id] if holder is not None and isinstance(node, ast.Name) else ()
        if len(bound) != 1 or bound[0].value is None or not isinstance(node, ast.Name) or node.id in met:
            return
        met.add(node.id)
        node = bound[0].value
        if isinstance(bound[0].statement, ast.AnnAssign):
            yield node


def rows_given(module: Module, name: ast.Name) -> ast.expr | None:
    """The rows, one after the other of which a small function is called with by this name."""
    function = module.names.scope(name).function.node
    if not isinstance(function, ast.Lambda) or [arg.arg for arg in function.args.args] != [name.id]:
        return None
    around = module.names.parents.get(function)
    call = module.names.parents.get(around) if isinstance(around, ast.keyword) else around
    match call:
        case ast.Call(func=ast.Name(id="sorted" | "min" | "max"), args=[rows]) if isinstance(around, ast.keyword):
            return rows
        case ast.Call(func=ast.Attribute(value=rows, attr="sort")) if isinstance(around, ast.keyword):
            return rows
        case ast.Call(func=ast.Name(id="map" | "filter"), args=[first, rows]) if first is function:
            return rows
    return None


def place_of(shape: Mapping[Named, Place | None], way: Way) -> Place | None:
    """The place of what a way leads to; None for what V5 does not tell."""
    if not way:
        return Place((), "")
    known = [old for old in shape if len(old) == len(way) and _fits(old, way)]
    best = min(known, key=lambda old: sum(step == ANY for step in old), default=None)
    if best is not None:
        return shape[best]
    if not isinstance(way[-1], int) and way[-1] != ANY:
        return None
    base = place_of(shape, way[:-1])
    return base and Place((*base.way, ANY), "")


def _fits(old: Named, way: Way) -> bool:
    return all(step in (ANY, key) or (step == ANY) for step, key in zip(old, way, strict=True))


def has_parts(shape: Mapping[Named, Place | None], way: Way) -> bool:
    """True for a part of an answer that has parts of its own."""
    return any(len(old) > len(way) and _fits(old[: len(way)], way) for old in shape)


def is_by_any_key(shape: Mapping[Named, Place | None], way: Way) -> bool:
    """True for a way on which a part with a name is taken out by a key that is known only at run time."""
    at = [index for index, step in enumerate(way) if step == ANY]
    return any(old[i : i + 1] not in ((), (ANY,)) and _fits(old[:i], way[:i]) for i in at for old in shape)


def is_of_a_place(way: Way) -> bool:
    """True for a part of the row that stands at a certain place, be it unpacked from the list."""
    return way[:1] == RESULT and len(way) > 1 and isinstance(way[1], int)


def is_key(step: object) -> bool:
    return isinstance(step, str) and step != ANY
