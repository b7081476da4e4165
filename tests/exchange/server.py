"""The exchange as a thread of the test process: one TLS port for REST and sockets, and what it remembers."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
import threading
from collections.abc import Coroutine
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

import trustme
from aiohttp import web

from exchange.accounts import Holding
from exchange.app import application
from exchange.clock import Clock
from exchange.conditions import Conditions, Environment
from exchange.hosts import NAMES
from exchange.instruments import Instrument
from exchange.records import Answer, Connection, Order
from exchange.trading import move_price
from exchange.venue import Venue

_Result = TypeVar("_Result")
_PATIENCE = 30.0  # seconds


class Held(NamedTuple):
    """A position, whose it is and at which leverage it stands."""

    environment: Environment
    category: str
    symbol: str
    position_idx: int
    leverage: str
    holding: Holding


class Exchange:
    """A Bybit of one's own, from `__enter__` to `__exit__`; `reset` makes another of it without starting again.

    `port` is free on 127.0.0.1, `ca` the PEM of who signed its certificate, which is valid for Bybit's names and
    "localhost", `until` a time if one is given. The Host header decides whether a request is for mainnet, testnet or
    demo.
    """

    def __init__(
        self,
        conditions: Conditions = Conditions(),  # noqa: B008  frozen
        until: datetime | None = None,
    ) -> None:
        self._conditions, self._until = conditions, until
        self._folder = tempfile.TemporaryDirectory(prefix="exchange-")
        self.ca = Path(self._folder.name) / "ca.pem"
        self.clock = Clock(Path(self._folder.name) / "clock")
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="exchange", daemon=True)

    def __enter__(self) -> Exchange:  # noqa: PYI034  Self is newer than Python 3.10
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()
        self.clock.close()
        self._folder.cleanup()

    @property
    def orders(self) -> list[Order]:
        """Every order that was accepted since the reset, as it stands now, in the order they came."""
        return list(self._venue.book.values())

    @property
    def positions(self) -> list[Held]:
        """The positions that are not empty, of all environments, in the order in which they were opened."""
        return [
            Held(account.environment, category, symbol, index, account.leverage(category, symbol), held)
            for account in self._venue.accounts.values()
            for (category, symbol, index), held in account.holdings.items()
            if held.size
        ]

    @property
    def answers(self) -> list[Answer]:
        """Every request since the reset, in the order they came, and those over the trade socket too."""
        return list(self._venue.answers)

    @property
    def sockets(self) -> list[Connection]:
        """Every socket since the reset, in the order they were opened."""
        return list(self._venue.connections)

    def reset(self, conditions: Conditions = Conditions()) -> None:  # noqa: B008  frozen
        """Forget everything, close all sockets, and begin again at the machine's time with these conditions."""
        self._run(self._reset(conditions))

    def move_price(self, symbol: str, price: str) -> None:
        """Let a symbol be traded at another price from now on, in all environments; orders that wait for it fill."""
        self._loop.call_soon_threadsafe(move_price, self._venue, symbol, price)

    def list_instruments(self, *instruments: Instrument) -> None:
        """Trade these instead of what was traded before, as after a change of filters or a delisting."""
        self._loop.call_soon_threadsafe(self._venue.list_instruments, instruments)

    async def _start(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.num_tickets = 0  # clients that read and write in two threads may lose what follows the handshake
        authority.issue_cert(*NAMES, not_after=self._until).configure_cert(context)
        self._venue = Venue(self._conditions, self.clock)
        self._runner = web.AppRunner(application(lambda: self._venue), access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _reset(self, conditions: Conditions) -> None:
        await self._venue.close()
        self._venue = Venue(conditions, self.clock)

    async def _stop(self) -> None:
        await self._venue.close()
        self._abort()
        await self._runner.cleanup()
        await asyncio.sleep(0)  # a transport closes its socket in the next round of the loop

    def _abort(self) -> None:
        """End all connections at once: a client that keeps its own open would not answer the end of TLS."""
        for handler in self._runner.server.connections if self._runner.server else ():
            if handler.transport:
                handler.transport.abort()

    def _run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)
