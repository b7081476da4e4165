"""The judges: one rule a file, by family, found by walking this folder."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from bybit_lint.rule import Rule


@cache
def load() -> tuple[Rule, ...]:
    """Every rule, in the order of the codes."""
    modules = pkgutil.walk_packages(__path__, f"{__name__}.")
    found = [import_module(module.name).RULE for module in modules if not module.ispkg]
    return tuple(sorted(found, key=lambda rule: rule.code))
