"""Every price is rounded to the instrument's own tick, not to decimals that somebody chose for all instruments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Order

RULE = Rule("BYB204", __name__, severity="warning", ret_codes=(10001, 170134))


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    for price in [] if order.is_for_one_instrument else order.prices():
        origin = price.value.fixed
        if origin is not None and not origin.is_whole:
            yield order.misfit(
                price,
                origin,
                f"this order is refused or wrong for some instruments: {price.name} {origin.story}, not to their tick",
            )
