"""What became of an order is asked for, not read from the answer to placing it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Reading

RULE = Rule("BYB224", __name__, severity="error")


@RULE.on(Reading)
def check(reading: Reading) -> Iterator[Finding]:
    if reading.absent:
        yield Finding(
            reading.span,
            f"the bot books what it cannot know: {reading.field} is not in the answer to an order, {reading.absent}",
            related=reading.related,
            **reading.correct(),
        )
