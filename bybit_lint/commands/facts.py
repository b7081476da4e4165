"""`bybit-lint facts`: what was understood of the files, one line per noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bybit_lint import facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands import gather
from bybit_lint.commands.output import complain, redactor, say
from bybit_lint.inputs.config import Config
from bybit_lint.inputs.problems import noted
from bybit_lint.report import printable
from bybit_lint.report.facts import describe


def run(paths: Sequence[str]) -> int:
    """The exit code: 0, or 2 if a file could not be read."""
    found, unreadable = gather.read(paths, lambda _path: Config())
    problems = [f"{finding.span.path}: {finding.message}" for finding in unreadable]
    for named, others in found:
        redactor().read([*named, *others])
        redactor().quote(source.path for source in named)
        told: dict[str, str] = {}
        for source, part in facts.units(Project([*named, *others])):
            if source in named:
                with noted(problems, f"{source.path}: the analysis"):
                    told[source.path] = _told(source, part, problems)
        say("".join(told.get(source.path, "") for source in named))
    for problem in problems:
        complain(problem)
    return 2 if problems else 0


def _told(source: Source, project: Project, problems: list[str]) -> str:
    try:
        return "".join(_lines(source, project))
    except Unreadable as error:
        problems.append(f"{source.path}:{error.line}:{error.column}: {error.reason}")
        return ""


def _lines(source: Source, project: Project) -> Iterator[str]:
    for span, words in sorted((noun.span, describe(noun)) for noun in facts.of(source, project)):
        yield f"{printable(span.path)}:{span.line}:{span.column}  {printable(words)}\n"
