"""It is certain that it is Bybit who answers."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Unchecked

RULE = Rule("BYB104", __name__, severity="error")


@RULE.on(Unchecked)
def check(unchecked: Unchecked) -> Iterator[Finding]:
    message = f"whoever sits on the line can read and change {unchecked.what}: any certificate is taken for Bybit's"
    if unchecked.is_warning:
        message = "nobody hears that certificates are not checked any more: the warning is switched off"
    fix = unchecked.check_again()
    yield Finding(unchecked.span, message, fix=fix, not_fixed="" if fix else "other settings stand in it too")
