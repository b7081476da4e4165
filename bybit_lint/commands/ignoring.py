"""`--add-ignores`: a comment with the reason at each finding, by which it is accepted from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bybit_lint import engine
from bybit_lint.analysis.source import Source
from bybit_lint.commands.gather import Group
from bybit_lint.engine import Outcome, Sift
from bybit_lint.inputs import ignores
from bybit_lint.inputs.problems import noted
from bybit_lint.vocabulary import Finding


def accept(group: Group, context: Sequence[Source], reason: str, found: Outcome, sift: Sift | None) -> Outcome:
    """What is left of the findings of a group once all that are reported have a comment; nothing is written."""
    asked = found.findings if sift is None else sift(group.sources, found.findings)
    problems, told = list(found.problems), []
    new = {source.path: source for source in group.sources}
    for path in dict.fromkeys(finding.span.path for finding in asked):
        with noted(problems, f"{path}: the writing of comments"):
            try:
                new[path] = ignores.accepted(new[path], [f for f in asked if f.span.path == path], reason)
            except ignores.Refused as error:
                told.append(f"{path}: no comment was written: {error}.")
    judged = engine.check(list(new.values()), group.rules, context, group.config.account)
    worse = {path for path, _ in _tally(judged.findings) - _tally(found.findings)}
    if worse:
        told += [f"{path}: no comment was left: with it more would be found." for path in sorted(worse)]
        new |= {source.path: source for source in group.sources if source.path in worse}
        judged = engine.check(list(new.values()), group.rules, context, group.config.account)
    accepted = Counter(finding.span.path for finding in found.findings)
    accepted -= Counter(finding.span.path for finding in judged.findings)
    return judged.replace(problems=[*problems, *judged.problems], withheld=[*_counted(accepted), *told])


def _tally(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    return Counter((finding.span.path, finding.code) for finding in findings)


def _counted(accepted: Counter[str]) -> Iterator[str]:
    if many := accepted.total():
        findings = "1 finding is" if many == 1 else f"{many} findings are"
        yield f"{findings} accepted by comments in {len(accepted)} {'file' if len(accepted) == 1 else 'files'}."
