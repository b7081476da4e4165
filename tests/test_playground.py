"""The playground of the built site, in a real browser: a bot is checked and fixed there, and nothing leaves it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import Browser, browsing, needs_chromium
from sites import ROOT, Server, built, laid_out, serving

NPM = shutil.which("npm")
pytestmark = [needs_chromium, pytest.mark.skipif(NPM is None, reason="no npm on the PATH: there is no Pyodide")]
BOT = (ROOT / "examples/naive_bot.py").read_text("utf-8")
KEY, SECRET = "Qw7ErTy8UiOp9AsDfG", "h3Jk5Lz7Xc9Vb1Nm2Qw4Er6Ty8Ui0Op3As5Df"
KEYED = f"""from pybit.unified_trading import HTTP
session = HTTP(testnet="False", api_key="{KEY}", api_secret="{SECRET}")
"""
PLACES = "/ rules/orders/unrounded-quantity/ codes/10001/ endpoints/order/create/ clients/ccxt/ texts/"
PATIENCE = 300
"""Seconds: a cold Pyodide on a busy machine. Nothing is measured."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = laid_out(tmp_path_factory.mktemp("playground"))
    command = [str(NPM), "ci", "--no-audit", "--no-fund", "--prefix", "website"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot get Pyodide: {done.stderr.strip().splitlines()[-1:]}")
    made, said = built(folder)
    if "without the playground" in said:
        pytest.skip("pip cannot get the wheels of website/wheels.txt")
    return made


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[Server]:
    with serving(site) as found:
        yield found


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("profile")) as found:
        found.hear_workers()
        yield found


def opened(browser: Browser, server: Server, behind: str = "") -> None:
    browser.open("about:blank")
    browser.open(f"{server.address}playground/{behind}")
    browser.until("document.getElementById('example').options.length > 1")


def ready(browser: Browser, server: Server) -> None:
    """The playground as somebody finds it who has been there before, so that Python is loaded only where it has to."""
    browser.window(1280)
    if browser.value("location.href") != f"{server.address}playground/":
        opened(browser, server)
    browser.value("document.getElementById('unsafe').checked = false")
    browser.events.clear()


def pasted(browser: Browser, source: str) -> str:
    """What the page says once a bot is pasted and checked."""
    browser.value(f"document.getElementById('bot').value = {json.dumps(source)}")
    browser.value("document.querySelector('form.playground [type=submit]').click()")
    browser.until("document.getElementById('stop').hidden", PATIENCE)
    return status(browser)


def status(browser: Browser) -> str:
    told: str = browser.value("document.getElementById('status').textContent")
    return told


def in_report(script: str) -> str:
    return f"(({{ contentDocument: page, contentWindow: inner }}) => {script})(document.getElementById('report'))"


SHOWN = in_report("[...page.querySelectorAll('article')].filter((a) => !a.hidden).map((a) => a.classList[1])")
DIFF = "document.getElementById('diff').textContent"


def told_by_command(source: str, folder: Path, *options: str) -> str:
    (folder / "bot.py").write_text(source, "utf-8")
    command = [sys.executable, "-m", "bybit_lint", "check", "bot.py", "--isolated", "--no-cache", *options]
    return subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False).stdout


def test_nothing_leaves_the_browser(browser: Browser, server: Server) -> None:
    opened(browser, server)
    server.asked.clear()
    pasted(browser, BOT)
    asked = [urlsplit(address) for address in browser.asked()]
    own = urlsplit(server.address).netloc
    assert {target.netloc for target in asked if target.scheme not in ("blob", "data")} == {own}
    assert any(target.path.endswith("pyodide.asm.wasm") for target in asked), "the worker was not heard"
    assert all("?" not in path for path in server.asked)


@pytest.mark.parametrize("example", ["naive_bot", "ccxt_orders", "raw_requests"])
def test_an_example_is_checked_and_fixed_as_on_the_command_line(
    browser: Browser, server: Server, tmp_path: Path, example: str
) -> None:
    ready(browser, server)
    browser.value(f"document.getElementById('example').value = '{example}'")
    browser.value("document.getElementById('example').dispatchEvent(new Event('change'))")
    browser.until("document.getElementById('stop').hidden && !document.getElementById('results').hidden", PATIENCE)
    source = browser.value("document.getElementById('bot').value")
    findings = json.loads(told_by_command(source, tmp_path, "--format", "json"))["findings"]
    errors = sum(found["severity"] == "error" for found in findings)
    assert status(browser).startswith(f"Found {errors} errors and {len(findings) - errors} warning")
    assert browser.value(SHOWN) == [found["code"] for found in findings]
    assert browser.value(DIFF).rstrip("\n") == lines(told_by_command(source, tmp_path, "--diff"))
    assert browser.complaints() == []


def lines(diff: str) -> str:
    """A diff without the names of its files."""
    return "\n".join(diff.splitlines()[2:])


def test_the_findings_are_filtered_and_lead_to_their_pages(browser: Browser, server: Server) -> None:
    ready(browser, server)
    assert pasted(browser, BOT).startswith("Found 2 errors and 4 warnings.")
    choose = "page.querySelector('select[name=severity]').value = 'error'"
    browser.value(in_report(f"{{ {choose}; page.forms[0].dispatchEvent(new inner.Event('change')) }}"))
    assert browser.value(SHOWN) == ["BYB101", "BYB201"]
    addresses = browser.value(in_report("[...page.querySelectorAll('article a[target]')].map((a) => a.href)"))
    assert f"{server.address}rules/orders/unrounded-quantity/" in addresses
    assert len(addresses) == 6


def test_the_policy_lets_neither_the_page_nor_its_worker_out(browser: Browser, server: Server, tmp_path: Path) -> None:
    ready(browser, server)
    with serving(tmp_path) as stranger:
        asked = f"fetch({json.dumps(stranger.address)}).then(() => 'out', () => 'kept')"
        assert browser.value(asked) == "kept"
        script = f"{asked}.then((told) => postMessage(told))"
        assert browser.value(in_worker(script)) == "kept"
        assert (
            browser.value(
                in_worker(
                    "fetch(location.origin).then((r) => postMessage(r.ok))".replace(
                        "location.origin", json.dumps(server.address)
                    )
                )
            )
            is True
        )
        assert stranger.asked == []


def in_worker(script: str) -> str:
    made = f"new Worker(URL.createObjectURL(new Blob([{json.dumps(script)}], {{ type: 'text/javascript' }})))"
    return f"new Promise((done) => {made}.onmessage = ({{ data }}) => done(data))"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "Paste a bot first, or choose an example."),
        (" \n\t\n", "Paste a bot first, or choose an example."),
        ("def f(:\n    pass\n", "Python cannot read this: line 1: invalid syntax."),
        ("import pybit\nif True:\nprint(1)\n", "Python cannot read this: line 3: expected an indented block"),
        ("x" * 200_001, "This is 200,001 characters long, and the browser reads up to 200,000: "),
        ("print('hello')\n", "Nothing is found: nothing in it is proven to fail."),
        ("print('\\ud800')\n", "Nothing is found: nothing in it is proven to fail."),
        ("x = '\\0\0'\n", "Python cannot read this: "),
    ],
)
def test_what_cannot_be_checked_is_told_in_a_sentence(browser: Browser, server: Server, source: str, said: str) -> None:
    ready(browser, server)
    assert pasted(browser, source).startswith(said)
    assert browser.value("document.getElementById('results').hidden") is True


def test_no_key_is_shown_and_none_is_in_a_link(browser: Browser, server: Server) -> None:
    ready(browser, server)
    assert pasted(browser, KEYED).startswith("Found ")
    shown = [browser.value(DIFF), browser.value(in_report("page.documentElement.outerHTML"))]
    assert "testnet=True" in shown[0]
    assert not [text for text in shown if KEY in text or SECRET in text]
    browser.value("document.getElementById('share').click()")
    browser.until("document.getElementById('status').textContent.startsWith('The link is')", PATIENCE)
    assert status(browser).endswith("Its keys are hidden.")
    behind = urlsplit(browser.value("location.href")).fragment
    server.asked.clear()
    opened(browser, server, f"#{behind}")
    browser.until("document.getElementById('bot').value !== ''")
    assert browser.value("document.getElementById('bot').value") == KEYED.replace(KEY, "*" * len(KEY)).replace(
        SECRET, "*" * len(SECRET)
    )
    assert all(behind not in path for path in server.asked)


def test_fixes_are_taken_over_and_then_there_are_none(browser: Browser, server: Server, tmp_path: Path) -> None:
    ready(browser, server)
    pasted(browser, BOT)
    browser.value("document.getElementById('take').click()")
    browser.until("document.getElementById('stop').hidden && document.getElementById('take').hidden", PATIENCE)
    told_by_command(BOT, tmp_path, "--fix")
    assert browser.value("document.getElementById('bot').value") == (tmp_path / "bot.py").read_text("utf-8")
    assert status(browser).startswith("Found 0 errors and 1 warning.")


def test_unsafe_fixes_are_made_where_they_are_asked_for(browser: Browser, server: Server) -> None:
    ready(browser, server)
    source = (ROOT / "website/bots/ccxt_orders.py").read_text("utf-8")
    pasted(browser, source)
    assert "reduceOnly" not in browser.value(DIFF)
    browser.value("document.getElementById('unsafe').checked = true")
    pasted(browser, source)
    assert '{"reduceOnly": True}' in browser.value(DIFF)


def test_it_can_be_used_by_keyboard(browser: Browser, server: Server) -> None:
    ready(browser, server)
    browser.value("document.getElementById('bot').focus()")
    browser.value(f"document.getElementById('bot').value = {json.dumps(BOT)}")
    names = []
    for _ in range(3):
        browser.press("Tab")
        names.append(browser.value("document.activeElement.textContent || document.activeElement.id"))
    assert names == ["Check", "Copy a link to it", "unsafe"]
    browser.value("document.getElementById('bot').focus()")
    browser.press("Enter", control=True)
    browser.until("!document.getElementById('results').hidden", PATIENCE)
    assert status(browser).startswith("Found 2 errors")


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_playground_fits_narrow_and_wide_windows_in_light_and_in_dark(
    browser: Browser, server: Server, tmp_path: Path, width: int, scheme: str
) -> None:
    ready(browser, server)
    pasted(browser, BOT)
    browser.window(width, scheme=scheme)
    colour = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 27)"}[scheme]
    browser.until(in_report(f"inner.getComputedStyle(page.body).backgroundColor === '{colour}'"))
    assert browser.value(OVER) == 0
    assert browser.value(in_report(OVER.replace("document.", "page."))) == 0
    browser.picture(tmp_path / "playground.png")


OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_broken_link_is_told(browser: Browser, server: Server) -> None:
    opened(browser, server, "#bot=AAAA")
    browser.until("document.getElementById('status').textContent.startsWith('The link is broken')")
    assert browser.value("document.getElementById('bot').value") == ""


def test_a_check_can_be_stopped_and_the_next_one_works(browser: Browser, server: Server) -> None:
    opened(browser, server)
    browser.value(f"document.getElementById('bot').value = {json.dumps(BOT)}")
    browser.value("document.querySelector('form.playground [type=submit]').click()")
    assert browser.value("document.getElementById('stop').hidden") is False
    browser.value("document.getElementById('stop').click()")
    browser.until("document.getElementById('stop').hidden")
    assert status(browser) == "It did not work: it was stopped."
    assert pasted(browser, BOT).startswith("Found 2 errors")


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_other_pages_do_too(browser: Browser, server: Server, tmp_path: Path, width: int, scheme: str) -> None:
    browser.window(width, scheme=scheme)
    for place in PLACES.split():
        browser.open(server.address + place.removeprefix("/"))
        assert browser.complaints() == [], place
        assert browser.value(OVER) == 0, place
        browser.picture(tmp_path / f"{place.replace('/', '-')}page.png")
