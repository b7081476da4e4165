"""All facts of a project: what its calls tell, then what each extractor finds, one crash apart from all else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from bybit_lint.analysis.bounds import deep_stack
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.installed import Packages
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.traffic.accounts import Accounts
from bybit_lint.analysis.traffic.effects import Effects
from bybit_lint.analysis.traffic.failed_reads import FailedReads
from bybit_lint.analysis.traffic.failures import Failures
from bybit_lint.analysis.traffic.responses import Responses
from bybit_lint.analysis.traffic.scanner import Scanner
from bybit_lint.analysis.traffic.views import CallViews
from bybit_lint.clients.arguments import MISTAKES
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import Declared, Extractor, declared
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Noun, Span

if TYPE_CHECKING:
    from bybit_lint.analysis.traffic.sight.meter import Meter
    from bybit_lint.vocabulary.sight import Candidate


class Crash(NamedTuple):
    """That something went wrong in one file, and what was not found because of it; None for anything."""

    what: str
    error: Exception
    nouns: frozenset[type[Noun]] | None


class FactCollection:
    """Reads a project once and gives the facts of each of its files: all of them, or at least those `wanted`."""

    def __init__(self, project: Project, wanted: frozenset[type[Noun]] | None = None) -> None:
        self.project = project
        self.wanted = wanted
        self.program = Program(project)
        self.packages = Packages(project, self.program.evaluator)
        self._so_far = _Record()
        self._asked: set[Module] = set()
        self._extractors: dict[str, Extractor | None] = {}

    def facts(self, source: Source) -> list[Noun]:
        """The facts that stand in one file. Raises Unreadable."""
        source.tree  # noqa: B018  # an unreadable file says so here
        found = self._record.found.get(source.path, ())
        return sorted(found, key=lambda noun: (noun.span.start, type(noun).__name__))

    def crashes(self, source: Source) -> list[Crash]:
        """What went wrong in a file while its facts were looked for."""
        return self._record.crashes.get(source.path, [])

    def candidates(self, source: Source) -> list[Candidate]:
        """The calls of one file that could speak to Bybit, and how far they are understood. Raises Unreadable."""
        source.tree  # noqa: B018  # an unreadable file says so here
        self._record  # noqa: B018  # all calls are shown to the clients first
        with deep_stack():
            return [*self._meter.candidates(self.project.module(source))]

    @cached_property
    def _meter(self) -> Meter:
        from bybit_lint.analysis.traffic.sight.meter import Meter  # few runs need it

        return Meter(self.program, self._scanner.traffic)

    @cached_property
    def _scanner(self) -> Scanner:
        return Scanner(CallViews(self.program, self.wanted))

    @cached_property
    def _record(self) -> _Record:
        """All that is found."""
        with deep_stack():
            self._ask(self.project.readable)
        return self._so_far

    def early(self, source: Source) -> list[Noun]:
        """The facts of one file that are found by asking it alone, before all others are asked. Raises Unreadable."""
        source.tree  # noqa: B018  # an unreadable file says so here
        with deep_stack():
            self._ask([self.project.module(source)])
        return list(self._so_far.found.get(source.path, ()))

    @cached_property
    def _analysis(self) -> Analysis:
        """What is known once all calls were shown to the clients."""
        scanner = self._scanner
        for module in self.project.readable:
            self.project.checkpoint()
            self._so_far.take(module, "the analysis", _asked(scanner.facts, module), None)
        effects, responses = Effects(self.program, scanner.traffic), Responses(self.program)
        reads = FailedReads(Failures(effects, responses))
        accounts = Accounts(self.program, scanner.traffic)
        return Analysis(
            self.program, scanner.traffic, effects, responses, scanner.views, reads, accounts, self.packages
        )

    def _ask(self, modules: Iterable[Module]) -> None:
        """Ask each extractor of those files that none was asked of yet."""
        analysis = self._analysis
        new = [module for module in modules if module not in self._asked]
        self._asked.update(new)
        for module in new:
            self.project.checkpoint()
            for home, found in self._scanner.judgements(module):
                self._so_far.take(home, "the analysis", found, frozenset(MISTAKES))
        for kind in declared():
            is_wanted = self.wanted is None or not self.wanted.isdisjoint(kind.nouns)
            if is_wanted and kind.may_find(self.project):
                made = self._made(kind, analysis)
                if made is not None:
                    self._ask_one(made, kind, new)

    def _ask_one(self, extractor: Extractor, kind: Declared, modules: Iterable[Module]) -> None:
        for module in modules:
            self.project.checkpoint()
            found = _asked(extractor.facts, module)
            self._so_far.take(module, f"the extractor {_short(kind)}", found, kind.nouns)

    def _made(self, kind: Declared, analysis: Analysis) -> Extractor | None:
        """An extractor; one that cannot be made is missed in all files."""
        if kind.name not in self._extractors:
            self._extractors[kind.name] = None
            try:
                self._extractors[kind.name] = kind.make(analysis)
            except Exception as error:  # noqa: BLE001  one extractor must not hide the others; the crash is told
                crash = Crash(f"the making of the extractor {_short(kind)}", error, kind.nouns)
                for module in self.project.readable:
                    self._so_far.crashes[module.source.path].append(crash)
        return self._extractors[kind.name]


def _asked(work: Callable[[Module], Iterable[Noun]], module: Module) -> Iterator[Noun]:
    """Work on a file that is not begun before somebody wants what it finds."""
    yield from work(module)


def _short(kind: Declared) -> str:
    return kind.name.removeprefix("bybit_lint.")


class _Record:
    """The facts and the crashes of a project, by file."""

    def __init__(self) -> None:
        self.found: dict[str, list[Noun]] = defaultdict(list)
        self.crashes: dict[str, list[Crash]] = defaultdict(list)
        self._known: dict[tuple[type[Noun], Span], list[Noun]] = defaultdict(list)

    def take(self, module: Module, what: str, found: Iterator[Noun], nouns: frozenset[type[Noun]] | None) -> None:
        """Do some work on one file, and keep what it finds, each fact once."""
        try:
            for noun in found:
                alike = self._known[type(noun), noun.span]
                if noun not in alike:
                    alike.append(noun)
                    self.found[noun.span.path].append(noun)
        except Exception as error:  # noqa: BLE001  one file must not hide the others; the crash is told
            self.crashes[module.source.path].append(Crash(what, error, nouns))
