"""The page of a report in a real browser: filtered, and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Browser, browsing, needs_chromium
from test_report import ALL, NOTE, RETRY, rendered, report

from bybit_lint.report import Report

pytestmark = needs_chromium
CHANGED = "s.dispatchEvent(new Event('change', { bubbles: true }))"
SHOWN = "[...document.querySelectorAll('article')].filter((a) => a.checkVisibility()).map((a) => a.classList[1])"
STATUS = "document.querySelector('output').textContent"


def choose(browser: Browser, name: str, value: str) -> None:
    script = f"s = document.querySelector('select[name={name}]'); s.value = '{value}'; {CHANGED}"
    browser.value(script)
    assert browser.value(f"document.querySelector('select[name={name}]').value") == value


def shown(browser: Browser) -> list[str]:
    found: list[str] = browser.value(SHOWN)
    return found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as found:
        yield found


def opened(browser: Browser, path: Path, given: Report) -> None:
    page = path / "page.html"
    page.write_bytes(rendered("html", given).encode())
    browser.open(page.as_uri())


def test_the_page_is_filtered(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, report(*ALL, RETRY))
    assert browser.value(STATUS) == "5 of 5 findings"
    assert len(shown(browser)) == 5
    choose(browser, "severity", "warning")
    assert shown(browser) == ["BYB301", "BYB301"]
    assert browser.value(STATUS) == "2 of 5 findings"
    assert browser.value("document.querySelectorAll('main > section:not([hidden])').length") == 2
    choose(browser, "rule", "BYB201")
    assert shown(browser) == []
    assert browser.value("document.querySelectorAll('main > section:not([hidden])').length") == 0
    choose(browser, "severity", "")
    assert shown(browser) == ["BYB201"]
    choose(browser, "rule", "orders")
    assert shown(browser) == ["BYB201", "BYB901"]
    choose(browser, "file", "file2")
    assert shown(browser) == ["BYB901"]
    browser.value("document.querySelector('button').click()")
    browser.value("new Promise((done) => setTimeout(done, 0))")
    assert len(shown(browser)) == 5
    choose(browser, "retCode", "c10001")
    assert shown(browser) == ["BYB201"]
    choose(browser, "retCode", "cNone")
    assert shown(browser) == ["BYB301", "BYB901", "BYB301"]


def test_nothing_is_asked_for_and_nothing_is_refused(browser: Browser, tmp_path: Path) -> None:
    opened(browser, tmp_path, report(*ALL))
    browser.value(STATUS)
    assert browser.asked() == [(tmp_path / "page.html").as_uri()]
    assert browser.complaints() == []
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
        assert len(shown(browser)) == len(ALL)
        assert browser.value("document.querySelector('form').checkVisibility()") is False
    finally:
        browser.do("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_narrow_and_wide_windows_in_light_and_in_dark(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    browser.window(width, scheme=scheme)
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
        assert len(shown(browser)) == len(ALL)
    finally:
        browser.do("Emulation.setEmulatedMedia", media="", features=[])
