"""The findings as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bybit_lint import __version__
from bybit_lint.report import Edit, Report, edits_of, offered, ret_codes, slashed
from bybit_lint.report.fingerprints import fingerprints
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "bybitLintFlaggedLine/v1"
Object = dict[str, Any]


def render(report: Report) -> Object:
    """The log with its one run."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}


def _run(report: Report) -> Object:
    codes = sorted({finding.code for finding in report.findings})
    driver = {
        "name": "bybit-lint",
        "semanticVersion": __version__,
        "rules": [_rule(report.rules[code], report.page(code)) for code in codes],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report.problems)],
        "results": list(_results(report, codes)),
    }


def _rule(rule: Rule, page: str) -> Object:
    description = {"text": _first_paragraph(page) or rule.name}
    descriptor = {
        "id": rule.code,
        "name": rule.name.title().replace("-", ""),
        "shortDescription": description,
        "fullDescription": description,
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": [rule.family, *(f"retCode {code}" for code in rule.ret_codes)]},
    }
    return {**descriptor, "help": {"text": page, "markdown": page}} if page else descriptor


def _first_paragraph(page: str) -> str:
    paragraphs = (paragraph for paragraph in page.split("\n\n") if not paragraph.lstrip().startswith("#"))
    return " ".join(next(paragraphs, "").split())


def _invocation(problems: Sequence[str]) -> Object:
    notes = [{"level": "error", "message": _message(problem)} for problem in problems]
    return {"executionSuccessful": not problems, "toolExecutionNotifications": notes}


def _results(report: Report, codes: list[str]) -> Iterator[Object]:
    for finding, fingerprint in zip(report.findings, fingerprints(report), strict=True):
        yield {
            "ruleId": finding.code,
            "ruleIndex": codes.index(finding.code),
            "level": report.rules[finding.code].severity,
            "message": _message(finding.message),
            "locations": [_location(finding.span)],
            "relatedLocations": [_related(number, related) for number, related in enumerate(finding.related)],
            "partialFingerprints": {FINGERPRINT: fingerprint},
            "fixes": _fixes(finding, report),
            "properties": {"retCodes": list(ret_codes(finding, report))},
        }


def _message(text: str) -> Object:
    """A message in which nothing becomes a link (3.11.6); what a bot's author writes could lead anywhere."""
    return {"text": text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")}


def _related(number: int, related: Related) -> Object:
    return {"id": number, **_location(related.span), "message": _message(related.message)}


def _location(span: Span) -> Object:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.path)}, "region": _region(span)}}


def _region(span: Span) -> Object:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def _uri(path: str) -> str:
    if os.path.isabs(path):
        return Path(path).as_uri()
    return quote(os.fsencode(os.path.normpath(slashed(path))))


def _fixes(finding: Finding, report: Report) -> list[Object]:
    fix, edits = offered(finding), edits_of(finding, report)
    if not fix or not edits:
        return []
    paths = sorted({edit.span.path for edit in edits})
    return [
        {
            "description": _message(fix.title),
            "artifactChanges": [_change(path, edits) for path in paths],
            "properties": {"safety": "safe" if fix.is_safe else "unsafe", "unblocksOrders": fix.unblocks_orders},
        }
    ]


def _change(path: str, edits: Sequence[Edit]) -> Object:
    replacements = [_replacement(edit) for edit in edits if edit.span.path == path]
    return {"artifactLocation": {"uri": _uri(path)}, "replacements": replacements}


def _replacement(edit: Edit) -> Object:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
