"""Each order has an orderLinkId of its own."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Order

RULE = Rule("BYB226", __name__, severity="error", ret_codes=(110072, 170141))


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    link_id = order.constant_link_id
    if link_id is not None:
        message = "Bybit rejects all orders but the first: they have the same orderLinkId"
        yield Finding(link_id.span, message, **order.renew_link_id(link_id))
