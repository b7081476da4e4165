"""The bot's own functions are called as they are written."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, ImpossibleCall

RULE = Rule("BYB605", __name__, severity="error")


@RULE.on(ImpossibleCall)
def check(call: ImpossibleCall) -> Iterator[Finding]:
    yield Finding(
        call.span,
        f"{call.called} {call.why}: it always raises {call.error}, and Bybit is never asked",
        related=(call.definition,),
    )
