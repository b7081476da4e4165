"""Fields of answers that are not what the bot takes them for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bybit_lint.project import Module
from bybit_lint.reader.empties import Empties
from bybit_lint.reader.fields import Fields
from bybit_lint.reader.fills import Fills
from bybit_lint.reader.first_positions import FirstPositions
from bybit_lint.reader.legacy_names import LegacyNames
from bybit_lint.vocabulary import Reading

if TYPE_CHECKING:
    from bybit_lint.reader.facts import Reader


def readings(reader: Reader, module: Module) -> Iterator[Reading]:
    """The fields read in one file that are not what the bot takes them for."""
    found = list(Fields(reader, module).reads())
    yield from Fills(reader, module).all([read for read in found if read.field.what == "absent"])
    for read in found:
        if read.field.what == "renamed":
            yield from LegacyNames(reader, module).of(read)
        elif read.field.what == "empty":
            yield from Empties(reader, module).of(read)
    if b"osition" in module.source.data:
        yield from FirstPositions(reader, module).all()
