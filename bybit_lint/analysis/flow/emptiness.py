"""Values that say that there is nothing, and the tests that such a value decides."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from bybit_lint.analysis.bounds import MAX_NAMES_OF_ONE
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import reaching
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.analysis.syntax.jumps import always_exits, ends_in_jump, following
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, access_path, walk
from bybit_lint.analysis.syntax.scopes import Binding, Scope
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

Value: TypeAlias = ast.expr | None
"""What a function gives; None for a `None` that nobody has written."""
WORDS = ("none", "flat")
"""What bots call the side of no position."""
NUMBERS = ("Decimal", "float", "int")
ZERO = regex(r"0(?:\.0*)?")
AS_EMPTY = ("len", "abs", "any", "bool", "list", "sum", *NUMBERS)
"""Functions that give 0, False or nothing where they are given nothing."""
ASSIGNED = (ast.Assign, ast.AnnAssign)
MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
"""How a comparison is said from its other end."""


class Test(NamedTuple):
    """A test that asks whether there is anything, and what is done where there is nothing."""

    node: ast.If | ast.While | ast.IfExp
    branch: Sequence[ast.AST]
    name: str = ""
    """The name or attribute by which it asks."""
    is_decided: bool = True
    """True if it comes out so, whatever else it asks: `not x or ...`, `x and ...`."""
    holds: bool = False
    """True if it is true then."""


class Known(NamedTuple):
    """What is known of an expression that a value has come to which says that there is nothing."""

    value: Value
    truth: bool | None
    """Whether the expression is true; None for a value that says it otherwise."""
    depth: int
    """By how many names it has gone."""
    name: str = ""
    is_decided: bool = True


class Arrival(NamedTuple):
    """Where a value that says that there is nothing, or what is made of it, is asked, gone through or given."""

    taker: ast.AST
    node: ast.expr
    """What it has become there."""
    known: Known


def is_none(value: Value) -> bool:
    """True for a None, be it written or not."""
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def is_empty(value: Value) -> bool:
    """True for a literal that says that there is nothing: `[]`, `0`, `"flat"`, `(0, None)`."""
    match value:
        case None:
            return True
        case ast.Tuple(elts=items) | ast.List(elts=items):
            return all(map(is_empty, items))
        case ast.Dict(keys=keys):
            return not keys
        case ast.Constant(value=constant):
            return not constant or (isinstance(constant, str) and constant.lower() in WORDS)
        case ast.Call(func=ast.Name(id=called), args=args, keywords=[]):
            return (called in NUMBERS and all(map(_is_zero, args))) or (called in ("list", "dict", "set") and not args)
    return False


def is_yes(value: Value) -> bool:
    """True for a True that somebody has written."""
    return isinstance(value, ast.Constant) and value.value is True


def _is_zero(value: ast.expr) -> bool:
    """True for `0`, `"0"` and `"0.00"`, of which a number is made."""
    return isinstance(value, ast.Constant) and ZERO.fullmatch(str(value.value)) is not None


def _truth(value: Value) -> bool | None:
    """What says that there is nothing is false, but for words, and for several parts each of which says so."""
    if is_yes(value):
        return True
    is_word = isinstance(value, ast.Constant) and bool(value.value)
    return None if is_word or (isinstance(value, (ast.Tuple, ast.List)) and value.elts) else False


def value_tests(module: Module, node: ast.expr, value: Value, name: str = "") -> Iterator[Test]:
    """The tests that ask for a value which is nothing, in itself, by a name or in what is made of it."""
    return _tests(module, node, Known(value, _truth(value), 0, name))


def flag_tests(module: Module, node: ast.expr, value: ast.Constant | ast.Tuple) -> Iterator[Test]:
    """The tests that a literal, or a part of several, decides by its truth, or as a word, and the branches of them."""
    known = {bool(value.value), _truth(value)} if isinstance(value, ast.Constant) else {_truth(value)}
    for truth in known:
        yield from _tests(module, node, Known(value, truth, 0))


def name_tests(module: Module, kept: ast.stmt, target: ast.expr, value: Value) -> Iterator[Test]:
    """The same for a value that a statement has bound to names or attributes."""
    return _asked(module, _kept(module, kept, target, Known(value, _truth(value), 0)))


def loads(module: Module, function: ast.AST, path: str) -> list[ast.expr]:
    """Where a function reads a name, or an attribute."""
    if "." not in path:
        return [*module.names.loads(function, path)]
    read = (n for n in nodes_in(function) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load))
    return [node for node in read if access_path(node) == path]


def leaves_before(module: Module, test: Test, node: ast.AST) -> bool:
    """True if a test that is passed on the way to a node turns away from it, for the value that decides it."""
    names = module.names
    if not test.is_decided or not ends_in_jump(test.branch) or names.stands_in(test.branch, node):
        return False
    return names.follows(node, test.node) and names.holds(names.parents[test.node], node)


def arrivals(module: Module, node: ast.expr, value: Value) -> Iterator[Arrival]:
    """What takes a value that says that there is nothing, in itself, by a name or in what is made of it."""
    return _arrivals(module, node, Known(value, _truth(value), 0))


def _tests(module: Module, node: ast.expr, known: Known) -> Iterator[Test]:
    return _asked(module, _arrivals(module, node, known))


def _asked(module: Module, found: Iterator[Arrival]) -> Iterator[Test]:
    """The tests among what takes a value."""
    for taker, _, known in found:
        if isinstance(taker, (ast.If, ast.While)):
            yield from _branches(module, taker, known)
        elif isinstance(taker, ast.IfExp):
            chosen = taker.body if known.truth else taker.orelse
            yield Test(taker, [chosen], known.name, known.is_decided, bool(known.truth))


def _arrivals(module: Module, node: ast.expr, known: Known) -> Iterator[Arrival]:
    names, here = module.names, node
    while True:
        above = names.parents.get(here)
        if known.truth is None and not isinstance(above, (ast.Compare, *ASSIGNED)):
            return
        is_empty_made = not known.truth and not is_none(known.value)
        match above:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if test is here:
                yield Arrival(above, here, known)
                return
            case ast.Return():
                yield Arrival(above, here, known)
                return
            case ast.For(iter=rows) | ast.AsyncFor(iter=rows) if rows is here and is_empty_made:
                yield Arrival(above, here, known)
                return
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
                yield from _kept(module, above, target, known)
                return
            case ast.UnaryOp(op=ast.Not()):
                known = known._replace(truth=not known.truth)
            case ast.Compare():
                is_known = not known.truth or is_yes(known.value)
                found = _compared(above, here, known.value) if is_known else None
                if found is None:
                    return
                known = known._replace(truth=found)
            case ast.Call(func=ast.Name(id=called)) if called in AS_EMPTY and is_empty_made:
                pass
            case ast.Call(func=ast.Name(id="next"), args=[first, default]) if (
                first is here and is_empty_made and is_empty(default)
            ):
                known = known._replace(value=default, truth=_truth(default))
            case ast.Attribute(attr="get") if _is_dict(known.value):
                above = names.parents.get(above)
                got = _given(above)
                if got is None:
                    return
                known = known._replace(value=got, truth=_truth(got))
            case ast.BoolOp(op=ast.Or(), values=[first, *others]) if (
                first is here and known.truth is False and all(map(is_empty, others))
            ):
                known = known._replace(value=others[-1], truth=_truth(others[-1]))
            case ast.comprehension(iter=iterated) if iterated is here and is_empty_made:
                pass
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() if isinstance(here, ast.comprehension):
                pass
            case ast.BoolOp(op=operator):
                decides = isinstance(operator, ast.Or) is known.truth
                known = known._replace(is_decided=known.is_decided and decides)
            case ast.NamedExpr():
                pass
            case _:
                return
        here = above  # type: ignore[assignment]  # an expression, or what stands in one


def worth(node: ast.expr, stands_for: Callable[[str], Value]) -> ast.expr | None:
    """The literal that an expression comes to by what its names stand for; None where that is not known."""
    match node:
        case ast.Name(id=name):
            return stands_for(name)
        case ast.BoolOp(op=ast.Or(), values=values):
            found = None
            for value in values:
                found = worth(value, stands_for)
                if found is None or not is_empty(found) or _truth(found) is not False:
                    break
            return found
        case ast.Call(func=ast.Attribute(value=base, attr="get")):
            held = worth(base, stands_for)
            return _given(node) if held is not None and is_empty(held) and _is_dict(held) else None
    return node if is_empty(node) else None


def _is_dict(value: Value) -> bool:
    """True for a dict without a key."""
    match value:
        case ast.Dict() | ast.Call(func=ast.Name(id="dict")):
            return True
    return False


def _given(call: ast.AST | None) -> ast.expr | None:
    """What a dict without a key gives for one: `get("list", [])`; None for what is no literal."""
    match call:
        case ast.Call(args=[_], keywords=[]):
            return ast.Constant(None)
        case ast.Call(args=[_, default], keywords=[]):
            return default if is_empty(default) else _constant(default)
    return None


def _constant(node: Value) -> ast.Constant | None:
    """A literal that is a constant, be it a negative number."""
    match node:
        case ast.Constant():
            return node
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return ast.Constant(-number)
    return None


def _branches(module: Module, test: ast.If | ast.While, known: Known) -> Iterator[Test]:
    """What is done behind a test that is true, or false."""
    if known.truth:
        yield Test(test, test.body, known.name, known.is_decided, holds=True)
        return
    yield Test(test, test.orelse, known.name, known.is_decided)
    if isinstance(test, ast.If) and ends_in_jump(test.body) and not ends_in_jump(test.orelse):
        yield Test(test, following(module.names.parents[test], test), known.name, known.is_decided)


def _kept(module: Module, kept: ast.stmt, target: ast.expr, known: Known) -> Iterator[Arrival]:
    """The same for the names that a value is bound to."""
    if known.depth >= MAX_NAMES_OF_ONE:
        return
    value = known.value
    parts = [(target, known)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        apart = (known._replace(value=part, truth=_truth(part)) for part in value.elts)
        parts = [(t, p) for t, p in zip(target.elts, apart, strict=True) if is_empty(p.value) or is_yes(p.value)]
    scope = module.names.scope(kept)
    for name, part in parts:
        if (path := access_path(name)) is not None and isinstance(name, (ast.Name, ast.Attribute)):
            next_time = _asked_next_time(module, kept, name) if known.depth == 0 else set()
            for load in loads(module, scope.function.node, path):
                reached = _reached(module, scope, path, load)
                is_next = load in next_time and not reached.is_complete
                if is_next or any(binding.statement is kept for binding in reached.bindings):
                    yield from _arrivals(module, load, part._replace(name=path, depth=known.depth + 1))


def _bound(scope: Scope, path: str) -> list[Binding]:
    """All that binds a name, be it one that another scope has."""
    holder = scope.holder(path) if path in scope.outer_names else scope
    return holder.bindings.get(path, []) if holder else []


def _reached(module: Module, scope: Scope, path: str, load: ast.expr) -> reaching.Reaching:
    """What a name may be where a function reads it, as far as that function binds it."""
    if path in scope.outer_names:
        return reaching.of_parts(module.names, scope, path, _bound(scope, path), load)
    return reaching.reaching(module.names, scope, path, load)


def _asked_next_time(module: Module, kept: ast.stmt, target: ast.expr) -> set[ast.AST]:
    """What an `if` around a statement asks, if it keeps an attribute or a global name for when it is come to again."""
    path, names = access_path(target) or "", module.names
    scope = names.scope(kept).function
    if not path.startswith("self.") and path not in scope.outer_names:
        return set()
    others = {binding.statement for binding in _bound(scope, path)}
    asked: set[ast.AST] = set()
    here: ast.AST = kept
    is_left = False
    for around in names.ancestors(kept):
        rest = [] if is_left else following(around, here)
        if any(names.stands_in(rest, other) for other in others):
            return set()
        if isinstance(around, FUNCTIONS):
            break
        asked.update(walk(around.test) if isinstance(around, ast.If) else ())
        is_left = is_left or always_exits(rest)
        here = around
    return asked


def _compared(test: ast.Compare, node: ast.AST, value: Value) -> bool | None:
    """What a comparison says of nothing; None where that is not known."""
    if len(test.ops) != 1:
        return None
    operator, other = test.ops[0], test.comparators[0]
    if other is node and isinstance(operator, (ast.In, ast.NotIn)):
        return None if is_none(value) or _truth(value) is None else isinstance(operator, ast.NotIn)
    if other is node:
        operator, other = MIRRORED.get(type(operator), type(operator))(), test.left
    if isinstance(operator, (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)):
        is_equal = _is_same(value, other)
        is_known = is_equal or _is_other(value, other)
        return isinstance(operator, (ast.Is, ast.Eq)) is is_equal if is_known else None
    if is_none(value) or _truth(value) is None or isinstance(other, ast.UnaryOp):
        return None  # of a number below zero nothing is known
    is_zero = is_empty(other)
    match operator:
        case ast.Gt():
            return False
        case ast.GtE() | ast.Lt():
            return isinstance(operator, ast.GtE) if is_zero else isinstance(operator, ast.Lt)
        case ast.LtE():
            return True
    return None


def _is_same(value: Value, other: ast.expr) -> bool:
    """True if a value that says that there is nothing is proven to equal another one."""
    if _truth(value) is not False:
        return isinstance(value, ast.Constant) and isinstance(other, ast.Constant) and value.value == other.value
    return is_empty(other) and _truth(other) is False and is_none(other) is is_none(value)


def _is_other(value: Value, other: ast.expr) -> bool:
    """True for two literals that are proven to differ."""
    one, two = _constant(value), _constant(other)
    return one is not None and two is not None and one.value != two.value
