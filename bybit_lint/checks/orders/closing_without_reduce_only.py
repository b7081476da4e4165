"""An order that closes a position says that it only reduces it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, UnreducedOrder

RULE = Rule("BYB230", __name__, severity="warning")


@RULE.on(UnreducedOrder)
def check(order: UnreducedOrder) -> Iterator[Finding]:
    yield Finding(
        order.span,
        f"{order.what} closes a position without reduceOnly: once the position is gone it opens the other side; "
        f"write {order.instead}",
        related=order.related,
        fix=order.fix,
        not_fixed="" if order.fix else "the wrapper or the dict of this order has to take reduceOnly first",
    )
