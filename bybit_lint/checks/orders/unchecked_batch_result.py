"""Of a batch, each order's own result is looked at."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Response

RULE = Rule("BYB223", __name__, severity="error", ret_codes=(10001, 110007))


@RULE.on(Response)
def check(response: Response) -> Iterator[Finding]:
    if response.has_unread_failures:
        yield Finding(
            response.span,
            "nobody reads retExtInfo, where Bybit says which orders of this batch failed: retCode is 0 all the same",
            ret_codes=(),
        )
