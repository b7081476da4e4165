"""Functions of the project that call what they are given with their other arguments, as a circuit breaker does."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

from bybit_lint.analysis.bounds import MAX_FORWARDS
from bybit_lint.analysis.callgraph.call_sites import Candidate, LazyCall
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call, positional_parameters
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, deferred_callee
from bybit_lint.analysis.syntax.index import assigned
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, called_name, parameters
from bybit_lint.analysis.syntax.scopes import Scope
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.substitution import Substitution
from bybit_lint.analysis.values.terms import Function, Site, Term, alternatives
from bybit_lint.tuples import NamedTuple

NamedFunction = ast.FunctionDef | ast.AsyncFunctionDef
WORKED_OUT = (ast.Call, ast.Subscript)
"""What gives a function that bears no name where it is written: `getattr(client, name)`, `COMMANDS[name]`."""


class Forwarder(NamedTuple):
    """A function that calls what it is given for one of its parameters, with all else that it is given."""

    module: Module
    function: NamedFunction
    parameter: str
    call: ast.Call
    """The call in it, or in another one that it hands everything to."""
    called: ast.expr
    """What that is a call of."""


class ForwardedCall(NamedTuple):
    """A call that has another call made."""

    by: Forwarder
    function: Function
    module: Module
    call: ast.Call
    called: ast.expr
    """What the other call is of, or the name of that method."""
    skip: int
    """How many of the positional arguments are not for it."""

    @property
    def site(self) -> Site:
        return Site(self.module, self.call, self.module.names.scope(self.call))

    def callee(self, evaluator: Evaluator) -> Term:
        """What the other call is of."""
        if isinstance(self.by.called, ast.Name):
            return evaluator.term(Site(self.module, self.called, self.site.scope))
        here = LazyCall(evaluator, self.site, self.function)
        return Substitution(evaluator, self.function, here).of(evaluator.evaluate(self.by.module, self.by.called))

    @property
    def candidate(self) -> Candidate:
        """The other call, with what is for it."""
        taken = frozenset(argument.arg for argument in parameters(self.by.function))
        return Candidate(self.module, self.call, self.called, self.skip, taken)


class Forwarding:
    """The calls that are proven to have others made by functions of the project."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.by_name: dict[str, list[ForwardedCall]] = defaultdict(list)
        """By the name of what is called."""
        self.by_module: dict[Module, list[ForwardedCall]] = defaultdict(list)
        """By the file they stand in."""
        self._forwarding: set[ast.Call] = set()
        """The calls that forward."""
        fresh = [found for module in evaluator.project.readable for found in _forwarders(module)]
        for _ in range(MAX_FORWARDS):
            fresh = [around for forwarder in fresh for around in self._add(forwarder)]

    def unnamed(self, module: Module) -> Iterator[ast.Call]:
        """The calls of a file whose callee has no name: what is passed for a parameter, or taken out of something.

        Those that forward all they are given are made by whoever gives it.
        """
        found = [*_calls_of_what_is_worked_out(module), *called_parameters(module)]
        yield from (call for call in dict.fromkeys(found) if call not in self._forwarding)

    def _add(self, forwarder: Forwarder) -> Iterator[Forwarder]:
        """Know the calls of a function that forwards; gives the functions that hand all they are given to it."""
        for each in _calls(self.evaluator, forwarder):
            around = _handing_on(each, forwarder)
            if around is not None:
                yield around
                continue
            self._forwarding.add(forwarder.call)
            self.by_name[called_name(each.called)].append(each)
            self.by_module[each.module].append(each)


def called_parameters(module: Module) -> Iterator[ast.Call]:
    """The calls of a file that are of what was passed for a parameter."""
    names = module.names
    for node, scope in names.scopes.items():
        passed = parameters(node) if isinstance(node, FUNCTIONS) else []
        for name in (a.arg for a in passed if a.arg in names.calls_named):
            called = (call for call in names.calls_named[name] if isinstance(call.func, ast.Name))
            yield from (call for call in called if names.scope(call).holder(name) is scope)


def _calls_of_what_is_worked_out(module: Module) -> Iterator[ast.Call]:
    """The calls of a file whose callee is taken out of something by a call or an index, there or in a variable before.

    A function that is handed to a thread by the name of any variable is one of them.
    """
    names = module.names
    yield from (call for call in names.calls_named.get("", ()) if isinstance(call.func, WORKED_OUT))
    for name in names.nicknames:
        for call in names.calls_named[name]:
            if isinstance(call.func, ast.Name) and any(isinstance(v, WORKED_OUT) for v in _assigned(module, call.func)):
                yield call
    for call in names.called(*DEFERRING):
        called = deferred_callee(call)[0]
        if isinstance(called, WORKED_OUT) or (isinstance(called, ast.Name) and _assigned(module, called)):
            yield call


def _assigned(module: Module, name: ast.Name) -> list[ast.expr]:
    """What is assigned to the variable that a name is of."""
    scope = module.names.scope(name).holder(name.id)
    return assigned(scope, name.id) if scope is not None else []


def _behind_variable(module: Module, called: ast.expr) -> ast.expr:
    """What is called; for a variable of a function that is bound once, what it is bound to."""
    if not isinstance(called, ast.Name):
        return called
    scope = module.names.scope(called).holder(called.id)
    if scope is None or not scope.is_function or len(scope.bindings[called.id]) != 1:
        return called
    return next(iter(assigned(scope, called.id)), called)


def _handing_on(each: ForwardedCall, forwarder: Forwarder) -> Forwarder | None:
    """The function that a call stands in, if it hands all that it is given to the one that is called."""
    function, called = each.site.scope.function.node, each.called
    if not isinstance(function, NamedFunction) or not isinstance(called, ast.Name):
        return None
    is_plain = isinstance(forwarder.called, ast.Name) and function is not forwarder.function
    rest = each.call.args[each.skip :]
    if is_plain and _is_own(each.module, function, called.id) and _hands_all_on(each.module, function, rest, each.call):
        return Forwarder(each.module, function, called.id, forwarder.call, forwarder.called)
    return None


def _forwarders(module: Module) -> Iterator[Forwarder]:
    """The functions that call a parameter of theirs with all else that they are given."""
    open_ended = [n for n in module.names.scopes if isinstance(n, NamedFunction) and (n.args.vararg or n.args.kwarg)]
    inner = _inner_functions(module) if open_ended else {}
    for node in open_ended:
        for call in _calls_within(module, node, inner):
            written, skip = deferred_callee(call)
            called = _behind_variable(module, written)
            name = _parameter(called)
            if _is_own(module, node, name) and _hands_all_on(module, node, call.args[skip:], call):
                yield Forwarder(module, node, name, call, called)
                break


def _calls_within(module: Module, function: NamedFunction, inner: Mapping[Scope, list[Scope]]) -> Iterator[ast.Call]:
    """The calls of a function and of those in it, which see its parameters unless they have such names themselves."""
    names, own = module.names, module.names.scopes[function]
    yield from names.calls_in[function]
    for scope in inner.get(own, ()):
        if not scope.bindings.keys() & own.bindings.keys():
            yield from names.calls_in[scope.node]


def _inner_functions(module: Module) -> Mapping[Scope, list[Scope]]:
    """The functions that stand in others, by those."""
    found: dict[Scope, list[Scope]] = defaultdict(list)
    for scope in module.names.scopes.values():
        if scope.is_function and scope.parent is not None:
            found[scope.parent].append(scope)
    return found


def _parameter(called: ast.expr) -> str:
    """The parameter that a call is of, or that has the name of what it is of."""
    match called:
        case ast.Name(id=name) | ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Name(id=name), *_]):
            return name
    return ""


def _is_own(module: Module, function: NamedFunction, name: str) -> bool:
    """True for a parameter that stays what the caller has passed."""
    return name in _named(function) and len(module.names.scopes[function].bindings[name]) == 1


def _hands_all_on(module: Module, function: NamedFunction, positional: list[ast.expr], call: ast.Call) -> bool:
    """True if a call is given the `*args` and `**kwargs` of a function, as they are, and nothing else."""
    given = [value.value if isinstance(value, ast.Starred) else call.func for value in positional]
    more = [keyword.value if keyword.arg is None else call.func for keyword in call.keywords]
    pairs = ((given, function.args.vararg), (more, function.args.kwarg))
    return all(_is_rest(module.names.scopes[function], values, rest) for values, rest in pairs)


def _is_rest(scope: Scope, values: list[ast.expr], rest: ast.arg | None) -> bool:
    if rest is None or not values:
        return rest is None and not values
    is_same = len(values) == 1 and isinstance(values[0], ast.Name) and values[0].id == rest.arg
    is_changed = any(path.startswith(f"{rest.arg}[") for path in scope.bindings)
    return is_same and len(scope.bindings[rest.arg]) == 1 and not is_changed


def _calls(evaluator: Evaluator, forwarder: Forwarder) -> Iterator[ForwardedCall]:
    for module, call in evaluator.project.calls_of(forwarder.function.name):
        for callee in alternatives(evaluator.evaluate(module, call.func)):
            if isinstance(callee, Function) and callee.node is forwarder.function:
                offset = evaluator.parameters.offset(callee)
                called = bind_call(forwarder.function, call, offset).named.get(forwarder.parameter)
                if called is not None:
                    skip = len(_named(forwarder.function)) - offset
                    yield ForwardedCall(forwarder, callee, module, call, called, skip)


def _named(function: NamedFunction) -> list[str]:
    return [argument.arg for argument in positional_parameters(function.args)]
