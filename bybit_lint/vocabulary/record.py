"""What the vocabulary is made of: classes with fields, whose objects never change and are equal if their fields are.

They are written and used like frozen dataclasses. But `dataclasses` writes the source of the methods of each class and
compiles it anew at every start, which for the classes here took a third of all imports. attrs does the same, and
msgspec would be one more dependency.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

if TYPE_CHECKING:
    from typing_extensions import Self, dataclass_transform
else:

    def dataclass_transform(**_):
        """Tells type checkers that a class is made like a dataclass; says nothing at run time."""
        return lambda cls: cls


@dataclass_transform(frozen_default=True)
class Record:
    """Fields are the annotated names, those of base classes first; a value in the class is the default of all objects.

    `uncompared` names fields that do not make two objects different, `costly` those that are compared once all others
    are equal.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()
    """The names of the fields."""
    _names: ClassVar[frozenset[str]] = frozenset()
    _required: ClassVar[frozenset[str]] = frozenset()
    _enough: ClassVar = 0
    """How many values by position are all that is required."""
    _compared: ClassVar[attrgetter[Any]]

    def __init_subclass__(cls, uncompared: Collection[str] = (), costly: Collection[str] = ()) -> None:
        own = [name for name, kind in cls.__annotations__.items() if not kind.startswith("ClassVar")]
        names = tuple(dict.fromkeys((*cls.__match_args__, *own)))
        cls.__match_args__ = names  # type: ignore[misc]  # mypy knows it in the body alone
        cls._names = frozenset(names)
        cls._required = frozenset(name for name in names if not hasattr(cls, name))
        cls._enough = 1 + max(map(names.index, cls._required), default=-1)
        compared = sorted((name for name in names if name not in uncompared), key=lambda name: name in costly)
        cls._compared = attrgetter(*compared)

    def __init__(self, *values: object, **named: object) -> None:
        state = self.__dict__  # as nothing may be set otherwise; a default stays in the class
        for name, value in zip(self.__match_args__, values, strict=False):
            state[name] = value  # faster than update() for so few
        state.update(named)
        is_whole = len(values) >= self._enough or self._required <= state.keys()
        is_known = not named or self._names.issuperset(named)
        if not (is_whole and is_known and len(state) == len(values) + len(named)):
            raise TypeError(f"{type(self).__name__}() {self._refusal(len(values), named)}")

    def _refusal(self, positional: int, named: Mapping[str, object]) -> str:
        """Why an object cannot be made of what was given."""
        names = self.__match_args__
        if positional > len(names):
            return f"has {len(names)} fields, but {positional} values were given"
        if unknown := [name for name in named if name not in names]:
            return f"has no field {', '.join(unknown)}"
        if twice := [name for name in names[:positional] if name in named]:
            return f"was given two values for {', '.join(twice)}"
        missing = [name for name in names[positional:] if name in self._required and name not in named]
        return f"lacks a value for {', '.join(missing)}"

    def replace(self, **changes: object) -> Self:
        """The same with other values in some fields."""
        return type(self)(**{name: getattr(self, name) for name in self.__match_args__} | changes)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return bool(self._compared(self) == self._compared(other))

    def __hash__(self) -> int:
        return hash(self._compared(self))

    def __repr__(self) -> str:
        fields = (f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({', '.join(fields)})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed; make another one with replace()")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be taken away")
