"""The findings as one JSON document, in the shape of schema.json."""

from __future__ import annotations

from typing import Any

from bybit_lint.report import Edit, Report, edits_of, file_of, offered, ret_codes
from bybit_lint.report.summary import numbers
from bybit_lint.vocabulary import Finding, Related, Span


def render(report: Report) -> dict[str, Any]:
    """The document."""
    findings = [_finding(finding, report) for finding in report.findings]
    return {"version": 1, "findings": findings, "summary": numbers(report)}


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    rule, span = report.rules[finding.code], finding.span
    return {
        "code": finding.code,
        "name": rule.name,
        "severity": rule.severity,
        "message": finding.message,
        **_place(span, report),
        "end_line": span.end_line,
        "end_column": span.end_column,
        "related": [_related(related, report) for related in finding.related],
        "ret_codes": list(ret_codes(finding, report)),
        "fix": _fix(finding, report),
    }


def _place(span: Span, report: Report) -> dict[str, Any]:
    return {**file_of(span.path, report.cells), "line": span.line, "column": span.column}


def _related(related: Related, report: Report) -> dict[str, Any]:
    return {**_place(related.span, report), "message": related.message}


def _fix(finding: Finding, report: Report) -> dict[str, Any] | None:
    fix = offered(finding)
    if fix is None:
        return None
    edits = edits_of(finding, report)
    path = file_of(finding.span.path, report.cells)["path"]
    is_local = edits and all(file_of(edit.span.path, report.cells)["path"] == path for edit in edits)
    return {
        "safety": "safe" if fix.is_safe else "unsafe",
        "unblocks_orders": fix.unblocks_orders,
        "title": fix.title,
        "edits": [_edit(edit, report) for edit in edits] if edits and is_local else None,
    }


def _edit(edit: Edit, report: Report) -> dict[str, Any]:
    cell = report.cells.get(edit.span.path)
    where = {"cell": cell.number} if cell else {}
    return {**where, "start": edit.span.start, "end": edit.span.end, "text": edit.text}
