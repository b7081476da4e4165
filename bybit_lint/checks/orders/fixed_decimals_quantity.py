"""Every quantity is rounded to the instrument's own step, not to decimals that somebody chose for all instruments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Order

RULE = Rule("BYB202", __name__, severity="warning", ret_codes=(10001, 170137))


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    for quantity in [] if order.is_for_one_instrument else order.base_quantities():
        origin = quantity.value.fixed
        if origin is not None:
            yield order.misfit(
                quantity,
                origin,
                f"Bybit rejects this order for some instruments: {quantity.name} {origin.story}, not to their step",
            )
