"""What a call leaves for `*args` and `**kwargs`, and what comes out of those that it is given itself."""

from __future__ import annotations

from bybit_lint.analysis.syntax.argument_binding import BoundArguments, positional_parameters
from bybit_lint.analysis.syntax.nodes import parameters
from bybit_lint.analysis.values.evaluation import CallArguments
from bybit_lint.analysis.values.terms import DictTerm, Expression, ListTerm, Parameter, Spread


def takes_rest(parameter: Parameter) -> bool:
    """True for the parameters of `*args` and `**kwargs`."""
    name, first, more = parameter.name, parameter.function.args.vararg, parameter.function.args.kwarg
    return (first is not None and first.arg == name) or (more is not None and more.arg == name)


def left_over(parameter: Parameter, bound: BoundArguments[Expression], made: CallArguments, offset: int) -> Expression:
    """What is left for `*args` or `**kwargs`."""
    many = parameter.function.args.kwarg
    if many is not None and many.arg == parameter.name:
        named = frozenset(argument.arg for argument in parameters(parameter.function))
        spreads = tuple(Spread(s.held, s.over - named, s.taken | named) for s in made.spreads)
        return Expression(made.site, DictTerm(bound.others, made.is_whole, made.site, (), spreads))
    is_all_named = len(made.positional) == len(positional_parameters(parameter.function.args)) - offset
    if made.rest is not None and is_all_named:
        return made.rest
    is_closed = made.is_whole and made.rest is None
    return Expression(made.site, ListTerm(tuple(bound.rest), is_closed, made.site))


def places_in_rest(parameter: Parameter, made: CallArguments, offset: int) -> list[tuple[Expression, str]]:
    """Where the argument for a parameter may be in `**more`, where that is asked first, and in `*rest`.

    Nothing if several dicts are spread: nobody knows in which of them it is.
    """
    names = [argument.arg for argument in positional_parameters(parameter.function.args)][offset:]
    found = [(s.held, f"[{parameter.name!r}]") for s in made.spreads if parameter.name not in s.taken]
    if len(found) > 1:
        return []
    if made.rest is not None and parameter.name in names:
        found.append((made.rest, f"[{names.index(parameter.name) - len(made.positional)}]"))
    return found
