"""An order is for the market that the bot means to trade."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, MarketMistake

RULE = Rule("BYB229", __name__, severity="error")


@RULE.on(MarketMistake)
def check(market: MarketMistake) -> Iterator[Finding]:
    yield Finding(
        market.span,
        market.mistake.value.format(said=market.said, what=market.what, meant=market.meant),
        fix=market.fix,
        not_fixed="" if market.fix else "only you know which market is meant",
    )
