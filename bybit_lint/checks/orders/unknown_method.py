"""Every method is one that the client has, called the way it takes its arguments."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Break, BrokenCall, Finding

RULE = Rule("BYB214", __name__, severity="error")


@RULE.on(BrokenCall)
def check(call: BrokenCall) -> Iterator[Finding]:
    lost = "what stands in this dict is not sent" if call.flaw is Break.MISPLACED else "nothing is sent by this call"
    guess = f" (did you mean {call.meant}?)" if call.flaw is Break.UNKNOWN and call.meant else ""
    not_fixed = "" if call.fix else "which call is meant, and with which arguments, is for you to say"
    why = call.flaw.value.format(name=call.name, meant=call.meant)
    yield Finding(call.span, f"{lost}: {why}{guess}", fix=call.fix, not_fixed=not_fixed)
