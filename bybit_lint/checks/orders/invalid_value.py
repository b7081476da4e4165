"""Every value is one that Bybit has for its parameter."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Misvalued, Related

RULE = Rule("BYB212", __name__, severity="error", ret_codes=(10001, 170115, 170116, 170117, 170121))


@RULE.on(Misvalued)
def check(value: Misvalued) -> Iterator[Finding]:
    related = (Related(value.sent, "sent here"),) if value.sent else ()
    yield Finding(value.span, f"Bybit has no such value: {value.name} {why(value)}", related, **value.correct())


def why(value: Misvalued) -> str:
    if value.category:
        return f"{value.said} is of the category {value.category}, not {value.values[0]}"
    *others, last = value.values or ("",)
    listed = f"{', '.join(others)} or {last}" if others else last
    return f"is {listed}, not {value.said}" if listed else f"is not written {value.said}"
