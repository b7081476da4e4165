"""The page of a report in a real browser, which is told by its own protocol what to do: filtered, and by keyboard.

https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from test_report import ALL, NOTE, RETRY, rendered, report
from websockets.sync.client import ClientConnection, connect

from bybit_lint.report import Report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH: the page is opened in none")
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
        return told

    def open(self, path: Path) -> None:
        self.events.clear()
        self.do("Page.navigate", url=path.as_uri())
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.events.append(self.heard())

    def value(self, script: str) -> Any:
        told = self.do("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def press(self, key: str) -> None:
        code = {"Tab": 9, "Enter": 13, "ArrowDown": 40}[key]
        text = {"text": "\r"} if key == "Enter" else {}
        self.do("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
        self.do("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def choose(self, name: str, value: str) -> None:
        script = f"s = document.querySelector('select[name={name}]'); s.value = '{value}'; {CHANGED}"
        self.value(script)
        assert self.value(f"document.querySelector('select[name={name}]').value") == value

    def shown(self) -> list[str]:
        found: list[str] = self.value(SHOWN)
        return found


CHANGED = "s.dispatchEvent(new Event('change', { bubbles: true }))"
SHOWN = "[...document.querySelectorAll('article')].filter((a) => a.checkVisibility()).map((a) => a.classList[1])"
STATUS = "document.querySelector('output').textContent"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    profile = tmp_path_factory.mktemp("profile")
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


class Attached(Browser):
    """The browser itself, which is asked for its tabs only."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.numbers, self.events = socket, count(1), []

    def target(self) -> str:
        made: str = self.do("Target.createTarget", url="about:blank")["targetId"]
        return made


def told_port(file: Path) -> list[str]:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if file.exists() and len(lines := file.read_text().split("\n")) == 2:
            return lines
        time.sleep(0.05)
    raise AssertionError("the browser does not say where it listens")


def opened(browser: Browser, path: Path, shown: Report) -> None:
    page = path / "page.html"
    page.write_bytes(rendered("html", shown).encode())
    browser.open(page)


def test_the_page_is_filtered(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, report(*ALL, RETRY))
    assert browser.value(STATUS) == "5 of 5 findings"
    assert len(browser.shown()) == 5
    browser.choose("severity", "warning")
    assert browser.shown() == ["BYB301", "BYB301"]
    assert browser.value(STATUS) == "2 of 5 findings"
    assert browser.value("document.querySelectorAll('main > section:not([hidden])').length") == 2
    browser.choose("rule", "BYB201")
    assert browser.shown() == []
    assert browser.value("document.querySelectorAll('main > section:not([hidden])').length") == 0
    browser.choose("severity", "")
    assert browser.shown() == ["BYB201"]
    browser.choose("rule", "orders")
    assert browser.shown() == ["BYB201", "BYB901"]
    browser.choose("file", "file2")
    assert browser.shown() == ["BYB901"]
    browser.value("document.querySelector('button').click()")
    browser.value("new Promise((done) => setTimeout(done, 0))")
    assert len(browser.shown()) == 5
    browser.choose("retCode", "c10001")
    assert browser.shown() == ["BYB201"]
    browser.choose("retCode", "cNone")
    assert browser.shown() == ["BYB301", "BYB901", "BYB301"]


def test_nothing_is_asked_for_and_nothing_is_refused(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, report(*ALL))
    browser.value(STATUS)
    asked = [e["params"]["request"]["url"] for e in browser.events if e["method"] == "Network.requestWillBeSent"]
    assert asked == [(tmp_path / "page.html").as_uri()]
    said = [e for e in browser.events if e["method"] in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert said == []
    assert browser.value("getComputedStyle(document.querySelector('.row')).display") == "grid"


def test_it_can_be_used_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, report(*ALL))
    browser.press("Tab")
    assert browser.value("document.activeElement.name") == "severity"
    browser.press("ArrowDown")
    assert browser.value(STATUS) == "2 of 4 findings"
    for _ in range(4):
        browser.press("Tab")
    assert browser.value("document.activeElement.textContent") == "show all"
    browser.press("Enter")
    browser.value("new Promise((done) => setTimeout(done, 0))")
    assert browser.value(STATUS) == "4 of 4 findings"
    browser.press("Tab")
    assert browser.value("document.activeElement.textContent") == "bot.py:1:11"
    browser.press("Tab")
    assert browser.value("document.activeElement.textContent") == "bot.py:3:39"
    browser.press("Enter")
    assert browser.value("document.querySelector(':target h3').textContent") == "error qty is not rounded"


def test_without_scripts_all_findings_are_there_and_no_filter(browser: Browser, tmp_path: Path) -> None:
    browser.do("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened(browser, tmp_path, report(*ALL))
        assert len(browser.shown()) == len(ALL)
        assert browser.value("document.querySelector('form').checkVisibility()") is False
    finally:
        browser.do("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_narrow_and_wide_windows_in_light_and_in_dark(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    browser.do("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    browser.do("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    opened(browser, tmp_path, report(NOTE.replace(message="x" * 500), *ALL))
    assert browser.value("innerWidth") == width
    assert browser.value("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    color = browser.value("getComputedStyle(document.body).backgroundColor")
    assert color == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}[scheme]


def test_what_is_printed_is_light_and_has_no_filters(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, report(*ALL))
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.do("Emulation.setEmulatedMedia", media="print", features=dark)
    try:
        assert browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert browser.value("document.querySelector('form').checkVisibility()") is False
        assert len(browser.shown()) == len(ALL)
    finally:
        browser.do("Emulation.setEmulatedMedia", media="", features=[])
