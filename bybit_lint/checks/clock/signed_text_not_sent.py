"""What is sent is, byte for byte, what was signed."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Payload, Related

RULE = Rule("BYB406", __name__, severity="error", ret_codes=(10004,))


@RULE.on(Payload)
def check(payload: Payload) -> Iterator[Finding]:
    if payload.difference is not None:
        fix = payload.send_signed()
        yield Finding(
            payload.span,
            f"{payload.difference.value}: the signature does not fit, and Bybit refuses the request",
            related=(Related(payload.signed, "signed here"),),
            fix=fix,
            not_fixed="" if fix else payload.advice,
        )
