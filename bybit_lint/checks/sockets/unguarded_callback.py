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
            f"{handler.title} lets exceptions out: the first closes the stream for good, without a word; catch them",
            related=(handler.fails,),
            fix=handler.guard(),
        )
    if handler.blocks:
        when = " after a failure" if handler.blocks_after_failure else ""
        yield Finding(
            handler.span,
            f"{handler.title} waits in the stream's own thread{when}: no message and no ping gets through meanwhile",
            related=(handler.blocks,),
            not_fixed="what it waits for has to be moved to a thread of its own",
        )
    if handler.misfit:
        yield Finding(
            handler.span,
            f"{handler.title} is called with {', '.join(handler.given)}: it does not take that, and never runs",
            related=(handler.misfit,),
            fix=handler.adapted,
            not_fixed="" if handler.adapted else "which of its parameters is which is for its author to say",
        )
