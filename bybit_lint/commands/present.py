"""How an outcome is shown: the report in its format, the diff, the word about the shim."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TypeAlias

from bybit_lint.commands.gather import Group
from bybit_lint.commands.options import Options
from bybit_lint.commands.output import complain, is_colored, save, say
from bybit_lint.engine import SHIM, Outcome
from bybit_lint.report import Edit, Report, printable
from bybit_lint.report.secrets import mask
from bybit_lint.rule import Rule
from bybit_lint.source import Source, Unreadable
from bybit_lint.vocabulary import Finding

FOR_PEOPLE = ("text", "concise")
Change: TypeAlias = tuple[Source, Source]
Edits: TypeAlias = Mapping[Finding, Sequence[Edit]]


# --- the report -------------------------------------------------------------------------------------------------------


def report(outcome: Outcome, rules: Sequence[Rule], edits: Edits | None, options: Options) -> None:
    """Write the report to stdout, or where it was asked for, and to stderr the problems and what was taken back."""
    style = "statistics" if options.has_statistics and options.style in FOR_PEOPLE else options.style
    text: str = import_module(f"bybit_lint.report.{style}").render(_report(outcome, rules, edits, options))
    if options.output is None:
        say(text, err=options.shows_code)
    else:
        save(text, options.output)
    for problem in (*outcome.problems, *outcome.taken_back):
        complain(printable(mask(problem)))


def _report(outcome: Outcome, rules: Sequence[Rule], edits: Edits | None, options: Options) -> Report:
    sources = {source.path: source for source in outcome.sources}
    return Report(
        findings=[_hushed(finding) for finding in outcome.findings],
        rules={rule.code: rule for rule in rules},
        lines=lambda path: _lines(sources.get(path)),
        page=_page,
        files=len(outcome.sources),
        fixed=[_hushed(finding) for finding in outcome.fixed],
        edits=None if edits is None else edits.get,
        problems=outcome.problems,
        is_dry=options.is_dry,
        is_quiet=options.is_quiet,
        is_colored=options.output is None and is_colored(err=options.shows_code),
    )


def _hushed(finding: Finding) -> Finding:
    """The finding without a word in it that may be a key: messages repeat names of the code, and crashes its values."""
    related = tuple(replace(other, message=mask(other.message)) for other in finding.related)
    return replace(finding, message=mask(finding.message), not_fixed=mask(finding.not_fixed), related=related)


def _lines(source: Source | None) -> Sequence[str]:
    try:
        return source.lines if source else []
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
        masked = b"".join(_masked(line) for line in plain.splitlines(keepends=True))
        say(masked)
        if masked != plain:
            complain(f"{old.path}: a key is hidden in this diff, which therefore cannot be applied; --fix can")


def diff(old: Source, new: Source) -> Iterable[bytes]:
    """The lines of a unified diff."""
    import difflib

    name = old.path.encode("utf-8", "surrogateescape")
    before, after = (io.BytesIO(source.data).readlines() for source in (old, new))
    for line in difflib.diff_bytes(difflib.unified_diff, before, after, name, name):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _masked(line: bytes) -> bytes:
    return mask(line.decode("latin-1")).encode("latin-1")  # keys are ASCII, whatever the encoding of the file


def shim_notice(changes: Iterable[Change], groups: Sequence[Group], options: Options) -> None:
    """Say once how the bot gets the helpers that a fix made it import."""
    shims = {source.path: group.config.shim for group in groups for source in group.sources}
    needed = {shims[old.path] for old, new in changes if not _imports(old, shims) and _imports(new, shims)}
    for shim in sorted(needed if not options.is_quiet else ()):
        complain(HOW_TO_INSTALL if shim == SHIM else HOW_TO_VENDOR.format(shim=shim, path=shim.replace(".", "/")))


def _imports(source: Source, shims: Mapping[str, str]) -> bool:
    return f"from {shims[source.path]} import ".encode() in source.data


HOW_TO_INSTALL = """\
the fixed code imports bybit_lint.shim. Either install it where the bot runs: pip install bybit-lint
  or give the bot its own copy: bybit-lint shim --write src/bybit_shim.py
  with `shim = "bybit_shim"` under [tool.bybit-lint] in pyproject.toml before the next --fix"""
HOW_TO_VENDOR = """\
the fixed code imports {shim}. If the bot does not have it yet: bybit-lint shim --write {path}.py"""
