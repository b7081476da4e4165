"""A subscription asks for a topic that Bybit has, with a depth, interval and number of topics that it allows."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Subscription

RULE = Rule("BYB505", __name__, severity="error")


@RULE.on(Subscription)
def check(subscription: Subscription) -> Iterator[Finding]:
    if subscription.refusal:
        fix = subscription.corrected()
        yield Finding(
            subscription.span,
            f"{subscription.refusal}: {subscription.outcome}",
            related=(Related(subscription.origin, "the topic is put together here"),) if subscription.origin else (),
            fix=fix,
            not_fixed="" if fix else "only you know what is meant",
        )
