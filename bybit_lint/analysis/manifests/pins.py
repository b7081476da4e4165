"""What a pin allows: `==5.14.0`, `>=5.3,<6`, `~=5.12.0`, and in Poetry's words `^5.8`, `5.14.0`, `5.*`."""

from __future__ import annotations

import re
from functools import reduce

from bybit_lint.patterns import regex
from bybit_lint.vocabulary.versions import ANY, Cut, Versions, key

CLAUSE = regex(r"(===|==|~=|!=|<=|>=|<|>|\^|~|=)?\s*(v?\d[^\s,|]*|\*)")


def versions(pin: str) -> Versions:
    """The versions that a pin allows; all where it is not understood."""
    options = [_all(option) for option in pin.strip().strip("()").split("||")]
    return reduce(Versions.either, options)


def _all(option: str) -> Versions:
    """What clauses with commas between them allow together."""
    clauses = [CLAUSE.fullmatch(clause.strip()) for clause in option.split(",") if clause.strip()]
    found = [_clause(match[1] or "", match[2]) for match in clauses if match]
    return reduce(Versions.both, found, ANY)


def _clause(operator: str, version: str) -> Versions:
    prefix = version.removesuffix("*").rstrip(".")
    found = key(prefix)
    if found is None or operator == "!=":
        return ANY
    release = _release(prefix)
    if prefix != version:
        return _until(prefix, release) if operator in ("", "=", "==") else ANY
    match operator:
        case "" | "=" | "==" | "===":
            return Versions((found, 0), (found, 1))
        case "~=":
            return _until(prefix, release[:-1])
        case "~":
            return _until(prefix, release[:2])
        case "^":
            lead = next((place for place, part in enumerate(release) if part), len(release) - 1)
            return _until(prefix, release[: lead + 1])
        case "<=" | "<":
            return Versions(None, (found, int(operator == "<=")))
        case _:
            return Versions((found, int(operator == ">")), None)


def _release(version: str) -> list[int]:
    """The numbers of a version as they are written, zeros at the end included."""
    match = re.match(r"v?(?:\d+!)?([\d.]+)", version)
    return [int(part) for part in match[1].split(".") if part] if match else []


def _until(first: str, release: list[int]) -> Versions:
    """From a version on, as long as the first numbers are these."""
    low = key(first)
    return Versions(None if low is None else (low, 0), _next(release))


def _next(release: list[int]) -> Cut | None:
    found = key(".".join(map(str, [*release[:-1], release[-1] + 1]))) if release else None
    return None if found is None else (found, 0)
