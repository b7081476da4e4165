"""What `bybit-lint doctor` found: as a person reads it, and as a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from bybit_lint.doctor.diagnosis import STATUSES, TO_DO, Diagnosis
from bybit_lint.report import STATUSES as HTTP
from bybit_lint.report import printable
from bybit_lint.tuples import NamedTuple

COLORS = {"error": "1;31", "warning": "1;33", "unknown": "1;35", "note": "1;36", "ok": "1;32"}
PRIVACY = "No key, signature or address is shown."


class Visit(NamedTuple):
    """All that one run has to say."""

    host: str
    network: str
    """`mainnet`, `testnet` or `demo`; empty where the host is none of Bybit's."""
    diagnoses: Sequence[Diagnosis]
    problems: Sequence[str] = ()
    """What could not be looked at because the program failed."""
    has_key: bool = False
    """True if a key was read from the environment."""
    is_colored: bool = False


def text(visit: Visit) -> str:
    """A block per diagnosis with an empty line after it, then the summary."""
    blocks = ("".join(f"{line}\n" for line in (*_block(each, visit), "")) for each in visit.diagnoses)
    return "".join((*blocks, *(f"{line}\n" for line in _summary(visit))))


def _block(diagnosis: Diagnosis, visit: Visit) -> Iterator[str]:
    head = f"{diagnosis.status}[{diagnosis.probe}]"
    shown = f"\x1b[{COLORS[diagnosis.status]}m{head}\x1b[0m" if visit.is_colored else head
    yield f"{shown}: {printable(diagnosis.found)}"
    yield f"  = did: {printable(diagnosis.did)}"
    if diagnosis.do:
        yield f"  = do: {printable(diagnosis.do)}"
    if diagnosis.ret_codes and diagnosis.status in TO_DO:
        kinds = {code: "HTTP status" if code in HTTP else "retCode" for code in diagnosis.ret_codes}
        yield f"  = {', '.join(f'{kind} {code}' for code, kind in kinds.items())}"
        yield f"  = read: bybit-lint explain {diagnosis.ret_codes[0]}"


def _summary(visit: Visit) -> Iterator[str]:
    found = numbers(visit)
    kinds = [_count(found[f"{kind}s"], kind) for kind in ("error", "warning") if found[f"{kind}s"]]
    well = "nothing is to be done" if not kinds else f"found {' and '.join(kinds)}"
    unknown = f"; {_count(found['unknown'], 'thing')} could not be looked at" if found["unknown"] else ""
    yield f"{visit.host}: {well}{unknown}. {PRIVACY}"
    if visit.has_key:
        yield f"The key was sent to {visit.host} alone, if at all."


def _count(number: int, kind: str) -> str:
    return f"{number} {kind}{'' if number == 1 else 's'}"


def numbers(visit: Visit) -> dict[str, int]:
    """How many of what."""
    counts = Counter(diagnosis.status for diagnosis in visit.diagnoses)
    names = {"error": "errors", "warning": "warnings", "unknown": "unknown", "note": "notes", "ok": "ok"}
    return {names[status]: counts[status] for status in STATUSES}


def document(visit: Visit) -> dict[str, Any]:
    """The same for machines, by `doctor.schema.json` beside this file."""
    return {
        "version": 1,
        "host": visit.host,
        "network": visit.network,
        "diagnoses": [_diagnosis(each) for each in visit.diagnoses],
        "summary": numbers(visit),
        "problems": list(visit.problems),
    }


def _diagnosis(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "probe": diagnosis.probe,
        "status": diagnosis.status,
        "found": diagnosis.found,
        "did": diagnosis.did,
        "do": diagnosis.do,
        "ret_codes": list(diagnosis.ret_codes),
        "figures": dict(diagnosis.figures),
        "account": dict(diagnosis.account),
    }
