"""Time whole commands on the same files in turns, and say how many times as long each takes as Python's own parser.

usage: python tools/benchmark.py [--runs N] [--only NAME]... [--select RULE]... [--files N] [--growth] [FOLDER...]

The tool is run cold, from its cache, after one file was edited, and by two processes, with all rules or those that are
selected; beside it bare `ast.parse`, `python -c pass`, and of ruff, flake8, pylint (errors only) and mypy what is
installed. Without a FOLDER a bot of N files is made up. Each command is a process of its own, one after the other in
each round. Printed are the medians of CPU seconds with the least and the most, of seconds by the clock, the peak of
memory, and the ratios, which carry over to other machines as the seconds do not. With --growth: bots of 10 to N files,
and one wrapper with 10 to N callers.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median
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
GROWTH = (10, 30, 100, 300, 1_000, 3_000, 10_000)

CLIENT = """from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)


def place(symbol, side, qty, **fields):
    return session.place_order(category="linear", symbol=symbol, side=side, orderType="Market", qty=qty, **fields)
"""
STRATEGY = """import time

from client import place, session


def average(values):
    return sum(values) / len(values)


class Strategy{number}:
    def __init__(self, symbol="BTCUSDT", share=0.0{number}):
        self.symbol, self.share, self.held = symbol, share, False

    def size(self, money, price):
        return money * self.share / price

    def prices(self):
        answer = session.get_kline(category="linear", symbol=self.symbol, interval="5", limit=200)
        return [float(row[4]) for row in reversed(answer["result"]["list"])]

    def step(self, money):
        prices = self.prices()
        if average(prices[-10:]) > average(prices[-50:]) and not self.held:
            place(self.symbol, "Buy", str(self.size(money, prices[-1])))
            self.held = True

    def run(self, money):
        while True:
            try:
                self.step(money)
            except Exception as error:
                print("again", error)
                time.sleep(5)
            time.sleep(60)
"""
CALLER = """

def enter_{number}(money, price):
    place("BTCUSDT", "Buy", str(money * 0.{number} / price))
"""


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


def main(arguments: Sequence[str]) -> None:
    """Print the table, or those of growth."""
    parser = ArgumentParser(usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, metavar="N")
    parser.add_argument("--only", action="append", metavar="NAME", help="only these commands")
    parser.add_argument("--select", action="append", default=[], metavar="RULE")
    parser.add_argument("--files", type=int, default=150, metavar="N")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("folders", nargs="*")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        if asked.growth:
            growth(Path(temporary), asked.runs, asked.files)
            return
        folders = asked.folders or [made_up(Path(temporary) / "bot", asked.files)]
        selected = [word for rule in asked.select for word in ("--select", rule)]
        wanted = [*commands(folders, Path(temporary), selected)]
        if asked.only:
            wanted = [command for command in wanted if command.name in (PASS, PARSER, *asked.only)]
        print("\n".join(table(in_turns(wanted, asked.runs))))


# --- what is run ------------------------------------------------------------------------------------------------------


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


# --- what is said -----------------------------------------------------------------------------------------------------


def table(found: Mapping[str, Sequence[Run]]) -> Iterator[str]:
    """A line a command."""
    floor, start = (median(run.cpu for run in found[name]) for name in (PARSER, PASS))
    yield f"{'':24} {'CPU s':>8} {'least':>8} {'most':>8} {'clock s':>8} {'MB':>6} {'x ast.parse':>12} {'x pass':>8}"
    for name, runs in found.items():
        cpu = [run.cpu for run in runs]
        clock, memory = median(run.clock for run in runs), max(run.memory for run in runs)
        yield (
            f"{name:24} {median(cpu):8.3f} {min(cpu):8.3f} {max(cpu):8.3f} {clock:8.3f} {memory:6.0f} "
            f"{median(cpu) / floor:12.2f} {median(cpu) / start:8.1f}"
        )


def growth(folder: Path, runs: int, most: int) -> None:
    """Print what a bot takes that is ten times as large, and one whose wrapper has ten times as many callers."""
    for what, make in (("files", made_up), ("callers", called)):
        print(f"{what:>8} {'CPU s':>8} {'ms each':>8} {'MB':>6}")
        for number in (number for number in GROWTH if number <= most):
            words = ours([make(folder / f"{what}{number}", number)], "--no-cache", "--jobs", "1")
            found = [timed(words) for _ in range(runs)]
            cpu = median(run.cpu for run in found)
            print(f"{number:8} {cpu:8.3f} {1000 * cpu / number:8.2f} {max(run.memory for run in found):6.0f}")


# --- made-up bots -----------------------------------------------------------------------------------------------------


def made_up(folder: Path, files: int) -> str:
    """A bot of a client and many strategies, a folder for each hundred of them."""
    (folder / "strategies").mkdir(parents=True)
    (folder / "client.py").write_text(CLIENT)
    for number in range(1, files):
        place = folder / "strategies" / f"part_{number // 100}"
        place.mkdir(exist_ok=True)
        (place / f"strategy_{number}.py").write_text(STRATEGY.format(number=number))
    return str(folder)


def called(folder: Path, callers: int) -> str:
    """A wrapper, and a file with so many functions that call it."""
    folder.mkdir()
    (folder / "client.py").write_text(CLIENT)
    calls = "".join(CALLER.format(number=number) for number in range(1, callers + 1))
    (folder / "bot.py").write_text(f"from client import place\n{calls}")
    return str(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
