"""`NamedTuple` as `typing` has it, made in a tenth of the time, which was a tenth of the time of a small check.

`typing` compiles each annotation and each constructor anew at every start, and makes each class twice. Here annotations
are only names, and the constructors of equally many fields are one that was compiled, with their names put into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    class _Named(tuple):
        """What all named tuples have."""

        __slots__ = ()
        _fields = ()
        _field_defaults = {}  # noqa: RUF012  # one a class, as in typing

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changes):
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise TypeError(f"Got unexpected field names: {list(changes)!r}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join([f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True)])
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

    class _Making(type):
        """Makes of the body of a class one of tuples, with its annotated names as fields."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without a default stands behind one that has one")
            pattern = _pattern(len(fields))
            body |= {field: vars(pattern)[alias] for field, alias in zip(fields, pattern._fields, strict=True)}
            body |= {"__new__": _constructor(fields, defaults), "__slots__": ()}
            body |= {"_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            return type(name, (_Named,), body)

    class NamedTuple(metaclass=_Making):
        """The base of named tuples. Classes that are made of it are subclasses of tuple alone, not of it."""

    @cache
    def _pattern(count):
        """A named tuple with so many fields, whose parts are taken for all others with as many."""
        names = [f"field_{place}" for place in range(count)]
        return namedtuple("Pattern", names)  # noqa: PYI024  # it is made of what is counted

    def _constructor(fields, defaults):
        pattern = _pattern(len(fields)).__new__
        code = pattern.__code__.replace(co_varnames=("_cls", *fields))
        return FunctionType(code, pattern.__globals__, "__new__", tuple(defaults.values()))
