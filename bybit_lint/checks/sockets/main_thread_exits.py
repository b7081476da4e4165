"""A program that listens to a stream stays alive as long as it listens."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Subscription

RULE = Rule("BYB504", __name__, severity="error")


@RULE.on(Subscription)
def check(subscription: Subscription) -> Iterator[Finding]:
    if subscription.is_abandoned:
        yield Finding(
            subscription.span,
            "nothing keeps the program alive after this: it ends, and takes the stream with it, a daemon thread",
        )
