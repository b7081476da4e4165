"""The text of the fixes of a report, for editors and other tools that make them by themselves (`--edits`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bybit_lint.analysis.source import Source
from bybit_lint.commands.gather import Group
from bybit_lint.engine import Outcome
from bybit_lint.inputs.problems import noted
from bybit_lint.report import Edit
from bybit_lint.vocabulary import Finding, Fix


def prepare(outcome: Outcome, groups: Sequence[Group]) -> tuple[Outcome, Mapping[Finding, Sequence[Edit]]]:
    """The edits of each finding's fix, and the outcome with the reasons why some cannot be made."""
    from bybit_lint.fixing import editor

    sources = {source.path: source for source in outcome.sources}
    shims = {source.path: group.config.shim for group in groups for source in group.sources}
    edits, findings, problems = {}, [], list(outcome.problems)
    for finding in outcome.findings:
        path, reason = finding.span.path, finding.not_fixed
        if finding.fix and not reason:
            with noted(problems, f"{path}: the editor"):
                try:
                    edits[finding] = _edits(sources[path], finding.fix, shims[path])
                except editor.Refused as error:
                    reason = str(error)
        findings.append(finding.replace(not_fixed=reason))
    return outcome.replace(findings=findings, problems=problems), edits


def _edits(source: Source, fix: Fix, shim: str) -> list[Edit]:
    from bybit_lint.fixing import editor

    return [Edit(source.span_of(edit.start, edit.end), edit.text) for edit in editor.edits(source, fix, shim)]
