"""Requests and streams go to paths of the V5 API."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Legacy, LegacyUse

RULE = Rule("BYB603", __name__, severity="error", ret_codes=(10017,))

EFFECTS = {
    Legacy.PATH: "the request may get nothing but 10017 or HTTP 404",
    Legacy.STREAM: "the stream may stay silent or refuse the connection",
}


@RULE.on(LegacyUse)
def check(use: LegacyUse) -> Iterator[Finding]:
    if use.what in EFFECTS:
        message = f"{use.name} is older than V5: {EFFECTS[use.what]}; {use.successor}"
        codes = RULE.ret_codes if use.what is Legacy.PATH else ()
        yield Finding(use.span, message, not_fixed=use.not_fixed, ret_codes=codes)
