"""A retry waits before it tries again, or gives up at some time."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Retry

RULE = Rule("BYB302", __name__, severity="error", ret_codes=(403,))


@RULE.on(Retry)
def check(retry: Retry) -> Iterator[Finding]:
    if retry.is_hot:
        yield Finding(
            retry.span,
            f"Bybit may lock this address out for ten minutes: {retry.what} is tried again at once after a failure, "
            "with no wait and no end",
            related=(Related(retry.repeats, "tried again here"),),
            not_fixed="how long to wait, and when to give up, is for you to say",
        )
