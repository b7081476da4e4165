"""How an outcome is shown: the report in its format, the diff, the word about the shim."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TypeAlias

from bybit_lint.analysis.source import Source, Unreadable, cell_name
from bybit_lint.commands.cells import Cells
from bybit_lint.commands.gather import Group
from bybit_lint.commands.options import Options
from bybit_lint.commands.output import Told, complain, give, is_colored, redactor, save, say, width
from bybit_lint.engine import SHIM, Outcome
from bybit_lint.report import Cell, Edit, Report
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding

FOR_PEOPLE = ("text", "concise")
FOLDED = ("text", "statistics")
"""Formats that no machine reads and that are no line a finding."""
OF_FILES = ("github", "sarif", "gitlab", "junit")
"""Formats whose readers know files and their lines, and no cells of notebooks."""
Change: TypeAlias = tuple[Source, Source]
Edits: TypeAlias = Mapping[Finding, Sequence[Edit]]


# --- the report -------------------------------------------------------------------------------------------------------


def report(outcome: Outcome, rules: Sequence[Rule], edits: Edits | None, options: Options) -> None:
    """Write each report to stdout or to its file, and to stderr the problems and what was taken back."""
    for output in options.outputs:
        style = "statistics" if options.has_statistics and output.style in FOR_PEOPLE else output.style
        is_saved = output.path is not None
        written = edits if options.shows_edits(style) else None
        shown = _report(outcome, rules, written, options, is_saved=is_saved, is_of_files=style in OF_FILES)
        told: Told = import_module(f"bybit_lint.report.{style}").render(shown)
        if output.path is None:
            say(told, err=options.shows_code, is_prose=style in FOLDED)
        else:
            save(told, output.path)
    for problem in (*outcome.problems, *outcome.taken_back):
        complain(problem)


def _report(
    outcome: Outcome,
    rules: Sequence[Rule],
    edits: Edits | None,
    options: Options,
    *,
    is_saved: bool,
    is_of_files: bool,
) -> Report:
    cells = Cells(outcome.sources)
    told = cells.finding_in_file if is_of_files else cells.finding_in_cell
    shown = {told(f): cells.edits(made, is_of_files) for f, made in _without_keys(edits or {}).items()}
    return Report(
        findings=[told(finding) for finding in outcome.findings],
        rules={rule.code: rule for rule in rules},
        lines=_lines_of(outcome.sources, cells, is_of_files),
        page=_page,
        files=len(outcome.sources),
        fixed=outcome.fixed,
        edits=None if edits is None else shown.get,
        problems=outcome.problems,
        withheld=outcome.withheld,
        is_dry=options.is_dry,
        is_quiet=options.is_quiet,
        is_colored=not is_saved and is_colored(err=options.shows_code),
        width=None if is_saved else width(err=options.shows_code),
        cells=cells.by_name,
    )


def _lines_of(sources: Sequence[Source], cells: Cells, is_of_files: bool) -> Callable[[str], Sequence[str]]:
    """What gives the lines of a file or of a cell by its path, with their keys hidden."""
    files = {source.path: source for source in sources}

    @cache
    def lines(path: str) -> Sequence[str]:
        source: Source | Cell | None = cells.by_name.get(path) or files.get(path)
        if is_of_files and isinstance(source, Source) and source.notebook:
            source = Source(path, source.written)
        try:
            return redactor().lines(source.lines) if source else []
        except Unreadable:
            return []

    return lines


def _without_keys(edits: Edits) -> Edits:
    """The edits of the fixes that write no key; a part of them would be wrong."""
    hide = redactor().hide
    return {finding: made for finding, made in edits.items() if all(hide(edit.text) == edit.text for edit in made)}


def _page(code: str) -> str:
    from bybit_lint.report import pages

    page = pages.find(code)
    return page.text if page else ""


# --- the changes ------------------------------------------------------------------------------------------------------


def diffs(changes: Iterable[Change], option: str) -> None:
    """Write unified diffs that `patch -p0` takes, byte for byte but for keys, which no output ever shows.

    `option` is the one that makes the changes.
    """
    for old, new in changes:
        plain = b"".join(line for pair in _texts(old, new) for line in diff(*pair))
        shown = _shown(plain)
        give(shown)
        if shown != plain:
            complain(f"{old.path}: a key is hidden in this diff, which therefore cannot be applied; {option} does it")


def _texts(old: Source, new: Source) -> Iterator[tuple[str, bytes, bytes]]:
    """What is compared, by its name: a file, or each cell of a notebook."""
    if old.notebook is None:
        yield old.path, old.data, new.data
        return
    texts = zip(old.notebook.cells, old.notebook.texts(new.data), strict=True)
    yield from ((cell_name(old.path, cell.number), cell.text.encode(), text.encode()) for cell, text in texts)


def diff(path: str, old: bytes, new: bytes) -> Iterable[bytes]:
    """The lines of a unified diff."""
    import difflib

    name = _quoted(path)
    before, after = (io.BytesIO(data).readlines() for data in (old, new))
    for line in difflib.diff_bytes(difflib.unified_diff, before, after, name, name):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _shown(data: bytes) -> bytes:
    return redactor().hide(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _quoted(path: str) -> bytes:
    """A path as the head of a diff has it; one that would break the line is written as git writes it."""
    name = path.encode("utf-8", "surrogateescape")
    if path.isprintable():
        return name
    escaped = (b"\\%03o" % byte if byte < 32 or byte in b'\\"\x7f' else b"%c" % byte for byte in name)
    return b'"%s"' % b"".join(escaped)


def shim_notice(changes: Iterable[Change], groups: Sequence[Group], options: Options) -> None:
    """Say once how the bot gets the helpers that a fix made it import."""
    shims = {source.path: group.config.shim for group in groups for source in group.sources}
    needed = {shims[old.path] for old, new in changes if not _imports(old, shims) and _imports(new, shims)}
    for shim in sorted(needed if not options.is_quiet else ()):
        how = HOW_TO_INSTALL if shim == SHIM else HOW_TO_VENDOR.format(shim=shim, path=shim.replace(".", "/"))
        complain(*how.splitlines())


def _imports(source: Source, shims: Mapping[str, str]) -> bool:
    return f"from {shims[source.path]} import ".encode() in source.data


HOW_TO_INSTALL = """\
the fixed code imports bybit_lint.shim. Either install it where the bot runs: pip install bybit-lint
  or give the bot its own copy: bybit-lint shim --write src/bybit_shim.py
  with `shim = "bybit_shim"` under [tool.bybit-lint] in pyproject.toml before the next --fix"""
HOW_TO_VENDOR = """\
the fixed code imports {shim}. If the bot does not have it yet: bybit-lint shim --write {path}.py"""
