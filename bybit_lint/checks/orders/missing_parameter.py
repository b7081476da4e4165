"""Every request has all that its endpoint needs."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Missing

RULE = Rule("BYB213", __name__, severity="error", ret_codes=(10001,))


@RULE.on(Missing)
def check(missing: Missing) -> Iterator[Finding]:
    names = (" or " if missing.is_choice else " and ").join(missing.names)
    reason = f" with {missing.because}" if missing.because else ""
    yield Finding(missing.span, f"Bybit rejects this request: {missing.endpoint} needs {names}{reason}")
