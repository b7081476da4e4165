"""How many findings there are of what, as bars that need no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from bybit_lint.report.html.markup import Markup, Tag
from bybit_lint.vocabulary import Severity

Counts: TypeAlias = Mapping[str, Counter[Severity]]
SEVERITIES: Sequence[Severity] = ("error", "warning", "note")
ROWS, HEIGHT = 9, 22
WIDTH, LABEL, BAR = 320, 104, 160
"""In the units of the drawing: all of it, where the bars begin, and how long the longest is."""
REST = "others"


def chart(tag: Tag, caption: str, counts: Counts) -> Markup:
    """A row for each, the most frequent first, and one for all that have no row of their own."""
    rows = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    if len(rows) > ROWS:
        rest = sum((found for _, found in rows[ROWS - 1 :]), Counter[Severity]())
        rows = [*rows[: ROWS - 1], (REST, rest)]
    most = max((found.total() for _, found in rows), default=1)
    drawn = [_row(tag, *row, most, number * HEIGHT) for number, row in enumerate(rows)]
    box = f"0 0 {WIDTH} {len(rows) * HEIGHT}"
    picture = tag("svg", *drawn, viewBox=box, width=str(WIDTH), height=str(len(rows) * HEIGHT))
    return tag("figure", tag("figcaption", caption), picture)


def _row(tag: Tag, label: str, found: Counter[Severity], most: int, top: int) -> Markup:
    parts, left, middle = [], float(LABEL), str(top + HEIGHT * 2 // 3)
    for severity in SEVERITIES:
        if found[severity]:
            width = max(BAR * found[severity] / most, 1)
            place = {"x": f"{left:.1f}", "y": str(top + 3), "width": f"{width:.1f}", "height": str(HEIGHT - 6)}
            parts.append(tag("rect", class_=severity, **place))
            left += width
    number = tag("text", f"{found.total()}", x=f"{left + 6:.1f}", y=middle)
    return tag("g", tag("text", label, x="0", y=middle), *parts, number)
