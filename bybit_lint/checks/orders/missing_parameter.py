"""Every request has all that its endpoint needs."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Missing, of_categories

RULE = Rule("BYB213", __name__, severity="error", ret_codes=(10001, 170105))

EMPTY = 170105
"""Documented for orders on spot; which of the two they are answered is not established."""


@RULE.on(Missing)
def check(missing: Missing) -> Iterator[Finding]:
    *others, last = missing.names
    names = f"{', '.join(others)} {'or' if missing.is_choice else 'and'} {last}" if others else last
    reason = f" with {missing.because}" if missing.because else ""
    are, them = ("are", "them") if others and not missing.is_choice else ("is", "one" if others else "it")
    effect = f"{reason} {missing.who} {missing.otherwise}".lstrip() if missing.otherwise else ""
    message = f"{names} {are} missing: {effect or f'Bybit rejects {missing.endpoint}{reason} without {them}'}"
    yield Finding(missing.span, message, ret_codes=codes(missing))


def codes(missing: Missing) -> tuple[int, ...]:
    if missing.otherwise:
        return ()
    is_for_spot = missing.is_order and "category" not in missing.names
    return (10001, *of_categories((EMPTY,), [missing.category])) if is_for_spot else (10001,)
