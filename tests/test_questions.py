"""A question that may come to itself has the answer that it would have if it were asked first."""

from __future__ import annotations

from itertools import permutations

import pytest

from bybit_lint.analysis.questions import CircularQuestion

CIRCLE = {"a": "b", "b": "ac", "c": "", "d": "e", "e": "d", "f": "ad"}
"""What each one leads to; `c` is the exception."""


def question(asked: list[str]) -> CircularQuestion[str]:
    def is_exception(name: str) -> bool:
        asked.append(name)
        return name == "c" or any(map(circular.of, CIRCLE[name]))

    circular = CircularQuestion(is_exception)
    return circular


@pytest.mark.parametrize("order", [*permutations(CIRCLE)], ids="".join)
def test_the_answers_do_not_depend_on_the_order_of_the_questions(order: tuple[str, ...]) -> None:
    circular = question([])
    assert {name for name in order if circular.of(name)} == set("abcf")


def test_what_was_answered_is_not_worked_out_again() -> None:
    asked: list[str] = []
    circular = question(asked)
    for name in (*CIRCLE, *CIRCLE):
        circular.of(name)
    assert sorted(asked) == sorted(CIRCLE)


def test_who_met_the_outermost_question_on_the_way_is_asked_again() -> None:
    links = {"a": "bc", "b": "a", "c": ""}
    asked: list[str] = []

    def is_exception(name: str) -> bool:
        asked.append(name)
        return name == "c" or any(map(circular.of, links[name]))

    circular = CircularQuestion(is_exception)
    assert circular.of("a")
    assert circular.of("b")
    assert asked == ["a", "b", "c", "b"]
