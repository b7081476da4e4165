"""A number is rounded to whole steps in a way that holds for every step."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Rounding

RULE = Rule("BYB205", __name__, severity="error", ret_codes=(10001, 170134, 170137))


@RULE.on(Rounding)
def check(rounding: Rounding) -> Iterator[Finding]:
    yield Finding(
        rounding.span,
        f"Bybit rejects some of the orders this is for: {rounding.how.value}",
        related=(rounding.reached,),
        **rounding.repair,
    )
