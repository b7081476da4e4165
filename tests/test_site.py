"""The site: built strictly, every page there, every link lands, and nothing is loaded from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import playground
import pytest
from sites import ROOT, built, laid_out

from bybit_lint import checks, knowledge
from bybit_lint.knowledge import messages
from bybit_lint.report import pages

HOST = "https://site.invalid/"
LOADING = {"src", "data", "poster", "srcset"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as CI has it: without Pyodide, which npm would have to bring."""
    site, said = built(laid_out(tmp_path_factory.mktemp("site")))
    assert "without the playground" in said
    return site


class Page(HTMLParser):
    """What a page links to, loads, and can be linked to at."""

    def __init__(self, path: Path, site: Path) -> None:
        super().__init__()
        place = path.relative_to(site).as_posix()
        self.address = HOST + place.removesuffix("index.html")
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = {"", "__nav"}
        self.policy = self.title = ""
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        self.anchors.update(has[name] for name in ("id", "name") if name in has)
        self.loads += [has[name] for name in LOADING & has.keys() if tag != "a"]
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        elif tag == "link" and has.get("rel") in ("stylesheet", "icon", "preload", "preconnect", "dns-prefetch"):
            self.loads.append(has["href"])
        elif tag == "meta" and has.get("http-equiv") == "Content-Security-Policy":
            self.policy = has["content"]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, Page]:
    """All pages by their addresses."""
    found = [Page(path, site) for path in site.rglob("*.html") if path.name != "404.html"]
    return {page.address: page for page in found}


def test_every_rule_code_endpoint_and_client_has_its_page(read: dict[str, Page]) -> None:
    codes = {row[0] for table in ("ret_codes", "documented_codes") for row in knowledge.rows(table)}
    paths = {row[2].removeprefix("/v5/") for row in knowledge.rows("endpoints")}
    clients = "pybit pybit-before-v5 ccxt requests httpx aiohttp urllib websockets websocket-client pybybit bybit"
    expected = [
        *(page.path.removesuffix(".md") for page in pages.all()),
        *(f"codes/{code}" for code in codes),
        *(f"endpoints/{path}".removesuffix("/index") for path in paths),
        *(f"clients/{name}" for name in (*clients.split(), "bybit_p2p")),
    ]
    assert len(expected) > 1100
    assert [place for place in expected if f"{HOST}{place}/" not in read] == []


def test_every_link_and_every_anchor_lands(read: dict[str, Page], site: Path) -> None:
    links = [(page, link) for page in read.values() for link in page.links]
    assert [(page.address, link) for page, link in links if not lands(link, page, read, site)] == []


def lands(link: str, page: Page, read: dict[str, Page], site: Path) -> bool:
    target = urlsplit(urljoin(page.address, link))
    if f"{target.scheme}://{target.netloc}/" != HOST:
        return target.scheme in ("http", "https")
    found = read.get(f"{HOST}{target.path[1:]}")
    return unquote(target.fragment) in found.anchors if found else (site / target.path[1:]).is_file()


def test_nothing_is_loaded_from_elsewhere(read: dict[str, Page], site: Path) -> None:
    for page in read.values():
        targets = [urlsplit(urljoin(page.address, load)) for load in page.loads if not load.startswith("data:")]
        foreign = [target.geturl() for target in targets if f"{target.scheme}://{target.netloc}/" != HOST]
        assert foreign == [], page.address
        assert all((site / target.path[1:]).is_file() for target in targets), page.address
        assert "default-src 'none'" in page.policy
        assert "connect-src 'self';" in page.policy
        assert "script-src 'self' 'wasm-unsafe-eval' 'sha256-" in page.policy


def test_rules_codes_endpoints_clients_and_texts_lead_to_each_other(read: dict[str, Page]) -> None:
    def linked(place: str) -> set[str]:
        page = read[HOST + place]
        return {urljoin(page.address, link).removeprefix(HOST) for link in page.links}

    rule = linked("rules/orders/unrounded-quantity/")
    assert {"codes/10001/", "endpoints/order/create/", "clients/pybit/", "texts/#qty-invalid"} <= rule
    code = linked("codes/10001/")
    assert {"rules/orders/unrounded-quantity/", "endpoints/order/create/", "texts/#qty-invalid"} <= code
    endpoint = linked("endpoints/order/create/")
    assert {"rules/orders/unrounded-quantity/", "codes/10001/", "clients/ccxt/"} <= endpoint
    assert {"rules/orders/unrounded-quantity/", "endpoints/order/create/"} <= linked("clients/pybit/")
    assert {"rules/orders/unrounded-quantity/", "codes/10001/"} <= linked("texts/")


def test_every_text_stands_on_the_page_of_texts(site: Path, read: dict[str, Page]) -> None:
    known = json.loads((site / "assets/texts.json").read_text("utf-8"))
    assert [row["text"] for row in known["texts"]] == [*messages.texts()]
    places = [row["place"].partition("#")[2] for row in known["texts"]]
    assert len(set(places)) == len(places)
    assert set(places) <= read[f"{HOST}texts/"].anchors


def test_what_is_looked_up_has_a_page(site: Path, read: dict[str, Page]) -> None:
    known = json.loads((site / "assets/texts.json").read_text("utf-8"))
    rows = [*known["texts"], *known["codes"]]
    places = {
        *known["names"].values(),
        *(row["place"] for row in rows),
        *(r["place"] for x in rows for r in x["rules"]),
    }
    assert [place for place in places if HOST + place.partition("#")[0] not in read] == []


def test_a_rule_is_found_by_code_and_name_and_an_endpoint_by_path_and_method(site: Path) -> None:
    names = json.loads((site / "assets/texts.json").read_text("utf-8"))["names"]
    assert names["byb201"] == names["unrounded-quantity"] == "rules/orders/unrounded-quantity/"
    assert names["/v5/order/create"] == names["place_order"] == "endpoints/order/create/"
    assert {rule.name for rule in checks.load()} <= names.keys()


def test_the_page_of_a_rule_lights_its_findings_and_shows_no_mark_of_the_tests(site: Path) -> None:
    text = (site / "rules/orders/unrounded-quantity/index.html").read_text("utf-8")
    assert "# finding" not in text
    assert text.count('class="hll"') >= 20
    assert text.count(">the mistake<") == len([*blocks("bad")])
    assert text.count(">as the fix makes it<") == len([*blocks("fixed")])


def blocks(kind: str) -> Iterator[object]:
    page = pages.find("BYB201")
    assert page is not None
    return (block for case in page.cases for block in case.blocks if block.kind == kind)


def test_what_the_playground_needs_is_pinned_and_names_no_registry() -> None:
    wanted = json.loads((ROOT / "website/package.json").read_text("utf-8"))["dependencies"]
    locked = json.loads((ROOT / "website/package-lock.json").read_text("utf-8"))["packages"]
    assert locked.pop("")["dependencies"] == wanted
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all(package["integrity"] for package in locked.values())
    assert not [name for name, package in locked.items() if "resolved" in package]
    wheels = [line for line in (ROOT / "website/wheels.txt").read_text("utf-8").splitlines() if line[0] != "#"]
    assert all(re.fullmatch(r"[a-z-]+==[\d.]+ --hash=sha256:[0-9a-f]{64}", line) for line in wheels)
    assert [line.partition("==")[0] for line in wheels][:2] == ["click", "libcst"]


def test_without_pyodide_the_page_of_the_playground_says_so(site: Path) -> None:
    text = (site / "playground/index.html").read_text("utf-8")
    assert "This copy of the site was built without it: Pyodide is not there" in text
    assert "<textarea" not in text
    assert not (site / "playground/playground.js").exists()


def test_the_playground_shows_no_findings_of_the_check_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(playground.check("from pybit.unified_trading import HTTP\nHTTP(testnet='False')\n", False))[
        "diff"
    ]
    monkeypatch.setattr(playground, "_run", lambda *arguments: ("", "crashed at line 7\n"))
    with pytest.raises(RuntimeError, match="crashed at line 7"):
        playground.check("print('another')\n", False)
