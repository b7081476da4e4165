"""Workflow commands that GitHub shows as annotations beside the code.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.report import Report, answered, printable, slashed
from bybit_lint.vocabulary import Finding

LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """A command per finding and per problem; nothing at all if all is well."""
    problems = [f"::error title=bybit-lint::{_data(problem)}" for problem in report.problems]
    return "".join(f"{line}\n" for line in (*(_command(finding, report) for finding in report.findings), *problems))


def _command(finding: Finding, report: Report) -> str:
    rule = report.rules[finding.code]
    properties = {**_place(finding), "title": f"{finding.code} {rule.name}"}
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{LEVELS[rule.severity]} {listed}::{_data(chr(10).join(_sentences(finding, report)))}"


def _place(finding: Finding) -> dict[str, str | int]:
    span = finding.span
    lines: dict[str, str | int] = {"file": slashed(span.path), "line": span.line, "endLine": span.end_line}
    if span.line != span.end_line:  # GitHub refuses columns on more than one line
        return lines
    return {**lines, "col": span.column, "endColumn": span.end_column}


def _sentences(finding: Finding, report: Report) -> Iterator[str]:
    yield finding.message
    for related in finding.related:
        yield f"{slashed(related.span.path)}:{related.span.line}: {related.message}"
    if codes := answered(finding, report):
        yield codes


def _data(text: str) -> str:
    """Text as it stands in a command: lines kept, nothing in them that a terminal acts upon."""
    kept = "".join(char if char in "\r\n" else printable(char) for char in text)
    return kept.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
