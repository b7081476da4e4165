"""A number that comes as text is read as a number before it is used as one."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, TextNumber

RULE = Rule("BYB709", __name__, severity="error")


@RULE.on(TextNumber)
def check(use: TextNumber) -> Iterator[Finding]:
    comes = f"this raises a {use.error}" if use.error else "it says the same whatever the number is"
    if " * " in use.operation and not use.error:
        comes = "the text is repeated"
    taken = f"{use.operation} takes it for a number: {comes}"
    if use.is_order:
        taken = f'{use.operation} goes by its letters: "9" comes behind "10"'
    yield Finding(
        use.span,
        f"{use.field} is text, and {taken}; read it with float()",
        fix=use.fix,
    )
