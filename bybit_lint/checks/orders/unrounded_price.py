"""Every price that reaches an order is a multiple of the instrument's tick."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, OffGrid

RULE = Rule("BYB203", __name__, severity="error", ret_codes=(10001, 170134))


@RULE.on(OffGrid)
def check(number: OffGrid) -> Iterator[Finding]:
    if number.is_price and number.is_unrounded:
        yield Finding(
            number.span,
            f"Bybit may refuse this order: {number.story} and is not rounded to the instrument's tick",
            number.related,
            **number.repair,
        )
