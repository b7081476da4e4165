"""Every price is rounded to the instrument's own tick, not to decimals that somebody chose for all instruments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, OffGrid, of_categories

RULE = Rule("BYB204", __name__, severity="warning", ret_codes=(10001, 170134))


@RULE.on(OffGrid)
def check(number: OffGrid) -> Iterator[Finding]:
    if number.is_price and not number.is_unrounded:
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
        lost = "where that is finer, another price goes out, or 0"
        return f"{number.story} {number.cut_when} it is rounded to the tick: {lost}"
    return f"{number.story}, not to the instrument's tick: for some instruments the order is refused, or wrong"
