"""Every method is one that the client has, called the way it takes its arguments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import BrokenCall, Finding

RULE = Rule("BYB214", __name__, severity="error")


@RULE.on(BrokenCall)
def check(call: BrokenCall) -> Iterator[Finding]:
    guess = f"; did you mean {call.meant}?" if call.meant else ""
    message = call.flaw.value.format(name=call.name, meant=call.meant, guess=guess, said=call.said)
    not_fixed = "" if call.fix else "only you know which call is meant, and with which arguments"
    yield Finding(call.span, message, fix=call.fix, not_fixed=not_fixed)
