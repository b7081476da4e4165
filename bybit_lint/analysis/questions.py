"""Questions that are asked again and again on the ways through a project, and worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

Asked = TypeVar("Asked")
Words = ParamSpec("Words")
Answer = TypeVar("Answer")


def answered_once(
    question: Callable[Concatenate[Asked, Words], Answer],
) -> Callable[Concatenate[Asked, Words], Answer]:
    """A method that each object works out once for the same arguments.

    What goes from a function to whoever calls it, and on to whoever calls those, comes by many ways to the same place.
    A function that calls itself in twenty places would be asked of twenty times as often with each step.
    """
    name = f"_answers_of_{question.__name__}"

    @wraps(question)
    def answer(asked: Asked, /, *args: Words.args, **kwargs: Words.kwargs) -> Answer:
        known: dict[object, Answer] = vars(asked).setdefault(name, {})
        words: tuple[object, ...] = (args, *sorted(kwargs.items())) if kwargs else args
        if words not in known:
            known[words] = question(asked, *args, **kwargs)
        return known[words]

    return answer
