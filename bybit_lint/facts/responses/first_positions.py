"""Where a bot takes the first position of a list that may have several."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from bybit_lint.analysis.syntax.nodes import position
from bybit_lint.analysis.traffic.responses import ResponsePart
from bybit_lint.clients import ccxt
from bybit_lint.facts.responses.fields import Fields
from bybit_lint.vocabulary import Reading

POSITIONS = "/v5/position/list"
NO_SYMBOL = "the list has the positions of all instruments"
HEDGED = "in hedge mode, which this bot uses, the list has a row for each side"


class FirstPositions(Fields):
    """The first rows of lists of positions."""

    def all(self, is_hedged: Callable[[], bool]) -> Iterator[Reading]:
        """One fact for each answer and function: where the first position of several is taken."""
        told = set()
        for node in sorted(self.names.items.get(0, ()), key=position):
            found = self.answers.of(self.module, node)
            first = next((a for a in found if a), None)
            if first and all(a and _is_first_position(a) for a in found) and not self._looks_closer(node, first):
                why = NO_SYMBOL if _asks_for_all(first) else HEDGED if is_hedged() else ""
                place = (first.made.site.node, self.names.scope(node).function)
                if why and place not in told:
                    told.add(place)
                    yield Reading(self.span(node), "the first position", first.made.site.span, ambiguous=why)

    def _looks_closer(self, node: ast.expr, first: ResponsePart) -> bool:
        """True if the same function looks at the second one, too, or at what tells the two apart."""
        others = [*self.names.items.get(1, ()), *self.names.items.get("positionIdx", ())]
        beside = (other for other in others if self.is_beside(node, other))
        return any(a and a.made.site is first.made.site for o in beside for a in self.answers.of(self.module, o))


def _is_first_position(answer: ResponsePart) -> bool:
    return answer.request.endpoint == POSITIONS and answer.way == (("result", "list", 0) if answer.is_raw else (0,))


def _asks_for_all(answer: ResponsePart) -> bool:
    """True if it is proven that the positions of more than one instrument are asked for."""
    if answer.client is ccxt and not answer.is_raw:
        return answer.made.is_closed and not answer.made.positional and "symbols" not in answer.made.keywords
    return answer.request.lacks("symbol")
