"""The words everything else is said in: places, values, the trading nouns, findings and fixes.

Checks see only these nouns; they never see syntax. A property called `is_...` is True only if it is proven from the
code in front of the reader: unknown is False, and so is the proven opposite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Literal, NamedTuple, TypeAlias, TypedDict

# --- places -----------------------------------------------------------------------------------------------------------


class Span(NamedTuple):
    """A stretch of one file. Lines and columns count from 1, columns in characters; start and end are byte offsets."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """True if `other` lies within this span."""
        return self.path == other.path and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Related:
    """A second place that explains a finding, with a word or two on what happens there ("computed here")."""

    span: Span
    message: str


# --- values -----------------------------------------------------------------------------------------------------------


class Kind(Enum):
    """Where a value comes from, as far as the code proves it."""

    CONSTANT = "constant"
    ARITHMETIC = "float arithmetic"
    OUTSIDE = "raw outside input"
    DECIMALS = "rounded to a fixed number of decimals"
    STEP = "rounded to the instrument's step"
    EXCHANGE = "taken from the exchange"
    CONFIG = "environment or config"
    PARAMETER = "parameter"
    UNKNOWN = "unknown"


class Origin(NamedTuple):
    """One place where a value may come from."""

    kind: Kind
    span: Span
    note: str = ""


@dataclass(frozen=True)
class Value:
    """What is proven of one argument: every place its value may come from."""

    span: Span
    origins: tuple[Origin, ...] = ()
    constant: object = None
    """The value itself where it is one proven literal, else None."""

    @property
    def unrounded(self) -> Origin | None:
        """The first origin that is proven to be off the instrument's grid."""
        return next((o for o in self.origins if o.kind in (Kind.ARITHMETIC, Kind.OUTSIDE)), None)


@dataclass(frozen=True)
class Argument:
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

    @property
    def span(self) -> Span:
        """Where a finding about it stands: at the caller of a wrapper, or where it is written."""
        return self.value.span


# --- fixes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wrap:
    """Put `target` into a call of a helper: `helper(*leading, target)`; `peel` names a call around it that goes."""

    target: Span
    helper: str
    leading: tuple[str, ...] = ()
    trailing: tuple[str, ...] = ()
    peel: str = ""
    module: str = ""
    """Where the helper is imported from; the shim if empty."""


@dataclass(frozen=True)
class Replace:
    """Put a call of a helper in the place of `target`; `template` says how, with `{}` for the helper's name."""

    target: Span
    helper: str
    template: str = "{}()"
    module: str = ""


@dataclass(frozen=True)
class SetArgument:
    """Give the call at `target` the keyword argument `name=value`, in place of the one it may have."""

    target: Span
    name: str
    value: str


@dataclass(frozen=True)
class CallFirst:
    """Call a helper in a statement of its own: right after the statement `target`, or first in the block it opens."""

    target: Span
    helper: str
    argument: str
    inside: bool = False


Verb: TypeAlias = Wrap | Replace | SetArgument | CallFirst


@dataclass(frozen=True)
class Fix:
    """A repair: what it does in the words of a commit message, and the verbs that do it. Safe must be claimed."""

    title: str
    verbs: tuple[Verb, ...]
    is_safe: bool = False
    unblocks_orders: bool = False
    """True if Bybit used to reject the order and accepts it once this is applied."""


# --- findings ---------------------------------------------------------------------------------------------------------

Severity: TypeAlias = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One mistake at one place. `code` is put in by the rule that made it."""

    span: Span
    message: str
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    not_fixed: str = ""
    """Why there is no fix here although the rule has one, or why the fix was refused."""
    code: str = ""


class Repair(TypedDict, total=False):
    """What a finding says of its repair: the fix, or why there is none here."""

    fix: Fix | None
    not_fixed: str


# --- nouns ------------------------------------------------------------------------------------------------------------


class Network(Enum):
    MAINNET = "mainnet"
    TESTNET = "testnet"
    DEMO = "demo"


@dataclass(frozen=True)
class Named:
    """A name in the code that says which network it belongs to: `BYBIT_TESTNET_KEY`, `demo_secret`, `IS_DEMO`."""

    name: str
    network: Network
    span: Span


@dataclass(frozen=True)
class Session:
    """One way a client may be set up: the network its flag or host selects, and the credentials it then has.

    A constructor whose flag and key are chosen by the same condition gives one Session per branch.
    """

    span: Span
    library: str
    network: Network | None
    flag: Span | None = None
    """Where the network is selected; None where the client's default decides."""
    flag_named: Named | None = None
    """A name inside the flag's expression that speaks of a network."""
    credentials: tuple[Named, ...] = ()
    takes_flag: bool = False
    """True if the constructor takes `testnet=` and `demo=`."""

    @property
    def foreign_key(self) -> Named | None:
        """A credential whose name speaks of another network than the one this session talks to."""
        return next(
            (key for key in self.credentials if self.network is not None and key.network is not self.network), None
        )

    def select(self, network: Network) -> Fix | None:
        """Select testnet or demo. There is no way to select mainnet: no fix moves a bot toward real money."""
        if not self.takes_flag or network is Network.MAINNET:
            return None
        verb = SetArgument(self.span, network.value, "True")
        return Fix(f"set {network.value}=True", (verb,), is_safe=True)


@dataclass(frozen=True)
class Request:
    """One call of a Bybit endpoint, whichever client makes it, or a call of the bot's own wrapper around one."""

    span: Span
    library: str
    endpoint: str
    """The V5 path (`/v5/order/create`)."""
    arguments: Mapping[str, Argument] = field(default_factory=dict)
    is_closed: bool = True
    """False if there may be arguments that cannot be seen (`**kwargs`, a dict from elsewhere)."""
    client: str | None = None
    """Source text of the client, or of the base URL for raw requests, that can be asked beside the call."""
    is_awaited: bool = False
    sent: Span | None = None
    """The request inside the wrapper, where `span` is a call of the bot's own wrapper."""
    place: str = ""
    """The function it is made in."""

    def lacks(self, name: str) -> bool:
        """True only if it is proven that the argument is not sent."""
        return self.is_closed and name not in self.arguments


SPOT_UNIT = ("marketUnit", "side", "orderType")


@dataclass(frozen=True)
class Order(Request):
    """A Request that places or changes an order or a position's stops; a batch gives one Order per leg."""

    QUANTITIES: ClassVar = ("qty", "tpSize", "slSize")

    def quantities(self) -> Iterator[Argument]:
        """The arguments that Bybit holds against the instrument's lot size; seen from a caller, those it decides."""
        for name in self.QUANTITIES:
            argument = self.arguments.get(name)
            if argument is not None and (self.sent is None or argument.is_passed):
                yield argument

    def other_ends(self, argument: Argument, origin: Related) -> Iterator[Related]:
        """The places beside the argument itself that explain what it is: where it arose, and where it is sent."""
        if not argument.span.holds(origin.span):
            yield origin
        if self.sent is not None and not argument.span.holds(argument.target):
            yield Related(argument.target, "sent here")

    def rounding(self, quantity: Argument) -> Repair:
        """Round a quantity down to the instrument's step, or the reason why that cannot be done here."""
        category, symbol = (self.arguments.get(name) for name in ("category", "symbol"))
        if self.client is None:
            return {"not_fixed": "there is nothing here that could be asked for the instrument's step"}
        if category is None or symbol is None or category.code is None or symbol.code is None:
            return {"not_fixed": "category and symbol cannot be named beside the quantity"}
        named = [argument.place for argument in (category, symbol) if argument.written is None]
        if any(place != quantity.place for place in (self.place, *named)):
            return {"not_fixed": "client, category and symbol are not at hand where the quantity is written"}
        unit = self.unit(category)
        if unit is None:
            return {"not_fixed": "it is not certain whether this quantity is in base or quote coin"}
        trailing = (f'unit="{unit}"',) if unit == "quoteCoin" else ()
        verb = Wrap(quantity.target, "round_qty", (self.client, category.code, symbol.code), trailing, peel="str")
        return {"fix": Fix("round the quantity to the instrument's step", (verb,), is_safe=True, unblocks_orders=True)}

    def unit(self, category: Argument) -> str | None:
        """The coin the quantity is counted in: spot market buys count in quote coin unless marketUnit says otherwise.

        https://bybit-exchange.github.io/docs/v5/order/create-order
        """
        if category.written in ("linear", "inverse", "option"):
            return "baseCoin"
        said = {name: self.arguments[name].written if name in self.arguments else None for name in SPOT_UNIT}
        if said["marketUnit"] in ("baseCoin", "quoteCoin"):
            return str(said["marketUnit"])
        if said["side"] == "Sell" or said["orderType"] == "Limit":
            return "baseCoin"
        is_plain = category.written == "spot" and self.lacks("marketUnit")
        return "quoteCoin" if is_plain and said["side"] == "Buy" and said["orderType"] == "Market" else None


@dataclass(frozen=True)
class Socket:
    """A raw WebSocket connection to Bybit, made by a library that knows nothing of Bybit."""

    span: Span
    """Where it runs: the call that connects, or `run_forever()`."""
    library: str
    is_silent: bool
    """Nobody in the project sends Bybit's ping, and nothing the reader cannot see could send it."""
    protocol_ping: bool = False
    """The library sends its own control frames, by its default or by an option."""
    starter: Verb | None = None
    """How a heartbeat is started here, where that is known."""
    expects_pong: bool = False
    """Proven: the code that receives messages stays calm when the answer to a ping arrives."""
    made: Span | None = None
    """Where the object is made, if that is another place."""

    def heartbeat(self) -> Repair:
        """Send Bybit's ping every 20 s. The pongs are new messages to the bot: safe only if it expects them."""
        if self.starter is None:
            return {"not_fixed": "the socket has no name here that a heartbeat could be given"}
        return {"fix": Fix("start Bybit's heartbeat", (self.starter,), is_safe=self.expects_pong)}


@dataclass(frozen=True)
class Retry:
    """Something sent to Bybit again after it failed, and the wait before it."""

    span: Span
    """Where the delay is decided: the call that sleeps, or the retry library's setting."""
    repeats: Span
    """The call that is made again."""
    what: str
    """What is made again, in a few words: `place_order`, `the connection`."""
    delay: str
    """How long it waits, in a few words: "always 5 s", "2 ** attempt"."""
    is_synchronised: bool
    """Proven: every bot that failed at the same moment waits equally long."""
    spreader: Verb | None = None

    def jitter(self) -> Fix | None:
        """Wait a random part of the delay, at least half of it."""
        return (
            Fix("spread the delay at random within its bounds", (self.spreader,), is_safe=True)
            if self.spreader
            else None
        )


@dataclass(frozen=True)
class Signature:
    """A signed request or socket login, and the clock its timestamp was read from."""

    span: Span
    clock: Span
    """Where the timestamp is read."""
    is_local: bool
    """Proven: the clock is this machine's, with no offset from Bybit's."""
    is_login: bool = False
    """True for a socket's login, which says when it expires; a request says when it was made."""
    corrector: Verb | None = None

    def ask_server(self) -> Fix | None:
        """Take the timestamp from Bybit's clock."""
        return Fix("take the timestamp from Bybit's clock", (self.corrector,), is_safe=True) if self.corrector else None


Noun: TypeAlias = Session | Request | Order | Socket | Retry | Signature
