"""How a client is set up: its network and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bybit_lint.vocabulary.fixes import Fix, SetArgument
from bybit_lint.vocabulary.places import Span


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
