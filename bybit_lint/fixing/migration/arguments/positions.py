"""Which position of a symbol is meant in hedge mode: older calls said a side, and orders whether they close, too."""

from __future__ import annotations

from bybit_lint.fixing.migration.arguments.entries import Entry, operand, text

SIDES = {"Buy": "1", "Sell": "2"}
OTHER = {"Buy": "Sell", "Sell": "Buy"}


def of_side(side: Entry, said: object) -> str:
    """The position that a side selects, which is known to be so or is known only at run time."""
    if said in SIDES:
        return SIDES[str(said)]
    return f'1 if {operand(side.source, side.value)} == "Buy" else 2'


def of_order(side: Entry, said: object, closing: Entry | None, is_closing: object) -> str:
    """The position that an order is for: that of its side, and of the other one where it closes."""
    if said in SIDES and isinstance(is_closing, bool):
        return SIDES[OTHER[str(said)] if is_closing else str(said)]
    written = operand(side.source, side.value)
    if isinstance(is_closing, bool):
        return f'{2 if is_closing else 1} if {written} == "Buy" else {1 if is_closing else 2}'
    flag = text(closing.source, closing.value) if closing else False
    return f'1 if ({written} == "Buy") is not bool({flag}) else 2'
