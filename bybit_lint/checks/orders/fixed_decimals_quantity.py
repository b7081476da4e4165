"""Every quantity is rounded to the instrument's own step, not to decimals that somebody chose for all instruments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, OffGrid

RULE = Rule("BYB202", __name__, severity="warning", ret_codes=(10001, 170137))


@RULE.on(OffGrid)
def check(number: OffGrid) -> Iterator[Finding]:
    if not (number.is_price or number.is_unrounded):
        yield Finding(
            number.span,
            f"Bybit rejects this order for some instruments: {number.story}, not to their step",
            number.related,
            **number.repair,
        )
