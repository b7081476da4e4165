"""`bybit-lint check`: judge the files, fix them where that is asked, say what was found."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bybit_lint import engine
from bybit_lint.analysis.source import Source
from bybit_lint.commands import gather, present, shim, writing
from bybit_lint.commands.gather import ConfigOf, Group, Project
from bybit_lint.commands.options import Options
from bybit_lint.commands.output import Failure, give, redactor
from bybit_lint.commands.progress import progress
from bybit_lint.engine import Outcome, Sift
from bybit_lint.inputs.config import Config
from bybit_lint.inputs.selection import Misunderstood
from bybit_lint.judging import processes
from bybit_lint.judging import rules as known
from bybit_lint.judging.cache import Cache, usual_folder
from bybit_lint.judging.verdict import UNREADABLE, Advance
from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding

if TYPE_CHECKING:
    from bybit_lint.commands.sieve import Sieve

CLEAN, FOUND, FAILED = 0, 1, 2


def run(options: Options) -> int:
    """The exit code: nothing left, findings left, or the tool could not do its job. Raises Failure."""
    try:
        with uncollected():
            return _run(options)
    except Misunderstood as error:
        raise Failure(str(error)) from error


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is collected but between the parts of large projects: looking for it takes half the time.

    It stays off where it was off, as in a process of our own, which would look through all of it once more.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.unfreeze()
            gc.enable()


def _run(options: Options) -> int:
    rules = known.rules(_cache(options))
    stdin = sys.stdin.buffer.read() if options.reads_stdin else b""
    groups, unreadable, paths = gathered(options, rules, stdin)
    _refuse(options, groups, paths)
    sieve = _sieve(groups, options)
    with progress(options.is_quiet) as advance:
        outcome = total(outcomes(groups, options, sieve, advance), unreadable)
    if sieve is not None:
        outcome = sieve.sifted(outcome)
    changes = _changes([source for group in groups for source in group.sources], outcome.sources)
    redactor().quote((*_quoted(outcome), *(source.path for source, _ in changes)))
    if outcome.problems:
        redactor().suspect()
    if options.is_dry:
        present.diffs(changes, options.writing)
    elif options.shows_code:
        give(outcome.sources[0].written if outcome.sources else stdin)
    edits = None
    if options.needs_edits:
        from bybit_lint.commands.edits import prepare

        outcome, edits = prepare(outcome, groups)
    present.report(outcome, rules, edits, options)
    present.shim_notice(changes, groups, options)
    return _exit_code(outcome, rules, options, is_shown=options.is_dry and bool(changes))


def gathered(
    options: Options, rules: Sequence[Rule], stdin: bytes = b""
) -> tuple[list[Group], list[Finding], list[str]]:
    """The sources of a run, a finding for each that cannot be read, and the paths of all that is read with them."""
    configs = gather.config_of(options.choice)
    projects, unreadable = _inputs(options, configs, stdin)
    groups = gather.groups(projects, configs, options.choice, rules)
    read = [source for project in projects for source in (*project.named, *project.others)]
    redactor().read(read)
    return groups, unreadable, [*(source.path for source in read), *(finding.span.path for finding in unreadable)]


def _sieve(groups: Sequence[Group], options: Options) -> Sieve | None:
    """What decides which findings are reported; None if all are. Raises Misunderstood."""

    def path_of(settings: Config) -> str:
        return "" if options.ignores_baseline else options.baseline or settings.baseline_path

    if options.since is None and not any(path_of(group.config) for group in groups):
        return None
    from bybit_lint.commands.sieve import Sieve  # few runs need it

    return Sieve(groups, path_of, options.since)


def _refuse(options: Options, groups: Sequence[Group], paths: Sequence[str]) -> None:
    """Refuse what would destroy a file or leave none, before anything is judged or changed. Raises Failure."""
    for group in groups:
        if own := shim.mistaken(group.config.shim, group.sources):
            raise Failure(f"{own}: it is no shim, but shim = {group.config.shim!r} in the config says so")
    for path in filter(None, (output.path for output in options.outputs)):
        try:
            writing.refuse(path)
            if os.path.exists(path) and any(map(_is_at(path), paths)):
                raise FileExistsError(errno.EEXIST, "it is one of the files that are checked, and would be lost")
        except OSError as error:
            raise Failure(f"{path}: cannot be written: {error.strerror}") from error


def _is_at(path: str) -> Callable[[str], bool]:
    """Whether another path leads to the same file."""
    return lambda other: os.path.exists(other) and os.path.samefile(path, other)


def _quoted(outcome: Outcome) -> Iterator[str]:
    """The paths of the files of which lines are shown."""
    for finding in (*outcome.findings, *outcome.fixed):
        yield from finding.paths


def _inputs(options: Options, configs: ConfigOf, stdin: bytes) -> tuple[list[Project], list[Finding]]:
    if options.reads_stdin:
        return gather.piped(options.stdin_filename, stdin, configs), []
    return gather.read(options.paths, configs)


def outcomes(
    groups: Sequence[Group], options: Options, sift: Sift | None = None, advance: Advance | None = None
) -> Iterator[Outcome]:
    """Each group judged with the other files as they are by then."""
    new: dict[str, bytes] = {}
    for group in groups:
        context = [source.edited(new[source.path]) if source.path in new else source for source in group.context]
        outcome = _outcome(group, context, options, sift, advance)
        new.update((source.path, source.data) for _, source in _changes(group.sources, outcome.sources))
        yield outcome


def _outcome(
    group: Group, context: Sequence[Source], options: Options, sift: Sift | None, advance: Advance | None
) -> Outcome:
    if options.changes_nothing:
        return _judged(group, context, options, advance)
    if options.reason is not None:
        from bybit_lint.commands.ignoring import accept

        word = "not changed"
        outcome = accept(group, context, options.reason, _judged(group, context, options, advance), sift)
    else:
        word = "not fixed"
        is_unsafe = options.is_unsafe or group.config.unsafe_fixes
        shim, account = group.config.shim, group.config.account
        outcome = engine.fix(group.sources, group.rules, is_unsafe, shim, context, account, sift, advance)
    return outcome if options.shows_code else _written(outcome, group, context, word)


def _judged(group: Group, context: Sequence[Source], options: Options, advance: Advance | None) -> Outcome:
    jobs = options.jobs or processes.cores()
    account = group.config.account
    return engine.check(group.sources, group.rules, context, account, jobs, _cache(options), advance)


def _cache(options: Options) -> Cache | None:
    """What is remembered of other runs; None where there is no place for it, or it is of no use."""
    folder = usual_folder() if options.cache is None else options.cache
    return Cache(folder) if folder and not options.needs_edits else None


def _written(outcome: Outcome, group: Group, context: Sequence[Source], word: str) -> Outcome:
    """The outcome once the changed files are on the disk; a file that cannot be written is judged as it was."""
    failed: dict[str, str] = {}
    for old, new in _changes(group.sources, outcome.sources):
        try:
            writing.replace(old.path, old.written, new.written)
        except OSError as error:
            failed[old.path] = f"{word}: {error.strerror}"
    return _with_failures(outcome, failed, group, context) if failed else outcome


def _with_failures(outcome: Outcome, failed: Mapping[str, str], group: Group, context: Sequence[Source]) -> Outcome:
    before = {source.path: source for source in group.sources}
    sources = [before[source.path] if source.path in failed else source for source in outcome.sources]
    judged = engine.check(sources, group.rules, context, group.config.account)
    again = (f for f in judged.findings if f.span.path in failed)
    left = [f.replace(not_fixed=failed[f.span.path]) if f.fix else f for f in again]
    return Outcome(
        sources,
        [*(f for f in outcome.findings if f.span.path not in failed), *left],
        [f for f in outcome.fixed if f.span.path not in failed],
        [*outcome.problems, *(f"{path}: {reason}" for path, reason in failed.items())],
        outcome.taken_back,
    )


def _changes(before: Sequence[Source], after: Sequence[Source]) -> list[tuple[Source, Source]]:
    old = {source.path: source for source in before}
    return [(old[new.path], new) for new in after if new.data != old[new.path].data]


def total(found: Iterable[Outcome], unreadable: Sequence[Finding]) -> Outcome:
    """All outcomes as one."""
    outcomes = list(found)
    return Outcome(
        [source for outcome in outcomes for source in outcome.sources],
        engine.in_order([*unreadable, *(f for outcome in outcomes for f in outcome.findings)]),
        engine.in_order(f for outcome in outcomes for f in outcome.fixed),
        [problem for outcome in outcomes for problem in outcome.problems],
        [told for outcome in outcomes for told in outcome.taken_back],
        [told for outcome in outcomes for told in outcome.withheld],
    )


def _exit_code(outcome: Outcome, rules: Sequence[Rule], options: Options, *, is_shown: bool) -> int:
    """The exit code; `is_shown` if a change was shown that would take findings away."""
    if outcome.problems or any(finding.code == UNREADABLE for finding in outcome.findings):
        return FAILED
    severities = {rule.code: rule.severity for rule in rules}
    left = (*outcome.findings, *(outcome.fixed if options.is_dry else ()))
    is_left = any(severities[finding.code] in options.fails_on for finding in left)
    return FOUND if is_left or (is_shown and options.reason is not None and options.fails_on) else CLEAN
