"""What may stand between a bot and the exchange: a proxy that tunnels, or that refuses to."""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

PATIENCE = 30.0


class Gate(socketserver.ThreadingTCPServer):
    """A proxy on loopback, through which every name leads to one port; `status` is what it says to CONNECT."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, status: int = 200) -> None:
        self.behind, self.status = port, status
        self.asked: list[bytes] = []
        """The heads of all requests."""
        super().__init__(("127.0.0.1", 0), Tunnel)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Tunnel(socketserver.BaseRequestHandler):
    """One request for a tunnel."""

    server: Gate

    def handle(self) -> None:
        self.request.settimeout(PATIENCE)
        head = b""
        while b"\r\n\r\n" not in head:
            part = self.request.recv(4096)
            if not part:
                return
            head += part
        self.server.asked.append(head)
        self.request.sendall(f"HTTP/1.1 {self.server.status} Said\r\n\r\n".encode())
        if self.server.status == 200:
            with socket.create_connection(("127.0.0.1", self.server.behind), PATIENCE) as there:
                _pass_on(self.request, there)


def _pass_on(here: Any, there: socket.socket) -> None:
    """All bytes both ways, until one side ends."""
    with suppress(OSError):
        while True:
            for ready in select.select([here, there], [], [], PATIENCE)[0]:
                data = ready.recv(65536)
                if not data:
                    return
                (there if ready is here else here).sendall(data)


@contextmanager
def gate(port: int, status: int = 200) -> Iterator[Gate]:
    """A proxy in front of a port, while inside."""
    with Gate(port, status) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(PATIENCE)
