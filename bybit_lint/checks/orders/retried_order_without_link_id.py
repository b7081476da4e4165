"""A retried order carries one orderLinkId, made before the first try."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Resend

RULE = Rule("BYB221", __name__, severity="error", ret_codes=(110072, 170141))


@RULE.on(Resend)
def check(resend: Resend) -> Iterator[Finding]:
    why = "there is no orderLinkId" if resend.is_anonymous else "each try has an orderLinkId of its own"
    if resend.is_anonymous or resend.is_renamed:
        yield Finding(
            resend.span,
            f"this order may be filled twice: {resend.what} is called again when an answer is lost, and {why} "
            "by which Bybit could tell that it has the order already",
            related=resend.places(),
            **resend.carry_link_id(),
        )
