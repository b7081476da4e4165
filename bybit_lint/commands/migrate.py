"""`bybit-lint migrate`: carry bots for clients before V5 over to pybit's V5."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bybit_lint import facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands import gather, present, writing
from bybit_lint.commands.cells import Cells
from bybit_lint.commands.options import Choice
from bybit_lint.commands.output import complain, redactor, say
from bybit_lint.fixing.migration import plan as planning
from bybit_lint.fixing.migration.requests.unsigned import WITHOUT
from bybit_lint.fixing.migration.steps import Level, Step
from bybit_lint.inputs.problems import noted
from bybit_lint.report import migration
from bybit_lint.vocabulary import Legacy, LegacyUse

CLEAN, LEFT, FAILED = 0, 1, 2
EVERYTHING = Choice(None, (), (), None, False)


def run(paths: Sequence[str], *, is_dry: bool, is_writing: bool) -> int:
    """The exit code: nothing left to do, something left, or the tool could not do its job."""
    projects, unreadable = gather.read(paths, gather.config_of(EVERYTHING))
    problems = [f"{finding.span.path}: {finding.message}" for finding in unreadable]
    steps: list[Step] = []
    changed: list[tuple[Source, Source]] = []
    for named, others in projects:
        redactor().read([*named, *others])
        redactor().quote(source.path for source in named)
        with noted(problems, f"{named[0].path if named else ''}: the migration"):
            cells = Cells([*named, *others])
            readable = _readable(named, cells, problems)
            made = planning.plan(Project([*named, *others]), readable)
            told = {step.span for step in made.steps}
            raw = (step for step in _raw(Project([*named, *others]), readable) if step.span not in told)
            own = {source.path for source in named}  # what is left of the others is for who names them
            found = _in_order(step for step in (*made.steps, *raw) if step.span.path in own)
            steps += [step._replace(span=cells.in_cell(step.span)) for step in found]
            changed += made.changed
    if is_dry:
        present.diffs(changed, "--write")
    if is_writing:
        problems += _write(changed)
    say(migration.text(steps, is_written=is_writing), err=is_dry)
    for problem in problems:
        complain(problem)
    return FAILED if problems else _left(steps, is_writing)


def _raw(project: Project, named: Sequence[Source]) -> Iterator[Step]:
    """The requests and streams that go to older paths without any client; most are a person's."""
    wanted = {source.path for source in named}
    for source, part in project.units:
        if source.path in wanted and source.is_code:
            for use in facts.of(source, part, frozenset({LegacyUse})):
                if isinstance(use, LegacyUse) and use.what in (Legacy.PATH, Legacy.STREAM):
                    yield Step(use.span, use.name, "", Level.LEFT, (f"{WITHOUT}; {use.successor}",))


def _in_order(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda step: (step.span.path, step.span.start))


def _readable(named: Sequence[Source], cells: Cells, problems: list[str]) -> list[Source]:
    """The files that can be read as what they are; of the others it is said why not."""
    found = []
    for source in named:
        try:
            source.tree if source.is_code else source.body  # noqa: B018  # an unreadable file says so here
            found.append(source)
        except Unreadable as error:
            problems.append(cells.complaint(source, error))
    return found


def _write(changed: Sequence[tuple[Source, Source]]) -> list[str]:
    """Write all files, or none; why none could be written."""
    try:
        writing.replace_all([(old.path, old.written, new.written) for old, new in changed])
    except OSError as error:
        return [f"{error.filename}: nothing was written: {error.strerror}"]
    return []


def _left(steps: Sequence[Step], is_written: bool) -> int:
    is_done = all(step.level is Level.CERTAIN for step in steps) if is_written else not steps
    return CLEAN if is_done else LEFT
