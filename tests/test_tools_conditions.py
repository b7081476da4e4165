"""The script that watches conditions tells those that tests never come to, or know with one outcome only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="what it shares with the mutants needs limits for their processes")

import conditions

SOURCE = '''\
"""A shop."""

from __future__ import annotations


def price(kind: str, count: int) -> int:
    match kind:
        case "apple" if count > 1:
            return 3 * count
        case "pear":
            return 4 if count else 0
        case "plum":
            return 5
    return 0


def is_open(hour: int | None) -> bool:
    return hour is not None and 8 <= hour
'''
TESTS = """\
import subprocess
import sys

from shop import price


def test_apples():
    assert price("apple", 2) == 6


def test_nothing():
    assert price("melon", 1) == 0


def test_an_apple_in_a_process():
    subprocess.check_call([sys.executable, "-c", "import shop; assert shop.price('apple', 1) == 0"])
    subprocess.check_call([sys.executable, "-c", "import shop; assert shop.is_open(9)"])
"""
LACKS = """\
shop.py:10: never come to: case 'pear'
shop.py:11: never come to: count
shop.py:12: never come to: case 'plum'
shop.py:18: always true: 8 <= hour
shop.py:18: always true: hour is not None
7 conditions: 3 never come to, 2 with one outcome
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package of one module, and its tests."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_shop.py").write_text(TESTS)
    (tmp_path / "shop.py").write_text(SOURCE)
    return tmp_path


def texts(code: str) -> list[str]:
    return sorted(conditions.condition("", node).text for node in conditions.conditions(ast.parse(code)))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("if a: pass", ["a"]),
        ("if not a: pass", ["not a"]),
        ("if a or b: pass", ["a", "a or b", "b"]),
        ("return a == b", ["a == b"]),
        ("a = b or ''", ["b"]),
        ("[a for a in b if a.c]", ["a.c"]),
        ("while a < b: pass", ["a < b"]),
        ("match a:\n    case 1 if b: pass\n    case _: pass", ["b", "case 1", "case _"]),
        ("assert a", []),
        ("raise ValueError(a or b)", []),
    ],
)
def test_a_condition_is_what_is_asked_compared_or_matched(code: str, expected: list[str]) -> None:
    assert texts(code) == expected


def test_a_file_that_writes_down_what_it_comes_to_does_what_it_did() -> None:
    tree = ast.parse(SOURCE)
    numbers = {node: number for number, node in enumerate(conditions.conditions(tree))}
    seen: set[int] = set()

    def write(number: int, value: object) -> object:
        seen.add(number)
        return value

    names = {"_seen": write}
    exec(conditions.writing(tree, numbers).replace(conditions.IMPORT, ""), names)
    assert eval("[price('apple', 2), price('pear', 1), price('plum', 1)]", names) == [6, 4, 5]
    assert eval("[is_open(None), is_open(7), is_open(8)]", names) == [False, False, True]
    assert seen == set(numbers.values())


def test_what_the_tests_lack_is_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert conditions.main(["--paths", "shop.py", "--tests", "tests"], root) == 1
    assert capsys.readouterr().out == LACKS
    assert (root / "shop.py").read_text() == SOURCE


def test_nothing_is_said_where_both_outcomes_are_known(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "shop.py").write_text(
        "def price(kind, count):\n    return 3 * count if kind == 'apple' and count > 1 else 0\n"
    )
    (root / "tests/test_shop.py").write_text(TESTS.rpartition("    subprocess")[0])
    assert conditions.main(["--paths", "shop.py", "--tests", "tests"], root) == 0
    assert capsys.readouterr().out == "3 conditions: 0 never come to, 0 with one outcome\n"


def test_tests_that_are_red_show_nothing(root: Path) -> None:
    (root / "tests/test_shop.py").write_text("def test():\n    assert 0\n")
    with pytest.raises(SystemExit, match="the tests are red"):
        conditions.main(["--paths", "shop.py", "--tests", "tests"], root)
