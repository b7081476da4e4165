"""Where a bound is: what is just within it, and what is just past it."""

from __future__ import annotations

import pytest

from bybit_lint.analysis import bounds, imports
from bybit_lint.analysis.project import Project, concerns_bybit
from bybit_lint.analysis.source import Source
from bybit_lint.analysis.values.terms import Measure
from bybit_lint.facts.environment.key_shapes import is_mixed, is_random


@pytest.mark.parametrize(
    ("within", "past"),
    [
        (2**bounds.MAX_BITS - 1, 2**bounds.MAX_BITS),
        (-(2**bounds.MAX_BITS) + 1, -(2**bounds.MAX_BITS)),
        ("x" * bounds.MAX_CHARACTERS, "x" * (bounds.MAX_CHARACTERS + 1)),
        (b"x" * bounds.MAX_CHARACTERS, b"x" * (bounds.MAX_CHARACTERS + 1)),
        (1e308, float("inf")),
        (1j, complex("inf")),
        (None, float("nan")),
    ],
    ids=repr,
)
def test_a_constant_to_compute_with(within: object, past: object) -> None:
    assert bounds.is_bounded(within)
    assert not bounds.is_bounded(past)


def test_a_power_is_not_worked_out_past_the_bound() -> None:
    assert bounds.power(2, bounds.MAX_BITS) == 2**bounds.MAX_BITS  # two bits, so many times
    with pytest.raises(OverflowError):
        bounds.power(2, bounds.MAX_BITS + 1)
    assert bounds.power(2, -bounds.MAX_BITS) == 2**-bounds.MAX_BITS
    assert bounds.power(2.0, 1023) == 2.0**1023
    assert bounds.power(4, 0.5) == 2


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("12", 12), ("-1", None), ("1.0", None), ("", None), ("9" * 301, int("9" * 301))]
)
def test_a_text_of_digits_is_a_number(text: str, number: int | None) -> None:
    assert bounds.whole(text) == number
    assert bounds.whole("9" * 302) is None


@pytest.mark.parametrize(
    ("within", "past"),
    [
        (Measure(size=bounds.MAX_PARTS), Measure(size=bounds.MAX_PARTS + 1)),
        (Measure(joined=bounds.MAX_JOINED_PARTS), Measure(joined=bounds.MAX_JOINED_PARTS + 1)),
        (Measure(levels=bounds.MAX_LEVELS), Measure(levels=bounds.MAX_LEVELS + 1)),
    ],
    ids=repr,
)
def test_a_term_is_no_larger(within: Measure, past: Measure) -> None:
    assert within.is_bounded
    assert not past.is_bounded


@pytest.mark.parametrize("statement", ["from {} import a", "from a import {}", "import {}"])
def test_no_module_has_a_longer_name(statement: str) -> None:
    named = {length: [*imports.found(statement.format("x" * length).encode())] for length in (4096, 4097)}
    assert any("x" * 4096 in one for one in named[4096])
    assert named[4097] == []


def test_a_large_file_is_data_unless_it_speaks_of_bybit() -> None:
    files = {"within": b"#" * bounds.MAX_DATA, "past": b"#" * (bounds.MAX_DATA + 1), "own": b"# bybit\n" * 300_000}
    project = Project([Source(f"{name}.py", data) for name, data in files.items()])
    assert [name for name in files if project.holds(f"{name}.py")] == ["within", "own"]


SHORTEST = "kQ7wZp3XbN9rTf2L"


@pytest.mark.parametrize(
    ("text", "is_key"),
    [
        (SHORTEST, True),
        (SHORTEST[1:], False),
        (SHORTEST * 4, True),
        (SHORTEST * 4 + "k", False),
        (f"{SHORTEST}-{SHORTEST}", False),
        ("a1Db2Ec3Fa1Db2Ec", True),  # nine different characters
        ("a1Db2Ec3ca1Db2Ec", False),  # and eight
        ("a1db2ec3fa1db2ec", False),
        ("A1DB2EC3FA1DB2EC", False),
        ("aDbEcFaDbEcFgHiJ", False),
        ("abc123def456Ghi789", False),  # three in a row on average
        ("abc12def45Ghi789Jk", True),
        ("kQ7wTestZp3XbN9rTf2L", False),
    ],
)
def test_a_key_looks_random(text: str, is_key: bool) -> None:
    assert is_random(text) is is_key


def test_what_is_mixed_may_be_words() -> None:
    assert is_mixed("abc123def456Ghi789")
    assert not is_mixed("abc123def456ghi789")


@pytest.mark.parametrize(
    "said", ["import pybit", "BYBIT = 1", "from bybitest import x", "'X-BAPI-SIGN'", "pybites, pybit"]
)
def test_a_file_that_names_bybit_concerns_it(said: str) -> None:
    assert concerns_bybit(said.encode())
    assert concerns_bybit(said.encode("utf-16"))


@pytest.mark.parametrize(
    "said", ["import requests", "# see http://pybites.blogspot.com", "# https://pybit.es/articles", "NumpyBits()", ""]
)
def test_a_file_that_names_somebody_else_does_not(said: str) -> None:
    assert not concerns_bybit(said.encode())
