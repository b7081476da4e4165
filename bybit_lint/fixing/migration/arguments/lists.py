"""What the lists of a file hold: written out, put together, under a name or an attribute, and added to later.

`args = [f"trade.{s}" for s in SYMBOLS]`, `self.topics = ["position"]`, `orders.append({"symbol": "BTCUSDT"})`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.fixing.migration.steps import Undecided

ADDS = {"append": 0, "insert": 1}
"""The methods that add one item to a list, and which of their arguments it is."""
LOOKS = {"index", "count", "copy", "clear"}


class Lists:
    """The lists of one file. What cannot be seen raises Undecided with the given reason."""

    def __init__(self, module: Module, unseen: str) -> None:
        self.module, self.unseen = module, unseen
        self.opened: set[str] = set()
        """The names that were looked into: a list may be given itself with more."""

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
            case ast.Name() | ast.Attribute() if ast.unparse(held) not in self.opened:
                self.opened.add(ast.unparse(held))
                for made in self._ways(held):
                    yield from self.items(made)
                yield from self._added(held)
            case ast.Name() | ast.Attribute():
                return
            case _:
                raise Undecided(self.unseen)

    def dicts(self, held: ast.expr) -> list[ast.Dict]:
        """The dicts of a list of which nothing else is made than that it is sent."""
        items = [*self.items(held)]
        found = [item for item in items if isinstance(item, ast.Dict)]
        made = (self.module.names.parents.get(each) for each in found)
        names = [held, *(around.targets[0] for around in made if isinstance(around, ast.Assign))]
        if not found or len(found) < len(items) or not all(map(self._is_only_sent, names)):
            raise Undecided(self.unseen)
        return found

    def _is_only_sent(self, name: ast.expr) -> bool:
        """True for what is written where it is sent, or has a name that is said once beside how many it holds."""
        if not isinstance(name, ast.Name):
            return isinstance(name, (ast.List, ast.ListComp))
        holder = self.module.names.scope(name).function.holder(name.id)
        loads = self.module.names.loads(holder.node, name.id) if holder else []
        return len([load for load in loads if not _is_counted(self.module, load)]) == 1

    def _item(self, part: ast.expr) -> ast.expr:
        if not isinstance(part, (ast.Name, ast.Attribute)):
            return part
        made = self._ways(part)
        if len(made) > 1:
            raise Undecided(self.unseen)
        return made[0]

    def _ways(self, held: ast.Name | ast.Attribute) -> list[ast.expr]:
        """All that a name is given, or what an attribute is. Raises Undecided where that is not all seen."""
        given = [*(self._bound(held) if isinstance(held, ast.Name) else self._given(held))]
        made = [value for value in given if value is not None]
        if not made or len(made) < len(given) or (isinstance(held, ast.Attribute) and len(made) > 1):
            raise Undecided(self.unseen)
        return made

    def _bound(self, name: ast.Name) -> Iterator[ast.expr | None]:
        """All that a name is given; None for what is not seen."""
        scope = self.module.names.scope(name).function
        holder = scope.holder(name.id) if name.id not in scope.outer_names else None
        for binding in holder.bindings[name.id] if holder else ():
            if binding.how != "update":
                yield binding.value if binding.how == "assign" and not binding.index else None

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
        around = (scope.node for scope in self.module.names.scope(node).outward())
        return next((each for each in around if isinstance(each, ast.ClassDef)), None)

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


def _is_counted(module: Module, load: ast.Name) -> bool:
    """True for a list that is added to here, or of which is asked how many it holds: `len(orders)`, `if orders`."""
    match around := module.names.parents.get(load):
        case ast.Attribute(attr=name):
            return name in (*ADDS, "extend", "clear")
        case ast.Call(func=ast.Name(id="len")) | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.If() | ast.While():
            return around.test is load
    return False


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
