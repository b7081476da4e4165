"""What the exchange remembers for whoever judges a bot: orders, answers and sockets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from exchange.conditions import Environment


@dataclass(frozen=True)
class Order:
    """An order that was accepted, as it stands now; numbers are the texts that were sent."""

    environment: Environment
    category: str
    symbol: str
    side: str
    order_type: str
    qty: str
    price: str  # "0" for a market order
    order_id: str
    order_link_id: str
    time_in_force: str
    order_status: str  # New, Filled, Cancelled, PartiallyFilled, Untriggered
    created: int  # in ms
    updated: int
    reduce_only: bool = False
    close_on_trigger: bool = False
    position_idx: int = 0
    trigger_price: str = ""
    trigger_direction: int = 0
    trigger_by: str = ""
    take_profit: str = ""
    stop_loss: str = ""
    market_unit: str = ""
    exec_qty: str = "0"
    exec_value: str = "0"
    avg_price: str = ""
    cancel_type: str = "UNKNOWN"
    reject_reason: str = "EC_NoError"

    @property
    def is_open(self) -> bool:
        return self.order_status in ("New", "PartiallyFilled", "Untriggered")

    @property
    def is_spot(self) -> bool:
        return self.category == "spot"


@dataclass(frozen=True)
class Answer:
    """One request and what came of it; a fault may have kept that from the client."""

    environment: Environment
    method: str
    path: str
    query: str  # as it was received, still quoted
    body: str
    api_key: str  # "" for a public request
    at: int  # the exchange's clock when it arrived, in ms
    status: int  # of HTTP; 0 if the connection was dropped
    ret_code: int | None  # None where no JSON was answered
    ret_msg: str = ""
    fault: str = ""  # what was done to it, if anything
    result: Any = None
    ret_ext_info: Any = None


@dataclass(frozen=True)
class Frame:
    """Something that a client sent over a socket."""

    at: int  # in ms
    kind: Literal["text", "binary", "ping", "pong", "close"]
    text: str = ""

    @property
    def is_ping(self) -> bool:
        """Bybit's own ping, which is a text message."""
        return self.kind == "text" and '"ping"' in self.text


# client: it closed or went away; idle: the cut-off; close, drop: a fault; refused: by HTTP, instead of an upgrade;
# auth: a refused authentication; exchange: it was reset
Ending = Literal["", "client", "idle", "close", "drop", "refused", "auth", "exchange"]


@dataclass
class Connection:
    """One socket, from its opening on."""

    environment: Environment
    path: str
    query: str
    opened: int  # in ms
    frames: list[Frame] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)  # subscribed to now
    refusals: list[str] = field(default_factory=list)  # what was answered to requests that were not granted
    pushed: int = 0  # messages sent on topics
    is_authenticated: bool = False
    closed: int | None = None
    ended: Ending = ""

    @property
    def is_open(self) -> bool:
        return self.closed is None

    @property
    def pings(self) -> list[Frame]:
        return [frame for frame in self.frames if frame.is_ping]


@dataclass(frozen=True)
class Execution:
    """An order, or a part of it, that was filled."""

    environment: Environment
    category: str
    symbol: str
    side: str
    order_id: str
    order_link_id: str
    order_type: str
    order_qty: str
    order_price: str
    exec_id: str
    exec_qty: str
    exec_price: str
    exec_value: str
    exec_time: int  # in ms
    closed_size: str = "0"
