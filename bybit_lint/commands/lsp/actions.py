"""What an editor offers to do about a finding: fix it, fix all that is safe, or accept it with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol.types import (
    CodeAction,
    CodeActionKind,
    Diagnostic,
    Range,
    TextEdit,
    WorkspaceEdit,
)

from bybit_lint import engine
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands.lsp.places import Places
from bybit_lint.commands.lsp.projects import Checked
from bybit_lint.commands.lsp.sheets import Sheet
from bybit_lint.commands.shim import mistaken
from bybit_lint.fixing import editor
from bybit_lint.vocabulary import Finding

FIX_ALL = "source.fixAll.bybit-lint"
KINDS = [CodeActionKind.QuickFix, FIX_ALL]
WHY = "TODO: say why"
"""What stands for the reason, until somebody has written one."""


class Actions:
    """The actions in one file, whose edits count in the units of one editor."""

    def __init__(self, uri: str, checked: Checked, places: Places, sheet: Sheet | None = None) -> None:
        """`sheet` is the notebook that the file is, where it is one."""
        self._uri, self._checked, self._places, self._sheet = uri, checked, places, sheet
        self._source = checked.source

    def at(self, asked: Range, diagnostics: Sequence[Diagnostic], wanted: Sequence[str] | None) -> list[CodeAction]:
        """The actions for a range. `wanted` are the kinds that are asked for, None for all."""
        found = []
        if _is_wanted(CodeActionKind.QuickFix, wanted):
            pairs = zip(self._checked.findings, diagnostics, strict=True)
            touched = [(finding, shown) for finding, shown in pairs if _meet(shown.range, asked)]
            found += [action for finding, shown in touched for action in self._fixes(finding, shown)]
            found += [action for finding, shown in touched for action in self._ignoring(finding, shown)]
        if _is_wanted(FIX_ALL, wanted) and any(map(self._is_fixed_with_all, self._checked.findings)):
            found.append(CodeAction("bybit-lint: fix all that is safe", FIX_ALL, data={"uri": self._uri}))
        return found

    def all(self) -> WorkspaceEdit:
        """What `--fix` makes of the file."""
        group = self._checked.group
        others = [source for source in (*group.sources, *group.context) if source.path != self._source.path]
        config, sift = group.config, self._checked.sift
        outcome = engine.fix(
            [self._source], group.rules, config.unsafe_fixes, config.shim, others, config.account, sift
        )
        after = outcome.sources[0]
        if after.data == self._source.data:
            return WorkspaceEdit(changes={})
        return self._edit([editor.difference(0, self._source.body.decode(), after.body.decode())])

    def _is_fixed_with_all(self, finding: Finding) -> bool:
        fix = finding.fix
        return fix is not None and (fix.is_safe or self._checked.group.config.unsafe_fixes) and self._has_shim

    @property
    def _has_shim(self) -> bool:
        """False where the config takes a file of the bot for its shim, so that a fix would import from it."""
        return not mistaken(self._checked.group.config.shim, self._checked.group.sources)

    def _fixes(self, finding: Finding, shown: Diagnostic) -> Iterator[CodeAction]:
        fix = finding.fix
        if fix is None or finding.not_fixed or not self._has_shim:
            return
        try:
            made = editor.edits(self._source, fix, self._checked.group.config.shim)
        except editor.Refused:
            return
        effect = "; lets orders through that Bybit rejects today" if fix.unblocks_orders else ""
        yield CodeAction(
            title=f"bybit-lint{'' if fix.is_safe else ' (unsafe)'}: {fix.title}{effect}",
            kind=CodeActionKind.QuickFix,
            diagnostics=None if self._sheet else [shown],
            is_preferred=fix.is_safe,
            edit=self._edit(made),
        )

    def _ignoring(self, finding: Finding, shown: Diagnostic) -> Iterator[CodeAction]:
        made = ignored(self._source, finding)
        if made:
            title = f"bybit-lint: ignore {finding.code} here, with a reason"
            told = None if self._sheet else [shown]
            yield CodeAction(title, CodeActionKind.QuickFix, diagnostics=told, edit=self._edit([made]))

    def _edit(self, made: Iterable[editor.Edit]) -> WorkspaceEdit:
        if self._sheet and self._source.notebook:
            after = editor.splice(self._source, made)
            cells = self._sheet.edits(self._source.notebook, after, self._places)
            return WorkspaceEdit(changes=dict(cells))
        edits = [TextEdit(self._places.between(self._source, start, end), text) for start, end, text in made]
        return WorkspaceEdit(changes={self._uri: edits})


def ignored(source: Source, finding: Finding) -> editor.Edit | None:
    """The comment that accepts a finding, in a line of its own above it; None where there can be none."""
    for line in _lines_above(source, finding):
        start = source.line_starts[line - 1]
        text = source.lines[line - 1]
        indent = text[: len(text) - len(text.lstrip())]
        end = "\r\n" if b"\r\n" in source.body else "\n"
        comment = f"{indent}# bybit-lint: ignore[{finding.code}] {WHY}{end}"
        edited = Source(source.path, source.body[:start] + comment.encode() + source.body[start:], source.place)
        if _has_comment(edited, line):
            return editor.Edit(start, start, comment)
    return None


def _lines_above(source: Source, finding: Finding) -> Iterator[int]:
    """The lines above which a comment speaks of a finding: its own, and the first of its statement."""
    yield finding.span.line
    try:
        statements = [node.lineno for node in source.tree.body] if source.is_code else []
    except Unreadable:
        return
    yield max((line for line in statements if line <= finding.span.line), default=finding.span.line)


def _has_comment(source: Source, line: int) -> bool:
    """Whether a line is a comment, rather than part of a text or of what goes on behind a backslash."""
    if not source.is_code:
        return True
    try:
        return line in source.comments and source.tree is not None
    except (Unreadable, SyntaxError):
        return False


def _is_wanted(kind: str, wanted: Sequence[str] | None) -> bool:
    """Whether a kind is one that is asked for: `source.fixAll` asks for all below it."""
    return not wanted or any(kind == each or kind.startswith(f"{each}.") for each in wanted)


def _meet(one: Range, other: Range) -> bool:
    ends = [(each.start.line, each.start.character, each.end.line, each.end.character) for each in (one, other)]
    (a, b, c, d), (e, f, g, h) = ends
    return (a, b) <= (g, h) and (e, f) <= (c, d)
