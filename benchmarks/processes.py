"""Whole processes on the same files in turns: ours, Python's own parser, and the tools that people know."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

PARSE = """
import ast, os, sys
for top in sys.argv[1:]:
    for folder, _, names in os.walk(top):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), "rb") as file:
                    try:
                        ast.parse(file.read())
                    except (SyntaxError, ValueError, RecursionError):
                        pass
"""
PASS, PARSER = "python -c pass", "ast.parse"
COLD, WARM, EDITED, TWO = "cold", "warm", "one file edited", "two processes"
OTHERS = {
    "ruff": ("ruff", "check", "--quiet", "--exit-zero", "--isolated"),
    "ruff, no cache": ("ruff", "check", "--quiet", "--exit-zero", "--isolated", "--no-cache"),
    "flake8": ("flake8", "--isolated", "--jobs=1", "--exit-zero"),
    "pylint -E": ("pylint", "-E", "--jobs=1", "--exit-zero"),
    "mypy": ("mypy", "--no-incremental", "--ignore-missing-imports"),
}


class Command(NamedTuple):
    """What is run, and the file that is changed before each run; empty for none."""

    name: str
    words: Sequence[str]
    edited: str = ""


class Run(NamedTuple):
    """What one process took: seconds of CPU and by the clock, and the peak of memory in megabytes."""

    cpu: float
    clock: float
    memory: float


def commands(folders: Sequence[str], temporary: Path, selected: Sequence[str]) -> Iterator[Command]:
    """All that can be run here on some folders; the edited one is a copy of the first."""
    yield Command(PASS, (sys.executable, "-c", "pass"))
    yield Command(PARSER, (sys.executable, "-c", PARSE, *folders))
    cache, alone = ("--cache-dir", str(temporary / "cache")), ("--jobs", "1", *selected)
    copy = temporary / "edited"
    shutil.copytree(folders[0], copy, ignore=shutil.ignore_patterns(".git", ".venv"))
    yield Command(COLD, ours(folders, "--no-cache", *alone))
    yield Command(WARM, ours(folders, *cache, *alone))
    yield Command(EDITED, ours([str(copy)], *cache, *alone), edited=str(largest(copy)))
    yield Command(f"{EDITED}, cold", ours([str(copy)], "--no-cache", *alone))
    yield Command(TWO, ours(folders, "--no-cache", "--jobs", "2", *selected))
    for name, (module, *words) in OTHERS.items():
        if find_spec(module):
            yield Command(name, (sys.executable, "-m", module, *words, *folders))


def ours(folders: Iterable[str], *words: str) -> Sequence[str]:
    """The tool's command line."""
    return (sys.executable, "-m", "bybit_lint", "check", "--isolated", "--exit-zero", "--quiet", *words, *folders)


def largest(folder: Path) -> Path:
    """The largest file that speaks of Bybit."""
    files = (file for file in folder.rglob("*.py") if b"ybit" in file.read_bytes())
    return max(files, key=lambda file: file.stat().st_size, default=folder / "bot.py")


def in_turns(wanted: Sequence[Command], runs: int) -> Mapping[str, Sequence[Run]]:
    """What each command took, run after run; the first of each is not counted, as it fills caches."""
    found: dict[str, list[Run]] = {command.name: [] for command in wanted}
    for turn in range(runs + 1):
        for command in wanted:
            if command.edited:
                with open(command.edited, "a", encoding="utf-8") as file:
                    file.write(f"\n# turn {turn}\n")
            run = timed(command.words)
            if turn:
                found[command.name].append(run)
    return found


def timed(words: Sequence[str]) -> Run:
    """Run one command without its output, and wait for it and for what it has started."""
    start = time.perf_counter()
    silent = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    child = os.posix_spawn(words[0], list(words), os.environ, file_actions=silent)
    _, _, used = os.wait4(child, 0)
    return Run(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024)
