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
            f"{handler.name} trades on candles that are still open: a new one comes every second or so, "
            "and nobody looks at whether `confirm` is true",
            related=(handler.trades,),
        )
