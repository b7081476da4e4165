"""A callback that trades on candles looks at `confirm` and leaves open ones alone."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Handler

RULE = Rule("BYB506", __name__, severity="warning")


@RULE.on(Handler)
def check(handler: Handler) -> Iterator[Finding]:
    if handler.trades and handler.takes_open_candles:
        yield Finding(
            handler.span,
            f"{handler.title} trades on open candles, which change every second or so until `confirm` is true; "
            "return while it is not",
            related=(handler.trades,),
        )
