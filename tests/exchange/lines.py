"""An open socket to its end: what is read, what is sent, when it is cut off, and what may go wrong."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from typing import Any

from aiohttp import WSMessage, WSMsgType, web

from exchange.channels import Channel
from exchange.conditions import SocketFault
from exchange.records import Connection, Ending, Frame
from exchange.standing import assumed, documented
from exchange.venue import Venue

_KINDS = {WSMsgType.TEXT: "text", WSMsgType.BINARY: "binary", WSMsgType.PING: "ping", WSMsgType.PONG: "pong"}
_BEAT = 0.25  # seconds at most between two looks at the clock


class Line:
    """One open socket."""

    def __init__(
        self, venue: Venue, request: web.Request, record: Connection, channel: Channel, faults: list[SocketFault]
    ) -> None:
        self._venue, self._request, self._record, self._channel, self._faults = venue, request, record, channel, faults
        self._rules = venue.conditions.sockets
        self._socket = web.WebSocketResponse(autoping=False, timeout=1.0, compress=False)
        self._outbox: asyncio.Queue[tuple[float, str, Ending]] = asyncio.Queue()
        self._beat = venue.clock.now  # when it was last heard of what counts as a sign of life
        self._pushed = venue.clock.now
        channel.say, channel.push, channel.end = self._say, self._push, self._ask_to_end

    async def run(self) -> web.StreamResponse:
        await self._socket.prepare(self._request)
        self._venue.listeners.append(self._channel.hear)
        tasks = [asyncio.ensure_future(work) for work in (self._read(), self._send(), self._watch())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self._end("client")  # whichever of the tasks was the first to hear of it
        finally:
            self._venue.listeners.remove(self._channel.hear)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._end("exchange")
            self._abort()
        return self._socket

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        async for message in self._socket:
            self._record.frames.append(_frame(message, self._venue.clock.now))
            if message.type is WSMsgType.PING and not self._is_stalled:
                await self._pong(message.data)
            elif message.type is WSMsgType.TEXT:
                await self._take(message.data)
            if self._socket.closed:
                break

    @assumed("protocol_ping", "the page asks for a text message; the sources of clients say that frames do not count")
    async def _pong(self, data: bytes) -> None:
        """A protocol ping is answered, and does not count as a sign of life."""
        if self._venue.conditions.assumed.protocol_ping == "counts":
            self._live()
        with suppress(ConnectionError):
            await self._socket.pong(data)

    async def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if isinstance(message, dict) and message.get("op") == "ping":
            self._live()
        await self._channel.take(message if isinstance(message, dict) else {})

    # --- sending ------------------------------------------------------------------------------------------------------

    def _say(self, message: dict[str, Any]) -> None:
        """Answer, after the time that it takes on a network."""
        due = asyncio.get_running_loop().time() + self._rules.latency
        self._outbox.put_nowait((due, json.dumps(message), ""))

    def _push(self, message: dict[str, Any]) -> None:
        """Send data of a topic, after whatever was said before."""
        self._record.pushed += 1
        self._outbox.put_nowait((0.0, json.dumps(message), ""))
        self._live()

    def _ask_to_end(self, how: Ending) -> None:
        self._outbox.put_nowait((0.0, "", how))

    async def _send(self) -> None:
        while True:
            due, text, ending = await self._outbox.get()
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            if ending:
                return await self._strike(ending)
            if not self._is_stalled:
                try:
                    await self._socket.send_str(text)
                except ConnectionError:
                    return None

    # --- time ---------------------------------------------------------------------------------------------------------

    @documented("v5/ws/connect")
    def _live(self) -> None:
        """Bybit's ping and data that is pushed are signs of life."""
        self._beat = self._venue.clock.now

    async def _watch(self) -> None:
        while not self._socket.closed:
            await self._venue.clock.sleep(min(_BEAT, self._rules.tick or _BEAT))
            for fault in self._due:
                if fault.does in ("close", "drop"):
                    return await self._strike("close" if fault.does == "close" else "drop")
            if not self._is_stalled:
                self._tick()
            if self._venue.clock.now - self._beat >= 1000 * self._patience:
                return await self._cut_off()
        return None

    @property
    def _due(self) -> list[SocketFault]:
        age = (self._venue.clock.now - self._record.opened) / 1000
        return [fault for fault in self._faults if age >= fault.after]

    @property
    def _is_stalled(self) -> bool:
        return any(fault.does == "stall" for fault in self._due)

    def _tick(self) -> None:
        if self._rules.tick and self._venue.clock.now - self._pushed >= 1000 * self._rules.tick:
            self._pushed = self._venue.clock.now
            self._channel.tick()

    @property
    def _patience(self) -> float:
        return min(self._rules.idle, max_active_time(self._record)) if self._rules.idle else float("inf")

    # --- ending -------------------------------------------------------------------------------------------------------

    async def _strike(self, how: Ending) -> None:
        self._end(how)
        if how == "drop":
            self._abort()
        else:
            await self._socket.close(code=1001, message=b"going away")

    @assumed("idle_end", "clients log: Connection to remote host was lost, which is what they say without a handshake")
    async def _cut_off(self) -> None:
        """A silent connection ends without a closing handshake."""
        self._end("idle")
        if self._venue.conditions.assumed.idle_end == "handshake":
            await self._socket.close(code=1000)
        else:
            self._abort()

    def _abort(self) -> None:
        if self._request.transport:
            self._request.transport.abort()

    def _end(self, how: Ending) -> None:
        if self._record.is_open:
            self._record.closed, self._record.ended = self._venue.clock.now, how


def _frame(message: WSMessage, now: int) -> Frame:
    kind: Any = _KINDS.get(message.type, "close")
    return Frame(now, kind, message.data if isinstance(message.data, str) else "")


@documented("v5/ws/connect")
def max_active_time(record: Connection) -> float:
    """On private sockets the URL may say after how much silence they are cut off: 30s to 600s, or 1m to 10m."""
    found = re.search(r"max_active_time=(\d+)([sm])", record.query)
    if not found or record.path.startswith("/v5/public"):
        return float("inf")
    return min(600.0, max(30.0, int(found[1]) * (60 if found[2] == "m" else 1)))
