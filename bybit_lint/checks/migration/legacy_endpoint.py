"""Requests and streams go to paths of the V5 API."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Legacy, LegacyUse

RULE = Rule("BYB603", __name__, severity="error", ret_codes=(10017,))

EFFECTS = {
    Legacy.PATH: "this request may get nothing but 10017 or HTTP 404",
    Legacy.STREAM: "this stream may stay silent or refuse the connection",
}


@RULE.on(LegacyUse)
def check(use: LegacyUse) -> Iterator[Finding]:
    if use.what in EFFECTS:
        message = f"{EFFECTS[use.what]}: its path is older than V5, the only API that Bybit still documents"
        yield Finding(use.span, f"{message}: {use.successor}", not_fixed=use.TOGETHER)
