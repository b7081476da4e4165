"""A number is rounded to whole steps in a way that holds for every step."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Misrounding, Rounding, of_categories

RULE = Rule("BYB205", __name__, severity="error", ret_codes=(10001, 170134, 170137))

OTHERS = {True: {170137}, False: {170134}, None: set[int]()}
"""The codes of quantities where a price is rounded, and the other way round."""


@RULE.on(Rounding)
def check(rounding: Rounding) -> Iterator[Finding]:
    if rounding.how in (Misrounding.FLOOR, Misrounding.DIGITS):
        yield Finding(rounding.span, rounding.how.value, rounding.related, ret_codes=(), **rounding.repair)
        return
    refuses = "may reject" if rounding.how is Misrounding.EXPONENT else "rejects"
    codes = of_categories(RULE.ret_codes, rounding.categories)
    yield Finding(
        rounding.span,
        f"{rounding.how.value}; Bybit {refuses} such orders",
        related=rounding.related,
        ret_codes=tuple(code for code in codes if code not in OTHERS[rounding.is_price]),
        **rounding.repair,
    )
