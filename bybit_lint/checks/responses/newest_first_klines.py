"""Candles are put in order before anything is worked out from their order."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import CandleUse, Finding, Related

RULE = Rule("BYB701", __name__, severity="error")


@RULE.on(CandleUse)
def check(use: CandleUse) -> Iterator[Finding]:
    if use.is_newest_first:
        yield Finding(
            use.span,
            f"{use.what} takes the oldest candle for the latest, since Bybit sends the newest first: "
            "the bot trades on reversed prices",
            related=(Related(use.request, "the candles come from here"),),
            **use.turn_round(),
        )
