"""A setting of the account that is made already is no error to the bot."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import AccountSetting, Finding

RULE = Rule("BYB307", __name__, severity="warning", ret_codes=(110025, 110026, 110043))


@RULE.on(AccountSetting)
def check(setting: AccountSetting) -> Iterator[Finding]:
    yield Finding(
        setting.span,
        f"the bot stops here when it is started again: {setting.what} raises an error for retCode {setting.ret_code}, "
        "which says that nothing had to be changed, and nobody catches it",
        not_fixed="where this code is to be expected, and what the bot does about others, is for you to say",
    )
