"""Every request has a timestamp and a signature of its own."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Timestamp

RULE = Rule("BYB403", __name__, severity="error", ret_codes=(10002,))


@RULE.on(Timestamp)
def check(timestamp: Timestamp) -> Iterator[Finding]:
    if timestamp.reuse is not None:
        yield Finding(
            timestamp.span,
            f"this timestamp {timestamp.reuse.value}: Bybit refuses it when it is older than recv_window; "
            "make one for each request",
            related=() if timestamp.given == timestamp.span else (Related(timestamp.given, "signed here"),),
        )
