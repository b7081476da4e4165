"""The step of an instrument is read from the field that its category has."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import FilterField, Finding

RULE = Rule("BYB704", __name__, severity="error", ret_codes=(10001, 170134, 170137))


@RULE.on(FilterField)
def check(field: FilterField) -> Iterator[Finding]:
    yield Finding(
        field.span,
        f"{field.effect}: {field.fault}",
        related=(field.related,),
        **field.repair,
    )
