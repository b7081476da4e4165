"""How a socket learns whose it is, and what becomes of one that does not."""

from __future__ import annotations

from exchange.access import known_key, signature
from exchange.channels import Channel
from exchange.conditions import Key
from exchange.records import Connection
from exchange.refusals import Refused
from exchange.standing import assumed, documented
from exchange.venue import Venue


@documented("v5/ws/connect")
def identified(venue: Venue, record: Connection, args: object) -> Key | None:
    """By key, a time in the future, and the HMAC-SHA256 of GET/realtime and that time; None if one is wrong."""
    if not isinstance(args, list) or len(args) != 3:
        return None
    try:
        key = known_key(venue, record.environment, str(args[0]), "127.0.0.1")
        is_due = int(args[1]) > venue.clock.now
    except (Refused, ValueError, TypeError):
        return None
    return key if is_due and signature(key, f"GET/realtime{args[1]}") == args[2] else None


@assumed("refused_auth", "pybit and ccxt close such a socket themselves, and do not tell whether they had to")
def shut_out(venue: Venue, channel: Channel) -> None:
    """A socket whose authentication was refused stays open."""
    if venue.conditions.assumed.refused_auth == "is closed":
        channel.end("auth")
