"""Every argument has a name that Bybit knows."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Misnamed

RULE = Rule("BYB211", __name__, severity="error", ret_codes=(10001,))


@RULE.on(Misnamed)
def check(argument: Misnamed) -> Iterator[Finding]:
    lost = f"Bybit is told no {argument.meant}" if argument.meant else "Bybit is told nothing"
    message = f"{lost} by {argument.name}: {argument.endpoint} has no such parameter"
    yield Finding(argument.span, message, **argument.rename())
