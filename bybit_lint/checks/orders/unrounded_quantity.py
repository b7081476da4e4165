"""Every quantity that reaches an order is a multiple of the instrument's step."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Kind, Order, Related

RULE = Rule("BYB201", __name__, severity="error", ret_codes=(10001, 170137))

WORDS = {
    Kind.ARITHMETIC: ("comes from float arithmetic", "computed here"),
    Kind.OUTSIDE: ("comes from outside", "received here"),
}


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    for quantity in order.quantities():
        origin = quantity.value.unrounded
        if origin is not None:
            why, here = WORDS[origin.kind]
            yield Finding(
                quantity.span,
                f"Bybit rejects this order: {quantity.name} {why} and is not rounded to the instrument's step",
                related=tuple(order.other_ends(quantity, Related(origin.span, here))),
                **order.rounding(quantity),
            )
