"""Nothing takes the place of a package that the bot needs."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Clash, Finding

RULE = Rule("BYB803", __name__, severity="error")


@RULE.on(Clash)
def check(clash: Clash) -> Iterator[Finding]:
    is_file = clash.by.startswith("the file")
    right = "give the file another name" if is_file else f"ask for {clash.package} alone"
    yield Finding(
        clash.span,
        f"{clash.by} takes the place of {clash.package}: the bot stops with an import error; {right}",
        fix=clash.fix,
        not_fixed="" if clash.fix else "a file is not renamed" if is_file else "take the line out",
    )
