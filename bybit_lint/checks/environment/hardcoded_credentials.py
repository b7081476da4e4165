"""Keys come from outside the source, where only their owner reads them."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Credential, Finding

RULE = Rule("BYB103", __name__, severity="error")


@RULE.on(Credential)
def check(credential: Credential) -> Iterator[Finding]:
    yield Finding(
        credential.span,
        "a key or secret is written here: whoever sees this file or an old version has the account; make a new one",
        **credential.from_environment(),
    )
