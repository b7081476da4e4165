"""The settings of a client's retries do what they say."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Misuse, RetrySetting

RULE = Rule("BYB308", __name__, severity="warning", ret_codes=(10002, 10006))


@RULE.on(RetrySetting)
def check(setting: RetrySetting) -> Iterator[Finding]:
    codes = RULE.ret_codes if setting.misuse is Misuse.NO_CODES else ()
    yield Finding(setting.span, setting.misuse.value, ret_codes=codes, **setting.mend())
