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
            f"{retry.what} is tried again at once after a failure, without a wait and without end: "
            "Bybit may lock this address out for ten minutes",
            related=(Related(retry.repeats, "tried again here"),),
            not_fixed="only you know how long to wait, and when to give up",
        )
