"""Run whole commands on the same files in turns, and say what they cost and how that grows.

usage: python -m benchmarks [--runs N] [--files N] [--most N] [--only NAME]... [--select RULE]... [--write] [BOT...]

The tool is run cold, from its cache, after one file was edited, and by two processes, with all rules or those that are
selected; beside it bare `ast.parse`, `python -c pass`, and of ruff, flake8, pylint (errors only) and mypy what is
installed. Without a BOT one of --files files is made up. Each command is a process of its own, one after the other in
each of --runs rounds, and nothing is fetched. Then bots of 10 to --most files are run, and one wrapper with 10 to
--most callers. Printed are medians with the least and the most, the peak of memory, and ratios, which carry over to
other machines as seconds do not. --write puts the tables into benchmarks/README.md, and the curves beside it.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path

from benchmarks import bots, comparison, growth, plot
from benchmarks.growth import Point
from benchmarks.processes import PARSER, PASS, commands, in_turns

PAGE = Path(__file__).with_name("README.md")
PICTURE = PAGE.with_name("growth.svg")
BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"


def main(arguments: Sequence[str]) -> None:
    """Print the tables, and write them down if that is asked."""
    parser = ArgumentParser("benchmarks", usage=(__doc__ or "").partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, metavar="N")
    parser.add_argument("--files", type=int, default=150, metavar="N")
    parser.add_argument("--most", type=int, default=10_000, metavar="N")
    parser.add_argument("--only", action="append", metavar="NAME", help="only these commands")
    parser.add_argument("--select", action="append", default=[], metavar="RULE")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("bots", nargs="*")
    asked = parser.parse_args(arguments)
    curves: dict[str, list[Point]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        lines = [*_printed(_compared(asked, Path(temporary)))]
        for kind in growth.KINDS:
            lines += _printed(_grown(asked, kind, Path(temporary), curves.setdefault(kind, [])))
    if asked.write:
        plot.draw(curves, PICTURE)
        before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        PAGE.write_text(
            "".join((before, BEGIN, *(f"{line}\n" for line in lines), END, rest.partition(END)[2])), "utf-8"
        )


def _compared(asked: Namespace, folder: Path) -> Iterator[str]:
    folders = asked.bots or [bots.made_up(folder / "bot", asked.files)]
    wanted = [*commands(folders, folder, [word for rule in asked.select for word in ("--select", rule)])]
    if asked.only:
        wanted = [command for command in wanted if command.name in (PASS, PARSER, *asked.only)]
    where = "Bots of somebody's" if asked.bots else "A made-up bot"
    size, day = f"{sum(map(bots.lines, folders))} lines", f"{datetime.now(timezone.utc):%Y-%m-%d}"
    yield f"{where}, {size}, rounds: {asked.runs}, Python {platform.python_version()}, {day}:"
    yield ""
    yield from comparison.table(in_turns(wanted, asked.runs))


def _grown(asked: Namespace, kind: str, folder: Path, points: list[Point]) -> Iterator[str]:
    yield ""
    yield from growth.header(kind)
    for point in growth.curve(kind, folder, asked.runs, asked.most):
        points.append(point)
        yield growth.row(point, points)


def _printed(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        print(line, flush=True)
        yield line


if __name__ == "__main__":
    main(sys.argv[1:])
