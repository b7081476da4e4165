"""Which bindings of a name reach a use of it, found by reading a function backwards from the use.

Branches join, loops come round once, a branch that ends in return, raise, break or continue does not fall through.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from bybit_lint.analysis.syntax.index import ModuleIndex
from bybit_lint.analysis.syntax.jumps import BLOCKS, ends_in_jump
from bybit_lint.analysis.syntax.nodes import position
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.tuples import NamedTuple


class Reaching(NamedTuple):
    """The bindings that reach a place; `is_complete` if no way leads there that binds nothing."""

    bindings: Sequence[Binding]
    is_complete: bool


NOTHING = Reaching([], False)


def reaching(names: ModuleIndex, scope: Scope, path: str, use: ast.AST) -> Reaching:
    """The bindings of `path`, or of something it is a part of, that may hold when `use` is evaluated.

    A function itself, as the use of a path of its own, is its end.
    """
    known = names.flows.get((scope, path))
    if known is None:
        known = names.flows[scope, path] = ReachingDefinitions(names, _binding(scope, path))
    assert isinstance(known, ReachingDefinitions)
    return known.from_use(use, scope.node) if known.touched else NOTHING


def of_parts(names: ModuleIndex, scope: Scope, path: str, parts: Iterable[Binding], use: ast.AST) -> Reaching:
    """Which of some bindings of parts of what `path` is may hold when `use` is evaluated: till it is bound anew."""
    return ReachingDefinitions(names, [*parts, *_binding(scope, path)]).from_use(use, scope.node)


def _binding(scope: Scope, path: str) -> list[Binding]:
    """The bindings of a path, or of something it is a part of."""
    found = (b for key in prefixes(path) if key in scope.bindings for b in scope.bindings[key])
    return [b for b in found if b.how not in ("update", "parameter", "rest")]


def prefixes(path: str) -> list[str]:
    """The access paths that a path is a part of, and the path itself: `self`, `self.orders`, `self.orders['qty']`."""
    return [path[:place] for place, character in enumerate(path) if character in ".["] + [path]


class ReachingDefinitions:
    """What reaches the uses of one path in a function; each statement is worked out once for all that is behind it."""

    __slots__ = ("_after", "_in_order", "_upward", "by_statement", "names", "touched")

    def __init__(self, names: ModuleIndex, relevant: Iterable[Binding]) -> None:
        self.names = names
        self.by_statement: dict[ast.AST, list[Binding]] = {}
        self.touched: set[ast.AST] = set()
        for binding in relevant:
            statement = binding.statement
            self.by_statement.setdefault(statement, []).append(binding)
            self.touched.add(statement)
            self.touched.update(names.ancestors(statement))
        self._in_order: list[tuple[tuple[int, int], int, Binding]] = []
        self._upward: dict[ast.AST, Reaching] = {}
        self._after: dict[ast.stmt, Reaching] = {}

    @property
    def in_order(self) -> list[tuple[tuple[int, int], int, Binding]]:
        """The bindings as they stand in the file, each with its place and the number that it has among all."""
        if not self._in_order:
            found = ((position(s), b) for s, bindings in self.by_statement.items() for b in bindings)  # type: ignore[arg-type]  # statements and walruses have places
            self._in_order = sorted((place, number, binding) for number, (place, binding) in enumerate(found))
        return self._in_order

    def from_use(self, use: ast.AST, top: ast.AST) -> Reaching:
        if use is top and isinstance(top, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self.before(top.body, len(top.body))
        return self.upward(use, top)

    def upward(self, node: ast.AST, top: ast.AST) -> Reaching:
        """What reaches a node in `top`."""
        known = self._upward.get(node)
        parent = self.names.parents.get(node) if known is None and node is not top else None
        if parent is None:
            return known or NOTHING
        got = self.beside(parent, node)
        if not got.is_complete:
            outer = self.upward(parent, top)
            got = Reaching([*got.bindings, *outer.bindings], outer.is_complete) if got.bindings else outer
        if isinstance(node, ast.stmt):
            self._upward[node] = got
        return got

    def beside(self, parent: ast.AST, node: ast.AST) -> Reaching:
        """What reaches a node from the block it stands in, and from what `parent` itself binds."""
        block = block_of(parent, node)
        got = self.before(block, block.index(node)) if block is not None else NOTHING  # type: ignore[arg-type]  # a statement of its block
        if got.is_complete:
            return got
        entering = self.entering(parent, node)
        return Reaching([*got.bindings, *entering.bindings], entering.is_complete) if got.bindings else entering

    def before(self, block: Sequence[ast.stmt], index: int) -> Reaching:
        """What reaches the place before `block[index]` from inside the block."""
        found: list[Binding] = []
        for statement in reversed(block[:index]):
            if statement in self.touched:
                got = self._after.get(statement) or self.after(statement)
                found += got.bindings
                if got.is_complete:
                    return Reaching(found, True)
        return Reaching(found, False)

    def whole(self, block: Sequence[ast.stmt]) -> Reaching:
        """What a block has bound when its end is passed; if that never happens, nothing, and completely."""
        return Reaching([], True) if ends_in_jump(block) else self.before(block, len(block))

    def any_of(self, block: Sequence[ast.stmt]) -> list[Binding]:
        """Everything a block may have bound when it is left anywhere."""
        return self.between(block[0], block[-1]) if block else []

    def between(self, first: ast.stmt | ast.expr, last: ast.stmt | ast.expr) -> list[Binding]:
        """The bindings from where one node begins to where another ends."""
        final = (last.end_lineno or last.lineno, last.end_col_offset or last.col_offset)
        known = self.in_order
        start, end = bisect_left(known, (position(first),)), bisect_left(known, (final,))
        return [binding for _, _, binding in sorted(known[start:end], key=lambda entry: entry[1])]

    def after(self, statement: ast.stmt) -> Reaching:
        """What one statement has bound when it is done, for whoever has looked in vain whether that is known."""
        found = self._after[statement] = self._behind(statement)
        return found

    def _behind(self, statement: ast.stmt) -> Reaching:
        own = self.by_statement.get(statement, [])
        match statement:
            case ast.If(body=body, orelse=orelse):
                return self.join(self.whole(body), self.whole(orelse), more=self.inside(statement.test))
            case ast.For() | ast.AsyncFor() | ast.While():
                return Reaching([*self.any_of(statement.body), *self.any_of(statement.orelse), *own], False)
            case ast.With(body=body) | ast.AsyncWith(body=body):
                got = self.whole(body)
                return got if got.is_complete else Reaching([*got.bindings, *own], bool(own))
            case ast.Try():
                return self.after_try(statement)
            case ast.Match(cases=cases):
                return self.join(*map(self.after_case, cases), Reaching([], False))
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return Reaching(own, bool(own))
        walrus = self.inside(statement)
        return Reaching(own or walrus, bool(own or walrus))

    def after_case(self, case: ast.match_case) -> Reaching:
        """What a case of a `match` has bound when its end is passed, its pattern first."""
        own, got = self.by_statement.get(case.pattern, []), self.whole(case.body)
        return got if got.is_complete else Reaching([*got.bindings, *own], bool(own))

    def after_try(self, statement: ast.Try) -> Reaching:
        final = self.before(statement.finalbody, len(statement.finalbody))
        if final.is_complete and statement.finalbody:
            return final
        body = self.whole([*statement.body, *statement.orelse])
        ways = [body]
        for handler in statement.handlers:
            got = self.whole(handler.body)
            if not got.is_complete:
                got = Reaching([*got.bindings, *self.any_of(statement.body)], False)
            ways.append(got)
        return self.join(*ways, more=final.bindings)

    def inside(self, node: ast.stmt | ast.expr) -> list[Binding]:
        return self.between(node, node)

    @staticmethod
    def join(*ways: Reaching, more: Sequence[Binding] = ()) -> Reaching:
        found = [*more, *(binding for way in ways for binding in way.bindings)]
        return Reaching(list(dict.fromkeys(found)), all(way.is_complete for way in ways))

    def entering(self, parent: ast.AST, child: ast.AST) -> Reaching:
        """What `parent` itself binds before control reaches `child` in it."""
        own = self.by_statement.get(parent, [])
        match parent:
            case ast.For() | ast.AsyncFor() if child in parent.body:
                return Reaching(own, True) if own else Reaching(self.any_of(parent.body), False)
            case ast.While():
                return Reaching(self.any_of(parent.body), False)
            case ast.With() | ast.AsyncWith() if child in parent.body:
                return Reaching(own, bool(own))
            case ast.Try() if child not in parent.body:
                return Reaching(self.any_of(parent.body), False)
            case ast.ExceptHandler():
                return Reaching(own, bool(own))
            case ast.match_case(pattern=pattern):
                own = self.by_statement.get(pattern, [])
                return Reaching(own, bool(own))
        return NOTHING


def block_of(parent: ast.AST, child: ast.AST) -> list[ast.stmt] | None:
    """The block of a statement that another one stands in."""
    if isinstance(child, ast.stmt):
        for name in BLOCKS:
            block = getattr(parent, name, None)
            if type(block) is list and child in block:
                return block
    return None
