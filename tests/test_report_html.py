"""The page that a report is: what is on it, that nothing else gets onto it, and that a browser can filter it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st
from test_report import ALL, FILES, NOTE, RETRY, RULES, UNROUNDED, WRONG_KEY, rendered, report, span

from bybit_lint.cli import main
from bybit_lint.report import Edit, Report, printable
from bybit_lint.report.html import diff, render
from bybit_lint.vocabulary import Finding, Fix, Related, Span

VOID = {"meta"}
OWN = set(
    re.findall(
        r"\w+",
        "html head meta title style body header h1 p div figure figcaption svg g text rect form label select option "
        "optgroup button output main section h2 article h3 b a pre span i code mark small ul li script",
    )
)


class Element(NamedTuple):
    """An element with all that is in it, in order."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str]

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, tag: str, class_: str = "") -> list[Element]:
        return [one for one in self.inner() if one.tag == tag and (not class_ or class_ in one.classes)]

    def inner(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.inner()

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class Reader(HTMLParser):
    """Reads a page strictly: whatever is opened has to be closed, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {}, [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, [])
        assert len(element.attributes) == len(attrs)
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")


def read(text: str) -> Element:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert len(reader.open) == 1, f"never closed: {reader.open[-1].tag}"
    return reader.open[0]


def page(shown: Report) -> Element:
    return read(rendered("html", shown))


# --- what is on it ----------------------------------------------------------------------------------------------------


def test_a_finding_is_shown_with_both_places_and_what_its_fix_writes() -> None:
    edits = {UNROUNDED: [Edit(span("bot.py", "qty=qty"), "qty=round_qty(qty)")]}
    (article,) = page(report(UNROUNDED, edits=edits.get)).all("article")
    assert article.classes == ["error", "BYB201", "orders", "c10001"]
    assert article.all("h3")[0].text == "error qty is not rounded"
    assert article.all("p", "place")[0].text == "bot.py:3:39 BYB201 unrounded-quantity"
    assert article.all("a")[0].attributes["href"] == f"#{article.attributes['id']}"
    frame, changed = article.all("pre")
    assert [row.text for row in frame.all("span", "row")] == [
        "2qty = usdt / pricecomputed here",
        '3session.place_order(symbol="BTCUSDT", qty=qty)',
    ]
    assert [(mark.text, mark.classes) for mark in frame.all("mark")] == [
        ("usdt / price", ["frame"]),
        ("qty=qty", ["error"]),
    ]
    assert [(row.classes[1:], row.text) for row in changed.all("span")] == [
        ([], "2  qty = usdt / price"),
        (["del"], '3- session.place_order(symbol="BTCUSDT", qty=qty)'),
        (["ins"], '+ session.place_order(symbol="BTCUSDT", qty=round_qty(qty))'),
        ([], "4  time.sleep(5)"),
    ]
    assert [note.text for note in article.all("li")] == [
        "fix: round qty to the instrument's step (bybit-lint --fix)",
        "retCode 10001",
        "read: bybit-lint explain BYB201",
    ]


def test_a_second_place_in_another_file_is_below_its_name() -> None:
    elsewhere = UNROUNDED.replace(related=(Related(span("sizing.py", "usdt / price"), "computed here"),))
    (article,) = page(report(elsewhere)).all("article")
    assert [place.text for place in article.all("p", "place")][1:] == ["sizing.py:2:12"]
    assert [frame.all("mark")[0].text for frame in article.all("pre")] == ["qty=qty", "usdt / price"]


@pytest.mark.parametrize(
    ("beside", "marks"),
    [
        (0, [("size(", ["warning"]), ("usdt", ["frame", "warning"]), (")", ["warning"])]),
        (300, [("size(usdt)", ["warning"]), ("usdt", ["frame"])]),  # a line that is too long is shown once for each
    ],
)
def test_marks_may_lie_in_each_other_and_a_long_line_is_cut(beside: int, marks: list[tuple[str, list[str]]]) -> None:
    files = {"x.py": f"{'a' * beside}(size(usdt)){'b' * beside}\n"}
    inner = Related(span("x.py", "usdt", files), "here")
    finding = RETRY.replace(span=span("x.py", "size(usdt)", files), related=(inner,))
    (article,) = page(report(finding, source=files)).all("article")
    assert [(mark.text, mark.classes) for mark in article.all("mark")] == marks
    assert all(len(row.text) < 140 for row in article.all("span", "row"))


def test_a_mark_without_width_is_one_character_wide() -> None:
    (article,) = page(report(RETRY.replace(span=Span("bot.py", 2, 5, 2, 5, 0, 0)))).all("article")
    assert [mark.text for mark in article.all("mark")] == ["="]


def test_a_file_that_is_gone_has_no_frame_and_no_diff() -> None:
    gone = RETRY.replace(span=Span("gone.py", 7, 1, 7, 4, 0, 3))
    (article,) = page(report(gone, edits=lambda _: [Edit(gone.span, "x")])).all("article")
    assert article.all("pre") == []
    assert "bybit-lint --diff" in article.text


def test_the_charts_count_by_family_and_by_what_bybit_answers() -> None:
    charts = [
        [[text.text for text in row.all("text")] + [rect.classes[0] for rect in row.all("rect")] for row in c.all("g")]
        for c in page(report(*ALL)).all("svg")
    ]
    assert charts == [
        [["orders", "2", "error", "note"], ["environment", "1", "error"], ["retries", "1", "warning"]],
        [["none", "2", "warning", "note"], ["10001", "1", "error"], ["10003", "1", "error"], ["10004", "1", "error"]],
    ]


def test_what_is_rare_is_one_row_of_the_chart() -> None:
    found = [RETRY.replace(ret_codes=(code,)) for code in range(10001, 10021)]
    rows = page(report(*found)).all("svg")[1].all("g")
    assert [text.text for text in rows[-1].all("text")] == ["others", "12"]
    assert len(rows) == 9


@pytest.mark.parametrize("findings", [ALL, (RETRY, RETRY, NOTE), (WRONG_KEY,)])
def test_each_choice_says_how_many_findings_it_leaves(findings: tuple[Finding, ...]) -> None:
    shown = page(report(*findings))
    sections = {one.attributes["id"]: one.all("article") for one in shown.all("section")}
    articles = [article for inner in sections.values() for article in inner]
    (form,) = shown.all("form")
    choices = [option for option in form.all("option") if option.attributes["value"]]
    assert len(choices) >= 5
    for option in choices:
        value = option.attributes["value"]
        left = sections.get(value) or [article for article in articles if value in article.classes]
        assert option.text.endswith(f"({len(left)})")
        assert left
    assert len({one.attributes["id"] for one in shown.inner() if "id" in one.attributes}) == len(sections) + len(
        articles
    )


def test_without_a_script_everything_is_there_but_the_filters() -> None:
    shown = page(report(*ALL))
    assert [one.tag for one in shown.inner() if "hidden" in one.attributes] == ["form"]


def test_the_script_asks_for_what_the_page_has() -> None:
    shown, script = page(report(*ALL)), rendered("html", report(*ALL)).partition("<script>")[2]
    names = re.search(r"const \{ (.*) \} = Object.fromEntries", script)
    assert names
    assert names[1].split(", ") == [select.attributes["name"] for select in shown.all("select")]
    assert [one.tag for one in shown.all("main")[0].children if isinstance(one, Element)] == ["section", "section"]
    asked = re.findall(r'querySelector(?:All)?\("(?:main > )?(\w+)"\)', script)
    assert asked == ["form", "section", "article", "output"]
    assert all(shown.all(tag) for tag in asked)


def test_where_nothing_is_found_the_page_says_so() -> None:
    shown = page(report(files=3))
    assert shown.all("p")[0].text == "All clear: 3 files checked."
    assert not [tag for tag in ("form", "svg", "article") if shown.all(tag)]
    trouble = page(report(problems=["x.py: it crashed"]))
    assert [item.text for item in trouble.all("li")] == ["x.py: it crashed"]
    assert "All clear" not in trouble.text


# --- what it loads, and what gets onto it -----------------------------------------------------------------------------


def test_nothing_is_loaded_and_only_its_own_style_and_script_may_be() -> None:
    text = rendered("html", report(*ALL))
    shown = read(text)
    assert text.isascii(), "it has to be right in whatever encoding it is written"
    (policy,) = [m.attributes["content"] for m in shown.all("meta") if "http-equiv" in m.attributes]
    allowed = dict(rule.split(maxsplit=1) for rule in policy.split("; "))
    assert allowed.pop("default-src") == allowed.pop("base-uri") == allowed.pop("form-action") == "'none'"
    for tag in ("style", "script"):
        (own,) = shown.all(tag)
        digest = base64.b64encode(hashlib.sha256(own.text.encode()).digest()).decode()
        assert allowed.pop(f"{tag}-src") == f"'sha256-{digest}'"
        assert not own.attributes
    assert not allowed
    assert "//" not in re.sub(r"(?m)^\s*//.*|//.*$|/\*.*?\*/", "", "".join(one.text for one in shown.all("style")))
    assert not re.search(r"@import|url\(|fetch|import\(|innerHTML", text)


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style></title></textarea><!-- -->",
    "\"' onmouseover='alert(1)' x=\"",
    "<![CDATA[ ]]> <?php &lt;script&gt; &#60;b>",
    "\u202e\x1b[31m\x00\udcff",
)


def poisoned(text: str) -> Report:
    """A report in which everything that comes from a bot is `text`."""
    line = re.sub(r"[\r\n]", " ", text)
    files = {text: f"a = 1{line}\nb = 2{line}\nc = 3\n"}
    place, other = Span(text, 1, 1, 1, len(line) + 6, 0, 1), Span(text, 2, 1, 2, 3, 0, 1)
    fix = Fix(text, (), is_safe=True)
    finding = RETRY.replace(span=place, message=text, related=(Related(other, text),), fix=fix)
    return Report(
        [finding, RETRY.replace(span=place, not_fixed=text or "no")],
        RULES,
        lambda path: files[path].split("\n"),
        lambda _: "",
        1,
        edits=lambda _: [Edit(other, text)],
        problems=[text],
        withheld=[text],
    )


@given(st.text(st.characters() | st.sampled_from("<>&\"'=/!-")))
@example(HOSTILE[0])
@example(HOSTILE[1])
@example(HOSTILE[2])
@example(HOSTILE[3])
@example(HOSTILE[4])
@example(HOSTILE[5])
def test_nothing_of_a_bot_becomes_markup(text: str) -> None:
    shown = page(poisoned(text))
    tags = Counter(one.tag for one in shown.inner())
    assert tags.keys() <= OWN
    assert tags["script"] == tags["style"] == tags["title"] == 1
    for one in shown.inner():
        names = one.attributes.keys()
        assert not [name for name in names if name.startswith("on") or name in ("src", "style", "srcdoc", "action")]
        assert one.attributes.get("href", "#").startswith("#")
    told = printable(text.replace("\t", "    "))
    assert shown.all("section")[-1].all("h2")[0].text == told
    first, second = shown.all("article")
    assert first.all("h3")[0].text == f"warning {told}"
    assert second.all("li")[0].text == f"no fix: {told or 'no'}"


def test_no_attribute_is_a_text_of_a_bot() -> None:
    shown = page(poisoned("Lorelei"))
    assert "Lorelei" in shown.text
    assert not [one for one in shown.inner() if "Lorelei" in " ".join(one.attributes.values())]


def test_every_text_goes_through_the_mask() -> None:
    text = render(poisoned("Lorelei"))(lambda text: text.replace("Lorelei", "*******"))
    assert "Lorelei" not in text
    assert text.count("*******") == render(poisoned("Lorelei"))(lambda text: text).count("Lorelei") == 17


# --- the whole way ----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


BOT = """\
from pybit.unified_trading import HTTP
session = HTTP(testnet=True, api_key="{key}", api_secret="{key}")
session.place_order(category="linear", symbol="{key}", side="buy", orderType="Market", qty="1")
"""


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["check", "--isolated", *arguments])
    assert result.exit_code == 1, result.output
    return result.stdout


@pytest.mark.parametrize("key", ["article", "querySelector", "wurst & <kraut>"])
def test_a_key_is_hidden_and_the_page_stays_whole(here: Path, key: str) -> None:
    (here / "bot.py").write_text(BOT.format(key=key))
    shown = read(run("--format", "html"))
    (form,) = shown.all("form")
    assert "BYB212" in [option.attributes["value"] for option in form.all("option")]
    code = "".join(pre.text for pre in shown.all("pre"))
    assert 'side="buy"' in code
    assert f'"{"*" * len(key)}"' in code
    assert key not in code
    assert "document.querySelector" in shown.all("script")[0].text


def test_the_fix_is_shown_without_being_asked_for_and_json_beside_it_stays_as_it_is(here: Path) -> None:
    (here / "bot.py").write_text(BOT.format(key="BTCUSDT"))
    told = json.loads(run("--select", "BYB212", "--format", "json", "--output", "html=page.html"))
    assert [finding["fix"]["edits"] for finding in told["findings"]] == [None]
    shown = read((here / "page.html").read_text())
    assert [row.text[2:] for row in shown.all("span", "ins")] == [
        row.text[3:].replace('"buy"', '"Buy"') for row in shown.all("span", "del")
    ]
    assert run("--select", "BYB212", "--format", "html") == (here / "page.html").read_text()


def test_cells_of_notebooks_are_named(here: Path) -> None:
    cells = [{"cell_type": "code", "source": BOT.format(key="BTCUSDT"), "metadata": {}, "outputs": []}]
    notebook = {"cells": [{"cell_type": "markdown", "source": "# x", "metadata": {}}, *cells]}
    (here / "research.ipynb").write_text(json.dumps({**notebook, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    shown = read(run("--select", "BYB212", "--format", "html"))
    (section,) = shown.all("section")
    assert section.all("h2")[0].text == "research.ipynb"
    assert section.all("a")[0].text == "research.ipynb:cell 2:3:63"
    assert section.all("span", "ins")


# --- diffs ------------------------------------------------------------------------------------------------------------


def hunks(*edits: tuple[str, str], path: str = "bot.py") -> list[diff.Hunk] | None:
    return diff.hunks([Edit(span(path, old), new) for old, new in edits], report())


def test_edits_of_one_line_are_one_change_and_those_far_away_another() -> None:
    assert hunks(("usdt", "1"), ("price", "2")) == [
        [
            ("1", " ", "session = HTTP(testnet=False)"),
            ("2", "-", "qty = usdt / price"),
            ("", "+", "qty = 1 / 2"),
            ("3", " ", 'session.place_order(symbol="BTCUSDT", qty=qty)'),
        ]
    ]
    assert len(hunks(("usdt", "1"), ("time", "x")) or ()) == 2


def test_lines_that_come_in_leave_those_around_them_alone() -> None:
    start = span("sizing.py", "def")
    put_in = Edit(start._replace(end_line=1, end_column=1), "import a\r\nimport b\r\n")
    rows = [("", "+", "import a"), ("", "+", "import b"), ("1", " ", "def size(usdt, price):")]
    assert diff.hunks([put_in], report()) == [rows]


def test_lines_that_go_are_shown_with_their_numbers() -> None:
    gone = Span("sizing.py", 1, 1, 3, 1, 0, 0)
    assert diff.hunks([Edit(gone, "")], report()) == [
        [("1", "-", "def size(usdt, price):"), ("2", "-", "    return usdt / price"), ("3", " ", "")]
    ]


def test_what_is_too_long_is_left_to_diff() -> None:
    assert hunks(("usdt", "x" * diff.LONGEST)) is None
    many = {"x.py": "a\n" * 1000}
    edit = Edit(Span("x.py", 1, 1, diff.MOST + 1, 1, 0, 0), "")
    assert diff.hunks([edit], report(source=many)) is None
    assert diff.hunks([edit._replace(span=edit.span._replace(end_line=diff.MOST))], report(source=many))


def test_the_files_of_these_tests_are_what_they_seem() -> None:
    assert FILES["bot.py"].count("usdt") == 1
