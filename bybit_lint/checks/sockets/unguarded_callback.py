"""A stream's callback lets no exception out and returns at once."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Handler

RULE = Rule("BYB503", __name__, severity="warning")


@RULE.on(Handler)
def check(handler: Handler) -> Iterator[Finding]:
    if handler.fails:
        yield Finding(
            handler.span,
            f"one exception in {handler.name} and the stream is closed for good, without a word: "
            "nothing in the callback catches it",
            related=(handler.fails,),
            fix=handler.guard(),
        )
    if handler.blocks:
        yield Finding(
            handler.span,
            f"no message and no ping gets through while {handler.name} waits: the callback runs in the stream's thread",
            related=(handler.blocks,),
            not_fixed="what it waits for has to be moved to a thread of its own",
        )
