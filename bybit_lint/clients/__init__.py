"""The client models: what each library's calls mean in Bybit's words.

A client model is a module with the attributes of `Client`. It is told of every call whose last name it knows, and
answers with nouns. `known.py` has them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from bybit_lint.vocabulary import Literal, Named, Noun, Span, Timestamp, Value, Verb

Held = TypeVar("Held")
Held_co = TypeVar("Held_co", covariant=True)


class Mapped(Protocol[Held_co]):
    """What may be a dict."""

    @property
    def entries(self) -> Mapping[str, Held_co] | None:
        """Its entries, if it is one."""


def entries_of(held: Mapped[Held] | None) -> Mapping[str, Held]:
    """The entries of an argument; none of one that is missing or no dict."""
    return (held.entries if held else None) or {}


class ArgumentView(Protocol):
    """An argument of a call, or an entry of a dict that became one, as a client model sees it."""

    @property
    def span(self) -> Span:
        """Where it is written."""

    @property
    def handed(self) -> Span:
        """Where it is handed on: what the outermost caller of the bot's own wrapper wrote, else itself."""

    @property
    def value(self) -> Value:
        """Where it comes from; the span is where a finding about it stands."""

    @property
    def is_passed(self) -> bool:
        """True if a caller of the bot's own wrapper decides it."""

    @property
    def is_open(self) -> bool:
        """True if it depends on what callers pass, further out than was looked."""

    @property
    def is_decimal(self) -> bool:
        """Proven to be a Decimal."""

    @property
    def may_be_replaced(self) -> bool:
        """True for an entry of a dict before `**more` unless somebody is seen to come without another one."""

    @property
    def is_added(self) -> bool:
        """True if the outermost caller of the bot's own wrapper gives it its name too, in a dict it passes."""

    @property
    def is_named(self) -> bool:
        """True if its name stands beside it, as a keyword or a dict's key."""

    def is_beside(self, other: object) -> bool:
        """True if both are named in one call, or in one dict that is written out: where one is, there is the other."""

    @property
    def code(self) -> str | None:
        """Its source text, if repeating that beside it does the same as evaluating it once."""

    @property
    def handed_code(self) -> str | None:
        """The same of what is handed on there, see `handed`."""

    @property
    def constant(self) -> object:
        """The literal it is proven to be, else None."""

    @property
    def is_something(self) -> bool | None:
        """Whether it is anything, if it is a name and the tests around it ask for that; None where they do not."""

    @property
    def literals(self) -> Sequence[Sequence[Literal]]:
        """The literals it may be: for each way that callers pass it, those among which the code then chooses."""

    @property
    def composed(self) -> Sequence[Sequence[Literal]]:
        """What it may be as it stands, if a text is put together for it: as short as that gets."""

    @property
    def literals_of_all(self) -> Sequence[Sequence[Literal]]:
        """The same, as all callers of the wrapper that it is written in pass it."""

    @property
    def picked(self) -> Sequence[Literal]:
        """Those of them that are picked where it is written: by an `if` in it, or by a function that returns them."""

    @property
    def cased(self) -> Literal | None:
        """What makes it text in capitals (`upper`) or in small letters (`lower`), whatever the text is; else None."""

    @property
    def unset(self) -> tuple[str, object] | None:
        """The variable of the environment that decides it, and what it is where that is not set."""

    def is_name_of(self, literal: Literal) -> bool:
        """Proven: it is a name for the literal, which stands in the same file, and nothing else reads that name."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts it is proven to be on some way through the code, with NUL for what is not known of them."""

    @property
    def texts_of_all(self) -> tuple[str, ...]:
        """The same, as all callers of the wrapper that it is written in pass it."""

    @property
    def is_taken_in_turn(self) -> bool:
        """Proven: a loop takes it, or what it is a part of, as one after the other of what it may be."""

    @property
    def origin(self) -> Span | None:
        """Where the text that it is is put together, if that is one place and another one."""

    @property
    def default_texts(self) -> tuple[str, ...]:
        """The same, as it is where no setting of the environment or a configuration says otherwise."""

    @property
    def text_ways(self) -> tuple[tuple[str, ...], ...]:
        """The same by ways on which one of them gets there for certain; more than one where the code picks."""

    @property
    def is_text(self) -> bool:
        """Proven: it is text where it is set at all, or the truth of one, on some way through the code."""

    def moments(self, name: str) -> Sequence[Timestamp]:
        """The moments it may be, as each caller makes them, under the name it is sent by."""

    @property
    def entries(self) -> Mapping[str, ArgumentView] | None:
        """Its entries, if it is a dict (or the JSON or query text of one)."""

    @property
    def query(self) -> tuple[Mapping[str, ArgumentView], bool] | None:
        """The fields behind the `?` of an address, and whether these are all; None where nobody knows of any."""

    @property
    def is_for_bybit(self) -> bool:
        """True in a branch that is for Bybit alone: `if name == "bybit":`."""

    def is_in_text_beside(self, name: str) -> bool:
        """True if a text of the same function names it as the field of a query: `"accountType=UNIFIED"`."""

    @property
    def is_in_text(self) -> bool:
        """True for a field of an address, which stands in the text of that."""

    @property
    def is_closed(self) -> bool:
        """True if `entries` or `items` are all there are."""

    @property
    def items(self) -> Sequence[ArgumentView] | None:
        """Its items, if it is a list."""

    @property
    def count(self) -> int:
        """How many items it has at least, if it is a list."""

    @property
    def is_nothing(self) -> bool:
        """Proven: None, or nothing but an empty dict in its place."""

    @property
    def networks(self) -> tuple[Named, ...]:
        """The names it passed through that say which network they belong to."""

    @property
    def asked(self) -> object:
        """The literal that a test has found it to be where it is written: `if side == "Buy": place(side=side)`."""

    @property
    def written(self) -> object:
        """The literal it is proven to be whoever calls the wrapper it is written in, else None."""

    @property
    def place(self) -> str:
        """The function it is written in."""

    @property
    def base(self) -> str | None:
        """Source text of what a URL begins with, if that is a name and can be repeated beside the arguments."""


class SurroundingsView(Protocol):
    """The code around one call, as a client model sees it."""

    def first_statement(self, helper: str) -> Verb | None:
        """The verb that calls `helper` with the object this call makes, once it is made; None if it has no name."""

    @property
    def is_plain(self) -> bool:
        """Proven: no adapter and no method of the bot's own changes what its HTTP clients do by themselves."""

    @property
    def is_last(self) -> bool:
        """Proven: the program ends right after this call."""

    @property
    def is_made_once(self) -> bool:
        """Proven: the connection this call makes is meant to be kept, and never made again once it is lost."""

    @property
    def turns_pages(self) -> bool:
        """True if the function around this call speaks of the cursor to a next page."""

    @property
    def is_pinged(self) -> bool:
        """True unless it is proven that nothing near this call sends Bybit's ping."""

    @property
    def is_received_plainly(self) -> bool:
        """Proven: what comes in on the socket is taken by the library's own methods, and as whole messages."""


class CallView(Protocol):
    """One call, as a client model sees it."""

    @property
    def path(self) -> str:
        """What is called: `pybit.unified_trading.HTTP().place_order`."""

    @property
    def is_only(self) -> bool:
        """True if nothing else may be called here: `path` is what is called, not one of several."""

    def wants(self, *kinds: type[Noun]) -> bool:
        """True if somebody asks for nouns of one of these kinds; those that take long are not looked for otherwise."""

    def judge_later(self, judgement: Iterator[Noun]) -> None:
        """Leave for later what only the files are told that the call and its callers stand in: it takes long."""

    @property
    def span(self) -> Span:
        """Where a finding about the call stands."""

    @property
    def place(self) -> str:
        """The function the call is written in."""

    @property
    def own_span(self) -> Span:
        """Where the call itself is written."""

    @property
    def called(self) -> Span:
        """Where what is called is written."""

    @property
    def receiver(self) -> str | None:
        """Source text of the object whose method is called, if that can be repeated beside the arguments."""

    @property
    def is_awaited(self) -> bool: ...

    @property
    def is_closed(self) -> bool:
        """False if there may be arguments that cannot be seen."""

    @property
    def sent(self) -> Span | None:
        """The call itself, where this is a caller of the bot's own wrapper around it."""

    def get(self, name: str, position: int | None = None) -> ArgumentView | None:
        """An argument by its name or position."""

    def when(self, condition: str, name: str) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
        """The `networks` of an argument if the argument `condition` is true, and if not, where it decides both."""

    def maker(self, name: str, position: int | None = None) -> ArgumentView | None:
        """An argument of the call that made the object whose method this is (`base_url` of an `httpx.Client`)."""

    def arguments(self) -> Mapping[str, ArgumentView]:
        """All keyword arguments."""

    @property
    def around(self) -> SurroundingsView:
        """The code around the call."""

    @property
    def run(self) -> CallView | None:
        """The call of `run_forever()` on the object this call makes."""

    @property
    def only_prints(self) -> bool:
        """Proven: what the app that this call makes receives is printed and nothing else, and nobody sends a ping."""


class Client(Protocol):
    """What every client model has."""

    NAMES: frozenset[str]
    """Last names of the calls it may know."""
    PREFIXES: tuple[str, ...]
    """How further such names begin."""
    ROOTS: tuple[str, ...]
    """How the paths of the calls begin that it knows."""

    def read(self, call: CallView) -> Iterator[Noun]:
        """The nouns a call means; none if it is not this client's."""
