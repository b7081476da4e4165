"""Functions of the project that call what they are given with their other arguments, as a circuit breaker does."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call, positional_parameters
from bybit_lint.analysis.syntax.deferred_calls import deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name, parameters
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Function, alternatives

Forwarder = ast.FunctionDef | ast.AsyncFunctionDef


class ForwardedCall(NamedTuple):
    """A call that has another call made."""

    module: Module
    call: ast.Call
    called: ast.expr
    """What the other call is of."""
    skip: int
    """How many of the positional arguments are not for it."""


def forwarded_calls(evaluator: Evaluator) -> dict[str, list[ForwardedCall]]:
    """The calls that are proven to have others made by functions of the project, by the name of what is called."""
    found: dict[str, list[ForwardedCall]] = defaultdict(list)
    for module in evaluator.project.readable:
        for node in module.names.scopes:
            if isinstance(node, Forwarder) and (name := _forwards(module, node)):
                for each in _calls(evaluator, node, name):
                    found[called_name(each.called)].append(each)
    return found


def _forwards(module: Module, function: Forwarder) -> str:
    """The parameter that a function calls with its `*args`; empty if there is none."""
    rest = function.args.vararg
    for call in module.names.calls_in[function] if rest else ():
        called, skip = deferred_callee(call)
        match called, call.args[skip:]:
            case ast.Name(id=name), [ast.Starred(value=ast.Name(id=given))] if rest and given == rest.arg:
                if name in _named(function):
                    return name
    return ""


def _calls(evaluator: Evaluator, function: Forwarder, name: str) -> Iterator[ForwardedCall]:
    own = {argument.arg for argument in parameters(function)}
    for module, call in evaluator.project.calls_of(function.name):
        if any(keyword.arg in own for keyword in call.keywords):
            continue
        for callee in alternatives(evaluator.at(module, call.func).term):
            if isinstance(callee, Function) and callee.node is function:
                offset = evaluator.parameters.offset(callee)
                called = bind_call(function, call, offset).named.get(name)
                if called is not None:
                    yield ForwardedCall(module, call, called, len(_named(function)) - offset)


def _named(function: Forwarder) -> list[str]:
    return [argument.arg for argument in positional_parameters(function.args)]
