"""On which side of the price an order waits, which V5 is told: an older order was given a price to start from."""

from __future__ import annotations

from bybit_lint.fixing.migration.arguments.entries import Entry
from bybit_lint.fixing.migration.arguments.values import Value, Values
from bybit_lint.fixing.migration.steps import Undecided

ONE_MISSING = "without both base_price and the trigger nobody knows on which side of it the order waits"
NOT_ALWAYS = "its prices are given elsewhere, and not always"


def direction(values: Values, trigger: Entry | None, base: Entry | None) -> str:
    """1 for one that waits for a rise, 2 for a fall; empty for one that waits for nothing. Raises Undecided."""
    if trigger is None and base is None:
        return ""
    if trigger is None or base is None:
        raise Undecided(ONE_MISSING)
    if not trigger.is_here or not base.is_here:
        raise Undecided(NOT_ALWAYS)
    above, below = (values.value(entry.module, entry.value) for entry in (trigger, base))
    known = [_number(each) for each in (above, below)]
    if all(known):
        return "1" if known[0] > known[1] else "2"
    return f"1 if float({above.repeated}) > float({below.repeated}) else 2"


def _number(value: Value) -> float:
    """A price that is written down; 0 for another."""
    said = value.constant
    try:
        return float(said) if isinstance(said, (int, float, str)) and not isinstance(said, bool) else 0.0
    except ValueError:
        return 0.0
