"""Candles are put in order before anything is worked out from their order."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import CandleUse, Finding, Related

RULE = Rule("BYB701", __name__, severity="error")


@RULE.on(CandleUse)
def check(use: CandleUse) -> Iterator[Finding]:
    if use.is_newest_first:
        took = "latest candle for an old one" if use.is_for_the_past else "oldest candle for the latest"
        yield Finding(
            use.span,
            f"{use.what} takes the {took}, since Bybit sends the newest first: the bot trades on reversed prices",
            related=(
                Related(use.request, "the candles come from here"),
                *(Related(frame, "the frame is made of them here") for frame in use.frames),
            ),
            **use.turn_round(),
        )
