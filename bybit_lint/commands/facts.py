"""`bybit-lint facts`: what was understood of the files, one line per noun, and how far the tool sees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from bybit_lint import facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands import gather
from bybit_lint.commands.cells import Cells
from bybit_lint.commands.output import complain, redactor, say
from bybit_lint.inputs.config import Config
from bybit_lint.inputs.problems import noted
from bybit_lint.report import Cell, file_of, printable
from bybit_lint.report.facts import describe, kind
from bybit_lint.vocabulary import Noun

T = TypeVar("T")


class Survey(Generic[T]):
    """What is asked of each file that is named, with what went wrong on the way."""

    def __init__(self, ask: Callable[[Source, Project], Sequence[T]]) -> None:
        self._ask = ask
        self.problems: list[str] = []
        self.named = 0
        """How many files of code are named; those that have nothing to do with Bybit are not read."""
        self.read = 0
        self.cells = Cells(())
        """Those of the notebooks of the project whose answers were given last."""
        self.by_name: dict[str, Cell] = {}
        """All cells so far by their names."""

    def parts(self, paths: Sequence[str]) -> Iterator[Mapping[str, Sequence[T]]]:
        """The answers of one project after the other, by file."""
        found, unreadable = gather.read(paths, lambda _path: Config())
        self.problems += [f"{finding.span.path}: {finding.message}" for finding in unreadable]
        for named, others in found:
            redactor().read([*named, *others])
            redactor().quote(source.path for source in named)
            self.named += sum(source.is_code for source in named)
            self.cells = Cells([*named, *others])
            self.by_name |= self.cells.by_name
            told: dict[str, Sequence[T]] = {}
            wanted = {source.path for source in named}
            for source, part in Project([*named, *others]).units:
                if source.path in wanted:
                    with noted(self.problems, f"{source.path}: the analysis"):
                        told.update(self._answer(source, part))
            yield {source.path: told[source.path] for source in named if source.path in told}

    def _answer(self, source: Source, part: Project) -> Iterator[tuple[str, Sequence[T]]]:
        try:
            yield source.path, self._ask(source, part)
            self.read += source.is_code
        except Unreadable as error:
            self.problems.append(self.cells.complaint(source, error))


def run(paths: Sequence[str], style: str = "text", *, is_sight: bool = False) -> int:
    """The exit code: 0, or 2 if a file could not be read."""
    work = _show_sight if is_sight else _show_facts
    problems = work(paths, style)
    for problem in problems:
        complain(problem)
    return 2 if problems else 0


def _show_facts(paths: Sequence[str], style: str) -> list[str]:
    survey = Survey(facts.of)
    if style == "json":
        parts = survey.parts(paths)
        found = [_fact(noun, survey) for part in parts for nouns in part.values() for noun in _sorted(nouns)]
        say({"version": 1, "facts": found})
        return survey.problems
    for part in survey.parts(paths):
        say("".join(line for nouns in part.values() for line in _lines(nouns, survey.cells)))
    return survey.problems


def _lines(nouns: Sequence[Noun], cells: Cells) -> Iterator[str]:
    for noun in _sorted(nouns):
        told = cells.noun_in_cell(noun)
        yield f"{printable(told.span.path)}:{told.span.line}:{told.span.column}  {printable(describe(told))}\n"


def _sorted(nouns: Sequence[Noun]) -> list[Noun]:
    return sorted(nouns, key=lambda noun: (noun.span, describe(noun)))


def _fact(noun: Noun, survey: Survey[Noun]) -> dict[str, Any]:
    told = survey.cells.noun_in_cell(noun)
    place = {**file_of(told.span.path, survey.by_name), "line": told.span.line, "column": told.span.column}
    return {**place, "kind": kind(told), "words": describe(told).partition(" ")[2]}


def _show_sight(paths: Sequence[str], style: str) -> list[str]:
    from bybit_lint.report import sight

    survey = Survey(facts.candidates)
    found = {
        path: [call.replace(span=survey.cells.in_cell(call.span)) for call in told]
        for part in survey.parts(paths)
        for path, told in part.items()
    }
    every = sight.Sight(found, survey.named, survey.read, survey.problems, survey.by_name)
    say(sight.document(every) if style == "json" else sight.text(every))
    return survey.problems
