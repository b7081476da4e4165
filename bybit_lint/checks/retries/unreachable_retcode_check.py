"""Bybit's errors are looked for where the client tells them."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Dead, ErrorTest, Finding

RULE = Rule("BYB303", __name__, severity="error", ret_codes=(10006, 110043))

WHY = {
    Dead.RAISED: "this client raises an exception where retCode is not 0",
    Dead.NO_ATTRIBUTE: "the exception has no such attribute, and asking for it raises another one",
    Dead.OTHER_EXCEPTION: "this exception never bears this code",
}


@RULE.on(ErrorTest)
def check(test: ErrorTest) -> Iterator[Finding]:
    if test.dead is not None:
        yield Finding(
            test.span,
            f"a refusal by Bybit is never handled here: {WHY[test.dead]}",
            related=test.related,
            **test.ask_rightly(),
        )
