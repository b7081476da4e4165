"""The rules there are, as a table in the cache: a run that finds all it needs there imports no check and no noun."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from bybit_lint import checks
from bybit_lint.judging import entries
from bybit_lint.judging.cache import Cache
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Severity


def rules(cache: Cache | None) -> Sequence[Rule]:
    """Every rule, in the order of the codes; those that are remembered look for their checks when they judge."""
    if cache is None:
        return checks.load()
    key = f"rules-{entries.tool()}"
    found = _read(cache.find(key))
    if not found:
        found = checks.load()
        cache.keep(key, [[rule.code, rule.module, rule.severity, rule.ret_codes, rule.is_default] for rule in found])
    return found


def _read(table: Any) -> Sequence[Rule]:
    """The rules of a table; none if it is none of ours."""
    try:
        return [_rule(row) for row in table]
    except (TypeError, ValueError):
        return []


def _rule(row: Sequence[Any]) -> Rule:
    code, module, severity, ret_codes, is_default = row
    are_texts = isinstance(code, str) and isinstance(module, str) and severity in get_args(Severity)
    if not (are_texts and all(isinstance(ret_code, int) for ret_code in ret_codes) and isinstance(is_default, bool)):
        raise ValueError(row)
    return Rule(code, module, severity, tuple(ret_codes), is_default, checks.declared)
