"""How a client is set up: its network and its keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import chain
from types import MappingProxyType

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Rename, Replace, SetArgument, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.record import Record


class Network(Enum):
    MAINNET = "mainnet"
    TESTNET = "testnet"
    DEMO = "demo"


class Named(Record):
    """A name in the code that says which network it belongs to: `BYBIT_TESTNET_KEY`, `demo_secret`, `IS_DEMO`."""

    name: str
    network: Network
    span: Span

    def told(self, role: str) -> str:
        """The name and its network, as what it serves as: `flag`, `key`."""
        return f"{role}={self.name} ({self.network.value})"


class TextFlag(Record):
    """A flag that is given as text, whatever it says: true unless it is empty, or to some clients never."""

    span: Span
    name: str
    """The flag: `testnet`, `demo`, `sandbox`, or the method that it is given to."""
    network: Network
    """The network that any text selects."""
    text: str | None = None
    """The text where it is written out; None where the environment decides."""
    is_heard: bool = True
    """False where the client takes nothing but True for a yes, so that no text selects the network."""
    is_called: bool = False
    """True if it is given to a method."""

    @property
    def yes(self) -> str:
        """How it is switched on: `testnet=True`, `set_sandbox_mode(True)`."""
        return f"{self.name}(True)" if self.is_called else f"{self.name}=True"

    def spell_out(self) -> Fix | None:
        """Write what the text does already. What comes from outside has no such fix: some of it would select mainnet.

        Text that says `false` selects testnet today, and a flag read by its meaning would select real money.
        Nor has text that nobody hears: it was meant to select the network, and does not.
        """
        if self.text is None or not self.is_heard:
            return None
        return Fix(f"write {bool(self.text)}, which it is", (Replace(self.span, "", repr(bool(self.text))),), True)


NOT_SELECTED = {
    Network.MAINNET: "no fix selects mainnet for you",
    Network.TESTNET: "the network is not chosen by an argument here: choose testnet where it is chosen",
    Network.DEMO: "the network is not chosen by an argument here: choose demo trading where it is chosen",
}


class Flaw(Enum):
    """Why a client cannot be made as it is written, or is of no use."""

    POSITIONAL = "it takes named arguments only"
    UNKNOWN = "it has no such argument"
    UNHEARD = "its config has no such entry"
    NO_NETWORK = "testnet has to be given"
    NO_CHANNEL = "there is no such channel"
    NO_DEMO_ORDERS = "demo trading has no orders over sockets"
    NO_DEMO_PRICES = "demo trading has no public streams"
    TESTNET_DEMO = "demo trading on testnet is a network of its own"


class Misfit(Record):
    """An argument of a client's constructor that does not fit, or the lack of one."""

    span: Span
    flaw: Flaw
    name: str = ""
    """The argument's name, if it has one."""
    verbs: tuple[Verb, ...] = ()
    """What makes it fit, where there is only one way."""

    @property
    def instead(self) -> str:
        """What to write in its place, where it is unknown."""
        if self.flaw not in (Flaw.UNKNOWN, Flaw.UNHEARD):
            return ""
        called = (f"it is called {verb.name}" for verb in self.verbs if isinstance(verb, Rename))
        flags = (f"write {verb.name}={verb.value}" for verb in self.verbs if isinstance(verb, SetArgument))
        return next(chain(called, flags), "")


class Session(Noun):
    """One way a client may be set up: the network its flag or host selects, and the credentials it then has.

    A constructor whose flag and key are chosen by the same condition gives one Session per branch.
    """

    library: str
    network: Network | None
    flag: Span | None = None
    """Where the network is selected; None where the client's default decides."""
    flag_named: Named | None = None
    """A name inside the flag's expression that speaks of a network."""
    credentials: tuple[Named, ...] = ()
    switches: Mapping[Network, tuple[Verb, ...]] = MappingProxyType({})
    """What selects testnet, or demo trading, and nothing else beside it."""
    text_flags: tuple[TextFlag, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    channel: str = ""
    """`rest` for requests, else the stream: `private`, `trade`, `linear`; empty if it is not known."""
    has_keys: bool = False
    unset: tuple[str, Network] | None = None
    """The variable of the environment that selects the network, and which it is where that is not set."""

    @property
    def foreign_key(self) -> Named | None:
        """A credential whose name speaks of another network than the one this session talks to."""
        return next(
            (key for key in self.credentials if self.network is not None and key.network is not self.network), None
        )

    def written(self, network: Network) -> str:
        """How a network is selected here, if that is one argument of the constructor: `demo=True`."""
        verbs = self.switches.get(network, ())
        return next((f"{v.name}={v.value}" for v in verbs if isinstance(v, SetArgument) and v.value == "True"), "")

    def select(self, network: Network) -> Repair:
        """Select testnet or demo. There is no way to select mainnet: no fix moves a bot toward real money."""
        verbs = self.switches.get(network, ())
        if not verbs or network is Network.MAINNET:
            return {"not_fixed": NOT_SELECTED[network]}
        return {"fix": Fix(f"select {network.value}", verbs, is_safe=True)}

    def refit(self, misfit: Misfit) -> Fix | None:
        """Let the client be made. Its orders are sent for the first time then, so this is safe only off mainnet."""
        if not misfit.verbs:
            return None
        flags = [verb.name for verb in misfit.verbs if isinstance(verb, SetArgument) and verb.value == "True"]
        is_rehearsal = bool(flags) or self.network in (Network.TESTNET, Network.DEMO)
        return Fix("call the client as it is defined", misfit.verbs, is_rehearsal, unblocks_orders=True)

    def words(self) -> Iterator[str]:
        yield self.library
        yield self.network.value if self.network else "unknown network"
        yield f"{self.unset[1].value} without {self.unset[0]}" if self.unset else ""
        yield from (named.told("flag") for named in [self.flag_named] if named)
        yield from (named.told("key") for named in self.credentials)
        yield from (f"{flag.name} is text" for flag in self.text_flags)
        yield from (f"unfit: {misfit.flaw.value} {misfit.name}" for misfit in self.misfits)


class Mixture(Noun):
    """A stream, or a client for prices, beside a client for orders that talks to another network."""

    network: Network
    orders: Span
    orders_network: Network
    is_private: bool
    """True if the stream is about the account; false for prices."""
    unset: str = ""
    """The variable of the environment whose defaults differ; empty where the networks are written out."""

    def words(self) -> Iterator[str]:
        yield f"{'private' if self.is_private else 'prices'} {self.network.value}, orders {self.orders_network.value}"
        yield f"without {self.unset}" if self.unset else ""
