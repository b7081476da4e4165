"""A stream of aiohttp that is wholly closed when the test has done with it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp


@asynccontextmanager
async def streamed(url: str, context: ssl.SSLContext) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A websocket over TLS; its socket is closed at the end.

    aiohttp leaves that to a later round of the loop, which `asyncio.run` may not give it:
    https://docs.aiohttp.org/en/stable/client_advanced.html#graceful-shutdown
    """
    async with aiohttp.ClientSession() as session, session.ws_connect(url, ssl=context) as stream:
        socket = stream.get_extra_info("socket")
        yield stream
    while socket.fileno() != -1:  # noqa: ASYNC110  nothing tells it but the socket
        await asyncio.sleep(0)
