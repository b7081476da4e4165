"""The rules there are, as a table in the cache: a run that finds all it needs there opens no check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from bybit_lint import checks
from bybit_lint.judging import entries
from bybit_lint.judging.cache import Cache
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Severity


def rules(cache: Cache | None) -> Sequence[Rule]:
    """Every rule, in the order of the codes."""
    if cache is None:
        return checks.load()
    key = f"rules-{entries.tool()}"
    found = _read(cache.find(key))
    if not found:
        found = checks.load()
        cache.keep(key, [_row(rule) for rule in found])
    return found


def _read(table: Any) -> Sequence[Rule]:
    """The rules of a table; none if it is none of ours."""
    try:
        return [_rule(row) for row in table]
    except (TypeError, ValueError):
        return []


def _row(rule: Rule) -> list[Any]:
    return [rule.code, rule.module, rule.severity, rule.ret_codes, rule.is_default, rule.noun_name]


def _rule(row: Sequence[Any]) -> Rule:
    code, module, severity, ret_codes, is_default, noun_name = row
    are_texts = isinstance(code, str) and isinstance(noun_name, str) and severity in get_args(Severity)
    is_ours = isinstance(module, str) and module.startswith(f"{checks.__name__}.")
    are_known = all(isinstance(ret_code, int) for ret_code in ret_codes) and isinstance(is_default, bool)
    if not (are_texts and is_ours and are_known):
        raise ValueError(row)
    return Rule(code, module, severity, tuple(ret_codes), is_default, noun_name, checks.declared)
