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
            f"{reading.field} is not in the answer to an order, {reading.absent}; ask for the order by its id",
            related=reading.related,
            **reading.correct(),
        )
