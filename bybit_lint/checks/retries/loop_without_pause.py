"""A loop that asks Bybit in each round waits before the next one."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import BusyLoop, Finding

RULE = Rule("BYB309", __name__, severity="warning", ret_codes=(10006, 403))


@RULE.on(BusyLoop)
def check(loop: BusyLoop) -> Iterator[Finding]:
    when = " after a failure" if loop.is_failure else " by one of its ways" if loop.by else ""
    yield Finding(
        loop.span,
        f"this loop calls {loop.what} again{when} without a wait: the rate limit is soon used up; wait in each round",
        related=loop.related,
        not_fixed="only you know how often it has to be asked",
    )
