"""What is proven of a value, and of an argument that has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Any, TypeVar, overload

from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.record import Record


class Kind(Enum):
    """Where a value comes from, as far as the code proves it."""

    CONSTANT = "constant"
    ARITHMETIC = "float arithmetic"
    COMPUTED = "arithmetic"
    OUTSIDE = "raw outside input"
    AGGREGATE = "a sum or mean taken from the exchange"
    DECIMALS = "rounded to a fixed number of decimals"
    CUT = "rounded to a fixed number of decimals, and then to the instrument's step"
    COARSENED = "rounded to the instrument's step, and then to a fixed number of decimals"
    MISROUNDED = "rounded to the step in a way that fails for some"
    STEP = "rounded to the instrument's step"
    EXCHANGE = "taken from the exchange"
    CONFIG = "environment or config"
    PARAMETER = "parameter"
    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # there is one of each; Enum's own is Python code, and kinds are told apart in sets


UNROUNDED = (Kind.ARITHMETIC, Kind.COMPUTED, Kind.OUTSIDE, Kind.AGGREGATE)
"""What is off the instrument's grid: arithmetic, of floats or of what may be decimals, what others wrote, balances."""

STORIES = {
    Kind.ARITHMETIC: ("comes from float arithmetic", "computed here"),
    Kind.COMPUTED: ("comes from arithmetic", "computed here"),
    Kind.OUTSIDE: ("comes from outside", "received here"),
    Kind.AGGREGATE: ("is {}", "read here"),
    Kind.DECIMALS: ("is rounded to {}", "rounded here"),
    Kind.CUT: ("is cut to {}", "cut here"),
    Kind.COARSENED: ("is cut to {}", "cut here"),
}


class Unrounding(NamedTuple):
    """A rounding as it is written, and the number in it."""

    whole: Span
    number: Span


class Origin(NamedTuple):
    """One place where a value may come from."""

    kind: Kind
    span: Span
    note: str = ""
    maker: str = ""
    """The function that makes the number, closures being part of the function around them."""
    rounding: Unrounding | None = None
    """What takes a rounding to a fixed number of decimals out, where nothing else needs it."""
    cut: Origin | None = None
    """The rounding to a fixed number of decimals that a number on the step has been through, before or after."""

    @property
    def story(self) -> str:
        """What a value with this origin does, as the end of a sentence."""
        is_told = self.kind is Kind.AGGREGATE
        return STORIES[self.kind][0].format(self.note if is_told else self._decimals)

    @property
    def here(self) -> str:
        """What happened at the origin."""
        return STORIES[self.kind][1]

    @property
    def is_whole(self) -> bool:
        """True for what is rounded to a whole number, which is on every tick but the largest."""
        return self.kind in (Kind.DECIMALS, Kind.CUT) and self.note == "whole"

    @property
    def is_without_decimals(self) -> bool:
        """True for a number that was rounded to none because a step was taken for their number."""
        return self.kind is Kind.DECIMALS and self.note == "0"

    @property
    def _decimals(self) -> str:
        """To what a number with this origin is rounded, if to a fixed number of decimals."""
        if self.is_whole:
            return "a whole number"
        return "1 decimal" if self.note == "1" else f"{self.note or 'a fixed number of'} decimals"


class Guess(NamedTuple):
    """A number that is written out and takes the place of a field of the instrument, whichever that is."""

    span: Span
    code: str
    """The number: `0.1`."""
    field: str
    """What Bybit calls that in whose place it stands: `qtyStep`."""
    block: Span
    """The first of the statements beside each other that it stands in: what one look-up that failed ends in."""


UNKNOWN = "\0"
"""Stands in a text for what is not known of it, however long that is."""


class Literal(NamedTuple):
    """A literal that an argument is, on some way through the code, or a text that is put together around one."""

    value: object
    """What it is; in a text that is put together, NUL stands for what is not known."""
    span: Span
    """Where it is written."""
    code: str
    """Its source text."""


T = TypeVar("T")
Of = TypeVar("Of")


class Lazy(Sequence[T]):
    """What is looked for once somebody asks: to follow a number takes long, and few are asked about."""

    __slots__ = ("_find", "_held")

    def __init__(self, find: Callable[[Of], Sequence[T]], of: Of) -> None:
        """`find` finds it out of something: a method of its own for each would take twice the room."""
        self._find: Callable[[Any], Sequence[T]] | None = find
        self._held: Any = of
        """What it is found out of; once it is found, that."""

    @property
    def _all(self) -> Sequence[T]:
        if self._find is not None:
            self._held, self._find = self._find(self._held), None
        found: Sequence[T] = self._held
        return found

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...

    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        return self._all[place]

    def __iter__(self) -> Iterator[T]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and [*self] == [*other]

    __hash__ = None  # type: ignore[assignment]  # it is equal to what holds the same, as a list is


class Value(Record, costly=("origins",)):
    """What is proven of one argument: every place its value may come from."""

    span: Span
    origins: Sequence[Origin] = ()
    constant: object = None
    """The value itself where it is one proven literal, else None."""
    giver: str = ""
    """The function that stands at the span, as in the origins."""
    guesses: Sequence[Guess] = ()
    """What stands in it for fields of an instrument that could not be looked up."""
    between: Sequence[Span] = ()
    """Where wrappers hand it on, from the argument outward to the span; neither of these two is among them."""

    @property
    def unrounded(self) -> Origin | None:
        """The first origin that is proven to be off the instrument's grid."""
        return next((o for o in self.origins if o.kind in UNROUNDED), None)

    def alike(self, origin: Origin) -> Iterator[Origin]:
        """All origins that put the value off the grid as one of them does, that one first."""
        kinds = UNROUNDED if origin.kind in UNROUNDED else (origin.kind,)
        found = (o for o in self.origins if o.kind in kinds and o.is_whole == origin.is_whole)
        yield from dict.fromkeys((origin, *found))

    @property
    def fixed(self) -> Origin | None:
        """An origin that has a fixed number of decimals, rather some than none, where nothing is worse."""
        found = sorted((o for o in self.origins if o.kind is Kind.DECIMALS), key=lambda origin: origin.is_whole)
        return found[0] if found and self.unrounded is None else None

    @property
    def cut_by_mistake(self) -> Origin | None:
        """A rounding to no decimals that nobody meant, as it is where the number is rounded to the step after it."""
        fixed = self.fixed
        return fixed._replace(kind=Kind.CUT, rounding=None) if fixed and fixed.is_without_decimals else None

    @property
    def cut(self) -> Origin | None:
        """A rounding to a fixed number of decimals that comes before the one to the step, where nothing is worse."""
        return self._cut(Kind.CUT)

    @property
    def coarsened(self) -> Origin | None:
        """One that comes after it, on each way there is to the step: of several, each may be for its instruments."""
        is_always = all(o.cut is not None for o in self.origins if o.kind is Kind.STEP)
        return self._cut(Kind.COARSENED) if is_always else None

    @property
    def trimmed(self) -> Origin | None:
        """A rounding to a fixed number of decimals of what Bybit says, where nothing is worse."""
        return self._cut(Kind.DECIMALS)

    def _cut(self, kind: Kind) -> Origin | None:
        found = (o.cut for o in self.origins if o.cut is not None and o.cut.kind is kind)
        return next(found, None) if self.unrounded is None and self.fixed is None else None


class Argument(Record, costly=("value",)):
    """One argument of a request, under Bybit's V5 name, wherever the client's dialect has it written."""

    name: str
    value: Value
    code: str | None
    """Source text that can be repeated beside the argument without changing what the program does, else None."""
    target: Span
    """Where the argument is written in the request itself: what a fix changes."""
    is_passed: bool = False
    """True if a caller of the bot's own wrapper decides it."""
    written: object = None
    """The literal it is proven to be whoever calls the wrapper it is written in, else None."""
    place: str = ""
    """The function it is written in; names of one function mean nothing in another."""
    is_decimal: bool = False
    """Proven to be a Decimal where JSON is made of it, which has no such thing."""
    is_nothing: bool = False
    """Proven to be None."""
    own_name: str = ""
    """What the client calls it, where that is not the V5 name (`stop_loss`)."""
    asked: object = None
    """The literal that a test has found it to be there: `if side == "Buy":`."""

    @property
    def said(self) -> object:
        """The literal that it is proven to be where it is written."""
        return self.asked if self.written is None else self.written

    @property
    def kinds(self) -> str:
        """The kinds of its origins in words, in the order of `Kind`."""
        kinds = {origin.kind for origin in self.value.origins} or {Kind.UNKNOWN}
        return "|".join(kind.value for kind in Kind if kind in kinds)

    @property
    def title(self) -> str:
        """Its name as the bot writes it."""
        return self.own_name or self.name

    @property
    def span(self) -> Span:
        """Where a finding about it stands: at the caller of a wrapper, or where it is written."""
        return self.value.span

    def stand(self, origin: Origin) -> Span:
        """Where it is told that it is off the grid: where it is handed on to the order or to the wrapper of one.

        A function that only passes on what another of its file has made answers for nothing: then it is where the
        number is made. What other files make is told where it comes in: they may know nothing of orders.
        """
        here = self.span.path
        is_ours = origin.span.path == here and origin.maker.startswith(f"{here}:")
        is_between = self.is_passed and is_ours and origin.maker != self.value.giver
        return origin.span if is_between else self.span
