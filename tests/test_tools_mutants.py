"""The script that changes the source sees which changes are noticed, and changes nothing that does not matter."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the mutants need limits for their processes")

import mutants
from mutants import Mutant

SOURCE = """\
def is_large(n: int) -> bool:
    return n > 3


def last(texts: list[str]) -> str:
    for text in texts:
        if text == "":
            break
    return text


def seven() -> int:
    return 7
"""
TESTS = """\
from tiny import is_large, last


def test_four_is_large():
    assert is_large(4) and not is_large(2)


def test_the_last_text_is_empty():
    assert last(["a", "", ""]) == ""
"""
STARTING = """\
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def said():
    return subprocess.check_output([sys.executable, "-c", "import tiny; print(tiny.seven())"], text=True)


def test_it_says_something(said):
    assert said


def test_it_says_seven(said):
    assert said == "7\\n"
"""
SURVIVORS = [
    "tiny.py:13: 7  ->  6  in  return 7",
    "tiny.py:13: 7  ->  8  in  return 7",
    "tiny.py:2: 3  ->  2  in  return n > 3",
    "tiny.py:2: n > 3  ->  n >= 3  in  return n > 3",
    "tiny.py:8: break  ->  continue  in  break",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package of one module, and its tests."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_tiny.py").write_text(TESTS)
    (tmp_path / "tiny.py").write_text(SOURCE)
    return tmp_path


def changes(code: str) -> list[str]:
    """The changes of a piece of code, the old part and the new one."""
    found = [pair for node, _ in mutants.running(ast.parse(code)) for pair in mutants.changes(node)]
    return [f"{ast.unparse(old)}  ->  {ast.unparse(new)}" for old, new in found]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a == b < c", ["a == b < c  ->  a != b < c", "a == b < c  ->  a == b <= c"]),
        ("a > b", ["a > b  ->  a >= b"]),
        ("a not in b", ["a not in b  ->  a in b"]),
        ("a is not None", ["a is not None  ->  a is None"]),
        ("a or b == c", ["a or b == c  ->  a and b == c", "a  ->  not a", "b == c  ->  b != c"]),
        ("not a", ["not a  ->  a"]),
        ("if f(a):\n    f(a)", ["f(a)  ->  not f(a)"]),
        ("[a for a in b if a.c]", ["a.c  ->  not a.c"]),
        ("f(a, b=True)", ["True  ->  False"]),
        ("a[1:-b]", ["1  ->  2", "1  ->  0"]),
        ("a[0]", ["0  ->  1"]),
        ("any(a)", ["any  ->  all"]),
        ("while a:\n    break", ["a  ->  not a", "break  ->  continue"]),
    ],
)
def test_one_thing_is_changed_at_a_time(code: str, expected: list[str]) -> None:
    assert sorted(changes(code)) == sorted(expected)


@pytest.mark.parametrize(
    "code",
    [
        "def f(a: Literal[1]) -> Literal[True]: pass",
        "a: tuple[Literal[1], ...]",
        "@f(is_new=True)\nclass A: pass",
        "assert a == b",
        "raise ValueError(a or b)",
        "f(f'{a or b}', 'a == b')",
        "zip(a, b, strict=True)",
        "if TYPE_CHECKING:\n    import a",
        "f(1000, 1.5)",
    ],
)
def test_what_nothing_is_computed_with_is_left_alone(code: str) -> None:
    assert changes(code) == []


def test_a_seed_gives_the_same_mutants_every_time(root: Path) -> None:
    once, again, other = ([str(m) for m in mutants.drawn(root, ["tiny.py"], seed)] for seed in (1, 1, 2))
    assert once == again
    assert once != other
    assert sorted(once) == sorted(other)


def test_a_mutant_is_its_file_with_one_change(root: Path) -> None:
    for mutant in mutants.drawn(root, ["."], 1):
        file = (root / mutant.path).read_text()
        assert ast.unparse(mutant.tree) == ast.unparse(ast.parse(file)) != mutant.text


def test_the_survivors_are_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["--seed", "1", "--jobs", "2", "--paths", "tiny.py", "--tests", "tests"], root) == 1
    first, *survivors, end = capsys.readouterr().out.splitlines()
    assert first == "seed 1"
    assert sorted(line.partition(": ")[2] for line in survivors) == SURVIVORS, "no test enters `seven`"
    assert end == "seed 1: 2 of 7 killed", "4 > 4 and the text that is not empty are noticed"


def test_who_interrupts_it_is_told_how_far_it_came(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(root: Path, found: Mapping[int, Mutant], *_: object) -> Iterator[tuple[int, Mutant, bool]]:
        yield 0, found[0], False
        yield 1, found[1], True
        raise KeyboardInterrupt

    monkeypatch.setattr(mutants, "trials", interrupted)
    assert mutants.main(["--seed", "1", "--paths", "tiny.py", "--tests", "tests"], root) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == ["interrupted", "seed 1: 1 of 2 killed"]


def test_a_mutant_that_hangs_is_killed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "SECONDS", 2)
    (root / "tiny.py").write_text("def f(n):\n    while n > 9:\n        n -= 1\n    return n\n")
    (root / "tests/test_tiny.py").write_text("from tiny import f\n\n\ndef test():\n    assert f(99) == 9\n")
    (endless,) = [mutant for mutant in mutants.drawn(root, ["tiny.py"], 1) if "1  ->  0" in str(mutant)]
    assert [*mutants.trials(root, {0: endless}, ["tests"], 1)] == [(0, endless, False)]


def test_what_a_fixture_starts_is_asked_by_every_test_of_the_file(root: Path) -> None:
    (root / "tests/test_tiny.py").write_text(STARTING)
    sevens = [mutant for mutant in mutants.drawn(root, ["tiny.py"], 1) if "return 7" in str(mutant)]
    assert len(sevens) == 2
    assert not any(is_survivor for _, _, is_survivor in mutants.trials(root, dict(enumerate(sevens)), ["tests"], 1))


def test_tests_that_are_red_already_show_nothing(root: Path) -> None:
    (root / "tests/test_tiny.py").write_text("def test():\n    assert 0\n")
    with pytest.raises(SystemExit, match="red without any change"):
        mutants.main(["--paths", "tiny.py", "--tests", "tests"], root)


def test_the_repository_has_many() -> None:
    assert len(mutants.drawn(mutants.ROOT, mutants.PATHS, 1)) > 3000
