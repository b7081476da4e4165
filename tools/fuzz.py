"""Mutate the bots of this repository, and see whether the tool crashes, hangs, contradicts itself or breaks a promise.

usage: python tools/fuzz.py [--seed N] [--checks N] [--fixes N] [--jobs N] [--only KIND:NUMBER]

A check must give the same findings twice and in another order of reading, and a report in each format. A fix must keep
the promises of `tools/fixes.py`. A case is a process of its own, which is given ten seconds of CPU time for a check and
three times as much for a fix, and 2 GiB. Every failure is printed with the smallest files that still fail, and makes
the exit code 1.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeAlias

import consistency
import fixes
from fixes import Run
from mutations import Bot, Corpus, mutated

from bybit_lint import checks
from bybit_lint.analysis.source import Source
from bybit_lint.cli import FORMATS
from bybit_lint.cli import main as lint

Judge: TypeAlias = Callable[[Path], Iterable[str]]
"""Says what is wrong with what the tool does in a folder."""

SECONDS = {"check": 10, "fix": 30}
"""Of CPU time, so that a busy machine is no hang."""
PATIENCE = 20
"""So many times longer a case may take by the clock."""
MEMORY = 2 << 30
TRIALS = 120
"""Smaller cases that are tried out for each failure."""
CRASHES = re.compile(r"crashed|Traceback")
EVERY = ",".join(rule.code for rule in checks.load())


class Case(NamedTuple):
    """One bot, and what is done with it."""

    name: str
    bot: Bot

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]


class Failure(NamedTuple):
    """What went wrong; `sort` is the same for failures of one cause."""

    text: str

    @property
    def sort(self) -> str:
        return re.sub(r"[\d'\"]+|\S+\.(?:py|txt|toml)\b", "", self.text)[:60]


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 if anything failed."""
    parser = ArgumentParser(usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--seed", type=int, default=int(time.time()), metavar="N")
    parser.add_argument("--checks", type=int, default=200, metavar="N")
    parser.add_argument("--fixes", type=int, default=50, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N")
    parser.add_argument("--only", metavar="KIND:NUMBER", help="one case alone")
    asked = parser.parse_args(arguments)
    names = [f"check:{n}" for n in range(asked.checks)] + [f"fix:{n}" for n in range(asked.fixes)]
    print(f"seed {asked.seed}", flush=True)
    warm_up()
    failed = 0
    for case, failure in failures(cases(asked.seed, [asked.only] if asked.only else names), asked.jobs):
        failed += 1
        print(f"{case.name}: {failure.text}", flush=True)
        print(shown(smallest(case, failure)), flush=True)
    print(f"seed {asked.seed}: {asked.checks} checks and {asked.fixes} fixes, {failed} failures")
    return 1 if failed else 0


def cases(seed: int, names: Iterable[str]) -> Iterator[Case]:
    """A case for each name, always the same for one seed and one version of the repository."""
    corpus = Corpus()
    for name in names:
        rng = Random(f"{seed}:{name}")  # noqa: S311  # nothing secret
        yield Case(name, mutated(rng, corpus, is_gentle=name.startswith("fix")))


def warm_up() -> None:
    """Load what the tool loads when it is first asked for it: each case is a copy of this process."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "bot.py").write_bytes(next(iter(Corpus().bots))["bot.py"])
        for judge in JUDGES.values():
            list(judge(Path(folder)))


def failures(wanted: Iterable[Case], jobs: int = 1) -> Iterator[tuple[Case, Failure]]:
    """The cases that fail; so many are tried at once."""
    left = iter(wanted)
    running = [Trial(case) for case in islice(left, jobs)]
    while running:
        wait([trial.said for trial in running], timeout=1)
        for trial in [trial for trial in running if trial.is_over]:
            running.remove(trial)
            if failure := trial.failure():
                yield trial.case, failure
            running += [Trial(case) for case in islice(left, 1)]


class Trial:
    """A case in a process of its own."""

    def __init__(self, case: Case) -> None:
        self.case = case
        context = multiprocessing.get_context("fork")  # the modules and tables are there already
        self.said, told = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(target=judged, args=(case, told))
        self.process.start()
        told.close()
        self.end = time.monotonic() + SECONDS[case.kind] * PATIENCE

    @property
    def is_over(self) -> bool:
        return self.said.poll() or not self.process.is_alive() or time.monotonic() > self.end

    def failure(self) -> Failure | None:
        """What went wrong, if anything did."""
        try:
            text = self.said.recv() if self.said.poll() else "hang"
        except EOFError:
            self.process.join(5)
            text = {-signal.SIGXCPU: "hang", -signal.SIGKILL: "hang"}.get(self.process.exitcode or 0, "died")
            text += f" ({self.process.exitcode})" if text == "died" else ""
        self.process.kill()
        self.process.join()
        return Failure(text) if text else None


def judged(case: Case, told: Connection) -> None:
    """Try a case out within its limits, and send what is wrong, empty if nothing is."""
    seconds = SECONDS[case.kind]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with tempfile.TemporaryDirectory() as top:
        write(Path(top, "bot"), case.bot)
        try:
            told.send(next(iter(JUDGES[case.kind](Path(top, "bot"))), ""))
        except Exception as error:  # noqa: BLE001 (whatever it is, it is the tool's)
            told.send(f"{type(error).__name__}: {error}"[:300])


def write(folder: Path, bot: Bot) -> None:
    """Make the files of a bot; a file whose place is taken by a folder is left out."""
    for path, data in bot.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if not (folder / path).is_dir():
            (folder / path).write_bytes(data)


# --- what is asked of a case ------------------------------------------------------------------------------------------


def check_faults(folder: Path) -> Iterator[str]:
    """What is wrong with a check: a crash, other findings the second time or in another order, a report that fails."""
    first = told(folder)
    yield from (problem for problem in first.problems if CRASHES.search(problem))
    if told(folder) != first:
        yield "not the same the second time"
    contents = fixes.contents(folder)
    sources = [Source(path, data) for path, data in contents.items() if path.endswith(".py")]
    random.seed(size := sum(map(len, contents.values())))
    yield from consistency.wrong_orders(sources, 1)
    style = FORMATS[size % len(FORMATS)]
    for arguments in (("check", "--isolated", "--format", style), ("facts", ".")):
        code, _, error = called(folder, *arguments)
        if code not in (0, 1, 2) or CRASHES.search(error):
            yield f"{' '.join(arguments)}: {error[-300:]}"


def fix_faults(folder: Path) -> Iterator[str]:
    """The promises that all fixes there are break."""
    return fixes.in_a_copy(folder, told).broken()


JUDGES: dict[str, Judge] = {"check": check_faults, "fix": fix_faults}


def told(folder: Path, *options: str) -> Run:
    """What a run of the tool says, in this very process."""
    code, out, error = called(folder, "check", "--isolated", "--quiet", "--format", "json", "--select", EVERY, *options)
    if not out:
        raise RuntimeError(f"exit code {code}: {error[-300:]}")
    return Run(json.loads(out)["findings"], error.splitlines())


def called(folder: Path, *arguments: str) -> tuple[object, str, str]:
    """The exit code of a run, its output and its errors."""
    out, error = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2))
    with within(folder), redirect_stdout(out), redirect_stderr(error):
        try:
            lint(arguments, prog_name="bybit-lint")
            code: object = 0
        except SystemExit as end:
            code = end.code
    for stream in (out, error):
        stream.seek(0)
    return code, out.read(), error.read()


@contextmanager
def within(folder: Path) -> Iterator[None]:
    """Work in a folder; contextlib's chdir is younger than the oldest Python of ours."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


# --- the smallest case ------------------------------------------------------------------------------------------------


def smallest(case: Case, failure: Failure) -> Bot:
    """The files without all that the failure does not need, as far as some trials tell."""
    bot, left = case.bot, TRIALS

    def fails(smaller: Bot) -> bool:
        nonlocal left
        left -= 1
        found = list(failures([Case(case.name, smaller)])) if left >= 0 else []
        return any(other.sort == failure.sort for _, other in found)

    for path in sorted(bot):
        without = {other: data for other, data in bot.items() if other != path}
        bot = without if without and fails(without) else bot
    for path in sorted(bot):
        bot = shortened(bot, path, fails)
    return bot


def shortened(bot: Bot, path: str, fails: Callable[[Bot], bool]) -> Bot:
    """A bot with as few lines in one of its files as still fail: halves are left out, then quarters, and so on."""
    lines = bot[path].splitlines(keepends=True)
    size = len(lines) // 2
    while size:
        start = 0
        while start < len(lines):
            shorter = lines[:start] + lines[start + size :]
            if fails({**bot, path: b"".join(shorter)}):
                lines = shorter
            else:
                start += size
        size //= 2
    return {**bot, path: b"".join(lines)}


def shown(bot: Bot) -> str:
    """The files as text."""
    files = (f"--- {path}\n{data.decode('utf-8', 'backslashreplace')}" for path, data in bot.items())
    return "\n".join(text if len(text) < 3000 else f"{text[:3000]}..." for text in files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
