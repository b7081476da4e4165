"""Requests and streams go to paths of the V5 API that Bybit still serves."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Legacy, LegacyUse

UNROUTED, UNIFIED = 10017, 100028
RULE = Rule("BYB603", __name__, severity="error", ret_codes=(UNROUTED, UNIFIED))

EFFECTS = {
    Legacy.PATH: "the request may get nothing but 10017 or HTTP 404",
    Legacy.STREAM: "the stream may stay silent or refuse the connection",
}


@RULE.on(LegacyUse)
def check(use: LegacyUse) -> Iterator[Finding]:
    if use.what in EFFECTS:
        message = f"{use.name} is older than V5: {EFFECTS[use.what]}; {use.successor}"
        codes = (UNROUTED,) if use.what is Legacy.PATH else ()
        yield Finding(use.span, message, not_fixed=use.not_fixed, ret_codes=codes)
    if use.what is Legacy.ENDPOINT:
        message = f"{use.name} is given up: {use.effect}; {use.successor}"
        codes = (UNIFIED,) if str(UNIFIED) in use.effect else ()
        yield Finding(use.span, message, not_fixed="only you know what the bot needs it for", ret_codes=codes)
