"""Fields of answers are read under their V5 names."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Reading

RULE = Rule("BYB604", __name__, severity="error")


@RULE.on(Reading)
def check(reading: Reading) -> Iterator[Finding]:
    if reading.renamed:
        yield Finding(
            reading.span,
            f"V5 answers have no {reading.field}: the bot never sees this value; it is called {reading.renamed}",
            related=reading.related,
            **reading.correct(),
        )
