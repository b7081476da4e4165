"""Comments that say what a person has to look at in a rewritten call; they stay until somebody has."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.source import Source
from bybit_lint.fixing.editing.edits import Edit, Refused
from bybit_lint.fixing.editing.statements import above
from bybit_lint.fixing.migration.steps import Level, Step

MARK = "# bybit-lint migrate: "
DECIDE = "to decide: "


def note(module: Module, node: ast.AST, step: Step) -> list[Edit]:
    """The comment above the statement that a call is part of; none where its line is the end of another text."""
    statement = module.names.statement(node)
    if step.level is Level.CERTAIN or statement is None:
        return []
    try:
        return [above(module.source, statement, f"{MARK}{DECIDE if step.is_left else ''}{'; '.join(step.reasons)}")]
    except Refused:
        return []


def noted(sources: Collection[Source]) -> Iterator[Step]:
    """What earlier migrations have left to look at."""
    for source in sources:
        if source.is_code and MARK.encode() in source.body:
            for line, start in source.comments.items():
                end = len(source.lines[line - 1].encode()) + source.line_starts[line - 1]
                text = source.body[start:end].decode()
                if text.startswith(MARK):
                    span = source.span_of(start, end)
                    reason = text.removeprefix(MARK)
                    level = Level.LEFT if reason.startswith(DECIDE) else Level.REVIEW
                    yield Step(
                        span, "left" if level is Level.LEFT else "rewritten", "", level, (reason.removeprefix(DECIDE),)
                    )
