"""What the findings on the page can be chosen by, each choice with how many findings it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from bybit_lint.report import STATUSES, Report, ret_codes
from bybit_lint.report.html.chart import SEVERITIES
from bybit_lint.report.html.markup import Markup, Tag
from bybit_lint.vocabulary import Finding

NO_CODE = "none"
"""What stands for the retCode of mistakes for which Bybit refuses nothing."""


def form(tag: Tag, files: Sequence[tuple[str, Sequence[tuple[int, Finding]]]], report: Report) -> Markup:
    """Choices with how many findings each has. Values are classes of the findings, those of files ids of sections.

    It is hidden from who has no script, to whom it would be of no use.
    """
    findings = report.findings
    severities = Counter(report.rules[finding.code].severity for finding in findings)
    rules = Counter(finding.code for finding in findings)
    codes = Counter(code for finding in findings for code in ret_codes(finding, report) or (None,))
    kinds = [tag("option", f"{kind} ({severities[kind]})", value=kind) for kind in SEVERITIES if severities[kind]]
    numbers = [
        tag("option", f"{code_name(c)} ({codes[c]})", value=f"c{c}") for c in sorted(codes, key=lambda c: c or 0)
    ]
    paths = [tag("option", f"{path} ({len(found)})", value=f"file{n}") for n, (path, found) in enumerate(files, 1)]
    return tag(
        "form",
        _select(tag, "severity", kinds),
        _select(tag, "rule", _families(tag, rules, report)),
        _select(tag, "retCode", numbers),
        _select(tag, "file", paths),
        tag("button", "show all", type="reset"),
        tag("output", f"{len(findings)} of {len(findings)} findings", role="status"),
        hidden="",
        aria_label="filters",
    )


def _select(tag: Tag, name: str, options: Sequence[Markup]) -> Markup:
    return tag("label", name, tag("select", tag("option", "all", value=""), *options, name=name))


def _families(tag: Tag, counts: Counter[str], report: Report) -> list[Markup]:
    def by_family(code: str) -> tuple[str, str]:
        return report.rules[code].family, code

    groups = []
    for family, found in groupby(sorted(counts, key=by_family), lambda code: report.rules[code].family):
        codes = [*found]
        options = [tag("option", f"{code} {report.rules[code].name} ({counts[code]})", value=code) for code in codes]
        every = tag("option", f"{family}: all ({sum(counts[code] for code in codes)})", value=family)
        groups.append(tag("optgroup", every, *options, label=family))
    return groups


def code_name(code: int | None) -> str:
    """What Bybit answers, as charts and choices name it."""
    if code is None:
        return NO_CODE
    return f"HTTP {code}" if code in STATUSES else str(code)
