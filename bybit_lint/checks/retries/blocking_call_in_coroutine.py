"""A coroutine gives way while it waits."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Blocking, Finding, Related

RULE = Rule("BYB305", __name__, severity="warning")


@RULE.on(Blocking)
def check(blocking: Blocking) -> Iterator[Finding]:
    yield Finding(
        blocking.span,
        f"while {blocking.what} waits, nothing else in this bot runs, because it holds up the event loop: "
        "no stop is moved, no message is read",
        related=(Related(blocking.waits, "waits here"),) if blocking.waits else (),
        **blocking.give_way(),
    )
