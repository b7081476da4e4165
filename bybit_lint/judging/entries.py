"""The verdicts on a part of a project as an entry of the cache: when they hold, and how they are written down.

An entry holds nothing but what a report says: no source, no key and no text of a fix. What cannot be told without them
is not remembered.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib.util import source_hash
from typing import Any

from bybit_lint import redaction
from bybit_lint.analysis.source import Source, once_per_source
from bybit_lint.inputs import days
from bybit_lint.judging.parts import Part
from bybit_lint.judging.verdict import Judged, Verdict
from bybit_lint.redaction import Redactor
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Fix, Related, Span

PACKAGE = os.path.dirname(os.path.dirname(__file__))


def key(part: Part, links: bytes, rules: Sequence[Rule]) -> str:
    """A digest of all that the verdicts on a part depend on, but for the files that are looked into on the way.

    `links` are those of the whole project.
    """
    today = days.today()
    depends = (
        *(tool(), sys.version, sys.platform, part.project.account, links),
        *(rule.code for rule in rules),
        *((source.path, source.place, digest(source), days.ended(source, today)) for source in part.read.values()),
    )
    return source_hash(repr(depends).encode("utf-8", "surrogatepass")).hex()


@once_per_source
def digest(source: Source) -> str:
    """The digest of a file: 64 bits, by which Python, too, tells whether it is still the file that was compiled.

    hashlib would load all of OpenSSL. https://docs.python.org/3/library/importlib.html#importlib.util.source_hash
    """
    return source_hash(source.data).hex()


@cache
def tool() -> str:
    """A digest of the state of the tool itself: when each of its files was written, and how large it is."""
    states: list[str] = []
    folders = [PACKAGE]
    for folder in folders:  # which grows on the way
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir():
                    status = entry.stat()
                    states.append(f"{entry.path} {status.st_mtime_ns} {status.st_size}")
                elif entry.name != "__pycache__":
                    folders.append(entry.path)
    return source_hash("\n".join(sorted(states)).encode("utf-8", "surrogateescape")).hex()


# --- written down -----------------------------------------------------------------------------------------------------


def told(part: Part, judged: Judged) -> dict[str, Any] | None:
    """The verdicts on a part as JSON; None if they cannot be told."""
    if any(verdict.problems for verdict in judged.verdicts.values()):
        return None
    beyond = [module.source for module in part.project.looked_into]
    sources = part.read | {source.path: source for source in beyond}
    findings = {path: [_finding(finding) for finding in v.findings] for path, v in judged.verdicts.items()}
    keys = {path: redaction.placed(sources[path], found) for path, found in judged.keys.items()}
    if None in keys.values() or _shows_keys(findings, [sources[path] for path in keys]):
        return None
    return {"findings": findings, "keys": keys, "beyond": {source.place: digest(source) for source in beyond}}


def _shows_keys(findings: dict[str, list[Any]], quoted: Sequence[Source]) -> bool:
    """Whether a report would hide anything of the findings that are told of some files."""
    redactor = Redactor()
    redactor.read(quoted)
    redactor.quote(source.path for source in quoted)
    return bool(redactor.hide_in(findings) != findings)


def _finding(finding: Finding) -> list[Any]:
    fix = finding.fix
    return [
        finding.code,
        list(finding.span),
        finding.message,
        [[list(related.span), related.message] for related in finding.related],
        fix and [fix.title, fix.is_safe, fix.unblocks_orders, fix.is_partial],
        finding.not_fixed,
        finding.ret_codes,
    ]


# --- read again -------------------------------------------------------------------------------------------------------


def judged(part: Part, document: Any) -> Judged | None:
    """What an entry tells of a part; None if it does not hold any more, or is none of ours."""
    try:
        sources = part.read
        for place, known in document["beyond"].items():
            source = part.project.source_at(place)
            if source is None or digest(source) != known:
                return None
            sources[source.path] = source
        verdicts = {path: Verdict(map(_found, findings)) for path, findings in document["findings"].items()}
        keys = {path: redaction.read_at(sources[path], places) for path, places in document["keys"].items()}
    except (LookupError, TypeError, ValueError, AttributeError):
        return None
    return Judged(verdicts, keys)


def _found(row: Sequence[Any]) -> Finding:
    code, span, message, related, fix, not_fixed, ret_codes = row
    return Finding(
        span=Span(*span),
        message=message,
        related=tuple(Related(Span(*place), said) for place, said in related),
        fix=fix and _fix(*fix),
        not_fixed=not_fixed,
        ret_codes=ret_codes if ret_codes is None else tuple(ret_codes),
        code=code,
    )


def _fix(title: str, is_safe: bool, unblocks_orders: bool, is_partial: bool) -> Fix:
    """A fix that can be told of, and not be made: whoever makes it judges the file anew."""
    return Fix(title, (), is_safe, unblocks_orders, is_partial)
