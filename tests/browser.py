"""A real browser, which is told by its own protocol what to do: https://chromedevtools.github.io/devtools-protocol/."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH: the page is opened in none")
PATIENCE = 60
"""Seconds after which a browser that says nothing is given up; nothing is measured."""


class Browser:
    """One tab."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.numbers = socket, count(1)
        self.events: list[dict[str, Any]] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.do(f"{domain}.enable")

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (told := self.heard()).get("id") != number:
            self.events.append(told)
        assert "error" not in told, told
        result: dict[str, Any] = told["result"]
        return result

    def heard(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.socket.recv(timeout=PATIENCE))
        if told.get("method") == "Target.attachedToTarget":
            session = told["params"]["sessionId"]
            for method in ("Network.enable", "Runtime.runIfWaitingForDebugger"):
                self.socket.send(json.dumps({"id": next(self.numbers), "sessionId": session, "method": method}))
        return told

    def hear_workers(self) -> None:
        """From now on hear what workers load as well, from their first request on."""
        self.do("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=True, flatten=True)

    def open(self, address: str) -> None:
        self.events.clear()
        self.do("Page.navigate", url=address)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.heard())

    def asked(self) -> list[str]:
        """What was loaded since a page was opened."""
        return [e["params"]["request"]["url"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]

    def complaints(self) -> list[dict[str, Any]]:
        """What the page's console would show, such as what a policy has refused."""
        return [e for e in self.events if e.get("method") in ("Log.entryAdded", "Runtime.exceptionThrown")]

    def value(self, script: str) -> Any:
        told = self.do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def press(self, key: str, control: bool = False) -> None:
        own = {"key": key, "code": key, "windowsVirtualKeyCode": {"Tab": 9, "Enter": 13, "ArrowDown": 40}[key]}
        own |= {"text": "\r"} if key == "Enter" and not control else {}
        self.do("Input.dispatchKeyEvent", type="keyDown", modifiers=2 if control else 0, **own)
        self.do("Input.dispatchKeyEvent", type="keyUp", modifiers=2 if control else 0, **own)

    def window(self, width: int, height: int = 800, scheme: str = "light") -> None:
        """Its width and height, and whether its owner likes it light or dark."""
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def until(self, script: str, seconds: float = PATIENCE) -> None:
        """Wait for a script to be true."""
        end = time.monotonic() + seconds
        while not self.value(script):
            assert time.monotonic() < end, f"never came: {script}"
            time.sleep(0.1)

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        data = self.do("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(data))


class Attached(Browser):
    """The browser itself, which is asked for its tabs only."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.numbers, self.events = socket, count(1), []

    def target(self) -> str:
        made: str = self.do("Target.createTarget", url="about:blank")["targetId"]
        return made


@contextmanager
def browsing(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own, for as long as it is needed."""
    own = [f"--user-data-dir={profile}", "--remote-debugging-port=0", "--disable-sync", "--disable-component-update"]
    with subprocess.Popen([str(CHROMIUM), *QUIET.split(), *own, "about:blank"], stderr=subprocess.DEVNULL) as process:
        try:
            port = told_port(profile / "DevToolsActivePort")
            with connect(f"ws://127.0.0.1:{port[0]}{port[1]}", max_size=None) as main:
                tab = Attached(main).target()
            with connect(f"ws://127.0.0.1:{port[0]}/devtools/page/{tab}", max_size=None) as socket:
                yield Browser(socket)
        finally:
            process.kill()


def told_port(file: Path) -> list[str]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if file.exists() and len(lines := file.read_text().split("\n")) == 2:
            return lines
        time.sleep(0.05)
    raise AssertionError("the browser does not say where it listens")
