"""Which files import which, and that only those are asked that can."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bybit_lint.analysis import imports
from bybit_lint.analysis.imports import Layout
from bybit_lint.analysis.links import Links, meant, reached

FILES = {
    "desk/__init__.py": b"from .client import buy",
    "desk/client.py": b"",
    "desk/tools/__init__.py": b"",
    "desk/tools/sizes.py": b"from ... import desk\nfrom .. import client\nfrom . import prices",
    "desk/tools/prices.py": b"import desk.tools.sizes as s",
    "bot.py": b"from desk import *",
    "grid.py": b"import desk.tools.prices, os",
    "old.py": b"from Desk.client import buy",
    "site.py": b"import json, client, Tools",
    "src/more/extra.py": b"",
    "run.py": b"from more.extra import x",
}


class Found:
    """The links of the files, and whose imports were looked up."""

    def __init__(self) -> None:
        self.layout = Layout(FILES, self.imports)
        self.asked: list[str] = []
        self.links = Links(FILES, self.imports, self.find)

    def imports(self, file: str) -> list[imports.Import]:
        return list(imports.found(FILES[file]))

    def find(self, file: str) -> Iterable[str]:
        self.asked.append(file)
        names = ((level, each) for level, dotted, name in self.imports(file) for each in meant(dotted, name))
        places = [self.layout.imported(file, level, each) for level, each in names]
        return [found for place in places if place is not None and (found := self.layout.file(place))]


@pytest.mark.parametrize("file", FILES)
def test_who_imports_a_file_is_whoever_has_it_among_the_imported(file: str) -> None:
    found = Found()
    asked_all = {other for other in FILES if file in found.links.imported(other)}

    assert Found().links.importers(file) == asked_all


def test_a_file_is_imported_in_each_spelling() -> None:
    links = Found().links

    assert links.importers("desk/client.py") == {"desk/__init__.py", "desk/tools/sizes.py", "old.py"}
    assert links.importers("desk/__init__.py") == {
        *("bot.py", "grid.py", "desk/tools/sizes.py", "desk/tools/prices.py"),
    }
    assert links.importers("desk/tools/sizes.py") == {"desk/tools/prices.py"}
    assert links.importers("src/more/extra.py") == {"run.py"}


def test_the_imports_of_a_file_are_looked_up_only_if_they_name_what_is_asked_for() -> None:
    found = Found()

    found.links.importers("desk/client.py")

    assert sorted(found.asked) == ["desk/__init__.py", "desk/tools/sizes.py", "old.py", "site.py"]


def test_within_some_files_there_are_no_others() -> None:
    links = Found().links.within(["desk/__init__.py", "desk/client.py", "bot.py", "run.py"])

    assert links.importers("desk/client.py") == {"desk/__init__.py"}
    assert links.around("desk/__init__.py") == {"desk/client.py", "bot.py"}
    assert reached(["bot.py"], links.around) == {"bot.py", "desk/__init__.py", "desk/client.py"}
