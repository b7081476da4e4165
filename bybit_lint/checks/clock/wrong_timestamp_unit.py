"""Bybit is told of moments in milliseconds since 1970, UTC."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Timestamp

RULE = Rule("BYB402", __name__, severity="error", ret_codes=(10002,))

LOGIN = "expires"
"""What a socket is told is no request, and is answered no retCode."""


@RULE.on(Timestamp)
def check(timestamp: Timestamp) -> Iterator[Finding]:
    if timestamp.reuse is not None or not (timestamp.unit or timestamp.is_naive):
        return
    consequence = "Bybit refuses this request" if timestamp.is_signed else "the answer is about another time, or empty"
    is_wrong = (
        f"is in {timestamp.unit}, and Bybit takes milliseconds"
        if timestamp.unit
        else "is off by this machine's distance from UTC"
    )
    elsewhere = not timestamp.span.holds(timestamp.given) and not timestamp.given.holds(timestamp.span)
    fix = timestamp.mend()
    yield Finding(
        timestamp.span,
        f"{timestamp.name} {is_wrong}: {consequence}",
        related=(Related(timestamp.given, "given to Bybit here"),) if elsewhere else (),
        fix=fix,
        not_fixed="" if fix else "it is put together in more than one step",
        ret_codes=None if timestamp.is_signed and timestamp.name != LOGIN else (),
    )
