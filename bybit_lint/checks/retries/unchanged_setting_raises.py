"""A setting of the account that is made already is no error to the bot."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import AccountSetting, Finding

RULE = Rule("BYB307", __name__, severity="warning", ret_codes=(34040, 110025, 110026, 110043))


@RULE.on(AccountSetting)
def check(setting: AccountSetting) -> Iterator[Finding]:
    stops = f"and nobody catches it: the bot stops here {setting.when}"
    where = (
        "is left out by the caller that is told of a failure"
        if setting.is_told
        else "behind it in the same try is left out then"
    )
    skips = f"and {setting.skipped} {where}"
    yield Finding(
        setting.span,
        f"{setting.what} raises retCode {setting.ret_code} where nothing has to be changed, "
        + (skips if setting.skipped else stops),
        not_fixed="only you know what the bot does about other codes: catch the error, and let this one pass",
        ret_codes=(setting.ret_code,),
    )
