"""A field is read under the name that the answer has it by."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, UnknownField

RULE = Rule("BYB707", __name__, severity="error")


@RULE.on(UnknownField)
def check(read: UnknownField) -> Iterator[Finding]:
    comes = "it is never there" if read.is_silent else "this raises a KeyError"
    right = f"; it is called {read.meant}" if read.meant else ""
    gives = "brings" if read.is_pushed else "answers"
    what = f"is in {read.elsewhere} of" if read.elsewhere else "is no field of"
    yield Finding(
        read.span,
        f"{read.field} {what} what {read.endpoint} {gives}{', not here' if read.elsewhere else ''}: {comes}{right}",
        related=read.related,
        fix=read.fix,
        not_fixed="" if read.fix else "only you know which field is meant",
    )
