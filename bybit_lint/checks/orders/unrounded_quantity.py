"""Every quantity that reaches an order is a multiple of the instrument's step."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Order

RULE = Rule("BYB201", __name__, severity="error", ret_codes=(10001, 170137))


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    for quantity in order.quantities():
        origin = quantity.value.unrounded
        if origin is not None:
            yield order.misfit(
                quantity,
                origin,
                f"Bybit rejects this order: {quantity.name} {origin.story} and is not rounded to the instrument's step",
            )
