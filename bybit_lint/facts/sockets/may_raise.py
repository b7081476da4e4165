"""What may raise in a function that is given a message from outside, with nothing around it that catches."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

from bybit_lint.analysis.bounds import MAX_CALLS_TO_RAISE
from bybit_lint.analysis.callgraph.call_sites import LazyCall
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.flow.exception_handlers import may_be_caught
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, FunctionNode, called_name
from bybit_lint.analysis.traffic.asked_fields import asks_if_empty
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Element,
    Expression,
    Function,
    Invocation,
    Parameter,
    Site,
    Term,
    Union,
    alternatives,
    key_of,
    qualified_name,
)
from bybit_lint.facts.sockets.handed_callbacks import HARMLESS_DECORATORS
from bybit_lint.knowledge.streams import Fields, methods
from bybit_lint.vocabulary import Related

Named: TypeAlias = tuple[FunctionNode, str]
"""A parameter of a function."""
Tainted: TypeAlias = frozenset[Named]
"""The parameters that hold a message, or a part of one."""

GIVEN = {"topic", "type", "ts", "data", 0}
"""What every message of a stream has."""
NUMBERS = {"builtins.float", "builtins.int", "decimal.Decimal"}
LOOPLESS = {"asyncio.create_task", "asyncio.ensure_future", "asyncio.get_running_loop"}
SAME = {"builtins.str", "builtins.enumerate", "builtins.zip", "builtins.list", "builtins.sorted", "builtins.reversed"}
PARTS = (".get", ".items", ".values", ".keys", ".copy", ".strip", ".pop")


class MayRaise:
    """A function, and which of its parameters come from outside."""

    def __init__(
        self,
        program: Program,
        spoken: AbstractSet[ast.AST],
        function: Function,
        told: Tainted,
        always: Fields,
        is_unreached: Callable[[ast.AST], bool] = lambda _: False,
        callers: tuple[Function, ...] = (),
        passed: Mapping[Named, object] = MappingProxyType({}),
    ) -> None:
        self.program, self.bybit_calls = program, spoken
        self.function = function
        self.module = function.module
        self.node = function.node
        self.told = told
        self.always = always
        self.is_unreached = is_unreached
        self.around = (*callers, function)
        self.passed = passed
        self._filled: dict[str, bool] = {}

    def failure(self, depth: int = MAX_CALLS_TO_RAISE) -> Related | None:
        """The first expression that may raise."""
        if self._is_decorated:
            return None
        found = ((node, self._of(node, depth)) for node in self._nodes)
        return next((r for node, r in found if r and not self._is_harmless(node)), None)

    def _is_harmless(self, node: ast.AST) -> bool:
        return may_be_caught(self.module.names, node) or self.is_unreached(node)

    def _of(self, node: ast.AST, depth: int) -> Related | None:
        match node:
            case ast.Raise() if self.told:
                return self._related(node, "raised here")
            case ast.Subscript(value=base, slice=key, ctx=ast.Load()) if self._may_lack(base, key):
                return self._related(node, "raises if it is missing")
            case ast.BinOp(left=text, op=ast.Add(), right=other) if _is_text(text) and self._is_whole(other):
                return self._related(node, "raises, since no dict is added to a text")
            case ast.Call(args=[value, *_]) if self._path(node) in NUMBERS and self._may_be_empty(value):
                return self._related(node, "raises if it is empty or no number")
            case ast.Call():
                return self._in_call(node, depth)
        return None

    def _in_call(self, call: ast.Call, depth: int) -> Related | None:
        if self._path(call) in LOOPLESS:
            return self._related(call, "no event loop runs in the stream's thread")
        is_request = call in self.bybit_calls and isinstance(call.func, ast.Attribute)
        if is_request and called_name(call.func) not in methods():
            return self._related(call, "raises when the request fails")
        inner = (other.failure(depth - 1) for other in self._called(call)) if depth else iter(())
        return next((found for found in inner if found), None)

    # What comes from outside -----------------------------------------------------------------------------------------

    def _may_lack(self, base: ast.expr, key: ast.expr) -> bool:
        """True for a part of a message that it need not have, and that nobody asks for first."""
        if isinstance(key, ast.Slice) or not self._is_told(self._term(base)):
            return False
        given = GIVEN | self.always.numbers | self.always.others
        is_place = isinstance(key, ast.Constant) and isinstance(key.value, int)
        if is_place and all(self._field(option) in self.always.numbers for option in alternatives(self._term(base))):
            return False  # the price and the size of a level
        return not isinstance(key, ast.Constant) or (key.value not in given and repr(key.value) not in self._asked_for)

    def _may_be_empty(self, value: ast.expr) -> bool:
        """True for a text of a message, unless something else takes its place where it is empty."""
        term = self._term(value)
        is_number = all(self._field(option) in self.always.numbers for option in alternatives(term))
        if is_number or not self._is_told(term) or _has_fallback(term) or self._is_asked(value):
            return False
        return not all(self._is_known(self._field(option)) for option in alternatives(term))

    def _is_whole(self, node: ast.expr) -> bool:
        """True for a message itself, which is a dict."""
        term = self._term(node)
        if not isinstance(term, Parameter) or term.function is not self.node or not self._is_told(term):
            return False
        return (self.node, term.name) not in self.passed

    def _is_told(self, term: Term) -> bool:
        """True for a message or a part of one, as it came; what was made a number of it has raised already."""
        match term:
            case Parameter(function=function, name=name):
                return (function, name) in self.told
            case Union(terms=terms):
                return any(self._is_told(t) for t in terms)
            case Invocation(callee=Access(base=base, key=key)) if key in PARTS:
                return self._is_told(base)
            case Access(base=base) | Element(base=base):
                return self._is_told(base)
            case Invocation(positional=[first, *_]) if qualified_name(term.callee) in SAME:
                return self._is_told(first.term)
        return False

    def _is_asked(self, value: ast.expr) -> bool:
        """True for `x or 0`, and for `x` where an `if` that speaks of it may let nothing empty through."""
        if isinstance(value, ast.BoolOp):
            return True
        tests = (a.test for a in self.module.names.ancestors(value) if isinstance(a, (ast.If, ast.IfExp)))
        return any(ast.unparse(value) in ast.unparse(test) for test in tests)

    def _is_known(self, field: object) -> bool:
        """True if the function, or one on the way to it, asks what says whether a field is empty."""
        name = str(field)
        if name not in self._filled:
            self._filled[name] = any(asks_if_empty(f.module.names, f.node, name) for f in self.around)
        return self._filled[name]

    @cached_property
    def _asked_for(self) -> set[str]:
        """The keys whose presence the function asks for."""
        tests = (n for n in self._nodes if isinstance(n, ast.Compare) and isinstance(n.ops[0], (ast.In, ast.NotIn)))
        return {repr(test.left.value) for test in tests if isinstance(test.left, ast.Constant)}

    # What catches ----------------------------------------------------------------------------------------------------

    @property
    def _is_decorated(self) -> bool:
        """True if something wraps the function, and may catch what it raises."""
        decorators = [] if isinstance(self.node, ast.Lambda) else self.node.decorator_list
        return any(called_name(d) not in HARMLESS_DECORATORS for d in decorators)

    # The code itself -------------------------------------------------------------------------------------------------

    def _term(self, node: ast.expr) -> Term:
        return self.program.evaluator.evaluate(self.module, node)

    def _path(self, call: ast.Call) -> str:
        return qualified_name(self._term(call.func)) or ""

    def _related(self, node: ast.expr | ast.stmt, words: str) -> Related:
        return Related(self.module.source.span(node), words)

    def _called(self, call: ast.Call) -> Iterator[MayRaise]:
        """The functions of the project that a call may be one of, and what of the message they are given."""
        site = Site(self.module, call, self.module.names.scope(call))
        for function in self.program.callees.functions(self.module, call):
            if function.node is not self.node and not isinstance(function.node, ast.AsyncFunctionDef):
                given = Substitution(self.program.evaluator, function, LazyCall(self.program.evaluator, site, function))
                passed = {**self.passed, **self._passed(function, given)}
                told = self.told | passed.keys()
                yield MayRaise(
                    self.program, self.bybit_calls, function, told, self.always, callers=self.around, passed=passed
                )

    def _passed(self, function: Function, given: Substitution) -> Mapping[Named, object]:
        """The parameters that are given a part of the message, with the field that it was read from."""
        parts = ((name, e.term) for name, e in given.bound.named.items() if self._is_told(e.term))
        return {(function.node, name): self._field(term) for name, term in parts}

    def _field(self, term: Term) -> object:
        """The key under which a term was read, or the list that it is of: `x["key"]`, `x.get("key")`, `x["b"][:9]`."""
        match term:
            case Parameter(function=function, name=name):
                return self.passed.get((function, name))
            case Element(base=base):
                return self._field(base)
            case Access(base=base, key=key) if key.startswith("["):
                return key_of(key) if isinstance(key_of(key), str) else self._field(base)
            case Invocation(callee=Access(key=".get"), positional=[Expression(term=Constant(value=key)), *_]):
                return key
        return None

    @cached_property
    def _nodes(self) -> list[ast.expr | ast.stmt | ast.excepthandler]:
        """What the function evaluates itself, in the order of its lines."""
        stack: list[ast.AST] = [self.node.body] if isinstance(self.node, ast.Lambda) else [*self.node.body]
        found = []
        while stack:
            node = stack.pop()
            if isinstance(node, (ast.expr, ast.stmt, ast.excepthandler)):
                found.append(node)
            if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                stack += _parts(node)
        return sorted(found, key=lambda node: (node.lineno, node.col_offset, -(node.end_col_offset or 0)))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _has_fallback(term: Term) -> bool:
    """True if a number stands in where the text is empty: `message.get("x") or 0`."""
    return any(isinstance(t, Constant) and isinstance(t.value, (int, float)) for t in alternatives(term))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes right below a node, without its annotations."""
    for name, value in ast.iter_fields(node):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST) and name != "annotation":
                yield item
