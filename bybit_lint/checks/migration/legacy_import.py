"""What is imported is in the client of today."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Legacy, LegacyUse

RULE = Rule("BYB601", __name__, severity="error")

EFFECTS = {
    False: "the bot does not start: {} is in no client since 2023",
    True: "the bot needs a client that knows no V5, the only API that Bybit still documents: {} is in no newer one",
}


@RULE.on(LegacyUse)
def check(use: LegacyUse) -> Iterator[Finding]:
    if use.what is Legacy.IMPORT:
        yield Finding(use.span, f"{EFFECTS[use.is_pinned].format(use.name)}; use {use.instead}", not_fixed=use.TOGETHER)
