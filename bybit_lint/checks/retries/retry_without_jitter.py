"""Bots that failed together do not try again together."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Retry

RULE = Rule("BYB301", __name__, severity="warning", ret_codes=(10006, 10016))


@RULE.on(Retry)
def check(retry: Retry) -> Iterator[Finding]:
    if retry.is_synchronised:
        yield Finding(
            retry.span,
            f"the wait before {retry.what} is {retry.delay} for every bot: they all come back together; make it random",
            related=(Related(retry.repeats, "tried again here"),),
            fix=retry.jitter(),
            ret_codes=() if retry.is_connection else None,
        )
