"""The table of which spellings are found: a line for each rewriting alone, and one for each sample of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from spellings.judging import BOTS, REWRITINGS, Spelling

PATH = Path(__file__).parent / "table.tsv"
FOUND, MISSED, NONE = "+", "-", "."
CRIES = {FOUND: "!", MISSED: "?"}
SAMPLES = {2: 200, 3: 200}
"""How many compositions of so many rewritings are asked each time."""
SEED = 1
HEAD = """\
# What is found of the bots with one mistake after each rewriting, by `python tools/spellings.py --write`.
# + found, - missed, ! found but the twin is not silent, ? missed and the twin is not silent, . no place for it there
"""


class Table(NamedTuple):
    """A cell for each bot in the line of each rewriting, and one for each composition in the line of its sample."""

    lines: Mapping[str, str]

    @classmethod
    def read(cls) -> Table:
        rows = (line.split("\t") for line in PATH.read_text("utf-8").splitlines() if not line.startswith("#"))
        return cls({name: cells for name, cells in rows if name != "bots"})

    def text(self) -> str:
        bots = "bots\t" + ", ".join(BOTS) + "\n"
        return HEAD + "".join(f"# {total}\n" for total in self.totals()) + bots + "".join(
            f"{name}\t{cells}\n" for name, cells in self.lines.items()
        )  # fmt: skip

    def lost(self, was: Table) -> Iterator[str]:
        """The cells that were found in another table and are not in this one; twins that have begun to cry, too."""
        for name, cells in self.lines.items():
            before = was.lines.get(name, "")
            if before == cells or len(before) != len(cells):  # where bots or rewritings have come or gone
                continue
            tried = [f"{bot}: {name}" for bot in BOTS] if name in REWRITINGS else [*map(str, spellings_of(name))]
            pairs = zip(tried, before, cells, strict=True)
            yield from (f"{spelling}: was {old}, is {new}" for spelling, old, new in pairs if is_worse(old, new))

    def totals(self) -> Iterator[str]:
        """The shares that are found."""
        singles = "".join(cells for name, cells in self.lines.items() if name in REWRITINGS)
        yield total("single rewritings", singles)
        yield from (total(name, cells) for name, cells in self.lines.items() if name not in REWRITINGS)
        cells = "".join(self.lines.values()).replace(NONE, "")
        yield f"twins that are not silent: {sum(map(cells.count, CRIES.values()))} of {len(cells)}"


def is_worse(old: str, new: str) -> bool:
    found, silent = (FOUND, CRIES[FOUND]), (FOUND, MISSED)
    return (old in found and new not in (*found, NONE)) or (old in silent and new in CRIES.values())


def total(name: str, cells: str) -> str:
    number = len(cells) - cells.count(NONE)
    found = cells.count(FOUND) + cells.count(CRIES[FOUND])
    return f"{name}: {found} of {number}, {found / max(number, 1):.1%}"


def cell(spelling: Spelling) -> str:
    """What is said of a spelling. Raises AssertionError if it is no spelling of its bot."""
    faults = spelling.faults()
    assert not faults, "\n".join(faults)
    found = FOUND if spelling.is_found() else MISSED
    return CRIES[found] if spelling.cries() else found


def column(bot: str) -> dict[str, str]:
    """The cells of a bot, by rewriting."""
    return {name: judged(bot, (name,)) for name in REWRITINGS}


def judged(bot: str, names: tuple[str, ...]) -> str:
    spelling = spelled(bot, names)
    return cell(spelling) if spelling else NONE


def spelled(bot: str, names: tuple[str, ...]) -> Spelling | None:
    program = BOTS[bot].said(names)
    return Spelling(BOTS[bot], names, program) if program else None


def sample(size: int, count: int, seed: int = SEED) -> Iterator[Spelling]:
    """Compositions of so many rewritings, always the same for one seed and the same pages."""
    rng = Random(f"{seed}:{size}")
    bots, names = list(BOTS), list(REWRITINGS)
    while count:
        if spelling := spelled(rng.choice(bots), tuple(rng.sample(names, size))):
            count -= 1
            yield spelling


def sampled(size: int) -> str:
    return f"{SAMPLES[size]} compositions of {size}"


def spellings_of(name: str) -> Iterator[Spelling]:
    """The sample that has this name."""
    return next((sample(size, count) for size, count in SAMPLES.items() if sampled(size) == name), iter(()))


def of(columns: Iterable[Mapping[str, str]], samples: Mapping[int, Iterable[str]]) -> Table:
    """The table of these columns, one for each bot, and of the cells of each sample."""
    by_bot = list(columns)
    lines = {name: "".join(cells[name] for cells in by_bot) for name in REWRITINGS}
    return Table({**lines, **{sampled(size): "".join(cells) for size, cells in samples.items()}})
