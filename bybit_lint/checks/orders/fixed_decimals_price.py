"""Every price is rounded to the instrument's own tick, not to decimals that somebody chose for all instruments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, OffGrid

RULE = Rule("BYB204", __name__, severity="warning", ret_codes=(10001, 170134))


@RULE.on(OffGrid)
def check(number: OffGrid) -> Iterator[Finding]:
    if number.is_price and not number.is_unrounded:
        yield Finding(
            number.span,
            f"this order is refused or wrong for some instruments: {number.story}, not to their tick",
            number.related,
            **number.repair,
        )
