"""`bybit-lint rules`: every rule with its severity, its fix and its one-liner."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import checks
from bybit_lint.report import pages
from bybit_lint.tuples import NamedTuple


class Row(NamedTuple):
    """What the table says of one rule. `page` is where its page stands in the repository."""

    code: str
    name: str
    severity: str
    default: str
    fix: str
    summary: str
    page: str


def render(style: str) -> str:
    """The table as `text`, `json` or `markdown`. Raises LookupError for a rule without a page."""
    return {"text": _text, "json": _json, "markdown": _markdown}[style](list(_rows()))


def _rows() -> Iterator[Row]:
    for rule in checks.load():
        page = pages.find(rule.code)
        if page is None:
            raise LookupError(f"{rule.code} has no page: write rules/{rule.family}/{rule.name}.md")
        fix = "-" if page.safety == "none" else page.safety
        default = "on" if rule.is_default else "off"
        yield Row(rule.code, rule.name, rule.severity, default, fix, page.summary, page.path)


def _text(rows: list[Row]) -> str:
    cells = [("code", "name", "severity", "default", "fix", "what it says"), *(row[:6] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _json(rows: list[Row]) -> str:
    import json

    return json.dumps([row._asdict() for row in rows], indent=2) + "\n"


def _markdown(rows: list[Row]) -> str:
    lines = ["| code | name | severity | default | fix | what it says |", "|---|---|---|---|---|---|"]
    for row in rows:
        link = f"[{row.code}]({row.page})"
        summary = row.summary.replace("|", "&#124;")
        lines.append(f"| {link} | {row.name} | {row.severity} | {row.default} | {row.fix} | {summary} |")
    return "".join(f"{line}\n" for line in lines)
