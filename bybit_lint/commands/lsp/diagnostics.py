"""Findings as the diagnostics of an editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from lsprotocol.types import (
    CodeDescription,
    Diagnostic,
    DiagnosticRelatedInformation,
    DiagnosticSeverity,
)

from bybit_lint import checks
from bybit_lint.analysis.source import Source
from bybit_lint.commands.lsp.places import Places
from bybit_lint.commands.lsp.projects import Checked
from bybit_lint.report import STATUSES, pages
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding

NAME = "bybit-lint"
SEVERITIES = {
    "error": DiagnosticSeverity.Error,
    "warning": DiagnosticSeverity.Warning,
    "note": DiagnosticSeverity.Information,
}


def rules() -> Mapping[str, Rule]:
    """All rules by their codes."""
    return {rule.code: rule for rule in checks.load()}


def diagnostics(checked: Checked, sources: Mapping[str, Source], places: Places) -> list[Diagnostic]:
    """What is to be shown in one file."""
    known = rules()
    return [_diagnostic(finding, known[finding.code], checked.source, sources, places) for finding in checked.findings]


def _diagnostic(
    finding: Finding, rule: Rule, source: Source, sources: Mapping[str, Source], places: Places
) -> Diagnostic:
    page = pages.find(finding.code)
    return Diagnostic(
        range=places.range(source, finding.span),
        severity=SEVERITIES[rule.severity],
        code=finding.code,
        code_description=CodeDescription(Path(pages.file(page)).as_uri()) if page else None,
        source=NAME,
        message="\n".join([finding.message, *_answered(finding, rule)]),
        related_information=[
            DiagnosticRelatedInformation(places.location(sources[other.span.path], other.span), other.message)
            for other in finding.related
            if other.span.path in sources
        ],
    )


def _answered(finding: Finding, rule: Rule) -> Iterator[str]:
    """What Bybit answers because of it."""
    codes = rule.ret_codes if finding.ret_codes is None else finding.ret_codes
    named = [str(code) for code in codes if code not in STATUSES]
    yield from [f"retCode {', '.join(named)}"] if named else []
