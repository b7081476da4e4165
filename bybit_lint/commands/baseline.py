"""`bybit-lint baseline`: accept what is found today, or forget what is not found any more."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from bybit_lint import checks
from bybit_lint.commands import writing
from bybit_lint.commands.check import CLEAN, FAILED, gathered, outcomes, total, uncollected
from bybit_lint.commands.gather import Group
from bybit_lint.commands.options import Choice, Options
from bybit_lint.commands.output import Failure, complain, redactor, say
from bybit_lint.commands.sieve import judged
from bybit_lint.engine import Outcome
from bybit_lint.inputs import baseline as baselines
from bybit_lint.inputs import files
from bybit_lint.inputs.baseline import Baseline
from bybit_lint.inputs.config import TABLE, Config
from bybit_lint.inputs.fingerprints import Fingerprint, below
from bybit_lint.inputs.selection import Misunderstood
from bybit_lint.judging.verdict import UNREADABLE


def run(paths: tuple[str, ...], choice: Choice, output: str | None, *, is_pruning: bool) -> int:
    """Write the baseline of each config, and say so. The exit code; raises Failure."""
    try:
        with uncollected():
            return _run(Options(paths, choice), output, is_pruning)
    except Misunderstood as error:
        raise Failure(str(error)) from error


def _run(options: Options, output: str | None, is_pruning: bool) -> int:
    if options.reads_stdin:
        raise Failure("name the files: what comes from the standard input has no place in a baseline")
    groups, unreadable, _ = gathered(options, checks.load())
    places = {group.config: output or place_of(group.config) for group in groups}
    known = {path: _known(path, is_pruning) for path in dict.fromkeys(places.values())}
    outcome = total(outcomes(groups, options), unreadable)
    redactor().quote(path for finding in outcome.findings for path in finding.paths)
    if outcome.problems:
        redactor().suspect()
    for path, baseline in known.items():
        own = [group for group in groups if places[group.config] == path]
        _write(baseline, _entries(baseline, own, outcome, is_pruning))
        for config in dict.fromkeys(group.config for group in own):
            _advise(path, config)
    if not groups:
        say("No Python file was found: there is nothing to accept.\n")
    return _told(outcome)


def place_of(config: Config) -> str:
    """Where the baseline of a config lies, or belongs: beside the config, or here."""
    return config.baseline_path or os.path.join(os.path.dirname(config.path), baselines.NAME)


def _known(path: str, is_pruning: bool) -> Baseline:
    """The baseline that is there, or an empty one. Raises BadBaseline, also where there is none to be pruned."""
    try:
        writing.refuse(path)
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error
    if is_pruning or os.path.lexists(path):
        return baselines.read(path)
    return Baseline(path, Counter())


def _entries(baseline: Baseline, groups: Sequence[Group], outcome: Outcome, is_pruning: bool) -> Counter[Fingerprint]:
    """What will stand in a baseline."""
    sources = {source.path: source for group in groups for source in group.sources}
    sifted = baseline.sift(outcome.findings, sources.get)
    stale = baseline.stale(sifted.accepted, judged(groups, baseline.folder, outcome))
    left = baseline.entries - sifted.accepted - stale + sifted.present
    if is_pruning:
        return left
    return left + Counter(filter(None, (baseline.known(finding, sources.get) for finding in sifted.new)))


def _write(old: Baseline, entries: Counter[Fingerprint]) -> None:
    """Write a baseline if anything in it is another. Raises Failure."""
    shown = files.shown(os.path.abspath(old.path))
    if entries == old.entries and os.path.lexists(old.path):
        say(f"{shown}: nothing has changed.\n")
        return
    try:
        writing.write(old.path, baselines.text(entries).encode())
    except OSError as error:
        raise Failure(f"{shown}: cannot be written: {error.strerror}") from error
    new, gone = (entries - old.entries).total(), (old.entries - entries).total()
    findings = f"{_count(entries.total(), 'finding')} in {_count(len({entry.path for entry in entries}), 'file')}"
    says = f"{findings} {'is' if entries.total() == 1 else 'are'} accepted"
    change = f" ({new} more, {gone} less than before)" if old.entries else ""
    say(f"{shown}: {says}{change}.\n")


def _advise(path: str, config: Config) -> None:
    """Say what has to stand in the config for the baseline to be heeded, if it does not yet."""
    if config.baseline and os.path.abspath(config.baseline_path) == os.path.abspath(path):
        return
    settings = os.path.abspath(config.path or "pyproject.toml")
    head = "" if config.path else f"    [{TABLE}]\n"
    line = f'    baseline = "{below(os.path.dirname(settings), path)}"\n'
    say(f"It is heeded once this stands in {files.shown(settings)} under [{TABLE}]:\n\n{head}{line}\n")


def _told(outcome: Outcome) -> int:
    """The exit code, once it is said what could not be looked at."""
    broken = [finding for finding in outcome.findings if finding.code == UNREADABLE]
    for finding in broken:
        complain(f"{finding.span.path}: {finding.message}; mend it, or leave it out with `exclude` in the config")
    for problem in outcome.problems:
        complain(problem)
    return FAILED if broken or outcome.problems else CLEAN


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
