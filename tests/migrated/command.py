"""`bybit-lint migrate` on a copy of some files: what it says, how it ends and what it leaves behind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from bybit_lint.cli import main
from bybit_lint.inputs import config

PLACE = re.compile(r" *(\d+):\d+ ")
"""How the report names the line and column that it speaks of."""


class Migration(NamedTuple):
    """One run of the command."""

    exit_code: int
    output: str
    files: Mapping[str, str]
    """As they stand afterwards, by their paths in the folder."""

    def told(self, path: str, line: int) -> str:
        """What the report says of a line: from its number, below the name of its file, to the next number or file."""
        _, _, rest = f"\n{self.output}".partition(f"\n{path}\n")
        said: list[str] = []
        is_here = False
        for each in takewhile(str.strip, rest.splitlines()):
            if place := PLACE.match(each):
                is_here = int(place[1]) == line
            said += [each] if is_here else []
        return "\n".join(said)


def migrate(folder: Path, *options: str) -> Migration:
    """Run the command on everything in a folder, from inside it."""
    config.forget()
    with inside(folder):
        result = CliRunner().invoke(main, ["migrate", *options, "."])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Migration(result.exit_code, result.output, read(folder))


def write(files: Mapping[str, str], folder: Path) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def read(folder: Path) -> dict[str, str]:
    """All text files of a folder by their paths in it."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".txt", ".toml"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Work in a folder, as `contextlib.chdir` does from Python 3.11 on."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
