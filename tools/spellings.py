"""Say bots in many other ways, and see whether their mistakes are still found and their twins stay silent.

usage: python tools/spellings.py [--write] [--seed N] [--pairs N] [--triples N] [--jobs N] [--misses FOLDER]

Each rewriting is tried alone on each bot of `tests/spellings/bots.md`, then random pairs and triples of them. Printed
are the shares that are found, and the rewritings that lose most. A spelling that does not do what its bot does is an
error. `--write` writes `tests/spellings/table.tsv`, and names what was found there and no longer is; `--misses` writes
the smallest bot that each rewriting loses.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing import Pool
from multiprocessing.pool import Pool as Pools
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from spellings import table
from spellings.judging import BOTS, REWRITINGS, Spelling
from spellings.table import CRIES, MISSED, Table

LOST = (MISSED, CRIES[MISSED])
Columns = Mapping[str, Mapping[str, str]]
"""The cells of each bot, by rewriting."""


def main(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--seed", type=int, default=table.SEED, metavar="N")
    parser.add_argument("--pairs", type=int, default=500, metavar="N")
    parser.add_argument("--triples", type=int, default=500, metavar="N")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="N")
    parser.add_argument("--misses", type=Path, metavar="FOLDER")
    asked = parser.parse_args(arguments)
    with Pool(asked.jobs) as pool:
        columns = dict(zip(BOTS, pool.map(table.column, BOTS, chunksize=1), strict=True))
        print("\n".join(singles(columns)), flush=True)
        if asked.misses:
            write_misses(columns, asked.misses)
        if asked.write:
            cells = {size: cells_of(pool, list(table.sample(size, count))) for size, count in table.SAMPLES.items()}
            was, now = Table.read(), table.of(columns.values(), cells)
            print("\n".join(f"worse than before: {cell}" for cell in now.lost(was)), flush=True)
            table.PATH.write_text(now.text(), "utf-8")
        wanted = {2: asked.pairs, 3: asked.triples}
        for size, count in ((size, count) for size, count in wanted.items() if count):
            spellings = list(table.sample(size, count, asked.seed))
            print("\n".join(compositions(columns, spellings, cells_of(pool, spellings))), flush=True)
    return 0


def cells_of(pool: Pools, spellings: Sequence[Spelling]) -> list[str]:
    return pool.starmap(table.judged, [(spelling.bot.name, spelling.names) for spelling in spellings], chunksize=10)


def singles(columns: Columns) -> Iterator[str]:
    """The share that is found, and what is lost by each rewriting, the costliest first."""
    cells = {(bot, name): cell for bot, column in columns.items() for name, cell in column.items()}
    yield table.total("single rewritings", "".join(cells.values()))
    yield from (
        f"not silent: the twin of {bot}, {name}" for (bot, name), cell in cells.items() if cell in CRIES.values()
    )
    lost = {name: [bot for bot in columns if columns[bot][name] in LOST] for name in REWRITINGS}
    for name, bots in sorted(lost.items(), key=lambda item: -len(item[1])):
        tried = sum(columns[bot][name] != table.NONE for bot in columns)
        if bots:
            yield f"{len(bots)} of {tried} lost: {name}: {', '.join(bots)}"


def compositions(columns: Columns, spellings: Sequence[Spelling], cells: Sequence[str]) -> Iterator[str]:
    """The share that is found of a sample, and what is lost although each of its rewritings alone is not."""
    told = list(zip(spellings, cells, strict=True))
    yield table.total(f"compositions of {len(spellings[0].names)}", "".join(cells))
    yield from (f"not silent: the twin of {s}" for s, cell in told if cell in CRIES.values())
    lost = [spelling for spelling, cell in told if cell in LOST]
    alone = [s for s in lost if all(columns[s.bot.name][name] not in LOST for name in s.names)]
    yield f"{len(lost)} lost, {len(alone)} of them though none of their rewritings is lost alone on that bot:"
    yield from (f"  {spelling}" for spelling in alone)
    yield "in those that are lost:"
    counted = Counter(name for spelling in lost for name in spelling.names)
    yield from (f"  {number} {name}" for name, number in counted.most_common(20))


def write_misses(columns: Columns, folder: Path) -> None:
    """For each rewriting the smallest bot that it loses, in a file, or a folder where it has several."""
    for name in REWRITINGS:
        lost = (bot for bot in columns if columns[bot][name] in LOST)
        programs = (spelling.texts[0] for bot in lost if (spelling := table.spelled(bot, (name,))))
        if files := min(programs, key=size, default=None):
            stem = name.lower().replace(" ", "_").replace("'", "")
            for path, text in files.items():
                place = folder / (f"{stem}.py" if len(files) == 1 else f"{stem}/{path}")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, "utf-8")


def size(files: Mapping[str, str]) -> int:
    return sum(map(len, files.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
