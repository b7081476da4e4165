"""The source files that a traceback names, as far as they are here, and what `check` finds in them."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping

from bybit_lint import checks, engine, judging
from bybit_lint.analysis.source import Source, Unreadable, cell_name
from bybit_lint.commands import gather
from bybit_lint.commands.executed import Executed
from bybit_lint.commands.options import Choice
from bybit_lint.commands.output import redactor
from bybit_lint.decoding.answer import Place, State, Told
from bybit_lint.decoding.frames import Frame
from bybit_lint.decoding.refusals import Refusal
from bybit_lint.inputs import files
from bybit_lint.inputs.selection import Misunderstood
from bybit_lint.vocabulary import Finding

NEAREST = Choice(None, (), (), None, False)
MOST_FILES = 8
"""Files of the bot that are checked for one log, each with its project."""


class Sources:
    """The bot's files below one folder, or where the traceback says that they are."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._executed = Executed(folder)
        self._checked: dict[str, tuple[Source | None, Mapping[Finding, bool]]] = {}
        self.problems: list[str] = []
        """Why some of them could not be checked."""

    def place(self, refusal: Refusal) -> Place | None:
        """The innermost place in the bot, and the findings of the files that the traceback goes through."""
        refusal.frames = tuple(map(self._executed.placed, refusal.frames))
        frame = refusal.place
        if frame is None:
            return None
        path = self._path(frame)
        if path is None:
            return Place(_name(frame), frame.line, frame.function, State.MISSING)
        source, _ = self._check(path)
        if source is None:
            return Place(files.shown(path), frame.line, frame.function, State.UNREADABLE)
        state, now = _compared(source, frame)
        told = [] if state is State.CHANGED else list(self._told(refusal))
        return Place(*_shown(files.shown(path), frame.line, source), frame.function, state, told, now)

    def _path(self, frame: Frame) -> str | None:
        """The file below the folder that the longest end of the path fits, or else the one at the path itself."""
        parts = frame.parts
        ends = (os.path.join(self._folder, *parts[start:]) for start in range(len(parts)))
        is_local = os.path.isabs(frame.path) and not frame.path.startswith(("\\\\", "//"))  # no other machine is asked
        candidates = (*ends, *([frame.path] if is_local else []))
        found = (path for path in candidates if path.endswith(files.SUFFIXES) and os.path.isfile(path))
        return next(map(files.absolute, found), None)

    def _check(self, path: str) -> tuple[Source | None, Mapping[Finding, bool]]:
        if path not in self._checked:
            self._checked[path] = self._fresh(path) if len(self._checked) < MOST_FILES else (None, {})
        return self._checked[path]

    def _fresh(self, path: str) -> tuple[Source | None, Mapping[Finding, bool]]:
        """The file, and what there is to find in it, each with whether it is accepted, so that `check` is silent."""
        try:
            configs = gather.config_of(NEAREST)
            projects, unreadable = gather.read([path], configs)
            groups = gather.groups(projects, configs, NEAREST, checks.load())
        except Misunderstood as error:
            self.problems.append(str(error))
            return None, {}
        self.problems += [f"{finding.span.path}: {finding.message}" for finding in unreadable]
        for group in groups:
            redactor().read([*group.sources, *group.context])
            rules = [rule for rule in checks.load() if rule.is_default or rule in group.rules]
            found: dict[Finding, bool] = {}
            for verdict in judging.verdicts(group.sources, rules, group.context, group.config.account).values():
                found |= dict.fromkeys(verdict.findings, False) | dict.fromkeys(verdict.accepted, True)
                self.problems += verdict.problems
            asked = {rule.code for rule in group.rules}
            told = {finding: found[finding] or finding.code not in asked for finding in engine.in_order(found)}
            redactor().quote(path for finding in told for path in finding.paths)
            return next(iter(group.sources)), told
        return None, {}

    def _told(self, refusal: Refusal) -> Iterator[Told]:
        """The findings of the files of the traceback that have to do with what was refused."""
        codes_of = {rule.code: rule.ret_codes for rule in checks.load()}
        wanted = {*refusal.cause.rules, *refusal.rules}
        says_more = bool(refusal.cause.text and wanted)  # than its code, which many findings are answered with
        seen = set()
        for frame in reversed([frame for frame in refusal.frames if frame.is_own]):
            path = self._path(frame)
            source, findings = self._check(path) if path else (None, {})
            if source is None or path in seen:
                continue
            seen.add(path)
            lines = {line for each in refusal.frames if self._path(each) == path for line in _lines(source, each)}
            for finding, is_accepted in findings.items():
                answered = codes_of[finding.code] if finding.ret_codes is None else finding.ret_codes
                if refusal.cause.code in answered or finding.code in wanted:
                    spans = [finding.span, *(related.span for related in finding.related)]
                    is_there = any(span.line in lines for span in spans)
                    explains = is_there and (finding.code in wanted or not says_more)
                    where = _shown(finding.span.path, finding.span.line, source)
                    yield Told(finding.code, *where, finding.message, explains, is_accepted)


def _shown(path: str, line: int, source: Source) -> tuple[str, int]:
    """A place as people are told of it: in a notebook by its cell."""
    cell = source.notebook_now.cell_at(line) if source.notebook_now else None
    return (cell_name(path, cell.number), max(line - cell.first, 0) + 1) if cell else (path, line)


def _name(frame: Frame) -> str:
    """The file's name without its folders, which tell of its user, as the name itself may."""
    parts = frame._replace(path=redactor().hide(frame.path)).parts
    return parts[-1] if parts else frame.path


def _lines(source: Source, frame: Frame) -> range:
    """The lines of the statement that a place of a traceback is in today; none if it is not there any more."""
    state, now = _compared(source, frame)
    line = now or frame.line
    try:
        found = [node for node in ast.walk(source.tree) if isinstance(node, ast.stmt) and line in _span(node)]
    except (Unreadable, RecursionError):
        found = []
    smallest = min(found, key=lambda node: len(_span(node)), default=None)
    if smallest is None or state is State.CHANGED:
        return range(0)
    return _span(smallest)


def _span(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _compared(source: Source, frame: Frame) -> tuple[State, int]:
    """Whether the line is the one that the traceback shows, and else where that one stands now."""
    try:
        lines = [line.strip() for line in source.lines]
    except Unreadable:
        return State.UNREADABLE, 0
    if not frame.code:
        return State.UNSURE, 0
    if frame.line <= len(lines) and lines[frame.line - 1] and frame.code.endswith(lines[frame.line - 1]):
        return State.FOUND, 0
    if frame.code in lines:
        return State.MOVED, lines.index(frame.code) + 1
    return State.CHANGED, 0
