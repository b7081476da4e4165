"""A stop and a target that belong to an entry are attached to it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, LostEntry

RULE = Rule("BYB228", __name__, severity="error", ret_codes=(10001,))


@RULE.on(LostEntry)
def check(entry: LostEntry) -> Iterator[Finding]:
    yield Finding(
        entry.span,
        "stopLossPrice with takeProfitPrice sets the stops of a position: this order is never sent; "
        "write stopLoss and takeProfit",
        fix=entry.fix,
        not_fixed="" if entry.fix else "the params are written elsewhere",
    )
