"""Bybit's errors are looked for where the client tells them."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Dead, ErrorTest, Finding

RULE = Rule("BYB303", __name__, severity="error", ret_codes=(10006, 110043))

WHY = {
    Dead.RAISED: "{} never sees a refusal: this client raises it as an exception; catch that",
    Dead.NO_ATTRIBUTE: "{} is no attribute of this exception: asking for it raises another one{}",
    Dead.OTHER_EXCEPTION: "{} is never true: the client raises another exception for that code; catch that one",
    Dead.UNSAID: "{} is never true: tried again in vain, it is a FailedRequestError with status 400; ask for that",
}


@RULE.on(ErrorTest)
def check(test: ErrorTest) -> Iterator[Finding]:
    if test.dead is not None and not test.is_closed:
        yield Finding(
            test.span,
            WHY[test.dead].format(test.asked, f"; write {test.right}" if test.right else ""),
            related=test.related,
            ret_codes=tuple(code for code in RULE.ret_codes if code in test.numbers),
            **test.ask_rightly(),
        )
