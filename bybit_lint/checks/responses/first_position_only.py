"""A position is chosen by what it is, not by where it stands in the list."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Reading

RULE = Rule("BYB703", __name__, severity="warning")


@RULE.on(Reading)
def check(reading: Reading) -> Iterator[Finding]:
    if reading.ambiguous:
        yield Finding(
            reading.span,
            f"{reading.ambiguous}: the first may be another position; look for symbol and side",
            related=reading.related,
            **reading.correct(),
        )
