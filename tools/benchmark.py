"""Compare the CPU time of checking bots with the time that Python takes to parse the files that were read.

usage: python tools/benchmark.py [--select RULE]... FOLDER...

Each folder is checked as one project, in a process of its own, with all rules or with those that are selected.

The ratio carries over to other machines, the seconds do not. Peak memory is that of the largest process.
"""

from __future__ import annotations

import ast
import gc
import resource
from argparse import ArgumentParser
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from time import process_time
from typing import NamedTuple

from bybit_lint import checks, engine
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.inputs import selection


def main() -> None:
    """Print a line per folder that took long, and the sums."""
    parser = ArgumentParser(usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--select", action="append", metavar="RULE")
    parser.add_argument("folders", nargs="+")
    asked = parser.parse_args()
    work = partial(measured, selected=asked.select)
    rows = []
    with Pool(1, maxtasksperchild=1) as pool:
        for folder, row in zip(asked.folders, pool.imap(work, asked.folders, chunksize=1), strict=True):
            rows.append(row)
            if row.checking > 1:
                print(f"{folder}: {row.files} files read, {row.checking:.2f} s, {row.ratio:.2f} x ast.parse")
    total = Row(sum(r.files for r in rows), sum(r.parsing for r in rows), sum(r.checking for r in rows))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"all: {total.files} files read, {total.checking:.2f} s, {total.ratio:.2f} x ast.parse, peak {peak:.0f} MiB")


class Row(NamedTuple):
    """One folder: files read, and the CPU seconds of parsing them and of checking them."""

    files: int
    parsing: float
    checking: float

    @property
    def ratio(self) -> float:
        return self.checking / self.parsing if self.parsing else 0.0


def measured(folder: str, selected: list[str] | None = None) -> Row:
    """Check one folder as the command line does."""
    gc.disable()
    rules = checks.load()
    if selected:
        codes = selection.every(selected, rules)
        rules = [rule for rule in rules if rule.code in codes]
    sources = [Source(file.as_posix(), file.read_bytes()) for file in sorted(Path(folder).rglob("*.py"))]
    floor, count = parsed(sources)
    start = process_time()
    engine.check(sources, rules)
    return Row(count, floor, process_time() - start)


def parsed(sources: list[Source]) -> tuple[float, int]:
    """The CPU time that `ast.parse` alone takes over the files that a check reads, and how many they are."""
    copies = [Source(source.path, source.data) for source in sources]
    read = list(Project(copies).modules.values())
    start = process_time()
    for module in read:
        try:
            ast.parse(module.source.body)
        except (SyntaxError, ValueError, Unreadable, RecursionError):
            continue
    return process_time() - start, len(read)


if __name__ == "__main__":
    main()
