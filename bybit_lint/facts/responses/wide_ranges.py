"""Queries from one moment to another that are further apart than Bybit tells of at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bybit_lint.analysis.domains.spans_of_time import between
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.clients import ccxt, entries_of
from bybit_lint.clients.rest import BODIES
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.availability import DAY, longest_range
from bybit_lint.vocabulary import WideRange

SLACK = 60_000
"""Milliseconds by which two readings of a clock may differ, and nobody means it."""


@extracts(WideRange)
class WideRanges:
    """The queries that ask for too long a time."""

    def __init__(self, analysis: Analysis) -> None:
        self.requests = analysis.traffic.requests

    def facts(self, module: Module) -> Iterator[WideRange]:
        for call, request in self.requests.get(module, ()):
            most = longest_range(request.endpoint)
            start, end = (_given(call, name) for name in ("startTime", "endTime")) if most else (None, None)
            if most is None or start is None or end is None:
                continue
            distance = between(start.term, end.term)
            is_passed = (start.is_passed or end.is_passed) and between(start.original, end.original) is None
            is_news = call.sent is None or is_passed  # else it is told where the request is written
            if is_news and distance is not None and most * DAY + SLACK < distance:
                yield WideRange(start.value.span, request.endpoint, math.ceil(distance / DAY), most)


def _given(call: Call, name: str) -> Argument | None:
    """An argument by its name, or the entry of a dict that is sent; of ccxt what its unified methods call so."""
    place = ccxt.place_of_params(call)
    if place is not None:
        entries = entries_of(call.get("params", place))
        names = [*ccxt.method_of(call).arguments]
        since = call.get("since", names.index("since")) if "since" in names else None
        unified = since if name == "startTime" else entries.get("until")
        return entries.get(name) or unified  # ccxt takes Bybit's own name where both are there (4.5.90, `bybit.py`)
    dicts = [call.get(body, 0 if body == "params" else None) for body in BODIES]
    found = [call.get(name), *(entries_of(held).get(name) for held in dicts)]
    return next(filter(None, found), None)
