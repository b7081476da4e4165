"""An emulated Bybit on loopback: what its documentation says, what was seen of it, and what is assumed, as switches."""

from exchange.conditions import (
    KEYS,
    Assumed,
    Conditions,
    Environment,
    Fault,
    Key,
    Latency,
    Limits,
    Position,
    SocketFault,
    Sockets,
    switches,
)
from exchange.instruments import INSTRUMENTS, Instrument
from exchange.records import Answer, Connection, Frame, Order
from exchange.server import Exchange, Held

__all__ = [
    "INSTRUMENTS",
    "KEYS",
    "Answer",
    "Assumed",
    "Conditions",
    "Connection",
    "Environment",
    "Exchange",
    "Fault",
    "Frame",
    "Held",
    "Instrument",
    "Key",
    "Latency",
    "Limits",
    "Order",
    "Position",
    "SocketFault",
    "Sockets",
    "switches",
]
