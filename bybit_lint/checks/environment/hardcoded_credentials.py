"""Keys come from outside the source, where only their owner reads them."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Credential, Finding

RULE = Rule("BYB103", __name__, severity="error")


@RULE.on(Credential)
def check(credential: Credential) -> Iterator[Finding]:
    yield Finding(
        credential.span,
        "whoever sees this file has the account: a key or secret stands in it, and in every copy and old version of it",
        **credential.from_environment(),
    )
