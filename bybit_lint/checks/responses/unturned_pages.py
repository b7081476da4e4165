"""A list that has pages is asked for whole before it is taken for whole."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, FirstPage

RULE = Rule("BYB710", __name__, severity="warning")


@RULE.on(FirstPage)
def check(page: FirstPage) -> Iterator[Finding]:
    yield Finding(
        page.span,
        f"{page.endpoint} answers with {page.rows} rows at most: others are missing without a word; "
        f"ask for {page.most}, or follow nextPageCursor",
        related=page.related,
        fix=page.fix,
        not_fixed="" if page.fix else "only you know where the number of rows is best given",
    )
