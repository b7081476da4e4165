"""The text of the fixes of a report, for editors and other tools that make them by themselves (`--edits`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from bybit_lint.commands.gather import Group
from bybit_lint.engine import Outcome
from bybit_lint.inputs.problems import noted
from bybit_lint.report import Edit
from bybit_lint.vocabulary import Finding, Fix

if TYPE_CHECKING:
    from bybit_lint.fixing.editor import Draft


def prepare(outcome: Outcome, groups: Sequence[Group]) -> tuple[Outcome, Mapping[Finding, Sequence[Edit]]]:
    """The edits of each finding's fix, and the outcome with the reasons why some cannot be made."""
    from bybit_lint.fixing import editor

    sources = {source.path: source for source in outcome.sources}
    shims = {source.path: group.config.shim for group in groups for source in group.sources}
    edits, findings, problems = {}, [], list(outcome.problems)
    for path, found in groupby(outcome.findings, lambda finding: finding.span.path):
        draft = editor.Draft(sources[path], shims[path]) if path in sources else None
        for finding in found:
            reason = finding.not_fixed
            if draft and finding.fix and not reason:
                with noted(problems, f"{path}: the editor"):
                    try:
                        edits[finding] = _edits(draft, finding.fix)
                    except editor.Refused as error:
                        reason = str(error)
            findings.append(finding.replace(not_fixed=reason))
        if draft:
            draft.source.let_go()  # most of the memory that a report of many files would take
    return outcome.replace(findings=findings, problems=problems), edits


def _edits(draft: Draft, fix: Fix) -> list[Edit]:
    from bybit_lint.fixing import editor

    return [Edit(draft.source.span_of(edit.start, edit.end), edit.text) for edit in editor.edits_in(draft, fix)]
