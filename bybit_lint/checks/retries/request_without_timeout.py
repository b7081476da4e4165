"""A request gives up when Bybit does not answer."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Request

RULE = Rule("BYB306", __name__, severity="warning")


@RULE.on(Request)
def check(request: Request) -> Iterator[Finding]:
    if request.is_endless and request.sent is None:
        yield Finding(
            request.span,
            "this request has no timeout: the bot may stand still here for ever, its orders and stops unattended",
            fix=request.limit_wait(),
        )
