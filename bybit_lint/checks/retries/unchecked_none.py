"""What a function gives is asked whether it is None, where that is what a failure ends as."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, UncheckedNone

RULE = Rule("BYB310", __name__, severity="warning")


@RULE.on(UncheckedNone)
def check(use: UncheckedNone) -> Iterator[Finding]:
    yield Finding(
        use.span,
        f"{use.name}() gives None where its request fails: then this raises {use.error}; ask first whether it is None",
        related=use.related,
        not_fixed="only you know what is to be done without the answer",
    )
