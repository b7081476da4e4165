"""Demo trading is asked only for what it has."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import DemoRequest, Finding

RULE = Rule("BYB107", __name__, severity="error", ret_codes=(10032,))


@RULE.on(DemoRequest)
def check(request: DemoRequest) -> Iterator[Finding]:
    where = f" for {request.category}" if request.category else ""
    yield Finding(
        request.span,
        f"demo trading has no {request.endpoint}{where}: Bybit refuses it; ask with a key of mainnet, or leave it out",
        related=request.related,
        not_fixed="only you know what the bot does without it",
    )
