"""It is certain that it is Bybit who answers."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Unchecked

RULE = Rule("BYB104", __name__, severity="error")

NOT_FIXED = {
    False: "other settings stand in it too",
    True: "only you know what to do where Bybit cannot be reached",
}


@RULE.on(Unchecked)
def check(unchecked: Unchecked) -> Iterator[Finding]:
    message = f"nobody checks Bybit's certificate for {unchecked.what}: whoever sits on the line can read and change it"
    if unchecked.is_warning:
        message = "the warning that certificates are not checked is switched off here: nobody hears of it any more"
    fix = unchecked.check_again()
    yield Finding(unchecked.span, message, fix=fix, not_fixed="" if fix else NOT_FIXED[unchecked.is_fallback])
