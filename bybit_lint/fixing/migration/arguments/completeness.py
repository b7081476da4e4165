"""Whether all that V5 needs is given, and nothing that it does not know."""

from __future__ import annotations

from collections.abc import Mapping

from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import endpoint_of, parameters

NEEDS = "V5 needs {}"
ONE_WAY = "V5 has inverse contracts in one-way mode only"


def check(method: str, names: Mapping[str, str]) -> None:
    """Raise Undecided where V5 needs more than there is, or knows no such value."""
    endpoint = endpoint_of(method)
    if endpoint is None:
        return
    known = parameters.parameters(endpoint.path)
    leg = names.get("positionIdx", "0")
    if names.get("category") == '"inverse"' and leg in ("1", "2", '"1"', '"2"'):
        raise Undecided(ONE_WAY)
    for name, code in names.items():
        if name in known and not known[name].allows(code.strip('"')) and is_literal(code):
            raise Undecided(f"V5 knows no {name}={code} for it")
    for need in parameters.needs(endpoint.path):
        asked = [name for name in need.names if not name.startswith(parameters.LEG)]
        is_there = any(name in names for name in asked) if need.is_choice else all(name in names for name in asked)
        if asked and not is_there and all(_is_met(condition, names) for condition in need.conditions):
            raise Undecided(NEEDS.format(" or ".join(asked)))


def _is_met(condition: parameters.Condition, names: Mapping[str, str]) -> bool:
    held = [names[name].strip('"') for name in condition.names if name in names]
    return bool(held) and (not condition.values or any(value in condition.values for value in held))


def is_literal(code: str) -> bool:
    """True for a text or a number as it is written."""
    return code.isdecimal() or (code[:1] == '"' and code.count('"') == code[-1:].count('"') + 1)
