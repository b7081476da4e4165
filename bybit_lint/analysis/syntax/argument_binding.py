"""Which argument of a call fills which parameter of a function, as Python itself binds them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Generic, TypeVar

from bybit_lint.analysis.syntax.logging_calls import only_logs
from bybit_lint.analysis.syntax.nodes import FunctionNode, walk

T = TypeVar("T")
COMPOUND = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.With, ast.AsyncWith, ast.Match)
"""Statements with others in them, which may leave the function."""


class BoundArguments(Generic[T]):
    """The arguments of one call, by what takes them."""

    def __init__(self, named: Mapping[str, T], rest: Sequence[T], others: Mapping[str, T]) -> None:
        self.named = named
        """By the parameter that each fills."""
        self.rest = rest
        """What is left for `*args`."""
        self.others = others
        """What is left for `**kwargs`."""

    def parameter_of(self, argument: T) -> str | None:
        """The parameter that this very argument fills."""
        return next((name for name, held in self.named.items() if held is argument), None)


def bind(
    function: FunctionNode, positional: Sequence[T], keywords: Mapping[str, T], offset: int = 0
) -> BoundArguments[T]:
    """Bind arguments to the parameters of a function; `offset` is 1 where `self` is bound already.

    What breaks off at `*args` or lacks what `**kwargs` brings is bound as far as it goes.
    """
    arguments = function.args
    names = [argument.arg for argument in positional_parameters(arguments)][offset:]
    named = dict(zip(names, positional, strict=False))
    taken = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
    if arguments.kwarg is None:  # which alone may be given a keyword that is called like a positional-only parameter
        taken.update(argument.arg for argument in arguments.posonlyargs)
    others: dict[str, T] = {}
    for name, held in keywords.items():
        (named if name in taken else others)[name] = held
    return BoundArguments(named, positional[len(names) :], others)


def bind_call(function: FunctionNode, call: ast.Call, offset: int = 0) -> BoundArguments[ast.expr]:
    """Bind the arguments of a call as they are written, those before a `*args` and the keywords."""
    positional = list(takewhile(lambda value: not isinstance(value, ast.Starred), call.args))
    keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    return bind(function, positional, keywords, offset)


def misfit(function: FunctionNode, call: ast.Call, offset: int) -> str:
    """Why a function does not take the arguments of a call; empty if it may."""
    arguments = function.args
    taken = positional_parameters(arguments)[offset:]
    is_plain = not call.keywords and not arguments.kwonlyargs and len(call.args) <= len(taken)
    if is_plain and len(call.args) >= len(taken) - len(arguments.defaults):
        return ""  # as most are, however much a starred argument brings
    given = [value for value in call.args if not isinstance(value, ast.Starred)]
    is_whole = len(given) == len(call.args) and all(keyword.arg for keyword in call.keywords)
    keywords = [keyword.arg for keyword in call.keywords if keyword.arg]
    named = {argument.arg for argument in (*taken, *arguments.kwonlyargs) if argument not in arguments.posonlyargs}
    strange = [name for name in keywords if name not in named]
    if strange and arguments.kwarg is None:
        return f"takes no {strange[0]}"
    if len(given) > len(taken) and arguments.vararg is None:
        return f"takes {len(taken)} positional arguments, and is given {len(given)}"
    filled = {argument.arg for argument in taken[: len(given)]}
    twice = [name for name in keywords if name in filled]
    if twice and len(given) == len(call.args):
        return f"is given {twice[0]} twice"
    passed_on = next((name for name in strange if _repeats(function, name)), "")
    if passed_on:
        return f"hands {passed_on} on beside its own"
    optional = defaults(arguments)
    needed = [argument.arg for argument in (*taken, *arguments.kwonlyargs) if argument.arg not in optional]
    lacking = [name for name in needed if name not in filled and name not in keywords]
    return f"needs {lacking[0]}" if lacking and is_whole else ""


def _repeats(function: FunctionNode, name: str) -> bool:
    """True if the first thing that a function calls gets a keyword from it, and all others that it was given."""
    rest = function.args.kwarg.arg if function.args.kwarg else ""
    for statement in function.body if isinstance(function.body, list) else ():
        calls = [node for node in walk(statement) if isinstance(node, ast.Call)]
        spreading = next((call for call in calls if any(_is_spread(k, rest) for k in call.keywords)), None)
        if spreading is not None and _value(statement) is spreading:
            return any(keyword.arg == name for keyword in spreading.keywords)
        is_of_rest = any(isinstance(node, ast.Name) and node.id == rest for node in walk(statement))
        if is_of_rest or (calls and not only_logs(statement)) or isinstance(statement, COMPOUND):
            return False
    return False


def _value(statement: ast.stmt) -> ast.expr | None:
    """What a statement returns, binds or does, be it awaited."""
    value = statement.value if isinstance(statement, (ast.Return, ast.Expr, ast.Assign, ast.AnnAssign)) else None
    return value.value if isinstance(value, ast.Await) else value


def _is_spread(keyword: ast.keyword, name: str) -> bool:
    return keyword.arg is None and isinstance(keyword.value, ast.Name) and keyword.value.id == name


def positional_parameters(arguments: ast.arguments) -> list[ast.arg]:
    """The parameters that positional arguments fill, in order."""
    return [*arguments.posonlyargs, *arguments.args]


def defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    """The defaults of the parameters that have one."""
    last = zip(reversed(positional_parameters(arguments)), reversed(arguments.defaults), strict=False)
    found = {argument.arg: default for argument, default in last}
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {argument.arg: default for argument, default in only if default is not None}
