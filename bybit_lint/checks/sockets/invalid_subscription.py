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
            f"Bybit refuses this subscription, and the bot hears nothing of it: {subscription.refusal}",
            fix=fix,
            not_fixed="" if fix else "what was meant is not written here, or known only to you",
        )
