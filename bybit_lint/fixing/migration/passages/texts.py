"""Texts that are made of parameters: `urlencode(params)`, `"&".join(...)`, a loop over `sorted(params)`."""

from __future__ import annotations

import ast

from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.fixing.migration.passages.bodies import PURE, SAME, TEXTS, Body
from bybit_lint.fixing.migration.passages.leftovers import Leftovers
from bybit_lint.fixing.migration.steps import Undecided


class Texts:
    """The texts of one body that have names. They go with all that makes them, if nobody else asks for them."""

    def __init__(self, body: Body, gone: set[ast.AST], seen: set[ast.expr]) -> None:
        self.body, self.gone, self.seen = body, gone, seen
        self._made: list[tuple[str, set[ast.AST]]] = []

    def source_of(self, name: ast.Name) -> ast.expr | None:
        """What is made into the text that has a name; None for what is no text, or made in another way."""
        return self._put(name) or self._built(name)

    def check(self, left: Leftovers) -> None:
        """Raise Undecided where text that goes is asked for by something that stays."""
        for name, statements in self._made:
            inside = {node for statement in statements for node in ast.walk(statement)}
            for load in self.body.loads_of(name):
                is_asked = load not in self.seen and not left.is_gone(load)
                if is_asked and any(binding.statement in inside for binding in self.body.reaching(load)):
                    raise Undecided(f"{name}, which is sent, is used for something else too")

    def _put(self, name: ast.Name) -> ast.expr | None:
        bindings = self.body.reaching(name)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].how == "assign" else None
        is_made = isinstance(value, ast.Call) and called_name(value.func) in (*TEXTS, "join")
        if value is None or not (is_made or isinstance(value, (ast.JoinedStr, ast.BinOp))):
            return None
        self.seen.add(value)
        self._goes(name, {bindings[0].statement})
        return value

    def _built(self, name: ast.Name) -> ast.expr | None:
        """What a loop puts together: `for key in sorted(params): text += ...`."""
        bindings = [*self.body.reaching(name)]
        for binding in bindings:
            for node in ast.walk(binding.statement):
                if isinstance(node, ast.Name) and node.id == name.id:
                    bindings += [b for b in self.body.reaching(node) if b not in bindings]
        loops = [self.body.module.names.parents.get(b.statement) for b in bindings if b.how == "augmented"]
        others = [b.value for b in bindings if b.how != "augmented"]
        loop = loops[0] if len(loops) == 1 else None
        if not isinstance(loop, ast.For) or any(b.how not in ("assign", "augmented") for b in bindings):
            return None
        if not all(isinstance(v, ast.Constant) or _is_of_itself(v, name.id) for v in others):
            return None
        read = [n for n in ast.walk(loop.iter) if isinstance(n, ast.Name) and n.id not in SAME]
        if len(read) != 1 or not self.body.is_pure(loop):
            return None
        self._goes(name, {loop, *(b.statement for b in bindings if b.how == "assign")})
        return read[0]

    def _goes(self, name: ast.Name, statements: set[ast.AST]) -> None:
        self.gone |= statements
        self.seen.add(name)
        self._made.append((name.id, statements))


def pieces_of(expr: ast.expr) -> list[str | ast.expr]:
    """What a text is put together of, in its order."""
    match expr:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*pieces_of(left), *pieces_of(right)]
        case ast.JoinedStr(values=values):
            return [piece for value in values for piece in pieces_of(value)]
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return [value]
    return [expr]


def rows_of(expr: ast.expr) -> ast.expr | None:
    """What `sorted(params.items())` are the rows of."""
    match expr:
        case ast.Call(func=ast.Attribute(value=inner, attr="items"), args=[]):
            return inner
        case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple"), args=[rows, *_]):
            return rows_of(rows)
    return None


def _is_of_itself(value: ast.expr | None, name: str) -> bool:
    """True for what makes a text of the same text: `text[:-1]`, `quote_plus(text)`."""
    match value:
        case ast.Subscript(value=ast.Name(id=inner)) | ast.Call(args=[ast.Name(id=inner)]):
            return inner == name and (not isinstance(value, ast.Call) or called_name(value.func) in PURE)
    return False
