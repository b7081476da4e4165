"""Each order has an orderLinkId of its own."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Order, of_categories

RULE = Rule("BYB226", __name__, severity="error", ret_codes=(110072, 170141))


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    link_id = order.constant_link_id
    if link_id is not None:
        message = f"{link_id.title} is the same for every order: Bybit rejects all but the first; make one for each"
        codes = of_categories(RULE.ret_codes, [order.category])
        yield Finding(link_id.span, message, ret_codes=codes, **order.renew_link_id(link_id))
