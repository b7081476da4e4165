"""A retried order carries one orderLinkId, made before the first try."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Resend

RULE = Rule("BYB221", __name__, severity="error", ret_codes=(110072, 170141))


@RULE.on(Resend)
def check(resend: Resend) -> Iterator[Finding]:
    why = "without an orderLinkId" if resend.is_anonymous else "with a new orderLinkId each time"
    if resend.is_anonymous or resend.is_renamed:
        yield Finding(
            resend.span,
            f"{resend.what} is called again {why} when an answer is lost: the order may be filled twice",
            related=resend.places(),
            ret_codes=(),
            **resend.carry_link_id(),
        )
