"""What the lists hold that are asked for: written out, put together, under a name or an attribute, and added to later.

`args = [f"trade.{s}" for s in SYMBOLS]`, `self.topics = ["position"]`, `args.append("wallet")`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.fixing.migration.arguments.entries import made_once
from bybit_lint.fixing.migration.steps import Undecided

ADDS = {"append": 0, "insert": 1}
"""The methods that add one item to a list, and which of their arguments it is."""
LOOKS = {"index", "count", "copy"}


class Lists:
    """The lists of one file. What cannot be seen raises Undecided with the given reason."""

    def __init__(self, module: Module, unseen: str) -> None:
        self.module, self.unseen = module, unseen

    def items(self, held: ast.expr | None) -> Iterator[ast.expr]:
        """The expressions of all items of a list."""
        match held:
            case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
                for part in parts:
                    if isinstance(part, ast.Starred):
                        yield from self.items(part.value)
                    else:
                        yield self._item(part)
            case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part):
                yield self._item(part)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self.items(left)
                yield from self.items(right)
            case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[part], keywords=[]):
                yield from self.items(part)
            case ast.Name() | ast.Attribute():
                yield from self.items(self._made(held))
                yield from self._added(held)
            case _:
                raise Undecided(self.unseen)

    def _item(self, part: ast.expr) -> ast.expr:
        return self._made(part) if isinstance(part, (ast.Name, ast.Attribute)) else part

    def _made(self, held: ast.Name | ast.Attribute) -> ast.expr:
        """What a name or an attribute is given, and nothing else."""
        try:
            if isinstance(held, ast.Name):
                return made_once(self.module, held)[1]
        except Undecided as error:
            raise Undecided(self.unseen) from error
        given = [*self._given(held)]
        if len(given) != 1 or given[0] is None:
            raise Undecided(self.unseen)
        return given[0]

    def _given(self, held: ast.Attribute) -> Iterator[ast.expr | None]:
        """All that an attribute of the object itself is given in its class."""
        around = self._class_of(held)
        if not isinstance(held.value, ast.Name) or around is None:
            raise Undecided(self.unseen)
        own = {ast.unparse(held)}
        yield from (value for target, value in _stored(around.body) if ast.unparse(target) == held.attr)
        for node in nodes_in(around):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                stored = _stored([each for each in nodes_in(node) if isinstance(each, ast.stmt)])
                yield from (value for target, value in stored if ast.unparse(target) in own)

    def _class_of(self, node: ast.AST) -> ast.ClassDef | None:
        here: ast.AST | None = node
        while here is not None and not isinstance(here, ast.ClassDef):
            here = self.module.names.parents.get(here)
        return here

    def _added(self, held: ast.Name | ast.Attribute) -> Iterator[ast.expr]:
        """What is added to a list later on. Raises Undecided where it is changed in another way."""
        parents, said = self.module.names.parents, ast.unparse(held)
        for node in nodes_in(self._reach(held)):
            if isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node) == said:
                around = parents.get(node)
                match around, parents.get(around) if around else None:
                    case ast.AugAssign(value=more), _ if around.target is node:
                        yield from self.items(more)
                    case ast.Attribute(attr=name), ast.Call(args=given) as call if call.func is around:
                        yield from self._added_by(name, given)
                    case ast.Subscript(ctx=ast.Store() | ast.Del()), _:
                        raise Undecided(self.unseen)

    def _added_by(self, name: str, given: list[ast.expr]) -> Iterator[ast.expr]:
        if name == "extend" and len(given) == 1:
            yield from self.items(given[0])
        elif name in ADDS and len(given) == ADDS[name] + 1:
            yield self._item(given[-1])
        elif name not in LOOKS:
            raise Undecided(self.unseen)

    def _reach(self, held: ast.Name | ast.Attribute) -> ast.AST:
        """Where the list may be changed: the scope of a name, the class of an attribute."""
        if isinstance(held, ast.Name):
            holder = self.module.names.scope(held).function.holder(held.id)
            return holder.node if holder else self.module.names.tree
        return self._class_of(held) or self.module.names.tree


def _stored(statements: list[ast.stmt]) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """The targets of assignments, with what they are given; None for a part of something."""
    for made in statements:
        match made:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, (ast.Tuple, ast.List)):
                        yield from ((each, None) for each in target.elts)
                    else:
                        yield target, value
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield target, value
