"""Records are used like frozen dataclasses, and made without compiling anything."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import pytest

from bybit_lint.vocabulary.record import Record


class Place(Record):
    BEST: ClassVar = "here"

    path: str
    line: int = 1


class Noted(Place, uncompared=("note",)):
    text: str = ""
    note: str = ""
    more: Mapping[str, int] = MappingProxyType({})


class Bare(Record):
    only: object


PLACE: Any = Place
NOTED: Any = Noted


def test_fields_are_given_by_position_or_by_name_and_else_have_their_defaults() -> None:
    noted = Noted("bot.py", 3, note="seen")
    assert (noted.path, noted.line, noted.text, noted.note, noted.more) == ("bot.py", 3, "", "seen", {})
    assert Place(path="bot.py") == Place("bot.py", 1)


def test_fields_of_the_base_class_come_first_and_what_is_of_the_class_is_no_field() -> None:
    assert Noted.__match_args__ == ("path", "line", "text", "note", "more")
    assert Place.__match_args__ == ("path", "line")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (PLACE, "Place() lacks a value for path"),
        (lambda: NOTED(text="a", line=2), "Noted() lacks a value for path"),
        (lambda: PLACE("a", 1, 2), "Place() has 2 fields, but 3 values were given"),
        (lambda: PLACE("a", lines=2), "Place() has no field lines"),
        (lambda: PLACE("a", BEST="there"), "Place() has no field BEST"),
        (lambda: PLACE("a", 1, path="b"), "Place() was given two values for path"),
        (lambda: PLACE("a").replace(lines=2), "Place() has no field lines"),
    ],
)
def test_what_does_not_fit_is_named(make: Callable[[], object], says: str) -> None:
    with pytest.raises(TypeError) as error:
        make()
    assert str(error.value) == says


def test_records_are_equal_if_class_and_compared_fields_are() -> None:
    assert Noted("a", note="x") == Noted("a", note="y")
    assert Noted("a") != Noted("b")
    assert Noted("a") != Noted("a", more={"b": 1})
    assert Place("a") != Noted("a")
    assert Place("a") != ("a", 1)
    assert len({Place("a"), Place("a", 1), Place("b")}) == 2
    assert Bare((1, 2)) == Bare((1, 2))
    assert Bare(1) != Bare(2)


def test_a_record_with_a_field_that_cannot_be_hashed_cannot_either() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Noted("a", more={}))


def test_a_record_never_changes() -> None:
    place: Any = Place("a")
    with pytest.raises(AttributeError, match=r"Place.line cannot be changed; make another one with replace\(\)"):
        place.line = 2
    with pytest.raises(AttributeError, match=r"Place.path cannot be taken away"):
        del place.path
    assert place == Place("a", 1)


def test_replace_makes_another_one() -> None:
    noted = Noted("a", 2, note="x")
    again = noted.replace(line=3)
    assert (again.path, again.line, again.note, noted.line) == ("a", 3, "x", 2)
    assert type(again) is Noted


def test_a_record_can_be_copied_pickled_matched_and_read() -> None:
    place = Place("a", 2)
    assert copy.deepcopy(place) == pickle.loads(pickle.dumps(place)) == place
    match place:
        case Place(path, line):
            assert (path, line) == ("a", 2)
    assert repr(Noted("a")) == "Noted(path='a', line=1, text='', note='', more=mappingproxy({}))"
