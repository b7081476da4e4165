"""Which sockets are taken in, and for what."""

from __future__ import annotations

import re

from aiohttp import web

from exchange.channels import Channel
from exchange.hosts import environment
from exchange.lines import Line
from exchange.private import Private
from exchange.public import Public
from exchange.records import Connection
from exchange.standing import documented, seen
from exchange.trade import Trade
from exchange.venue import Venue

_CHANNEL = re.compile(r"/v5/(public/(?P<category>linear|inverse|spot|option)|(?P<kind>private|trade))")


def is_upgrade(request: web.Request) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


async def connect(venue: Venue, request: web.Request) -> web.StreamResponse:
    """Take a socket in and stay with it to its end, or refuse it by HTTP."""
    record = Connection(
        environment(request.host, venue.conditions.loopback), request.path, request.query_string, venue.clock.now
    )
    number = 1 + sum(each.path == record.path for each in venue.connections)
    venue.connections.append(record)
    faults = [fault for fault in venue.conditions.sockets.faults if fault.strikes(record.path, number)]
    channel = _channel(venue, record)
    if channel is None or any(fault.does == "refuse" for fault in faults):
        record.closed, record.ended = venue.clock.now, "refused"
        return web.Response(status=404 if channel is None else 502)
    line = Line(venue, request, record, channel, faults)
    return await line.run()


@documented("v5/demo")
def _channel(venue: Venue, record: Connection) -> Channel | None:
    """Public streams by category, the private one, and the one for orders; the demo has only the private one."""
    found = _CHANNEL.fullmatch(record.path)
    if found is None:
        return older(venue, record)
    if found["kind"] == "private":
        return Private(venue, record)
    if record.environment == "demo":
        return None
    return Trade(venue, record) if found["kind"] else Public(venue, record, found["category"])


@seen("https://github.com/bmoscon/cryptofeed/pull/1105: realtime_private fails silently")
def older(venue: Venue, record: Connection) -> Channel | None:
    """A path of an older API is not there, or it is and stays silent."""
    is_older = re.match(r"/(realtime|spot/|contract/|unified/|option/|trade/|quote/)", record.path)
    return Channel(venue, record) if is_older and venue.conditions.assumed.older_paths != "HTTP 404" else None
