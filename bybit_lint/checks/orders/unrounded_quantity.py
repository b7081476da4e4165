"""Every quantity that reaches an order is a multiple of the instrument's step."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, OffGrid, of_categories

RULE = Rule("BYB201", __name__, severity="error", ret_codes=(10001, 170137))


@RULE.on(OffGrid)
def check(number: OffGrid) -> Iterator[Finding]:
    if not number.is_price and number.is_unrounded:
        yield Finding(
            number.span,
            f"{number.story} and is not rounded to the instrument's step: Bybit rejects the order",
            number.related,
            ret_codes=of_categories(RULE.ret_codes, number.categories),
            **number.repair,
        )
