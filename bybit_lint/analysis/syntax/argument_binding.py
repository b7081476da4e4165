"""Which argument of a call fills which parameter of a function, as Python itself binds them."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Generic, TypeVar

from bybit_lint.analysis.syntax.nodes import FunctionNode

T = TypeVar("T")


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
    optional = defaults(arguments)
    needed = [argument.arg for argument in (*taken, *arguments.kwonlyargs) if argument.arg not in optional]
    lacking = [name for name in needed if name not in filled and name not in keywords]
    return f"needs {lacking[0]}" if lacking and is_whole else ""


def positional_parameters(arguments: ast.arguments) -> list[ast.arg]:
    """The parameters that positional arguments fill, in order."""
    return [*arguments.posonlyargs, *arguments.args]


def defaults(arguments: ast.arguments) -> dict[str, ast.expr]:
    """The defaults of the parameters that have one."""
    last = zip(reversed(positional_parameters(arguments)), reversed(arguments.defaults), strict=False)
    found = {argument.arg: default for argument, default in last}
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {argument.arg: default for argument, default in only if default is not None}
