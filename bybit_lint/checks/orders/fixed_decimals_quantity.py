"""Every quantity is rounded to the instrument's own step, not to decimals that somebody chose for all instruments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, OffGrid, of_categories

RULE = Rule("BYB202", __name__, severity="warning", ret_codes=(10001, 170137))


@RULE.on(OffGrid)
def check(number: OffGrid) -> Iterator[Finding]:
    if not (number.is_price or number.is_unrounded):
        yield Finding(
            number.span,
            message(number),
            number.related,
            ret_codes=of_categories(RULE.ret_codes, number.categories),
            **number.repair,
        )


def message(number: OffGrid) -> str:
    """What the decimals do to the order."""
    if number.is_cut:
        lost = "where that is finer, another quantity goes out, or 0"
        return f"{number.story} {number.cut_when} it is rounded to the step: {lost}"
    return f"{number.story}, not to the instrument's step: Bybit rejects the order for some instruments"
