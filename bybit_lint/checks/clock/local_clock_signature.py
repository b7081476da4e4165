"""A signature is stamped with Bybit's time, not with this machine's."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Signature

RULE = Rule("BYB401", __name__, severity="warning", ret_codes=(10002,))

CONSEQUENCES = {
    False: "the timestamp is this machine's: Bybit refuses the request once the clock is 1 s ahead, or too far behind",
    True: "the expiry of this login is by this machine's clock: Bybit refuses it once the clock is too far behind",
}


@RULE.on(Signature)
def check(signature: Signature) -> Iterator[Finding]:
    if signature.is_local and not signature.is_misread and not signature.is_lasting:
        yield Finding(
            signature.span,
            CONSEQUENCES[signature.is_login],
            related=(Related(signature.signed, "signed here"),),
            fix=signature.ask_server(),
            ret_codes=() if signature.is_login else None,
        )
