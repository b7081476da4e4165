"""Fields of answers that are sums or means of fills, and so on no instrument's grid."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from bybit_lint.knowledge import rows


def what(field: str) -> str:
    """What a field is, in a few words; empty for all that are no sums or means."""
    return _aggregates().get(field, "")


@cache
def _aggregates() -> Mapping[str, str]:
    return {field: said for field, said, *_ in rows("aggregates")}
