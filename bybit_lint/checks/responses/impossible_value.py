"""A field is compared with a value that it may have."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, ImpossibleTest

RULE = Rule("BYB708", __name__, severity="error")
MOST = 4
"""More values than these are not told one by one."""


@RULE.on(ImpossibleTest)
def check(test: ImpossibleTest) -> Iterator[Finding]:
    if test.is_number:
        right = "it is a number: compare it with one"
    else:
        said = f"{', '.join(test.values[:MOST])}{' and others' if len(test.values) > MOST else ''}"
        right = f"it is one of {said}"
    comes = "nothing is ever found here" if test.is_looked_up else "this test says the same each time"
    yield Finding(
        test.span,
        f"{test.field} is never {test.said}: {comes}; {right}",
        fix=test.fix,
        not_fixed="" if test.fix else "only you know which value is meant",
    )
