"""What went wrong with an order is heard by the code that placed it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Swallow

RULE = Rule("BYB222", __name__, severity="warning", is_default=False)


@RULE.on(Swallow)
def check(swallow: Swallow) -> Iterator[Finding]:
    fate = "only logged" if swallow.is_logged else "passed over"
    yield Finding(
        swallow.span,
        f"every failure of {swallow.what} is {fate} here, and the bot goes on as if it had worked; "
        "raise it, or tell the code that follows",
        related=(Related(swallow.order, "fails here"),),
        not_fixed="only you know what the bot has to do when this fails",
    )
