"""A query asks for no longer a time than its endpoint tells of at once."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, WideRange

RULE = Rule("BYB706", __name__, severity="error", ret_codes=(10001, 181010))


@RULE.on(WideRange)
def check(query: WideRange) -> Iterator[Finding]:
    yield Finding(
        query.span,
        f"these are {query.days} days, and {query.endpoint} takes {query.most}: Bybit refuses the query; "
        f"ask in pieces of {query.most} days",
        not_fixed="only you know what is done with each piece",
    )
