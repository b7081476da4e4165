"""What no source shows: the clock, the certificates, the versions, the key, and the way to Bybit."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import TypeAlias

from bybit_lint.doctor import probes
from bybit_lint.doctor.case import Case
from bybit_lint.doctor.diagnosis import STATUSES, Diagnosis, Unable
from bybit_lint.inputs.problems import noted

Probe: TypeAlias = Callable[[Case], Iterator[Diagnosis]]


@cache
def load() -> dict[str, Probe]:
    """Every probe by its name, which is that of its file."""
    names = sorted(module.name for module in pkgutil.iter_modules(probes.__path__))
    return {name: import_module(f"{probes.__name__}.{name}").examine for name in names}


def examine(case: Case, problems: list[str]) -> list[Diagnosis]:
    """What all probes say, the worst first; what one cannot do, or crashes at, is a problem, and the others go on."""
    found: list[Diagnosis] = []
    for name, probe in load().items():
        with noted(problems, f"the look at the {name}"):
            try:
                found += [diagnosis._replace(probe=name) for diagnosis in probe(case)]
            except Unable as unable:
                problems.append(str(unable))
    return sorted(found, key=lambda diagnosis: (STATUSES.index(diagnosis.status), diagnosis.probe))
