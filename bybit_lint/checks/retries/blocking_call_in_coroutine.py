"""A coroutine gives way while it waits."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Blocking, Finding, Related

RULE = Rule("BYB305", __name__, severity="warning")


@RULE.on(Blocking)
def check(blocking: Blocking) -> Iterator[Finding]:
    instead = "write await asyncio.sleep()" if blocking.is_pause else "wait for it in a thread"
    yield Finding(
        blocking.span,
        f"{blocking.what} holds up the event loop while it waits: no stop is moved, no message is read; {instead}",
        related=(Related(blocking.waits, "waits here"),) if blocking.waits else (),
        **blocking.give_way(),
    )
