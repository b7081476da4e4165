"""Orders that only make the price: in V5 by a time in force, before by a type on spot, or a word that no API had."""

from __future__ import annotations

from collections.abc import Mapping

from bybit_lint.fixing.migration.steps import Undecided

FORCES = {"time_in_force", "timeInForce"}
POST_ONLY = '"PostOnly"'
FLAG = "post_only"
MAKING = "post_only is a time in force in V5: the API before it had no such parameter, and may have filled it at once"
SLIP = "{} is no time in force of Bybit's: it is taken for {}, and an order may be placed that was refused for it"
NO_COUNTERPART = "post_only has no counterpart beside this order_type and time_in_force"


def is_post_only(given: Mapping[str, object]) -> bool:
    """True for an order that says so by a word of its own, by what is known of its arguments.

    Raises Undecided where it may be another one, or says something else, too.
    """
    if FLAG not in given or given[FLAG] is False:
        return False
    forces = {said for name, said in given.items() if name in FORCES}
    if given[FLAG] is not True or given.get("order_type") != "Limit" or not forces <= {"GoodTillCancel", "PostOnly"}:
        raise Undecided(NO_COUNTERPART)
    return True
