"""Tests of `ret_code` for a refusal right behind a call, which never run where the client raises."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.index import nodes_in
from bybit_lint.analysis.syntax.jumps import LoopNode, ends_in_jump
from bybit_lint.analysis.syntax.logging_calls import LOGGING
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.tuples import NamedTuple

ATTRIBUTES = {"ret_code": "status_code", "retCode": "status_code", "ret_msg": "message", "retMsg": "message"}
"""What the exception tells, by what the answer did."""
CODES = ("ret_code", "retCode")


class Test(NamedTuple):
    """An `if` right behind a call, which asks whether Bybit has refused it."""

    node: ast.If
    name: str
    """What the answer is called."""
    refused: list[ast.stmt]
    """What is done if so."""

    @property
    def is_turned(self) -> bool:
        """True if that stands below `else:`."""
        return self.refused is self.node.orelse

    def reads(self) -> Iterator[tuple[ast.expr, str]]:
        """What is read of the answer where it is a refusal, each with what the exception has for it."""
        for node in _inside(self.refused):
            if (field := _field(node, self.name)) in ATTRIBUTES and isinstance(node, ast.expr):
                yield node, f".{ATTRIBUTES[field]}"

    def shows(self, module: Module) -> Iterator[ast.Name]:
        """Where the whole answer is only printed there."""
        for node in _inside(self.refused):
            if isinstance(node, ast.Name) and node.id == self.name:
                around = module.names.parents.get(node)
                is_logged = isinstance(around, ast.Call) and node in around.args and called_name(around.func) in LOGGING
                if is_logged or isinstance(around, ast.FormattedValue):
                    yield node


def found(
    module: Module, call: ast.expr, asks: Callable[[Module, ast.Call], bool], *, has_raised: bool
) -> tuple[ast.Assign, Test] | None:
    """The statement that asks, and the test behind it that can be a handler; None where there is none.

    `asks` says of a call whether Bybit is asked by it. Where the older client has raised too (`has_raised`), what the
    test does has never run: it must not begin to ask again.
    """
    asking = module.names.parents.get(call)
    name = _name_given(asking)
    behind = _behind(module, asking) if name and isinstance(asking, ast.Assign) else None
    test = _test(behind, name) if behind else None
    if test is None or not isinstance(asking, ast.Assign) or not _is_all(module, test):
        return None
    if has_raised and _may_ask_again(module, test, asks):
        return None
    return (asking, test) if not test.is_turned or _is_movable(module, test, asks) else None


def is_asked_in_vain(module: Module, read: ast.expr) -> bool:
    """True where `ret_code == 0` is asked for, and something is done otherwise."""
    around = module.names.parents.get(read)
    test = module.names.parents.get(around) if isinstance(around, ast.Compare) else None
    return isinstance(test, ast.If) and test.test is around and bool(test.orelse)


def guard(module: Module, read: ast.expr) -> ast.Compare | None:
    """The test for None that a result stands in, which decides what is done next: `if answer["result"] is None:`."""
    match around := module.names.parents.get(read):
        case ast.Compare(left=left, ops=[_], comparators=[ast.Constant(value=None)]) if left is read:
            decided = module.names.parents.get(around)
            return around if isinstance(decided, ast.If) and decided.test is around else None
    return None


def is_for_none(test: ast.Compare) -> bool:
    """True for `is None` and `== None`."""
    return isinstance(test.ops[0], (ast.Is, ast.Eq))


def is_behind(module: Module, node: ast.expr, test: ast.Compare) -> bool:
    """True for what is come to only where a result is not None."""
    decided = module.names.parents.get(test)
    assert isinstance(decided, ast.If)
    if module.names.stands_in(decided.orelse if is_for_none(test) else decided.body, node):
        return True
    refused = decided.body if is_for_none(test) else decided.orelse
    return bool(refused) and ends_in_jump(refused) and module.names.follows(node, decided)


def _name_given(statement: ast.AST | None) -> str:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case ast.Assign(targets=[ast.Tuple(elts=[ast.Name(id=name), ast.Name()])]):  # the HTTP answer beside it
            return name
    return ""


def _behind(module: Module, statement: ast.stmt) -> ast.If | None:
    """The `if` right behind a statement, without an `elif`."""
    around = module.names.parents.get(statement)
    for block in (getattr(around, field, None) for field in ("body", "orelse", "finalbody")):
        if isinstance(block, list) and statement in block[:-1]:
            found = block[block.index(statement) + 1]
            is_chain = isinstance(found, ast.If) and len(found.orelse) == 1 and isinstance(found.orelse[0], ast.If)
            return found if isinstance(found, ast.If) and not is_chain else None
    return None


def _test(found: ast.If, name: str) -> Test | None:
    match found.test:
        case ast.Compare(left=left, ops=[ast.NotEq()], comparators=[ast.Constant(value=0)]):
            is_code, refused = _field(left, name) in CODES, found.body
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[ast.Constant(value=0)]):
            is_code, refused = _field(left, name) in CODES, found.orelse
        case ast.UnaryOp(op=ast.Not(), operand=left):
            is_code, refused = _field(left, name) in CODES, found.orelse
        case left:
            is_code, refused = _field(left, name) in CODES, found.body
    return Test(found, name, refused) if is_code and refused else None


def _field(node: ast.AST, name: str) -> str:
    """The field of the answer that a node reads; empty for anything else."""
    match node:
        case ast.Subscript(value=ast.Name(id=of), slice=ast.Constant(value=str(key))) if of == name:
            return key
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=of), attr="get"), args=[ast.Constant(value=str(key)), *_]
        ) if of == name:
            return key
    return ""


def _inside(block: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    return (node for statement in block for node in nodes_in(statement))


def _is_all(module: Module, test: Test) -> bool:
    """True if nothing else of the answer is looked at where it is a refusal, nor behind it where it is not there."""
    named = [node for node in _inside(test.refused) if isinstance(node, ast.Name) and node.id == test.name]
    known = [*test.reads(), *test.shows(module)]
    loads = module.names.loads(module.names.scope(test.node).function.node, test.name)
    later = [load for load in loads if module.names.follows(load, test.node)]
    return len(named) == len(known) and (not later or ends_in_jump(test.refused))


def _may_ask_again(module: Module, test: Test, asks: Callable[[Module, ast.Call], bool]) -> bool:
    """True if what is done for a refusal asks Bybit, or is done in a loop."""
    is_in_loop = any(isinstance(around, LoopNode) for around in module.names.ancestors(test.node))
    return is_in_loop or any(isinstance(node, ast.Call) and asks(module, node) for node in _inside(test.refused))


def _is_movable(module: Module, test: Test, asks: Callable[[Module, ast.Call], bool]) -> bool:
    """True if nothing but the answer may be rewritten in what moves up."""
    own = {node for node, _ in test.reads()}
    for node in _inside(test.refused):
        is_taken = isinstance(node, ast.Subscript)
        if isinstance(node, ast.Call):
            is_taken = called_name(node.func) in ("get", "pop")
            if asks(module, node):
                return False
        if is_taken and node not in own:
            return False
    return True
