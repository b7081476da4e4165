"""A failed read of positions, orders or coins does not end as if there were none."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import EmptyRead, Finding

RULE = Rule("BYB311", __name__, severity="error")


@RULE.on(EmptyRead)
def check(read: EmptyRead) -> Iterator[Finding]:
    ends = f"ends as {read.value}, as" if read.value else "is passed over, as"
    yield Finding(
        read.span,
        f"a failed {read.what}() {ends} if there were nothing: an order follows; let it be raised",
        related=read.related,
        not_fixed="only you know what is to be done while it is not known what is held",
    )
