"""What a value is where a variable of the environment is not set: its default, and what is asked of that."""

from __future__ import annotations

import ast

from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Invocation,
    ListTerm,
    Operation,
    Term,
    qualified_name,
)
from bybit_lint.tuples import NamedTuple

READERS = ("os.getenv", "os.environ.get")
CASES = (".lower", ".upper", ".strip", ".casefold")


class Unset(NamedTuple):
    """A value, and the variable that is not set."""

    variable: str
    value: object


def unset(term: Term) -> Unset | None:
    """What a term is without the one variable that decides; None if it is not worked out."""
    match term:
        case Invocation(callee=callee, positional=[name, *default]) if qualified_name(callee) in READERS:
            given = default[0].term if default else Constant(None)
            if isinstance(name.term, Constant) and isinstance(given, Constant):
                return Unset(str(name.term.value), given.value)
        case Invocation(callee=Access(base=base, key=key), positional=()) if key in CASES:
            found = unset(base)
            is_text = found is not None and isinstance(found.value, str)
            return found._replace(value=getattr(found.value, key[1:])()) if found and is_text else None
        case Operation(operator=operator, operands=(left, right)):
            return _compared(operator, unset(left), right)
        case Operation(operator=ast.Not, operands=(only,)):
            found = unset(only)
            return found._replace(value=not found.value) if found else None
    return None


def _compared(operator: type[ast.AST], found: Unset | None, other: Term) -> Unset | None:
    """A comparison with a literal, or with several."""
    listed = [item.term for item in other.items] if isinstance(other, ListTerm) and other.is_closed else [other]
    values = [term.value for term in listed if isinstance(term, Constant)]
    if found is None or len(values) < len(listed):
        return None
    is_one_of = found.value in values
    if operator in (ast.Eq, ast.In):
        return found._replace(value=is_one_of)
    return found._replace(value=not is_one_of) if operator in (ast.NotEq, ast.NotIn) else None
