"""An order that closes a position says that it only reduces it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, UnreducedOrder

RULE = Rule("BYB230", __name__, severity="warning")


@RULE.on(UnreducedOrder)
def check(order: UnreducedOrder) -> Iterator[Finding]:
    if order.told:
        lack = f"{order.what} takes {order.told} and never sends it"
        instead = "send it as reduceOnly"
    else:
        lack, instead = f"{order.what} closes a position without reduceOnly", f"write {order.instead}"
    yield Finding(
        order.span,
        f"{lack}: once the position is gone it opens the other side; {instead}",
        related=order.related,
        fix=order.fix,
        not_fixed="" if order.fix else "the wrapper or the dict of this order has to take reduceOnly first",
    )
