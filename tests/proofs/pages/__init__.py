"""The proofs of the pages.

Each module has `PROOFS`, from the code of a page to its proofs, and `UNPROVEN`: why the others of its cases cannot be
shown on an exchange, by code and title, or none of its cases, by its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from bybit_lint.report.pages import Case, Page
from proofs.proof import Proof

_FAMILIES = [import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__)]

PROOFS: Mapping[str, tuple[Proof, ...]] = {code: found for each in _FAMILIES for code, found in each.PROOFS.items()}
UNPROVEN: Mapping[str, str] = {case: why for each in _FAMILIES for case, why in each.UNPROVEN.items()}
BEFORE_V5 = "needs a client from before V5"


def unproven(page: Page, case: Case) -> str:
    """Why a case has no proof; empty where it has one, or nobody says why."""
    if any(proof.case == case.title for proof in PROOFS.get(page.code, ())):
        return ""
    old = BEFORE_V5 if case.title.startswith(("pybit before V5", "pybybit")) else ""
    return UNPROVEN.get(f"{page.code} {case.title}") or UNPROVEN.get(page.code) or old
