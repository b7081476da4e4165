"""Every price that reaches an order is a multiple of the instrument's tick."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Order

RULE = Rule("BYB203", __name__, severity="error", ret_codes=(10001, 170134))


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    for price in order.prices():
        origin = price.value.unrounded
        if origin is not None:
            yield order.misfit(
                price,
                origin,
                f"Bybit may refuse this order: {price.name} {origin.story} and is not rounded to the instrument's tick",
            )
