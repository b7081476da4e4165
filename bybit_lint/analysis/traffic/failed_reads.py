"""What a function gives, or goes on with, where what it asked Bybit for has failed."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from bybit_lint.analysis.flow.emptiness import Value, worth
from bybit_lint.analysis.flow.exception_handlers import caught_exceptions, enclosing_attempts
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.questions import answered_once
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.jumps import LoopNode, block_of, following, names_in, own
from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, access_path, walk
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.analysis.traffic.failures import Defined, Failure, Failures, Taking
from bybit_lint.analysis.values.terms import Function, Site
from bybit_lint.tuples import NamedTuple

PLAIN = {"staticmethod", "classmethod", "override"}
"""Decorators under which a function gives what it returns."""
EVERYTHING = {"builtins.Exception", "builtins.BaseException"}
TAKING = {
    "TypeError": {"TypeError", "AttributeError"},
    "AttributeError": {"TypeError", "AttributeError"},
    "KeyError": {"KeyError", "LookupError"},
}
"""By what is raised where a part is taken of a value that has none: what a handler takes that expects it."""


class Bound(NamedTuple):
    """What a name, an attribute or several of them stand for where a read has failed."""

    statement: ast.Assign | ast.AnnAssign
    target: ast.expr
    value: ast.expr


class FailedRead(NamedTuple):
    """A function, and the way on which a failure of Bybit's ends as a value: through it, or a decorator of it."""

    function: Defined
    failure: Failure
    request: ast.Call
    """The call that fails."""
    value: Value
    """What it gives then."""
    end: ast.Return | Taking
    """Where that is said; what takes the failure, if it is said behind it."""

    @property
    def is_wrapped(self) -> bool:
        """True if it is a decorator that takes the failure."""
        return self.function is not self.failure.function

    @property
    def is_generator(self) -> bool:
        """True if it gives its values one after another."""
        return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in walk(self.function))


class FailedReads:
    """What becomes of the failed reads of a project: functions that give a value, names that are bound to one."""

    def __init__(self, failures: Failures) -> None:
        self.failures, self.effects, self.program = failures, failures.effects, failures.program

    def of(self, module: Module, is_wanted: Callable[[Value], bool]) -> Iterator[FailedRead]:
        """Those of a file whose function somebody calls and gives a value that is wanted."""
        for function, taking in self.takings(module):
            yield from self.by(module, function, taking, is_wanted)

    def takings(self, module: Module) -> Iterator[tuple[Defined, Taking]]:
        """What may take a failed read of a function that gives somebody its value, in it or in what wraps it."""
        for function, taking in self.failures.takings(module):
            if self._is_called(function) and is_undecorated(function):
                yield function, taking
            else:
                yield from ((wrapped, taking) for wrapped in self._wrapped(module, function))

    def by(
        self, module: Module, function: Defined, taking: Taking, is_wanted: Callable[[Value], bool]
    ) -> Iterator[FailedRead]:
        """Those of a function that are taken in one place."""
        inside = module.names.scope(taking).function.node
        assert isinstance(inside, (ast.FunctionDef, ast.AsyncFunctionDef))
        for failure in self.failures.taken(module, inside, taking):
            given = [(value, end) for value, end in _given(module, failure) if is_wanted(value)]
            if not given or self._is_end(module, failure.block):
                continue
            for value, end in given:
                is_told = isinstance(end, ast.Return) or not _leaves(failure.block)
                request = self.request(module, failure) if is_told else None
                if request is not None:
                    yield FailedRead(function, failure, request, value, end)

    def _wrapped(self, module: Module, wrapper: Defined) -> Iterator[Defined]:
        """The functions that let a failure out to it, and have no other decorator than the one that wraps them so."""
        scope = module.names.scopes[wrapper].parent
        decorator = scope.node if scope is not None else None
        if not isinstance(decorator, ast.FunctionDef) or not _gives(decorator, wrapper):
            return
        for call in self.program.callers.of(decorator):
            match [given.term for given in call.made.positional]:
                case [Function(node=ast.FunctionDef() | ast.AsyncFunctionDef() as node, module=where)]:
                    if node.decorator_list == [call.made.site.node] and self.failures.lets_out(node, where):
                        yield node

    def _is_called(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """True if anybody may call a function."""
        return bool(self.program.project.calls_of(function.name))

    def request(self, module: Module, failure: Failure) -> ast.Call | None:
        """The call that fails, as `Failures` says."""
        return self.failures.request(module, failure)

    def _is_end(self, module: Module, block: Iterable[ast.stmt]) -> bool:
        """True if a block calls a function of the bot's that never comes back: its end raises, or ends the program."""
        calls = (s.value for s in block if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call))
        called = (found.node for call in calls for found in self.program.callees.functions(module, call))
        return any(
            isinstance(node, ast.FunctionDef)
            and isinstance(node.body[-1], ast.Raise)
            and not any(isinstance(inner, (ast.Return, ast.Yield)) for inner in own(node.body))
            for node in called
        )

    def asked(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[Site, ast.expr]]:
        """Where a function is called, or one that returns what it gives, and the expression that the value is there."""
        fresh, met = [function], {function}
        while fresh:
            for site, value in self._called(fresh.pop()):
                yield site, value
                around = site.scope.function.node
                is_fresh = around not in met and is_handed_on(site.module, value)
                if is_fresh and isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    met.add(around)
                    fresh += [around] if is_undecorated(around) else []

    def _called(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[Site, ast.expr]]:
        """Where it is called itself."""
        for site in self.program.callers.sites(function):
            call, names = site.node, site.module.names
            if not isinstance(call, ast.Call) or deferred_callee(call)[1]:
                continue
            above = names.parents.get(call)
            is_awaited = isinstance(above, ast.Await)
            is_only = len(self.program.callees.functions(site.module, call)) == 1
            if is_only and is_awaited == isinstance(function, ast.AsyncFunctionDef):
                yield site, above if isinstance(above, ast.Await) else call

    def is_expected(self, module: Module, node: ast.AST, error: str) -> bool:
        """True if a `try` around a node takes what is raised where a part is made of a value that has none."""
        taking = EVERYTHING | {f"builtins.{name}" for name in TAKING[error]}
        return any(
            not taking.isdisjoint(caught_exceptions(self.program.evaluator, module, handler.type))
            for attempt in enclosing_attempts(module.names, node)
            for handler in attempt.handlers
        )


def is_handed_on(module: Module, value: ast.expr) -> bool:
    """True for what a function returns, be it by a name that is printed or logged before and nothing else."""
    names = module.names
    match names.parents.get(value):
        case ast.Return():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            function = names.scope(value).function
            others = [load for load in names.loads(function.node, name) if not _is_shown(module, load)]
            is_returned = bool(others) and all(isinstance(names.parents.get(load), ast.Return) for load in others)
            return is_returned and len(function.bindings[name]) == 1
    return False


def _is_shown(module: Module, load: ast.expr) -> bool:
    """True for a value that is printed or logged as it is."""
    is_whole = isinstance(module.names.parents.get(load), (ast.Call, ast.FormattedValue))
    return is_whole and only_logs(module.names.statement(load))


def is_undecorated(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """True if no decorator may change what a function gives."""
    return all(isinstance(d, ast.Name) and d.id in PLAIN for d in function.decorator_list)


def _gives(decorator: ast.FunctionDef, wrapper: Defined) -> bool:
    """True for a decorator that puts a function of its own in the place of what it is given."""
    last = decorator.body[-1]
    return isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and last.value.id == wrapper.name


def _given(module: Module, failure: Failure) -> Iterator[tuple[Value, ast.Return | Taking]]:
    """What a function gives once a failure was taken, and where that is said; nothing where that is not known."""
    taking, last = failure.taking, failure.block[-1] if failure.block else None
    if isinstance(last, ast.Return):
        yield _resolved(module, failure, last.value), last
        return
    if isinstance(taking, ast.ExceptHandler):
        loop = next((around for around in module.names.ancestors(taking) if isinstance(around, LoopNode)), None)
        for node in own(taking.body) if loop is not None else ():
            if loop is not None and isinstance(node, ast.Return) and _is_for_last(module, node, taking, loop):
                yield node.value, node
                return
    if not getattr(failure.last, "finalbody", ()):
        yield from ((_resolved(module, failure, value), taking) for value in _behind(module, failure.last))


def _resolved(module: Module, failure: Failure, value: Value) -> Value:
    """What a name stands for where a read has failed, or what is got of it; any other value as it is."""

    def stands_for(name: str) -> Value:
        found = _bound(module, failure, name) if name in module.names.scopes[failure.function].bindings else None
        return found.value if found is not None else None

    if isinstance(value, ast.Name):
        return stands_for(value.id) or value
    return value if value is None else worth(value, stands_for) or value


class BoundNames:
    """The names and attributes that stand for a wanted value once a failure was taken, and else for what was read."""

    def __init__(self, is_wanted: Callable[[Value], bool]) -> None:
        self.is_wanted = is_wanted

    def of(self, module: Module, failure: Failure) -> Iterator[Bound]:
        """Those of the function that takes a failure, each statement once."""
        chosen = _chosen(failure)
        if chosen is not None and self.is_wanted(chosen.value):
            yield chosen
        told: set[ast.AST] = set()
        for path in self._paths(module.names.scopes[failure.function]):
            found = _bound(module, failure, path)
            if found is not None and found.statement not in told and self.is_wanted(found.value):
                told.add(found.statement)
                yield found

    @answered_once
    def _paths(self, scope: Scope) -> Sequence[str]:
        """What is ever bound to a wanted value: of all the failures that a function takes, the same."""
        return [
            path
            for path, bindings in scope.bindings.items()
            if any(b.how == "assign" and b.value is not None and self.is_wanted(b.value) for b in bindings)
        ]


def _bound(module: Module, failure: Failure, path: str) -> Bound | None:
    """What a name or an attribute is once a failure was taken, if it is bound to what was read where there was none."""
    chosen = _chosen(failure)
    if chosen is not None:
        return chosen if access_path(chosen.target) == path else None
    names, bindings = module.names, module.names.scopes[failure.function].bindings[path]
    statements = [b.statement for b in bindings if isinstance(b.statement, ast.stmt)]
    if all(_is_mark(failure, each) for each in names.those_in(failure.tried, statements)):
        return None  # a mere `done = True` at the end of an attempt says nothing of what was read
    inside = names.those_in(failure.block, statements)
    if inside:
        return _assignment(inside[-1]) if inside[-1] in failure.block else None
    return None if _jumps(failure.block) else _before(module, failure, statements)


def _is_mark(failure: Failure, statement: ast.stmt) -> bool:
    """True for a literal that a name is set to in an attempt itself."""
    is_literal = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    return is_literal and statement in failure.tried


def _chosen(failure: Failure) -> Bound | None:
    """What `held = rows if good else []` binds where the read has failed."""
    match failure.block:
        case [ast.Assign(targets=[target], value=value)] if isinstance(failure.taking, ast.IfExp):
            assert isinstance(failure.last, (ast.Assign, ast.AnnAssign))
            return Bound(failure.last, target, value)
    return None


def _before(module: Module, failure: Failure, statements: Sequence[ast.stmt]) -> Bound | None:
    """What a name was bound to before a request whose failure leaves it as it is."""
    anchor = failure.anchor
    earlier = [statement for statement in statements if module.names.follows(anchor, statement)]
    last = max(earlier, key=lambda statement: statement.lineno, default=None)
    is_passed = last is not None and module.names.stands_in(block_of(module.names.parents[last], last), anchor)
    return _assignment(last) if last is not None and is_passed else None


def _jumps(block: Iterable[ast.stmt]) -> bool:
    """True if something in a block keeps it from coming to its end."""
    return any(isinstance(node, (ast.Return, ast.Raise, ast.Continue, ast.Break)) for node in own(block))


def _assignment(statement: ast.stmt) -> Bound | None:
    """What a statement binds, if it does nothing else."""
    match statement:
        case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
            assert isinstance(statement, (ast.Assign, ast.AnnAssign))
            return Bound(statement, target, value)
    return None


def _counters(loop: LoopNode) -> set[str]:
    """The names by which a loop counts: what a `for` takes, and what goes up in a round."""
    counted = names_in([loop.target]) if isinstance(loop, (ast.For, ast.AsyncFor)) else set()
    return counted.union(*(names_in([n.target]) for n in own(loop.body) if isinstance(n, ast.AugAssign)))


def _is_for_last(module: Module, end: ast.Return, handler: ast.ExceptHandler, loop: LoopNode) -> bool:
    """True if nothing decides whether a handler comes to a `return` but how many attempts there were."""
    inside = itertools.takewhile(lambda around: around is not handler, module.names.ancestors(end))
    asked = [names_in([around.test]) if isinstance(around, ast.If) else {handler.name} for around in inside]
    counters = _counters(loop) if asked else set()
    return bool(asked) and all(names & counters and handler.name not in names for names in asked)


def _leaves(block: Iterable[ast.stmt]) -> bool:
    """True if a block may end in an exception or a value: the last of several attempts often does."""
    return any(isinstance(node, (ast.Raise, ast.Return)) for statement in block for node in walk(statement))


def _behind(module: Module, statement: ast.stmt) -> Iterator[Value]:
    """What a function returns behind a statement, if nothing else is done there but to leave a `for`."""
    here: ast.AST = statement
    for around in module.names.ancestors(statement):
        if here in getattr(around, "finalbody", ()):
            return  # what a `finally` returns takes the place of more than this
        match following(around, here):
            case [ast.Return(value=value), *_]:
                yield value
                return
            case [_, *_]:
                return
        if isinstance(around, FUNCTIONS):
            yield None
            return
        has_more = isinstance(around, (ast.For, ast.AsyncFor, ast.Try)) and bool(around.orelse)
        has_more = has_more or (isinstance(around, ast.Try) and bool(around.finalbody))
        if has_more or isinstance(around, (ast.While, ast.ExceptHandler, ast.match_case)):
            return
        here = around
