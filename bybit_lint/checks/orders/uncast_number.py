"""A Decimal is made text before JSON is made of it."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Request

RULE = Rule("BYB206", __name__, severity="error")


@RULE.on(Request)
def check(request: Request) -> Iterator[Finding]:
    for argument in request.decimals():
        yield Finding(
            argument.span,
            f"{argument.title} is a Decimal, which JSON does not have: the call stops with a TypeError",
            related=() if argument.span.holds(argument.target) else (Related(argument.target, "sent here"),),
            fix=request.write_out(argument),
        )
