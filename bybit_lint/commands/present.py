"""How an outcome is shown: the report in its format, the diff, the word about the shim."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TypeAlias

from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands.gather import Group
from bybit_lint.commands.options import Options
from bybit_lint.commands.output import Told, complain, give, is_colored, redactor, save, say
from bybit_lint.engine import SHIM, Outcome
from bybit_lint.report import Edit, Report
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding

FOR_PEOPLE = ("text", "concise")
Change: TypeAlias = tuple[Source, Source]
Edits: TypeAlias = Mapping[Finding, Sequence[Edit]]


# --- the report -------------------------------------------------------------------------------------------------------


def report(outcome: Outcome, rules: Sequence[Rule], edits: Edits | None, options: Options) -> None:
    """Write each report to stdout or to its file, and to stderr the problems and what was taken back."""
    for output in options.outputs:
        style = "statistics" if options.has_statistics and output.style in FOR_PEOPLE else output.style
        shown = _report(outcome, rules, edits, options, is_saved=output.path is not None)
        told: Told = import_module(f"bybit_lint.report.{style}").render(shown)
        if output.path is None:
            say(told, err=options.shows_code)
        else:
            save(told, output.path)
    for problem in (*outcome.problems, *outcome.taken_back):
        complain(problem)


def _report(
    outcome: Outcome, rules: Sequence[Rule], edits: Edits | None, options: Options, *, is_saved: bool
) -> Report:
    sources = {source.path: source for source in outcome.sources}
    return Report(
        findings=outcome.findings,
        rules={rule.code: rule for rule in rules},
        lines=cache(lambda path: _lines(sources.get(path))),
        page=_page,
        files=len(outcome.sources),
        fixed=outcome.fixed,
        edits=None if edits is None else _without_keys(edits).get,
        problems=outcome.problems,
        withheld=outcome.withheld,
        is_dry=options.is_dry,
        is_quiet=options.is_quiet,
        is_colored=not is_saved and is_colored(err=options.shows_code),
    )


def _without_keys(edits: Edits) -> Edits:
    """The edits of the fixes that write no key; a part of them would be wrong."""
    hide = redactor().hide
    return {finding: made for finding, made in edits.items() if all(hide(edit.text) == edit.text for edit in made)}


def _lines(source: Source | None) -> Sequence[str]:
    try:
        return redactor().lines(source.lines) if source else []
    except Unreadable:
        return []


def _page(code: str) -> str:
    from bybit_lint import pages

    page = pages.find(code)
    return page.text if page else ""


# --- the changes ------------------------------------------------------------------------------------------------------


def diffs(changes: Iterable[Change]) -> None:
    """Write unified diffs that `patch -p0` takes, byte for byte but for keys, which no output ever shows."""
    for old, new in changes:
        plain = b"".join(diff(old, new))
        shown = _shown(plain)
        give(shown)
        if shown != plain:
            complain(f"{old.path}: a key is hidden in this diff, which therefore cannot be applied; --fix can")


def diff(old: Source, new: Source) -> Iterable[bytes]:
    """The lines of a unified diff."""
    import difflib

    name = _quoted(old.path)
    before, after = (io.BytesIO(source.data).readlines() for source in (old, new))
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
