"""What Bybit answers to a login and to a subscription is read."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, UnreadAnswer

RULE = Rule("BYB510", __name__, severity="warning", is_default=False)


@RULE.on(UnreadAnswer)
def check(answer: UnreadAnswer) -> Iterator[Finding]:
    fate = "is thrown away" if answer.is_thrown_away else "is passed over"
    said = f"the answer to {answer.op} {fate}: if it is refused, nothing ever arrives; stop where success is not true"
    yield Finding(answer.span, said)
