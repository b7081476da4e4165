"""Bybit's documentation as a program reads it: its pages, the endpoints they are about, and the tables in them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

SITE = "https://bybit-exchange.github.io/docs/"
HEADING = re.compile(r"#{2,4} *(.+?) *$")
ENDPOINT = re.compile(r'<APIEndpoint [^>]*url="([^"]+)"')
HEADS = ("parameter", "none", "")
"""What the first cell of a row says, in lower case, that is no parameter."""
RULE = re.compile(r"[\s|:-]+")
"""The line below the head of a Markdown table."""
BAR = re.compile(r"(?<!\\)\|")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
MARKUP = re.compile(r"<[^>]*>|~~|\*+|`")
FENCE = "```"


class Row(NamedTuple):
    """A row of a table, with the heading that it stands under and its cells as they are written."""

    section: str
    cells: tuple[str, ...]

    @property
    def is_struck_out(self) -> bool:
        return any("~~" in cell for cell in self.cells)


class Page:
    """One page, by its address."""

    def __init__(self, url: str, text: str) -> None:
        self.url, self.text = url, text

    @cached_property
    def endpoints(self) -> tuple[str, ...]:
        """The V5 paths that the page is about."""
        return tuple(ENDPOINT.findall(self.text))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all its tables, written in Markdown or in HTML, those of all tabs among them."""
        return tuple(_rows(self.text))

    def table(self, section: str) -> Iterator[tuple[str, ...]]:
        """The words of the rows below a heading, without the heads of tables."""
        for row in self.rows:
            cells = tuple(map(plain, row.cells))
            if row.section == section and cells[0].lower() not in HEADS:
                yield cells


class Documentation:
    """A checkout of https://github.com/bybit-exchange/docs."""

    def __init__(self, root: Path) -> None:
        self.root = root / "docs"

    def pages(self, folder: str = "") -> Iterator[Page]:
        """The pages of a folder (`v5/abandon`) and of those in it, in the order of their names."""
        for file in sorted((self.root / folder).rglob("*.mdx")):
            yield self._read(SITE + file.relative_to(self.root).with_suffix("").as_posix(), file)

    def page(self, url: str) -> Page:
        """The page at an address, empty if there is none any more; that of a folder has its name."""
        place = self.root / url.removeprefix(SITE)
        inside = place / f"{place.name}.mdx"
        return self._read(url, inside if inside.is_file() else place.with_name(f"{place.name}.mdx"))

    def _read(self, url: str, file: Path) -> Page:
        return Page(url, file.read_text(encoding="utf-8") if file.is_file() else "")


class HtmlTable(HTMLParser):
    """The cells of a table written in HTML; one that goes over several columns stands in each of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.rows: list[list[str]] = []
        self.columns = 0
        """How many the open cell goes over; 0 between two."""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.columns = int(dict(attributes).get("colspan") or 1)
            self.rows[-1] += [""] * self.columns
        else:
            self._write(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.columns = 0
        else:
            self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def _write(self, text: str) -> None:
        for column in range(1, self.columns + 1):
            self.rows[-1][-column] += text


def plain(cell: str) -> str:
    """The words of a cell."""
    return " ".join(html.unescape(MARKUP.sub("", LINK.sub(r"\1", cell))).split())


def _rows(text: str) -> Iterator[Row]:
    section, is_code = "", False
    lines = iter(text.splitlines())
    for line in lines:
        is_code ^= line.lstrip().startswith(FENCE)
        if is_code:
            continue
        if heading := HEADING.match(line):
            section = heading[1]
        elif "<table" in line:
            yield from (Row(section, cells) for cells in _html(line, lines))
        elif line.lstrip().startswith("|") and not RULE.fullmatch(line):
            yield Row(section, tuple(BAR.split(line.strip().strip("|"))))


def _html(line: str, lines: Iterator[str]) -> Iterator[tuple[str, ...]]:
    """The rows of the HTML table that begins in a line."""
    table = HtmlTable()
    table.feed(line + "\n")
    while "</table" not in line:
        line = next(lines, "</table")
        table.feed(line + "\n")
    yield from (tuple(cells) for cells in table.rows if cells)
