"""What is pasted on the first page of the site is looked up as the command line does, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Browser, browsing, needs_chromium
from reference import codes, relations, texts
from sites import ROOT, serving

from bybit_lint.knowledge import messages

pytestmark = needs_chromium
PAGE = """<!doctype html><title>says</title>
<form class="says"><textarea></textarea><button type="button">10002</button></form><div id="answers">first</div>
<script type="module" src="assets/says.js"></script>"""
ANSWERS = "[...document.querySelectorAll('#answers article')].map((a) => a.querySelector('a').textContent)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("says")
    (folder / "assets").mkdir()
    (folder / "assets/says.js").write_bytes((ROOT / "website/content/assets/says.js").read_bytes())
    (folder / "assets/texts.json").write_text(texts.looked_up(), "utf-8")
    (folder / "index.html").write_text(PAGE, "utf-8")
    with serving(folder) as server, browsing(tmp_path_factory.mktemp("profile")) as found:
        found.open(server.address)
        found.value(TABLE)
        yield found


TABLE = """(async () => {
  const { Table } = await import("./assets/says.js");
  window.table = new Table(await (await fetch("assets/texts.json")).json());
})()"""


def looked_up(browser: Browser, lines: list[str]) -> list[list[str]]:
    """What the page has for each of some lines: texts, or codes."""
    script = "JSON.parse(%s).map((line) => table.line(line).map((row) => row.text ?? String(row.code)))"
    found: list[list[str]] = browser.value(script % json.dumps(json.dumps(lines)))
    return found


def expected(line: str) -> list[str]:
    """What the command line has for it."""
    if line.lstrip("-").isdecimal():
        return [line] if int(line) in relations.codes() else []
    if found := messages.messages(line):
        return [message.text for message in found]
    code = messages.ret_code_in(line)
    if code in relations.codes():
        return [str(code)]
    return [str(row.code) for row in messages.codes(line)]


def lines() -> Iterator[str]:
    for text in messages.texts():
        yield text.replace("{}", "7")
        yield f"2026-11-30 03:12:44 ERROR {text.replace('{}', 'some thing')} and more"
        yield f"{text.replace('{}', '')[:20]}"
    for message in messages.everything():
        if message.code is not None:
            yield f"pybit.exceptions.InvalidRequestError: {message.text.replace('{}', 'x')} (ErrCode: {message.code})"
    for code in relations.codes():
        yield str(code)
        yield f'bybit {{"retCode":{code},"retMsg":"whatever"}}'
        yield codes.meaning(code)
    yield from ("", "  ", "nothing that anybody knows", "ErrCode: 99999999", "Qty", "{}", "(", "\\", "[a-z")
    yield from ("args size \\u003e10", "order not exists or ", "{'retCode': 10002, 'retMsg': 'Qty invalid'}")


def test_each_line_means_what_it_means_on_the_command_line(browser: Browser) -> None:
    asked = list(dict.fromkeys(lines()))
    assert len(asked) > 2000
    told = looked_up(browser, asked)
    wrong = [(line, there, expected(line)) for line, there in zip(asked, told, strict=True) if there != expected(line)]
    assert wrong == []


def answers(browser: Browser, pasted: str) -> list[str]:
    browser.value(
        f"t = document.querySelector('textarea'); t.value = {json.dumps(pasted)}; t.dispatchEvent(new Event('input'))"
    )
    found: list[str] = browser.value(ANSWERS)
    return found


def test_each_line_of_a_log_is_told_once(browser: Browser) -> None:
    log = "INFO fine\nQty invalid (ErrCode: 10001)\nToo many visits! (ErrCode: 10006)\nQty invalid (ErrCode: 10001)\n"
    assert answers(browser, log)[0] == "Qty invalid"
    assert len(answers(browser, log)) == 2


def test_a_rule_and_an_endpoint_are_found_by_name(browser: Browser) -> None:
    assert answers(browser, "byb201") == ["byb201"]
    assert answers(browser, "place_order") == ["place_order"]
    assert browser.value("document.querySelector('#answers a').href").endswith("/endpoints/order/create/")


def test_what_nobody_knows_can_be_searched_for_and_nothing_is_the_first_page_again(browser: Browser) -> None:
    assert answers(browser, "<b>gibberish</b>") == []
    assert browser.value("document.querySelector('#answers').textContent") == (
        "No table here knows this. Search the pages for it"
    )
    assert browser.value("document.querySelector('#answers a').href").endswith("/?q=%3Cb%3Egibberish%3C%2Fb%3E")
    answers(browser, "")
    assert browser.value("document.querySelector('#answers').textContent") == "first"


def test_an_example_is_looked_up_at_once(browser: Browser) -> None:
    browser.value("document.querySelector('button').click()")
    found: Any = browser.value(ANSWERS)
    assert found == ["retCode 10002"]
    assert Path(browser.value("new URL(document.querySelector('#answers a').href).pathname")) == Path("/codes/10002")
