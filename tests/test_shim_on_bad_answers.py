"""The runtime helpers against servers that drip, never end or say nonsense: nothing hangs, nothing is raised."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bybit_lint import shim

PATIENCE = 20.0  # seconds until a test gives up on something that should have happened
QUICK = 0.2  # seconds that a request may take here
FILTERS = {"lotSizeFilter": {"qtyStep": "0.001"}, "priceFilter": {"tickSize": "0.1"}}
ANSWER = json.dumps({"retCode": 0, "result": {"list": [{"symbol": "BTCUSDT", **FILTERS}]}}).encode()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing known of any instrument or clock, and no proxy between the tests and their loopback servers."""
    monkeypatch.setattr(shim, "_instruments", {})
    monkeypatch.setattr(shim, "_clocks", {})
    monkeypatch.setenv("no_proxy", "127.0.0.1")


class Server:
    """A server on loopback that says what it is told to on each connection, until the test is over."""

    def __init__(self, says: Callable[[Server], Iterator[bytes]]) -> None:
        self._says, self._listening = says, socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.over, self.connections, self.sent = threading.Event(), 0, 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._speak, args=(connection,), daemon=True).start()

    def _speak(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            for piece in self._says(self):
                connection.sendall(piece)
                self.sent += len(piece)

    def slowly(self, piece: bytes) -> Iterator[bytes]:
        """The piece again and again, faster than any socket's timeout."""
        for _ in range(int(PATIENCE / 0.005)):
            if not self.over.wait(0.005):
                yield piece

    def close(self) -> None:
        self.over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for reader in readers():
            reader.join(PATIENCE)


def readers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "bybit-get"]


@contextlib.contextmanager
def serving(says: Callable[[Server], Iterator[bytes]]) -> Iterator[Server]:
    server = Server(says)
    try:
        yield server
    finally:
        server.close()


def answer(body: bytes, *headers: str) -> bytes:
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def drips_its_body(server: Server) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    yield from server.slowly(b" ")


def drips_its_chunks(server: Server) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield from server.slowly(b"1\r\n \r\n")


def drips_a_header(server: Server) -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Long: "
    yield from server.slowly(b"x")


def goes_on_saying_continue(server: Server) -> Iterator[bytes]:
    yield from server.slowly(b"HTTP/1.1 100 Continue\r\n\r\n")


def says_nothing(server: Server) -> Iterator[bytes]:
    server.over.wait(PATIENCE)
    yield b""


def leads_to_one_that_drips(server: Server) -> Iterator[bytes]:
    if server.connections == 1:
        yield f"HTTP/1.1 302 Found\r\nLocation: {server.url}/\r\nContent-Length: 0\r\n\r\n".encode()
    else:
        yield from drips_its_body(server)


ENDLESS = (
    drips_its_body,
    drips_its_chunks,
    drips_a_header,
    goes_on_saying_continue,
    says_nothing,
    leads_to_one_that_drips,
)


@pytest.mark.parametrize("says", ENDLESS)
def test_the_timeout_holds_for_the_whole_of_a_request(
    says: Callable[[Server], Iterator[bytes]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shim, "_TIMEOUT", QUICK)
    with serving(says) as server:
        assert shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037) == "0.0037"
        assert not server.over.is_set()
    assert "instruments-info could not be read: TimeoutError: " in caplog.text


@pytest.mark.parametrize("says", ENDLESS)
def test_a_clock_that_is_told_without_end_is_the_local_one(
    says: Callable[[Server], Iterator[bytes]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shim, "_TIMEOUT", QUICK)
    monkeypatch.setattr(shim, "time", FrozenClock)
    with serving(says) as server:
        assert shim.server_timestamp(server.url) == FrozenClock.time() * 1000
        for thread in [each for each in threading.enumerate() if each.name == "bybit-clock"]:
            thread.join(PATIENCE)
        assert not server.over.is_set()
    assert "Bybit's clock could not be read" in caplog.text


class FrozenClock:
    """The `time` module as the shim sees it, while it stands still."""

    @staticmethod
    def time() -> int:
        return 1_800_000_000

    @staticmethod
    def monotonic() -> float:
        return 5_000.0


def test_the_timeout_holds_for_the_look_up_of_the_name(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    over = threading.Event()

    def look_up(*args: object, **kwargs: object) -> Any:
        over.wait(PATIENCE)
        raise socket.gaierror("no such name")

    monkeypatch.setattr(shim, "_TIMEOUT", QUICK)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert shim.round_qty("http://127.0.0.1:9", "linear", "BTCUSDT", 0.0037) == "0.0037"
    assert "TimeoutError" in caplog.text
    over.set()
    for reader in readers():
        reader.join(PATIENCE)


def test_nobody_reads_on_where_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shim, "_TIMEOUT", QUICK)
    with serving(drips_its_body) as server:
        shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037)
        for reader in readers():
            reader.join(PATIENCE / 2)
        assert readers() == []
        assert not server.over.is_set()


def test_answers_that_never_end_collect_no_threads(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shim, "_TIMEOUT", QUICK)
    monkeypatch.setattr(shim, "_RETRY", 0.0)
    with serving(drips_a_header) as server:
        for _ in range(4):
            assert shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037) == "0.0037"
        assert (len(readers()), server.connections) == (1, 1)
    assert "an earlier request has not ended yet" in caplog.text


def test_a_body_without_end_is_read_no_further_than_any_answer_goes(caplog: pytest.LogCaptureFixture) -> None:
    def floods(server: Server) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while not server.over.is_set() and server.sent < 1 << 30:
            yield b" " * 65536

    with serving(floods) as server:
        assert shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037) == "0.0037"
        assert server.sent < 64 << 20  # what was read, and what waits in the buffers of the sockets
    assert "more than 1048576 bytes" in caplog.text


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00\xff" * 100,
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        answer(b"<html>come in</html>", "Content-Type: text/html"),
        answer(gzip.compress(ANSWER), "Content-Encoding: gzip"),
        answer(ANSWER[:-9]),
        answer(ANSWER)[:-9],
        answer(b"[" * 100_000),
        answer(b"9" * 100_000),
        answer(b"\xff\xfe\x00"),
        answer(b'"text"'),
        answer(b"[]"),
        answer(b"null"),
        answer(b'{"result": null}'),
        answer(b'{"result": []}'),
        answer(b'{"result": {"list": null}}'),
        answer(b'{"result": {"list": [null]}}'),
        answer(b'{"result": {"list": [[]]}}'),
        answer(b'{"result": {"list": [{}]}}'),
        answer(b'{"result": {"list": {"symbol": "BTCUSDT"}}}'),
        answer(b'{"result": {"list": [{"symbol": "BTCUSDT"}]}}'),
        answer(b'{"result": {"list": [{"symbol": "BTCUSDT", "lotSizeFilter": [], "priceFilter": []}]}}'),
        answer(b'{"retCode": 10006, "retMsg": "Too many visits!", "result": {}}'),
        b"HTTP/1.1 302 Found\r\nLocation: http://[\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n",
        b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_what_is_no_answer_is_a_warning_and_nothing_else(said: bytes, caplog: pytest.LogCaptureFixture) -> None:
    def says(server: Server) -> Iterator[bytes]:
        yield said

    with serving(says) as server:
        assert shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037) == "0.0037"
        assert abs(shim.server_timestamp(server.url) / 1000 - time.time()) < PATIENCE
    assert "instruments-info could not be read" in caplog.text
    assert "Bybit's clock could not be read" in caplog.text


def test_the_server_of_these_tests_can_answer(caplog: pytest.LogCaptureFixture) -> None:
    def says(server: Server) -> Iterator[bytes]:
        for byte in answer(ANSWER):
            yield bytes([byte])

    with serving(says) as server:
        assert shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037) == "0.003"
    assert caplog.text == ""


def test_an_interpreter_that_starts_no_more_threads_reads_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def says(server: Server) -> Iterator[bytes]:
        yield answer(ANSWER)

    def refuse(reader: object) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    with serving(says) as server:
        monkeypatch.setattr(shim._Reader, "start", refuse)
        assert shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037) == "0.003"


def test_a_long_story_of_the_servers_is_cut_short(caplog: pytest.LogCaptureFixture) -> None:
    def says(server: Server) -> Iterator[bytes]:
        yield answer(json.dumps({"retCode": 10001, "retMsg": "x" * 100_000, "result": {}}).encode())

    with serving(says) as server:
        shim.round_qty(server.url, "linear", "BTCUSDT", 0.0037)
    assert "retCode 10001, xxx" in caplog.text
    assert len(caplog.text) < 2000


@pytest.mark.parametrize("url", ["http://[", "http://", "api.bybit.com", "", None, b"http://127.0.0.1:9", "file:///"])
def test_what_is_no_address_is_a_warning(url: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert shim.round_qty(url, "linear", "BTCUSDT", 0.0037) == "0.0037"
    assert abs(shim.server_timestamp(url) / 1000 - time.time()) < PATIENCE
    assert "Bybit's clock could not be read" in caplog.text


def test_a_password_in_an_address_is_in_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    password = "pass" + "word"
    for url in (f"http://me:{password}@127.0.0.1:1", f"http://me:{password}@[", f"me:{password}@127.0.0.1"):
        shim.round_qty(url, "linear", "BTCUSDT", 0.0037)
        shim.server_timestamp(url)
    assert "could not be read" in caplog.text
    assert password not in caplog.text


FORKING = """
import os, sys, threading
from bybit_lint import shim

class Client:
    def get_instruments_info(self, category, symbol):
        asking.set()
        go_on.wait()
        filters = {"lotSizeFilter": {"qtyStep": "0.001"}, "priceFilter": {}}
        return {"result": {"list": [{"symbol": symbol, **filters}]}}

asking, go_on, client = threading.Event(), threading.Event(), Client()
order = lambda: shim.round_qty(client, "linear", "BTCUSDT", 0.0037)
threading.Thread(target=order, daemon=True).start()
asking.wait()
child = os.fork()
if not child:
    go_on.set()
    os._exit(0 if order() == "0.003" else 1)
_, status = os.waitpid(child, 0)
os._exit(status and 1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
def test_a_child_that_is_forked_during_a_look_up_waits_for_nobody() -> None:
    run = subprocess.run([sys.executable, "-c", FORKING], timeout=PATIENCE, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
