"""What a run has to report, and the few answers that every format needs about it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bybit_lint.rule import Rule
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Finding, Fix, Span
from bybit_lint.vocabulary.record import Record

STATUSES = range(100, 600)
"""Codes that stand in an answer's first line, not in its body."""


class Edit(NamedTuple):
    """One replacement of text; where the span is empty, `text` is inserted there."""

    span: Span
    text: str


class Cell(Record):
    """A cell of a notebook, as something that a finding can stand in: its number counts all cells from 1."""

    path: str
    """The notebook's."""
    number: int
    lines: Sequence[str]


def file_of(path: str, cells: Mapping[str, Cell]) -> dict[str, Any]:
    """The file of a place as JSON has it; of a notebook with the number of the cell, which `cells` know by its name."""
    cell = cells.get(path)
    return {"path": slashed(cell.path), "cell": cell.number} if cell else {"path": slashed(path)}


class Report(Record):
    """The outcome of one run. `lines`, `page` and `edits` are only asked by the formats that need them."""

    findings: Sequence[Finding]
    """What is left, sorted by path, line, column and code."""
    rules: Mapping[str, Rule]
    """By code: every rule that a finding names, those of the tool itself too."""
    lines: Callable[[str], Sequence[str]]
    """A path's lines without their ends and with their keys hidden, none if the file cannot be read."""
    page: Callable[[str], str]
    """A code's page as Markdown, "" if there is none."""
    files: int
    """How many files were looked at."""
    fixed: Sequence[Finding] = ()
    edits: Callable[[Finding], Sequence[Edit] | None] | None = None
    problems: Sequence[str] = ()
    """What the tool could not do."""
    withheld: Sequence[str] = ()
    """How many findings are not reported, and why, a sentence each."""
    is_dry: bool = False
    """True if what is in `fixed` was only shown, and no file was changed."""
    is_quiet: bool = False
    """True if people are to see the findings and no summary."""
    is_colored: bool = False
    width: int | None = None
    """Columns of the terminal; None where there is none: code is cut at a width of our own."""
    cells: Mapping[str, Cell] = MappingProxyType({})
    """The cells of notebooks by what stands as the path of a finding in one: `research.ipynb:cell 3`."""


def offered(finding: Finding) -> Fix | None:
    """The fix that can be had for a finding: none where it was refused."""
    return None if finding.not_fixed else finding.fix


def ret_codes(finding: Finding, report: Report) -> tuple[int, ...]:
    """What Bybit answers because of a finding: its own retCodes, or else its rule's."""
    return report.rules[finding.code].ret_codes if finding.ret_codes is None else finding.ret_codes


def answered(finding: Finding, report: Report) -> str:
    """The same as people read it: `retCode 10001, HTTP status 403`; empty where Bybit refuses nothing."""
    codes = ret_codes(finding, report)
    named = {"retCode": [c for c in codes if c not in STATUSES], "HTTP status": [c for c in codes if c in STATUSES]}
    return ", ".join(f"{kind} {', '.join(map(str, found))}" for kind, found in named.items() if found)


def edits_of(finding: Finding, report: Report) -> Sequence[Edit] | None:
    """What a finding's fix writes, None if that is not known."""
    return (report.edits(finding) or None) if report.edits and offered(finding) else None


def slashed(path: str) -> str:
    """A path as machines on any system read it."""
    return path.replace(os.sep, "/")


def printable(text: str) -> str:
    """Text that a terminal takes as text: no escape sequences, line ends, changes of direction or lone surrogates."""
    return text if text.isprintable() else "".join(char if char.isprintable() else "\ufffd" for char in text)
