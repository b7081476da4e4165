"""How far the tool sees: for each call that could speak to Bybit, which links of its chain are known and why not."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.record import Record


class Link(Enum):
    """What has to be known of a call, and how the summary calls it."""

    RECEIVER = "receivers"
    ENDPOINT = "endpoints"
    QUANTITY = "quantities of orders"
    PRICE = "prices of orders"
    ARGUMENT = "other arguments"
    NETWORK = "networks"


class Gap(Enum):
    """Why a link is not known; `{}` is what the bot calls it. The list is closed: each new reason is a line here."""

    UNCALLED = "`{}` is a parameter of a function that nobody is seen to call"
    UNRESOLVED_CALLERS = "`{}` is a parameter of a function whose calls are of something that is not known itself"
    CALLBACK = "`{}` is a parameter of a function that is given away, to be called from outside"
    TESTED = "`{}` is a parameter that only tests pass"
    UNPASSED = "`{}` is a parameter that none of the callers is seen to pass"
    SPREAD = "it comes in `*args` or `**kwargs`, or in a dict that is spread, and nobody is seen to fill them"
    UNMADE = "`{}` is a parameter of a constructor, and nobody is seen to make such an object"
    UNASSIGNED = "`{}` is an attribute that is never assigned here"
    NOTHING = "it is None wherever it is assigned"
    ANNOTATED = "`{}` is known by its annotation only, which does not say what it is"
    DECLARED = "`{}` is only declared in the class that is known; what it does is written elsewhere"
    FIELD = "it is a field of a data class, and what objects are given for it is not followed"
    RETURNED = "`{}` is returned by an external function"
    LIBRARY = "`{}` is taken from a library that is not read"
    UNMODELLED = "`{}` is a library whose calls are not understood"
    UNSUPPORTED = "`{}` is no call of the client that is understood"
    DYNAMIC = "the name is put together or chosen at run time"
    CONTAINER = "`{}` is taken out of a container, under a key that is not followed"
    ABSENT = "it is taken from a dict or a list in which it is not seen"
    UNBOUND = "`{}` is a name that is bound nowhere"
    NOT_IN_MODULE = "it is imported from a file of the project in which it is not found"
    MISPLACED = "`{}` is imported from a file of the project that is not found where it is looked for"
    UNREADABLE = "it comes from a file that does not parse"
    EXPRESSION = "it is an expression of a kind that is not followed ({})"
    HANDED = "`{}` is handed to something that may call it"
    UNSENT = "`{}` is a function of the bot's own that is not seen to send what it is given"
    URL = "the URL is known in parts only"
    SEVERAL = "it is one of several, and they differ"
    ANSWER = "`{}` is read from the answer to a raw request"
    UNDECIDED = "it is worked out from numbers that are known, and whether it stays on the grid is not"
    BOUND = "it is past a bound of what is followed"


DEAD = frozenset({Gap.UNCALLED, Gap.UNMADE, Gap.TESTED})
"""What is said of code that nobody runs, as far as the project shows: nothing more can be known of it."""


class Foreign(Enum):
    """Whose a call is that is proven not to be one of Bybit's own."""

    OWN = "of the bot's own functions"
    EXCHANGE = "of another exchange's client"
    LIBRARY = "of another library"
    HOST = "to another host"
    MISSING = "of a method that its client does not have"
    NOBODY = "of a name that nothing is bound to"
    VALUE = "of a text, a dict or the like"
    TEST = "in a test"


class Blind(NamedTuple):
    """A reason, with what the bot calls the thing it is about."""

    gap: Gap
    name: str = ""

    @property
    def sentence(self) -> str:
        named = f"`{self.name}`" if self.name else "it"
        return self.gap.value.replace("`{}`", named).format(self.name)


class Seen(NamedTuple):
    """One link of a call's chain: what is known of it, or why nothing is."""

    link: Link
    name: str = ""
    """The argument, where it is one."""
    found: tuple[str, ...] = ()
    """The library, endpoints, networks, or kinds of origins; never a value."""
    blind: Blind | None = None
    """Why it is not known; None where it is, on every way through the code."""

    @property
    def is_known(self) -> bool:
        return self.blind is None

    @property
    def is_partly_known(self) -> bool:
        """True if it is known on some ways only."""
        return self.blind is not None and bool(self.found)


class Candidate(Record):
    """A call that could speak to Bybit, by its name or by what it is given, and how far its chain reaches."""

    span: Span
    call: str
    """What is called, as it is written: `self.session.place_order`."""
    foreign: Foreign | None = None
    """Whose it is, if it is proven not to be Bybit's."""
    links: tuple[Seen, ...] = ()
    callers: str = ""
    """Who calls the function around it."""
    answer: str = ""
    """What its answer is used for."""

    def gaps(self) -> Iterator[Seen]:
        """The links that are not known; other arguments than an order's numbers are counted, and not complained of."""
        yield from (link for link in self.links if not link.is_known and link.link is not Link.ARGUMENT)
