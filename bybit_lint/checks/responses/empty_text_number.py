"""A text that may be empty is looked at before it becomes a number."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Reading

RULE = Rule("BYB702", __name__, severity="error")


@RULE.on(Reading)
def check(reading: Reading) -> Iterator[Finding]:
    if reading.empty:
        yield Finding(
            reading.span,
            f"{reading.field} is an empty text {reading.empty}: the bot stops here with {reading.error}",
            related=reading.related,
            **reading.correct(),
        )
