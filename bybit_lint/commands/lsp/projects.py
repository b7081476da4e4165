"""What is found in the folders of an editor, with its unsaved texts in the place of the files.

What has not changed is kept from run to run: a file with all that was worked out of it, and the verdicts on each part
of a project that no import connects with the changed file.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from bybit_lint import checks, facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.commands import gather
from bybit_lint.commands.gather import Group
from bybit_lint.commands.options import Choice
from bybit_lint.commands.sieve import Sieve
from bybit_lint.engine import Sift
from bybit_lint.inputs import config, files
from bybit_lint.inputs.baseline import BadBaseline
from bybit_lint.inputs.filenames import CODE, manifest
from bybit_lint.judging import entries, judge
from bybit_lint.judging.parts import Part, parts
from bybit_lint.judging.verdict import Verdict
from bybit_lint.redaction import Redactor
from bybit_lint.rule import Rule
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Finding, Request, Span

NOTHING_CHOSEN = Choice(None, (), (), None, False)


class Asked(NamedTuple):
    """A call that asks an endpoint: where it stands, and where the value of each of Bybit's parameters stands in it."""

    span: Span
    endpoint: str
    arguments: Mapping[str, Span]


class Checked(NamedTuple):
    """One file as it was judged."""

    source: Source
    group: Group
    findings: Sequence[Finding]
    """Those that no baseline accepts."""
    asked: Sequence[Asked]
    sift: Sift
    """What tells these from the others."""


class Found(NamedTuple):
    """What a run over all projects came to. Paths are absolute."""

    files: Mapping[str, Checked]
    sources: Mapping[str, Source]
    """All that was read, by the path in spans."""
    problems: Sequence[str]
    judged: int
    """Of how many files the verdict is new."""
    parsed: int
    """How many files were read as code anew."""


class _Kept(NamedTuple):
    """The verdicts on a part, and the files that were looked into on the way."""

    verdicts: Mapping[str, tuple[Verdict, Sequence[Asked]]]
    beyond: Mapping[str, Source]


_Key: TypeAlias = "tuple[str, frozenset[str]]"
Early: TypeAlias = Callable[[Checked, Mapping[str, Source]], None]
"""Is told what is found in a file that has changed before its project is judged whole, and all that was read."""


class Projects:
    """Judges the projects of an editor again and again."""

    def __init__(self) -> None:
        self._sources: dict[tuple[str, str], tuple[bytes, Source]] = {}
        self._kept: dict[_Key, _Kept] = {}

    def run(
        self, folders: Sequence[str], texts: Mapping[str, bytes], checkpoint: Callable[[], None], early: Early
    ) -> Found:
        """What is found in the folders and in those open files that lie in none of them.

        `texts` are the open files by their absolute paths. `checkpoint` is called all the time, and may raise to stop
        the run; what was worked out of files by then is not lost. Raises Misunderstood for a config that is no use.
        """
        run = _Run(self._sources, self._kept, texts, checkpoint, early)
        try:
            found = run.found(folders)
        finally:
            self._sources |= run.sources
        self._sources, self._kept = run.sources, run.kept
        return found

    def tidy(self) -> None:
        """Free what the last run has worked out of whole projects: it is full of circles, which nothing else finds."""
        judge.let_go()
        gc.collect()


class _Run:
    """One run. `sources` and `kept` are what is left of it for the next one."""

    def __init__(
        self,
        known: Mapping[tuple[str, str], tuple[bytes, Source]],
        former: Mapping[_Key, _Kept],
        texts: Mapping[str, bytes],
        checkpoint: Callable[[], None],
        early: Early,
    ) -> None:
        self.known, self.former, self.texts, self.checkpoint, self.early = known, former, texts, checkpoint, early
        self.read: dict[str, Source] = {}
        self.changed: set[Source] = set()
        """The open files that are not as they were."""
        self.sources: dict[tuple[str, str], tuple[bytes, Source]] = {}
        self.kept: dict[_Key, _Kept] = {}
        self.judged = 0
        self.sift: Sift = _all

    def found(self, folders: Sequence[str]) -> Found:
        config.forget()
        rules = checks.load()
        projects, unreadable = self._projects(folders)
        groups = gather.groups(projects, config.nearest, NOTHING_CHOSEN, rules)
        read = {source.path: source for project in projects for source in (*project.named, *project.others)}
        self.read = read
        self.sift, refused = _sift(groups)
        unparsed = [source for source in read.values() if source.is_code and "tree" not in vars(source)]
        verdicts = {path: (group, *told) for group in groups for path, told in self._group(group).items()}
        hide = _mask(read.values(), verdicts.values())
        every = [finding for _, verdict, _ in verdicts.values() for finding in verdict.findings]
        reported = {id(finding) for finding in self.sift([*read.values()], every)}
        checked = {}
        for path, (group, verdict, asked) in verdicts.items():
            shown = [_hidden(finding, hide) for finding in verdict.findings if id(finding) in reported]
            checked[os.path.abspath(path)] = Checked(read[path], group, shown, asked, self.sift)
        problems = [*refused, *(f"{f.span.path}: {f.message}" for f in unreadable)]
        problems += [problem for _, verdict, _ in verdicts.values() for problem in verdict.problems]
        parsed = sum("tree" in vars(source) for source in unparsed)
        return Found(checked, read, [hide(problem) for problem in problems], self.judged, parsed)

    def _projects(self, folders: Sequence[str]) -> tuple[list[gather.Project], list[Finding]]:
        ours = [path for path in self.texts if path.endswith(CODE) or manifest(path)]
        loose = [path for path in ours if not any(_lies_in(path, folder) for folder in folders)]
        on_disk = [path for path in loose if os.path.lexists(path)]
        projects, unreadable = gather.read([*folders, *on_disk], config.nearest, self._opened)
        read = {source.path for project in projects for source in project.named}
        for path in ours:
            if not os.path.lexists(path) and files.shown(path) not in read:
                projects += gather.piped(files.shown(path), self.texts[path], config.nearest)
        return projects, unreadable

    def _opened(self, path: str, place: str) -> Source:
        """A file as the editor has it, or else as it is on the disk; the one of the last run if it is the same."""
        self.checkpoint()
        data = self.texts[path] if path in self.texts else gather.data_of(path)
        former, source = self.known.get((path, place), (None, None))
        if source is None or former != data:
            source = Source.of_file(files.shown(path), data, place)
            if path in self.texts:
                self.changed.add(source)
        self.sources[path, place] = data, source
        return source

    def _group(self, group: Group) -> dict[str, tuple[Verdict, Sequence[Asked]]]:
        named = {source.path for source in group.sources}
        project = Project([*group.sources, *group.context], group.config.account)
        project.checkpoint = self.checkpoint
        found: dict[str, tuple[Verdict, Sequence[Asked]]] = {}
        for part in parts(project):
            asked = named.intersection(part.paths)
            if asked:
                found.update(self._part(part, project, frozenset(asked), group))
        return found

    def _part(
        self, part: Part, project: Project, asked: frozenset[str], group: Group
    ) -> Mapping[str, tuple[Verdict, Sequence[Asked]]]:
        """The verdicts on the files of a part that are asked for."""
        rules = group.rules
        key = entries.key(part, project.links, rules), asked
        kept = self.former.get(key)
        if kept is None or any(project.source_at(place) is not source for place, source in kept.beyond.items()):
            own = [source for source in part.sources if source.path in asked]
            for source in self.changed.intersection(own):
                verdict = judge.early(source, part.project, rules)
                hide = _mask(self.read.values(), [(group, verdict, ())])
                reported = self.sift([*self.read.values()], verdict.findings)
                shown = [_hidden(finding, hide) for finding in reported]
                self.early(Checked(source, group, shown, (), self.sift), self.read)
            verdicts = {source.path: _judged(source, part.project, rules) for source in own}
            kept = _Kept(verdicts, {module.source.place: module.source for module in part.project.looked_into})
            self.judged += len(verdicts)
        self.kept[key] = kept
        return kept.verdicts


def _judged(source: Source, project: Project, rules: Sequence[Rule]) -> tuple[Verdict, Sequence[Asked]]:
    project.checkpoint()
    verdict = judge.verdict(source, project, rules)
    try:
        nouns = facts.of(source, project, frozenset(rule.noun for rule in rules if rule.noun))
    except Exception:  # noqa: BLE001  # the verdict says what went wrong
        return verdict, ()
    return verdict, [_asked(noun) for noun in nouns if isinstance(noun, Request)]


def _all(_sources: Sequence[Source], findings: Sequence[Finding]) -> Sequence[Finding]:
    return findings


def _sift(groups: Sequence[Group]) -> tuple[Sift, Sequence[str]]:
    """What leaves out the findings that a baseline accepts; none are left out if one cannot be used, and why not."""
    if not any(group.config.baseline for group in groups):
        return _all, ()
    try:
        return Sieve(groups, lambda settings: settings.baseline_path, None), ()
    except BadBaseline as error:
        return _all, [str(error)]


def _asked(request: Request) -> Asked:
    return Asked(request.span, request.endpoint, {name: held.target for name, held in request.arguments.items()})


# --- keys -------------------------------------------------------------------------------------------------------------


def _mask(sources: Iterable[Source], verdicts: Iterable[tuple[Group, Verdict, object]]) -> Callable[[str], str]:
    """What hides the keys of the files that something is told of."""
    redactor = Redactor()
    redactor.read(sources)
    redactor.quote(path for _, verdict, _ in verdicts for finding in verdict.findings for path in finding.paths)
    return redactor.hide


def _hidden(finding: Finding, hide: Callable[[str], str]) -> Finding:
    related = tuple(other.replace(message=hide(other.message)) for other in finding.related)
    return finding.replace(message=hide(finding.message), related=related)


def _lies_in(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
