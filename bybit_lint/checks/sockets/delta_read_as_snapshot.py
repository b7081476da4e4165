"""A message that tells what has changed is not read as if it told everything."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import DeltaRead, Finding

RULE = Rule("BYB509", __name__, severity="error")


@RULE.on(DeltaRead)
def check(read: DeltaRead) -> Iterator[Finding]:
    if read.is_merged:
        said = f"{read.field} is the best level of a snapshot only: what deltas bring stands behind it, unsorted"
    elif read.is_first:
        said = f"{read.field} of a delta is a level that has changed, if any: keep the snapshot, and put deltas into it"
    elif read.default:
        said = f"a delta has {read.field} only where it has changed: it is {read.default} in others; keep the last one"
    else:
        said = f"a delta has {read.field} only where it has changed: others raise here; keep the snapshot and update it"
    yield Finding(
        read.span,
        said,
        related=(read.stream,),
        fix=read.best,
        not_fixed="" if read.best else "where the snapshot is to be kept is for its author to say",
    )
