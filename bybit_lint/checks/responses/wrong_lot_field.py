"""The step of an instrument is read from the field that its category has."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import FilterField, Finding, of_categories

RULE = Rule("BYB704", __name__, severity="error", ret_codes=(10001, 170134, 170137))


@RULE.on(FilterField)
def check(field: FilterField) -> Iterator[Finding]:
    yield Finding(
        field.span,
        f"{field.fault}: {field.effect}",
        related=(field.related,),
        ret_codes=codes(field),
        **field.repair,
    )


def codes(field: FilterField) -> tuple[int, ...]:
    if not field.is_ordered:
        return ()
    others = {170137} if field.is_price else {170134}
    return tuple(code for code in of_categories(RULE.ret_codes, field.categories) if code not in others)
