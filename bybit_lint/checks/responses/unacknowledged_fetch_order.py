"""A query for one order says that it knows how far back the client looks."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Unacknowledged

RULE = Rule("BYB705", __name__, severity="error")


@RULE.on(Unacknowledged)
def check(query: Unacknowledged) -> Iterator[Finding]:
    yield Finding(
        query.span,
        f"{query.what} raises ArgumentsRequired on a unified account: what became of the order stays unknown; "
        "write acknowledged in params",
        fix=query.fix,
        not_fixed=query.not_fixed,
    )
