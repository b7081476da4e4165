"""The proofs, by the family of their rules.

Each module has `PROOFS`, from the code of a page to its proofs, and `UNPROVEN`, from the code of a page to the reason
why what it says cannot be shown on an exchange.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from proofs.proof import Proof

_FAMILIES = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]

PROOFS: Mapping[str, tuple[Proof, ...]] = {code: found for each in _FAMILIES for code, found in each.PROOFS.items()}
UNPROVEN: Mapping[str, str] = {code: why for each in _FAMILIES for code, why in each.UNPROVEN.items()}
