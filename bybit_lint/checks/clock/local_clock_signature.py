"""A signature is stamped with Bybit's time, not with this machine's."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Signature

RULE = Rule("BYB401", __name__, severity="warning", ret_codes=(10002,))

CONSEQUENCES = {
    False: "Bybit refuses this request once the clock here is a second ahead, or further behind than recv_window",
    True: "Bybit refuses this login once the clock here is so far behind that it has expired",
}


@RULE.on(Signature)
def check(signature: Signature) -> Iterator[Finding]:
    if signature.is_local and not signature.is_misread:
        yield Finding(
            signature.span,
            f"{CONSEQUENCES[signature.is_login]}: the timestamp is this machine's, with no offset from Bybit's",
            related=(Related(signature.signed, "signed here"),),
            fix=signature.ask_server(),
        )
