"""Questions that are asked again and again on the ways through a project, and worked out once."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar

Asked = TypeVar("Asked")
Words = ParamSpec("Words")
Answer = TypeVar("Answer")
Key = TypeVar("Key", bound=Hashable)


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


class CircularQuestion(Generic[Key]):
    """A question of yes or no that may come to itself, where one exception decides of all that leads to it.

    What is still being asked counts as no exception. That is an answer only once the outermost question is answered,
    and none is: else whoever was asked on the way would keep an answer that depends on where the asking began.
    """

    def __init__(self, is_exception: Callable[[Key], bool]) -> None:
        """`is_exception` may ask `of` for others."""
        self._is_exception = is_exception
        self._known: dict[Key, bool] = {}
        self._open: set[Key] = set()
        """What was asked since the outermost question."""

    def of(self, key: Key) -> bool:
        """Whether something is, or leads to, an exception."""
        if key in self._known or key in self._open:
            return self._known.get(key, False)
        is_outermost = not self._open
        self._open.add(key)
        found = self._is_exception(key)
        if found:
            self._known[key] = True
        if is_outermost:
            self._known.update({} if found else dict.fromkeys(self._open, False))
            self._open.clear()
        return found
