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
            "the program ends here and takes the stream with it: the callback runs in a daemon thread, "
            "and nothing after this keeps the main thread alive",
        )
