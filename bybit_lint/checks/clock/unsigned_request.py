"""What needs a key is signed in the way that Bybit reads."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Lack, Related, Unsigned

RULE = Rule("BYB407", __name__, severity="error")


@RULE.on(Unsigned)
def check(unsigned: Unsigned) -> Iterator[Finding]:
    said = unsigned.lack.value.format(name=unsigned.name)
    refused = (
        "Bybit refuses it, and the stream stays silent" if unsigned.is_login else "Bybit refuses every request with it"
    )
    outcome = (
        f"{refused}; write hmac.new(secret, text, hashlib.sha256)"
        if unsigned.lack is Lack.HASH
        else f"{refused}; send key, expiry and signature"
        if unsigned.is_login
        else "Bybit answers with HTTP 401; send the X-BAPI- headers, X-BAPI-SIGN among them"
    )
    yield Finding(
        unsigned.span,
        f"{said}: {outcome}",
        related=(Related(unsigned.signed, "this is signed"),) if unsigned.signed else (),
        not_fixed="only you know where the key is and what is signed with it",
    )
