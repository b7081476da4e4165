"""A table whose rows are bots of one file each: read, and all of them carried over at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import pytest

from migrated.command import Migration, migrate, write
from migrated.slices import awaiting

FOLDER = Path(__file__).parent


class Bot(Protocol):
    """A row."""

    @property
    def program(self) -> str: ...

    @property
    def slice(self) -> str: ...


Row = TypeVar("Row", bound=Bot)


class Table(Generic[Row]):
    """The rows of `NAME.tsv`, without its head."""

    def __init__(self, name: str, row: Callable[..., Row]) -> None:
        self.name = name
        lines = (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines()[1:]
        self.rows = [row(*line.split("\t")) for line in lines]

    def number(self, row: Row) -> int:
        """The line of the table that a row stands on."""
        return self.rows.index(row) + 2

    def path(self, row: Row) -> str:
        """The file that the bot of a row is in."""
        return f"{self.name}_{self.number(row):03}.py"

    def each(
        self, rows: Iterable[Row], label: Callable[[Row], str], *, is_awaited: bool = False
    ) -> pytest.MarkDecorator:
        """A test of each of some rows; those that wait for a slice of migrate are marked, where the test is of it."""
        marked = [
            pytest.param(row, id=f"{self.number(row)} {label(row)}", marks=awaiting(row.slice) if is_awaited else ())
            for row in rows
        ]
        return pytest.mark.parametrize("row", marked)

    def migrated(self, folder: Path) -> Migration:
        """All of them carried over at once."""
        write({self.path(row): row.program for row in self.rows}, folder)
        return migrate(folder, "--write")
