"""Entries that are put into the `params` of ccxt's unified methods."""

from __future__ import annotations

import ast

from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.clients import ccxt
from bybit_lint.vocabulary import Rewrite, SetArgument, Span, Verb


def entry(call: Call, text: str) -> Verb | None:
    """Put `text`, a key and its value, first into the dict that a call hands over, or hand one over."""
    params = call.get("params", ccxt.place_of_params(call))
    if params is None:
        return SetArgument(call.own_span, "params", f"{{{text}}}")
    if not isinstance(params.site.node, ast.Dict):
        return None
    span = params.site.span
    here = Span(*span[:3], *span[1:3], span.start + 1, span.start + 1)
    return Rewrite(here, f"{text}, " if params.site.node.keys else text)
