"""Our NamedTuple is what the one of typing is."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from bybit_lint import tuples


class Theirs(NamedTuple):
    """Three fields."""

    one: int
    two: str
    three: Any = None

    @property
    def both(self) -> str:
        return self.two * self.one

    @classmethod
    def usual(cls) -> Any:
        return cls(2, two="x")


class Ours(tuples.NamedTuple):
    """Three fields."""

    one: int
    two: str
    three: Any = None

    @property
    def both(self) -> str:
        return self.two * self.one

    @classmethod
    def usual(cls) -> Any:
        return cls(2, two="x")


class Nothing(tuples.NamedTuple):
    """No field."""


def told(ask: Callable[[Any], Any], made: Any) -> Any:
    """What comes of a question, be it an answer or an error."""
    try:
        return ask(made)
    except (AttributeError, TypeError, ValueError) as error:
        return type(error)


ASKED: dict[str, Callable[[Any], Any]] = {
    "by position": lambda kind: kind(1, "b", 3) == (1, "b", 3),
    "by name": lambda kind: kind(two="b", one=1) == (1, "b", None),
    "fields": lambda kind: [kind(1, "b", 3).one, kind(1, "b", 3).two, kind(1, "b", 3).three],
    "unpacked": lambda kind: [*kind(1, "b", 3)],
    "of the class": lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__, kind.__doc__),
    "signature": lambda kind: [(each.name, each.default) for each in inspect.signature(kind).parameters.values()],
    "a property": lambda kind: kind(3, "ab").both,
    "a class method": lambda kind: (type(kind.usual()) is kind, kind.usual()),
    "too few": lambda kind: kind(1),
    "too many": lambda kind: kind(1, "b", 3, 4),
    "an unknown name": lambda kind: kind(1, "b", four=4),
    "given twice": lambda kind: kind(1, "b", one=1),
    "equal": lambda kind: (kind(1, "b") == kind(1, "b"), kind(1, "b") == kind(1, "c")),
    "hash": lambda kind: hash(kind(1, "b")) == hash((1, "b", None)),
    "ordered": lambda kind: kind(1, "b") < kind(2, "a"),
    "never changed": lambda kind: setattr(kind(1, "b"), "one", 2),
    "nothing added": lambda kind: setattr(kind(1, "b"), "four", 2),
    "no dictionary": lambda kind: vars(kind(1, "b")),
    "replaced": lambda kind: (type(kind(1, "b")._replace(two="c")) is kind, kind(1, "b")._replace(two="c")),
    "made": lambda kind: kind._make([1, "b", 3]),
    "made of too few": lambda kind: kind._make([1]),
    "a dict": lambda kind: kind(1, "b")._asdict(),
    "repr": lambda kind: repr(kind(1, "b", kind(2, "c"))).replace(kind.__name__, "Kind"),
    "pickled": lambda kind: (type(again := pickle.loads(pickle.dumps(kind(1, "b")))) is kind, again),
    "copied": lambda kind: (type(copy.deepcopy(kind(1, []))) is kind, copy.copy(kind(1, "b"))),
    "its type": lambda kind: (type(kind) is type, issubclass(kind, tuple), kind.__module__),
}  # fmt: skip


@pytest.mark.parametrize("ask", ASKED.values(), ids=list(ASKED))
def test_both_say_the_same(ask: Callable[[Any], Any]) -> None:
    assert told(ask, Ours) == told(ask, Theirs)


def test_it_matches_by_position_and_by_name() -> None:
    match Ours(1, "b"):
        case Ours(one, three=None):
            assert one == 1
        case _:
            pytest.fail("it should have matched")


def test_what_is_no_field_cannot_be_replaced() -> None:
    """As in typing from Python 3.13 on; before it is a ValueError there."""
    with pytest.raises(TypeError, match="four"):
        Ours(1, "b")._replace(four=4)  # type: ignore[call-arg]


def test_there_may_be_no_field() -> None:
    assert Nothing() == ()


def test_names_of_one_class_are_not_those_of_another_with_as_many_fields() -> None:
    class Other(tuples.NamedTuple):
        four: int
        five: str = ""
        six: str = ""

    assert Other(five="b", four=1) == (1, "b", "")
    assert Ours(two="b", one=1) == (1, "b", None)


def test_a_field_without_a_default_stands_before_those_with_one() -> None:
    with pytest.raises(TypeError, match=r"^Wrong: "):

        class Wrong(tuples.NamedTuple):
            one: int = 1
            two: int  # type: ignore[misc]  # mypy says so too
