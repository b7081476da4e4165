"""The findings as failed tests, for every CI that shows JUnit's XML.

There is no standard; this is valid by the schema that Jenkins has for it:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from bybit_lint.report import Report, answered, offered, printable, slashed
from bybit_lint.vocabulary import Finding


def render(report: Report) -> str:
    """A suite for each file with findings, one for what could not be done, and one that passes if there is neither."""
    suites = [
        _suite(path, [*_failures([*findings], report)], "failures")
        for path, findings in groupby(report.findings, lambda finding: slashed(finding.span.path))
    ]
    if report.problems:
        suites.append(_suite("bybit-lint", [*_errors(report.problems)], "errors"))
    if not suites:
        passed = f'  <testcase name={_quoted(f"{report.files} files checked")} classname="bybit-lint"/>'
        suites.append(_suite("bybit-lint", [passed], ""))
    failures, errors = len(report.findings), len(report.problems)
    tests = failures + errors or 1
    head = f'<testsuites name="bybit-lint" tests="{tests}" failures="{failures}" errors="{errors}">'
    return "\n".join(('<?xml version="1.0" encoding="utf-8"?>', head, *suites, "</testsuites>", ""))


def _suite(name: str, cases: Sequence[str], kind: str) -> str:
    counts = {"tests": len(cases), "failures": 0, "errors": 0, "skipped": 0} | ({kind: len(cases)} if kind else {})
    counted = " ".join(f'{name}="{number}"' for name, number in counts.items())
    return "\n".join((f"<testsuite name={_quoted(name)} {counted}>", *cases, "</testsuite>"))


def _failures(findings: Sequence[Finding], report: Report) -> Iterator[str]:
    for finding in findings:
        rule, span = report.rules[finding.code], finding.span
        name = f"{rule.code} {rule.name} at {span.line}:{span.column}"
        words = "\n".join(printable(line) for line in _sentences(finding, report))
        yield (
            f"  <testcase name={_quoted(name)} classname={_quoted(slashed(span.path))}>"
            f"<failure type={_quoted(rule.severity)} message={_quoted(finding.message)}>{escape(words)}</failure>"
            "</testcase>"
        )


def _errors(problems: Sequence[str]) -> Iterator[str]:
    for number, problem in enumerate(problems, start=1):
        yield (
            f'  <testcase name="problem {number}" classname="bybit-lint">'
            f'<error type="problem" message={_quoted(problem)}/></testcase>'
        )


def _sentences(finding: Finding, report: Report) -> Iterator[str]:
    yield f"{slashed(finding.span.path)}:{finding.span.line}:{finding.span.column}: {finding.message}"
    for related in finding.related:
        yield f"{slashed(related.span.path)}:{related.span.line}:{related.span.column}: {related.message}"
    if fix := offered(finding):
        yield f"fix: {fix.title}"
    if codes := answered(finding, report):
        yield codes


def _quoted(text: str) -> str:
    """An attribute's value, without what XML has no place for."""
    return quoteattr(printable(text))
