"""The findings as one page to look at, to filter and to pass on: nothing is loaded, nothing is sent anywhere."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable
from importlib import resources
from itertools import groupby

from bybit_lint import __version__
from bybit_lint.report import Report, ret_codes
from bybit_lint.report.html.chart import Counts, chart
from bybit_lint.report.html.filters import code_name, form
from bybit_lint.report.html.findings import section
from bybit_lint.report.html.markup import Hide, Markup, Tag
from bybit_lint.report.summary import summary
from bybit_lint.vocabulary import Finding, Severity


def render(report: Report) -> Callable[[Hide], str]:
    """The page, once it is said how keys are hidden: in its texts only, since our own markup may look like one."""
    return lambda hide: _page(Tag(hide), report)


def _page(tag: Tag, report: Report) -> str:
    style, script = (_own(name) for name in ("page.css", "page.js"))
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'"
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=f"{policy}; form-action 'none'"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"bybit-lint {__version__}"),
        tag("title", "bybit-lint"),
        tag("style", style),
    )
    numbered = groupby(enumerate(report.findings, 1), lambda pair: _file(pair[1], report))
    files = [(path, [*found]) for path, found in numbered]
    sections = [section(tag, f"file{n}", *file, report) for n, file in enumerate(files, 1)]
    body = (
        tag("header", tag("h1", "bybit-lint"), *_overview(tag, report)),
        *([form(tag, files, report)] if files else []),
        tag("main", *sections),
        tag("script", script),
    )
    page = tag.text(Markup("<!doctype html>\n"), tag("html", tag("head", *head), tag("body", *body), lang="en"))
    return page.encode("ascii", "xmlcharrefreplace").decode() + "\n"  # right in whatever encoding it is written


def _own(name: str) -> Markup:
    return Markup(resources.files(__package__).joinpath(name).read_text("utf-8"))


def _hash(text: str) -> str:
    """https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy#hash_algorithm-hash_value."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _file(finding: Finding, report: Report) -> str:
    """The file of a finding: for one in a cell its notebook."""
    cell = report.cells.get(finding.span.path)
    return cell.path if cell else finding.span.path


# --- what is seen first -----------------------------------------------------------------------------------------------


def _overview(tag: Tag, report: Report) -> list[Markup]:
    lines = [] if report.is_quiet else summary(report).splitlines()
    families: dict[str, Counter[Severity]] = defaultdict(Counter)
    codes: dict[str, Counter[Severity]] = defaultdict(Counter)
    for finding in report.findings:
        rule = report.rules[finding.code]
        families[rule.family][rule.severity] += 1
        for code in ret_codes(finding, report) or (None,):
            codes[code_name(code)][rule.severity] += 1
    shown = [tag("p", line) for line in lines]
    if report.problems:
        listed = tag("ul", *(tag("li", problem) for problem in report.problems))
        shown.append(tag("section", tag("h2", "What could not be done"), listed, class_="problems"))
    if report.findings:
        shown.append(_charts(tag, families, codes))
    return shown


def _charts(tag: Tag, families: Counts, codes: Counts) -> Markup:
    by_code = chart(tag, "by retCode; a finding may have several", codes)
    return tag("div", chart(tag, "by family", families), by_code, class_="charts")
