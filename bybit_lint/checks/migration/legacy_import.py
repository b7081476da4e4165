"""What is imported is in the client of today."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Legacy, LegacyUse

RULE = Rule("BYB601", __name__, severity="error")

EFFECTS = {
    False: "{} is in no {} since 2023: the bot does not start",
    True: "{} is in no {} that knows V5, the only API that Bybit still documents",
}
ALONE = "{} knows no V5, the only API that Bybit still documents"
"""What is said of a client that was given up as a whole."""


@RULE.on(LegacyUse)
def check(use: LegacyUse) -> Iterator[Finding]:
    if use.what is Legacy.IMPORT:
        effect = (ALONE if use.name == use.package else EFFECTS[use.is_pinned]).format(use.name, use.package)
        yield Finding(use.span, f"{effect}; use {use.instead}", not_fixed=use.not_fixed)
