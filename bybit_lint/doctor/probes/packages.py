"""The packages of the bot's Python: versions with known defects, and packages that take the place of others."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping

from bybit_lint.doctor.case import Case
from bybit_lint.doctor.diagnosis import Diagnosis
from bybit_lint.doctor.installation import Installation
from bybit_lint.knowledge import packages
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import versions
from bybit_lint.vocabulary.versions import Versions

FILES: Mapping[str, str] = {
    "pybit": "pybit/unified_trading.py",
    "ccxt": "ccxt/bybit.py",
    "websocket-client": "websocket/_app.py",
    "websockets": "websockets/__init__.py",
}
"""A file without which a package cannot be what it says it is."""
BESIDE: Mapping[str, str] = {"websocket-client": "pybit"}
"""The client by which a package's defect shows; others may do without what is broken in it."""
MIGRATE = "bybit-lint migrate path/to/bot carries the code over, then: pip install -U pybit"
MODULES = ("pybit", "ccxt", "websocket", "websockets", "requests", "certifi", "aiohttp", "httpx")
DATED = regex(r"(20\d\d)\.(\d{1,2})\.\d{1,2}")
"""A version of certifi's, which is the day of its certificates."""
OLD = 24
"""Months, after which a bundle is told to be old."""


def examine(case: Case) -> Iterator[Diagnosis]:
    """One diagnosis for each defect, or one for all that is well."""
    installed = case.asked.installation
    did = f"read what {installed.name} has installed; nothing of it was run"
    found = [*_broken(installed, did), *_aged(installed, did), *_clashing(installed, did), *_hidden()]
    yield from found
    yield _listed(installed, did)


def _listed(installed: Installation, did: str) -> Diagnosis:
    named = {name: installed.version(name) for name in (*installed.clients, "certifi")}
    known = [f"{name} {version}" for name, version in named.items() if version]
    if not installed.clients:
        found = f"{installed.name} has no client that bots speak to Bybit with, such as pybit or ccxt"
        return Diagnosis("note", found, did, "if the bot has a Python of its own, name it: --python path/to/.venv")
    return Diagnosis("ok", f"{installed.name} has {', '.join(known)}", did)


def _aged(installed: Installation, did: str) -> Iterator[Diagnosis]:
    version = installed.version("certifi") or ""
    dated, today = DATED.match(version), time.gmtime()
    months = (today.tm_year - int(dated[1])) * 12 + today.tm_mon - int(dated[2]) if dated else 0
    if months > OLD:
        found = f"certifi {version} is {months} months old: authorities that have begun since are missing in it"
        yield Diagnosis("note", found, did, "pip install -U certifi")


def _broken(installed: Installation, did: str) -> Iterator[Diagnosis]:
    for package in packages.affected():
        version, beside = installed.version(package), BESIDE.get(package)
        defect = _defect(package, version) if version else None
        if defect and (beside is None or installed.version(beside) is not None):
            do = f"pip install -U '{package}>={defect.floor}'" if defect.floor else MIGRATE
            codes = tuple(int(code) for code in defect.ret_codes.split(",") if code)
            yield Diagnosis(
                "warning" if defect.floor else "error", f"{package} {version}: {defect.effect}", did, do, codes
            )


def _defect(package: str, version: str) -> packages.Broken | None:
    key = versions.key(version)
    if key is None:
        return None
    exactly = Versions((key, 0), (key, 1))
    known = (one for one in packages.broken(package) if not one.first or exactly.is_from(one.first))
    return next((one for one in known if exactly.is_below(one.below)), None)


def _clashing(installed: Installation, did: str) -> Iterator[Diagnosis]:
    for name, clash in packages.clashing().items():
        if installed.version(name) is not None and any(installed.version(other) is not None for other in clash.beside):
            found = f"{name} has put its files over those of {clash.hides}, which the bot's client needs"
            do = f"pip uninstall {name} && pip install --force-reinstall {clash.hides}"
            yield Diagnosis("error", found, did, do)
    for name, file in FILES.items():
        if installed.has_lost(name, file):
            found = f"{name} is installed, but its {file} is not there: another package was put over it, or taken away"
            yield Diagnosis("error", found, did, f"pip install --force-reinstall {name}")
    if installed.version("bybit") is not None:
        beside = " beside pybit" if installed.version("pybit") is not None else ""
        found = f"bybit is installed{beside}: Bybit's first client, whose APIs were replaced by V5"
        yield Diagnosis(
            "warning", found, did, "if the bot imports it: bybit-lint migrate path/to/bot; else pip uninstall bybit"
        )


def _hidden() -> Iterator[Diagnosis]:
    """Modules of the bot's own that are imported instead of packages, from the folder that it is started in."""
    did = "looked for modules in this folder that are called like packages"
    for name in MODULES:
        files = (f"{name}.py", os.path.join(name, "__init__.py"))
        if found := next((file for file in files if os.path.isfile(file)), ""):
            effect = f"{found} in this folder is imported instead of the package {name} by whatever is started here"
            yield Diagnosis("warning", effect, did, f"give {found} another name, and remove its __pycache__")
