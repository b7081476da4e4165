"""A bot of our own with a mistake in every corner, each of which is found once, and its sound twin, which is quiet."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import fixes
import pytest
from fixes import Fixed

from bybit_lint import checks

SEEDED = Path(__file__).parent / "seeded"
MARK = re.compile(r" *# finding((?: BYB\d{3})+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def naive(tmp_path_factory: pytest.TempPathFactory) -> Fixed:
    """The bot without its marks, checked and fixed in a folder of its own."""
    folder = tmp_path_factory.mktemp("naive")
    for path in (SEEDED / "naive").iterdir():
        (folder / path.name).write_text(MARK.sub("", path.read_text("utf-8")), "utf-8")
    return fixes.in_a_copy(folder)


def marks() -> Counter[tuple[str, int, str]]:
    """The seeds: file, line and code."""
    texts = {path.name: path.read_text("utf-8").splitlines() for path in (SEEDED / "naive").iterdir()}
    lines = [(name, number, line) for name, text in texts.items() for number, line in enumerate(text, start=1)]
    found = [(name, number, MARK.search(line)) for name, number, line in lines if "# finding" in line]
    assert all(mark for _, _, mark in found), "behind `# finding` stand codes and nothing else"
    return Counter((name, number, code) for name, number, mark in found if mark for code in mark[1].split())


def test_every_seed_is_found_once_and_nothing_else(naive: Fixed) -> None:
    found = Counter((finding["path"], finding["line"], finding["code"]) for finding in naive.before.findings)
    assert not sorted((marks() - found).elements()), "these seeds are not found"
    assert not sorted((found - marks()).elements()), "this is found where no mark stands"


def test_every_rule_that_judges_bots_has_a_seed() -> None:
    lacking = {rule.code for rule in checks.load() if rule.noun} - {code for _, _, code in marks()}
    assert not lacking, f"make the mistakes of {sorted(lacking)} in tests/seeded/naive, and what is right in sound"


def test_the_seeds_are_many() -> None:
    assert marks().total() >= 230


def test_the_fixes_keep_their_promises(naive: Fixed) -> None:
    assert list(naive.broken()) == []
    assert naive.gone.total() > marks().total() / 2


def test_nothing_is_found_in_the_twin(tmp_path: Path) -> None:
    for path in (SEEDED / "sound").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert fixes.told(tmp_path) == fixes.Run([], [])


def test_the_twin_has_the_same_files() -> None:
    naive, sound = ({path.name for path in (SEEDED / name).iterdir()} for name in ("naive", "sound"))
    assert naive == sound
