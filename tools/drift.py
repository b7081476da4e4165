"""Compare the tables that were made of Bybit's documentation with a checkout of it.

usage: python tools/drift.py DOCS [--write TABLE DATE]   (a checkout of https://github.com/bybit-exchange/docs)

Every row that the documentation has, has not any more or says otherwise is printed, as `table: row: before -> now`, and
makes the exit code 1. With `--write` one of the tables `documented_codes` and `answer_schema` is made anew instead, as
of that date. Of answers these are the endpoints that the table has: one row of another one brings in all of its page.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from documentation import SITE, Documentation, Page, plain

import bybit_lint.knowledge
from bybit_lint.knowledge import rows
from bybit_lint.knowledge.availability import ALL
from bybit_lint.knowledge.parameters import LEG, RANGE
from bybit_lint.knowledge.schemas import ANY, EMPTY

TABLES = Path(bybit_lint.knowledge.__file__).parent
PRIVATE = tuple(f"{product}websocket/private" for product in ("", "rfq/", "spread/"))
NEW, GONE = "new", "gone"
REQUEST, RESPONSE = "Request Parameters", "Response Parameters"
TOPIC = re.compile(r"Topic:\*\*(.+?)(?:\n\n|\Z)", re.DOTALL)
PLACES = re.compile(r"`(\w+)((?:\.(?:\w+|\{\w+\}))*)`")
"""The name of a topic, and the places behind it: `.{depth}.{symbol}`."""
LISTED = {
    ".{depth}.{symbol}": re.compile(r"^Level (\d+) data", re.MULTILINE),
    ".{interval}.{symbol}": re.compile(r"`(\w+)`(?= [`(].*$)", re.MULTILINE),
}
"""Where the values of a first place are listed."""
DAYS = re.compile(r"(?:end ?time\W+start ?time|start ?time and the end ?time is)\D{0,40}(\d+) days", re.IGNORECASE)
DEFAULT = re.compile(r"Default: (\d+)")
LIMIT = "limit"
"""The parameter whose largest number pages state in one form; of others the range depends on what else is sent."""
RESULT = "result"
TOPS = (RESULT, "retExtInfo")
"""The parts of an answer that few pages name, since most list only what is in its result."""
EXAMPLE = "#response-example"
"""Where the address of a row ends that no table of its page has, only the answer that is shown below it."""
KINDS = {
    "int": "integer",
    "int64": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "bool": "boolean",
    "datetime": "string",
}
"""What the documentation calls a type that it calls otherwise elsewhere."""
REQUIRED = ("true", "ture")
"""What a page says of a parameter that is always required; one page misspells it."""


class Table(Protocol):
    """A table of `knowledge/`: what its rows say, and what the documentation says of the same."""

    name: str

    def before(self) -> Mapping[str, str]:
        """What the table says, by row."""

    def now(self, docs: Documentation) -> Mapping[str, str]:
        """What the documentation says, by row."""


def main(arguments: Sequence[str]) -> int:
    folder, *options = arguments
    docs = Documentation(Path(folder))
    if options:
        _, name, date = options
        header, *_ = (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        lines = ["\t".join(cells) for cells in WRITTEN[name].anew(docs, date)]
        (TABLES / f"{name}.tsv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        return 0
    found = [f"{table.name}: {line}\n" for table in COMPARED for line in drift(table, docs)]
    print("".join(found), end="")
    return 1 if found else 0


def drift(table: Table, docs: Documentation) -> Iterator[str]:
    """What has come, gone or changed in a table since it was made."""
    before, now = table.before(), table.now(docs)
    for row in sorted(before.keys() | now.keys()):
        if before.get(row) != now.get(row):
            yield f"{row}: {before.get(row, NEW)} -> {now.get(row, GONE)}"


class Codes:
    """What the page of errors says of each code: the section that it stands in, and the words."""

    name, url = "documented_codes", f"{SITE}v5/error"

    def before(self) -> Mapping[str, str]:
        return {code: said for code, said, *_ in rows(self.name)}

    def now(self, docs: Documentation) -> Mapping[str, str]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in docs.page(self.url).rows:
            code, *words = map(plain, row.cells)
            if re.fullmatch(r"-?\d+", code):
                found[code].append(f"{row.section}: {'|'.join(words)}{' (struck out)' * row.is_struck_out}")
        return {code: "; ".join(dict.fromkeys(said)) for code, said in found.items()}

    def anew(self, docs: Documentation, date: str) -> Iterator[Sequence[str]]:
        """The rows of the table as of a date."""
        for code, words in sorted(self.now(docs).items(), key=lambda item: int(item[0])):
            yield code, words, self.url, date


class Parameters:
    """What the endpoints take whose parameters were read from their pages."""

    name = "parameters"

    def before(self) -> Mapping[str, str]:
        return {
            row: _parameter(required in ("yes", "docs"), kind, _most(values))
            for row, required, kind, values, source, _ in rows(self.name)
            if source.startswith(SITE)
        }

    def now(self, docs: Documentation) -> Mapping[str, str]:
        return {
            f"{path} {name}": said for path, page in _pages(self.name, docs) for name, said in self._taken(page, docs)
        }

    def _taken(self, page: Page, docs: Documentation) -> Iterator[tuple[str, str]]:
        """What a page's endpoint takes, by the page itself or by another that it refers to."""
        referred = re.search(rf"{REQUEST}\nrefer to \[[^]]+\]\(\.\./([^#)]+)", page.text)
        taken = docs.page(f"{SITE}v5/{referred[1]}") if referred else page
        for name, required, kind, *words in taken.table(REQUEST):
            most = _largest(" ".join(words)) if name == LIMIT else ""
            yield name.replace(" ", ""), _parameter(required in REQUIRED, kind, most)


class Answers:
    """What the answers have that were read from the pages of their endpoints."""

    name = "answer_schema"

    def before(self) -> Mapping[str, str]:
        return {row: kind for row, kind, _, source, _ in rows(self.name)}

    def now(self, docs: Documentation) -> Mapping[str, str]:
        found = {f"{path} {way}": kind for path, page in _pages(self.name, docs) for way, kind in _fields(page)}
        return found | dict(self._shown(docs))

    def anew(self, docs: Documentation, date: str) -> Iterator[Sequence[str]]:
        """The rows of the table as of a date, with the values that the old ones have."""
        values = {row: (values, source) for row, _, values, source, _ in rows(self.name)}
        made_of = {path: page.url for path, page in _pages(self.name, docs)}
        for row, kind in sorted(self.now(docs).items()):
            said, source = values.get(row, ("-", made_of[row.partition(" ")[0]]))
            yield row, kind, said, source, date

    def _shown(self, docs: Documentation) -> Iterator[tuple[str, str]]:
        """The rows that only an example has, if it still has them."""
        for row, kind, _, source, _ in rows(self.name):
            name = row.rpartition(".")[2]
            if source.endswith(EXAMPLE) and f'"{name}"' in docs.page(source.removesuffix(EXAMPLE)).text:
                yield row, kind


class Demo:
    """The endpoints of demo trading: those that its page lists, those of the pages it links, and its own."""

    name, url = "demo_endpoints", f"{SITE}v5/demo"
    not_there = ("/v5/private", "/v5/user/create-demo-member")
    """A stream, and an endpoint of the account that demo trading is opened from."""

    def before(self) -> Mapping[str, str]:
        return {path: categories for path, categories, *_ in rows(self.name)}

    def now(self, docs: Documentation) -> Mapping[str, str]:
        page = docs.page(self.url)
        listed = [entry for row in page.rows for entry in self._listed(row.cells, docs)]
        own = [(path, "-") for path in page.endpoints]
        return {path: categories for path, categories in (*listed, *own) if path not in self.not_there}

    def _listed(self, cells: Sequence[str], docs: Documentation) -> Iterator[tuple[str, str]]:
        """The endpoints that a row speaks of, with their categories."""
        *titles, said = map(plain, cells)
        if said == "all endpoints":
            yield f"/v5/{titles[0].lower()}/{ALL}", "-"
        elif found := re.fullmatch(r"(/v5/\S+)(?: \((\S+)\))?", said):
            yield found[1], found[2] or "-"
            linked = re.findall(r'href="/([^"]+)"', "".join(cells))
            yield from ((path, found[2] or "-") for url in linked for path in docs.page(SITE + url).endpoints)


class GivenUp:
    """The endpoints whose pages Bybit has put away."""

    name, folder = "given_up", "v5/abandon"
    kept = (
        "/v5/account/contract-transaction-log",
        "/v5/crypto-loan/borrow",
        "/v5/ins-loan/ensure-tokens",
        "/v5/ins-loan/ltv",
        "/v5/lending/account",
        "/v5/lending/history-order",
        "/v5/lending/info",
        "/v5/lending/purchase",
        "/v5/lending/redeem",
        "/v5/lending/redeem-cancel",
        "/v5/position/set-tpsl-mode",
    )
    """Those whose pages do not say what has become of them, or say that they can still be used."""

    def before(self) -> Mapping[str, str]:
        return {path: source for path, _, _, _, source, _ in rows(self.name)}

    def now(self, docs: Documentation) -> Mapping[str, str]:
        found = {path: page.url for page in docs.pages(self.folder) for path in page.endpoints}
        return {path: url for path, url in found.items() if path not in self.kept}


class Topics:
    """The topics of streams, with what may stand before the symbol: a depth, an interval, a word."""

    name, folders = "topics", tuple(f"v5/{end}" for end in ("websocket/public", *PRIVATE))

    def before(self) -> Mapping[str, str]:
        return _joined((row[0].partition("/")[2], row[2].split(",")) for row in rows(self.name))

    def now(self, docs: Documentation) -> Mapping[str, str]:
        return _joined(topic for folder in self.folders for page in docs.pages(folder) for topic in self._topics(page))

    def _topics(self, page: Page) -> Iterator[tuple[str, Sequence[str]]]:
        for name, places in PLACES.findall("".join(TOPIC.findall(page.text))):
            listed = LISTED.get(places)
            word = re.fullmatch(r"\.(\w+)\.\{symbol\}", places)
            yield name, listed.findall(page.text) if listed else word.groups() if word else ()


class TimeRanges:
    """How many days there may be between a startTime and an endTime in milliseconds."""

    name = "time_ranges"

    def before(self) -> Mapping[str, str]:
        return {path: days for path, days, *_ in rows(self.name)}

    def now(self, docs: Documentation) -> Mapping[str, str]:
        timed = (page for page in docs.pages("v5") if "(ms)" in _comment(page, "startTime"))
        found = ((page, DAYS.search(page.text)) for page in timed)
        return {path: said[1] for page, said in found if said for path in page.endpoints}


class PagedLists:
    """How many rows of a list come at once, unasked and at most."""

    name = "pages"

    def before(self) -> Mapping[str, str]:
        return {path: f"{default} of {most}" for path, default, most, *_ in rows(self.name)}

    def now(self, docs: Documentation) -> Mapping[str, str]:
        limits = ((path, _comment(page, LIMIT)) for path, page in _pages(self.name, docs))
        return {path: f"{''.join(DEFAULT.findall(said))} of {_largest(said)}" for path, said in limits}


class RateLimits:
    """How often each endpoint of the table may be asked: of linear and inverse, of options, of spot."""

    name, url = "rate_limits", f"{SITE}v5/rate-limit"
    counted = ("/v5/order/create-batch", "/v5/order/amend-batch", "/v5/order/cancel-batch")
    """Those whose limits the text below the tables counts in orders rather than requests, but for options."""

    def before(self) -> Mapping[str, str]:
        return {path: _by_category(limits) for path, *limits, _, _ in rows(self.name)}

    def now(self, docs: Documentation) -> Mapping[str, str]:
        known = self.before().keys()
        cells = (tuple(map(plain, row.cells)) for row in docs.page(self.url).rows)
        placed = ((place, row) for row in cells for place, cell in enumerate(row) if cell in known)
        return {row[place]: self._said(row[place], row[place + 1 : -1]) for place, row in placed}

    def _said(self, path: str, cells: Sequence[str]) -> str:
        """What a row says of each category: four cells, or one for all behind what may have to be sent."""
        linear, option, spot = [_rate(cell) for cell in (cells[1:] if len(cells) == 4 else cells[-1:] * 3)]
        orders = " orders" if path in self.counted else ""
        return _by_category((f"{linear}{orders}", option, f"{spot}{orders}"))


COMPARED: tuple[Table, ...] = (
    Codes(),
    Parameters(),
    Answers(),
    Demo(),
    GivenUp(),
    Topics(),
    TimeRanges(),
    PagedLists(),
    RateLimits(),
)


WRITTEN = {table.name: table for table in (Codes(), Answers())}


def _pages(table: str, docs: Documentation) -> Iterator[tuple[str, Page]]:
    """The endpoints of a table, each with the page that its rows are from."""
    made_of = {(row[0].partition(" ")[0], row[-2].removesuffix(EXAMPLE)) for row in rows(table)}
    yield from ((path, docs.page(url)) for path, url in sorted(made_of))


def _joined(topics: Iterable[tuple[str, Sequence[str]]]) -> Mapping[str, str]:
    """The topics by name, with all values of their first places, `-` for none."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, values in topics:
        found[name].update(values)
    return {name: ",".join(sorted(values - {"-"})) or "-" for name, values in found.items()}


def _by_category(limits: Sequence[str]) -> str:
    """Rates in words: `10 linear, 10 option, 20 spot`."""
    return ", ".join(f"{said} {name}" for said, name in zip(limits, ("linear", "option", "spot"), strict=True))


def _rate(cell: str) -> str:
    """A rate as the table says it: `10` a second, `60 a minute`."""
    return re.sub(r" ?(?:req)?/s$", "", re.sub(r" req/min$", " a minute", cell))


def _comment(page: Page, parameter: str) -> str:
    """What a page says of a parameter; empty where it has none of that name."""
    return next((cells[-1] for cells in page.table(REQUEST) if cells[0] == parameter), "")


def _parameter(is_required: bool, kind: str, most: str) -> str:
    """A parameter in words: `required integer up to 200`."""
    return f"{'required' if is_required else 'optional'} {_kind(kind)}{' up to ' * bool(most)}{most}"


def _most(values: str) -> str:
    return values.removeprefix(RANGE) if values.startswith(RANGE) else ""


def _largest(comment: str) -> str:
    """The largest of the ends of the ranges in a comment (`[1, 200]`), empty where there is none."""
    ends = re.findall(r"\[1, ?(\d+)\]", comment)
    return str(max(map(int, ends))) if ends else ""


def _kind(cell: str) -> str:
    """A type as the tables say it: without that of its items, by one name."""
    kind = re.split(r"<| of ", cell.lower())[0].strip()
    return KINDS.get(kind, kind)


def _fields(page: Page) -> Iterator[tuple[str, str]]:
    """The ways to the fields of an answer (`result.list.*.symbol`) with their types."""
    if f"{RESPONSE}\nNone" in page.text:
        yield RESULT, EMPTY
    above: list[str] = []
    for name, said, *_ in page.table(RESPONSE):
        depth, field, kind = name.count(LEG), name.replace(LEG, "").strip(), _kind(said)
        is_top = not depth and field in TOPS and kind == "object"
        way = field if is_top else f"{above[depth - 1] if depth else RESULT}.{ANY if '[' in field else field}"
        above[depth:] = [f"{way}.{ANY}" if kind == "array" else way]
        if not is_top:
            yield way, kind


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
