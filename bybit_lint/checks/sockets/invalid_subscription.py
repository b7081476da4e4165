"""A subscription asks for a topic that Bybit has, with a depth, interval and number of topics that it allows."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Subscription

RULE = Rule("BYB505", __name__, severity="error")


@RULE.on(Subscription)
def check(subscription: Subscription) -> Iterator[Finding]:
    if subscription.refusal:
        fix = subscription.corrected()
        yield Finding(
            subscription.span,
            f"{subscription.refusal}: {subscription.outcome}",
            fix=fix,
            not_fixed="" if fix else "only you know what is meant",
        )
