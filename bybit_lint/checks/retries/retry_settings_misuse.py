"""The settings of a client's retries do what they say."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Misuse, RetrySetting

RULE = Rule("BYB308", __name__, severity="warning", ret_codes=(10002, 10006))

CONSEQUENCES = {
    Misuse.NO_CODES: "requests are tried again all the same",
    Misuse.TEXT_TRIES: "no request ever leaves the bot",
    Misuse.NO_TRY: "no request ever leaves the bot",
    Misuse.TEXT_DELAY: "the bot stops with a TypeError where it should wait",
    Misuse.SENT_AGAIN: "an order may be sent three times",
}


@RULE.on(RetrySetting)
def check(setting: RetrySetting) -> Iterator[Finding]:
    yield Finding(setting.span, f"{CONSEQUENCES[setting.misuse]}: {setting.misuse.value}", **setting.mend())
