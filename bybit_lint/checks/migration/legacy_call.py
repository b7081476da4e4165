"""Calls are those of the V5 client."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Legacy, LegacyUse

RULE = Rule("BYB602", __name__, severity="error")


@RULE.on(LegacyUse)
def check(use: LegacyUse) -> Iterator[Finding]:
    if use.what is Legacy.CALL:
        message = f"{use.name} does not speak V5, the only API that Bybit still documents; {use.successor}"
        yield Finding(use.span, message, not_fixed=use.not_fixed)
