"""What a test may set: what is traded, who may trade, what goes wrong, and what nobody knows for sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args, get_type_hints

from exchange.instruments import INSTRUMENTS, Instrument

Environment = Literal["mainnet", "testnet", "demo"]


@dataclass(frozen=True)
class Key:
    """An API key of one environment, and what it may do."""

    api_key: str
    secret: str
    environment: Environment = "testnet"
    is_read_only: bool = False
    permissions: tuple[str, ...] = ("ContractTrade", "Spot", "Wallet", "Options")
    ips: tuple[str, ...] = ()  # addresses it is bound to; none means any
    is_expired: bool = False
    may_withdraw: bool = False
    days: int = 83  # until it ends


KEYS = (
    Key("MAINNETKEY00000001", "mainnet-secret-000000000000000000001", "mainnet"),
    Key("TESTNETKEY00000001", "testnet-secret-000000000000000000001", "testnet"),
    Key("DEMOKEY00000000001", "demo-secret-000000000000000000000001", "demo"),
)


@dataclass(frozen=True)
class Position:
    """A position that the account has from the beginning, in every environment; `position_idx` 1 and 2 are hedged."""

    symbol: str
    side: Literal["Buy", "Sell"]
    size: str
    avg_price: str = ""  # the last price
    position_idx: Literal[0, 1, 2] = 0
    category: str = "linear"


@dataclass(frozen=True)
class Fault:
    """What happens to some requests of one path, counted from 1 since the reset, over all environments.

    hold         the request arrives `seconds` later
    delay        the answer comes `seconds` later
    drop         the connection ends without an answer
    bad gateway  HTTP 502 with a page of HTML
    html         HTTP 200 with a page of HTML
    too many     HTTP 429 with a page of HTML
    forbidden    HTTP 403 with a page of HTML, as for a banned address
    rate limit   retCode 10006 with its headers
    """

    path: str
    does: Literal["hold", "delay", "drop", "bad gateway", "html", "too many", "forbidden", "rate limit"]
    nth: int = 1
    times: int = 1
    is_accepted: bool = True  # whether the request has had its effect; never so for the last three
    seconds: float = 0.0
    method: str = "POST"  # WS for an order over a socket, which can be held, dropped and limited

    def strikes(self, method: str, path: str, count: int) -> bool:
        return (method, path) == (self.method, self.path) and self.nth <= count < self.nth + self.times


@dataclass(frozen=True)
class SocketFault:
    """What happens to some connections whose path begins with `path`, counted from 1 since the reset.

    close   a closing handshake with code 1001, as before maintenance
    drop    the TCP connection ends without one
    stall   the exchange falls silent, and the TCP connection stays open
    refuse  the upgrade is answered with HTTP 502
    """

    path: str
    does: Literal["close", "drop", "stall", "refuse"]
    after: float = 0.0  # seconds since the connection was opened
    nth: int = 1
    times: int = 1

    def strikes(self, path: str, count: int) -> bool:
        return path.startswith(self.path) and self.nth <= count < self.nth + self.times


@dataclass(frozen=True)
class Sockets:
    """How the sockets behave; times are in the exchange's seconds."""

    idle: float = 600.0  # a connection that was silent for so long is cut off; the URL may say so itself
    tick: float = 1.0  # between two pushes of each public topic; 0 pushes nothing after the first snapshot
    latency: float = 0.02  # of the machine's seconds before an answer: no client is ready for one that comes at once
    faults: tuple[SocketFault, ...] = ()


@dataclass(frozen=True)
class Latency:
    """Seconds that a request is under way, and its answer."""

    there: float = 0.0
    back: float = 0.0


@dataclass(frozen=True)
class Limits:
    """How many requests are allowed; `per_second` replaces what is documented for a path."""

    per_second: Mapping[str, int] = field(default_factory=dict)
    per_address: int = 600  # in 5 seconds, then the address is banned
    ban: float = 600.0  # seconds


@dataclass(frozen=True)
class Assumed:
    """What no page and no source tells, each with its two positions; the first is the usual one."""

    numbers: Literal["refused", "taken"] = "refused"  # JSON numbers where Bybit documents text
    exponents: Literal["refused", "taken"] = "refused"  # "1e-05"
    unknown_fields: Literal["ignored", "refused"] = "ignored"
    stop_sizes: Literal["refused", "taken"] = "refused"  # tpSize and slSize that are no multiple of qtyStep
    checks: Literal["key first", "time first"] = "key first"  # which of the two is made first; the signature's is last
    older_paths: Literal["HTTP 404", "retCode 10017"] = "HTTP 404"  # what /v2/ and the like answer
    protocol_ping: Literal["does not count", "counts"] = "does not count"  # against the idle cut-off
    idle_end: Literal["no handshake", "handshake"] = "no handshake"  # how a silent connection is cut off
    refused_auth: Literal["stays open", "is closed"] = "stays open"  # a socket whose auth was refused

    def turned(self, switch: str) -> Assumed:
        """With this switch in its other position."""
        (other,) = set(switches()[switch]) - {getattr(self, switch)}
        changed: dict[str, Any] = {switch: other}
        return replace(self, **changed)

    def alternatives(self) -> Iterator[Assumed]:
        """These positions, and then each switch alone in its other position."""
        yield self
        yield from map(self.turned, switches())


def switches() -> dict[str, tuple[str, ...]]:
    """The two positions of each switch."""
    hints = get_type_hints(Assumed)
    return {each.name: get_args(hints[each.name]) for each in fields(Assumed)}


@dataclass(frozen=True)
class Conditions:
    """Everything a proof may set. Two exchanges with the same conditions behave the same."""

    instruments: tuple[Instrument, ...] = INSTRUMENTS
    prices: Mapping[str, str] = field(default_factory=dict)  # last prices by symbol, instead of the instruments' own
    balance: Mapping[str, str] = field(
        default_factory=lambda: {"USDT": "100000", "USDC": "100000", "BTC": "10", "ETH": "100", "SOL": "1000"}
    )
    positions: tuple[Position, ...] = ()
    leverage: str = "10"
    keys: tuple[Key, ...] = KEYS
    loopback: Environment = "mainnet"  # which environment "localhost" and 127.0.0.1 are
    scale: float = 1.0  # how much faster the exchange's time goes than the machine's
    skew: float = 0.0  # seconds that the exchange's clock is ahead of its clients'
    latency: Latency = Latency()
    limits: Limits = Limits()
    faults: tuple[Fault, ...] = ()
    sockets: Sockets = Sockets()
    assumed: Assumed = Assumed()
