"""The judges: one rule a file, by family, found by walking this folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from bybit_lint.rule import Rule


@cache
def load() -> tuple[Rule, ...]:
    """Every rule, in the order of the codes."""
    import pkgutil  # who knows the rules from the cache walks nowhere

    modules = pkgutil.walk_packages(__path__, f"{__name__}.")
    found = [import_module(module.name).RULE for module in modules if not module.ispkg]
    return tuple(sorted(found, key=lambda rule: rule.code))


def declared(code: str) -> Rule:
    """The rule with a code, as its check declares it."""
    return next(rule for rule in load() if rule.code == code)
