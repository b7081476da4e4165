"""What a function gives is asked whether it is None, or a failure, where that is what a failure ends as."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, UncheckedNone

RULE = Rule("BYB310", __name__, severity="warning")


@RULE.on(UncheckedNone)
def check(use: UncheckedNone) -> Iterator[Finding]:
    yield Finding(
        use.span,
        f"{use.name}() gives {use.value} where its request fails: then this raises {use.error}; "
        f"ask first whether it is {use.value}",
        related=use.related,
        not_fixed="only you know what is to be done without the answer",
    )
