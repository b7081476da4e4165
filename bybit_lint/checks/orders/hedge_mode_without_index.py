"""In hedge mode an order says which position it is for."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, UnindexedOrder

RULE = Rule("BYB227", __name__, severity="error", ret_codes=(10001,))


@RULE.on(UnindexedOrder)
def check(order: UnindexedOrder) -> Iterator[Finding]:
    whose = "this bot uses" if order.account else "the config says"
    yield Finding(
        order.span,
        f"{order.what} has no positionIdx: Bybit refuses it in hedge mode, which {whose}; "
        "write 1 for long, 2 for short",
        related=order.related,
        fix=order.fix,
        not_fixed="" if order.fix else "only you know whether this order opens a position or closes one",
    )
