"""A market buy on spot says in which coin its quantity is."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Order

RULE = Rule("BYB225", __name__, severity="warning", ret_codes=(170124, 170131, 170140), is_default=False)


@RULE.on(Order)
def check(order: Order) -> Iterator[Finding]:
    if order.is_spot_market_buy and order.lacks("marketUnit"):
        message = (
            "without marketUnit this market buy spends qty in quote coin and does not buy that much; "
            'write marketUnit="baseCoin" or "quoteCoin"'
        )
        yield Finding(order.span, message, not_fixed="only you know which coin this quantity is in")
