"""Every argument has a name that Bybit knows."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Misnamed, of_categories

RULE = Rule("BYB211", __name__, severity="error", ret_codes=(10001, 170105))

EMPTY = 170105
"""Documented for orders on spot; which of the two they are answered is not established."""
CLOSING = ("reduceOnly", "closeOnTrigger")


@RULE.on(Misnamed)
def check(argument: Misnamed) -> Iterator[Finding]:
    message = f"{argument.name} is not a parameter of {argument.endpoint}{successor(argument)}"
    yield Finding(argument.span, message, ret_codes=codes(argument), **argument.rename())


def successor(argument: Misnamed) -> str:
    """What to write instead, and what becomes of a request that is not refused."""
    if argument.instead:
        return f": {argument.instead}"
    if not argument.meant:
        return f"; it is one of {argument.elsewhere}" if argument.elsewhere else ", and nothing there is called like it"
    effect = "" if argument.is_needed else f", and {passing(argument)}"
    return f"; it is called {argument.meant}{effect}"


def passing(argument: Misnamed) -> str:
    """What may happen without it. That Bybit takes no notice of names it does not know is likely, not documented."""
    if argument.meant in CLOSING and not argument.is_off:
        return "without it the order may open a position"
    return f"the {'order' if argument.is_order else 'request'} may pass without it"


def codes(argument: Misnamed) -> tuple[int, ...]:
    if not argument.is_needed:
        return ()
    return (10001, *of_categories((EMPTY,), [argument.category])) if argument.is_order else (10001,)
