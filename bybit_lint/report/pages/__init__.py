"""The pages of rules/: each is a rule's documentation, its specification and its tests in one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from bybit_lint.patterns import regex
from bybit_lint.report.pages.markdown import Fence, Heading, Paragraph, Part, Section, error, parts, split
from bybit_lint.tuples import NamedTuple

BlockKind: TypeAlias = Literal["bad", "fixed", "good"]
Safety: TypeAlias = Literal["safe", "unsafe", "none"]

HEADINGS = ("What happens to the account", "Cases", "Fix safety", "Not seen", "Sources")
KINDS: Sequence[BlockKind] = ("bad", "fixed", "good")
LANGUAGES = ("python", "text", "toml", "ini", "dockerfile")
BLOCKS: Mapping[str, BlockKind] = {f"{language} {kind}": kind for language in LANGUAGES for kind in KINDS}
SAFETY: Mapping[str, Safety] = {"Safe:": "safe", "Unsafe:": "unsafe", "No fix:": "none"}

TITLE = regex(r"(BYB\d{3}) ([a-z0-9]+(?:-[a-z0-9]+)*)")
MARKER = regex(r"(?<!\s)\s*# finding\b(.*)")
CODES = regex(r"(?:,? +BYB\d{3})*\s*")


class Marker(NamedTuple):
    """One expected finding: the line of the block's source it stands on, and its code."""

    line: int
    code: str


@dataclass(frozen=True)
class Block:
    """One file of a case. `source` is free of markers; `line` is where its first line stands on the page."""

    kind: BlockKind
    path: str
    source: str
    markers: tuple[Marker, ...]
    line: int


@dataclass(frozen=True)
class Case:
    """One H3 under *Cases*. Its blocks of one kind are the files of one small project."""

    title: str
    line: int
    blocks: tuple[Block, ...]

    def files(self, kind: BlockKind) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind == kind)


@dataclass(frozen=True)
class Page:
    """One page. `sections` maps each H2 to its text, `text` is the whole page as it is written."""

    code: str
    name: str
    family: str
    path: str
    """Where the page stands in the repository: `rules/orders/unrounded-quantity.md`."""
    summary: str
    text: str
    sections: Mapping[str, str]
    safety: Safety
    """The best that *Fix safety* claims of the rule's fixes; `none` where the rule has no fix."""
    cases: tuple[Case, ...]


@cache
def all() -> tuple[Page, ...]:  # noqa: A001  # it is only ever called as pages.all()
    """Every page, sorted by code. Raises FileNotFoundError without the folder, ValueError for a malformed page."""
    folder = _folder()
    paths = ((file, f"rules/{file.relative_to(folder).as_posix()}") for file in folder.glob("*/*.md"))
    return tuple(sorted((parse(file.read_text("utf-8"), path) for file, path in paths), key=lambda page: page.code))


def find(code_or_name: str) -> Page | None:
    """The page of a rule, asked for by its code or its name, in any case."""
    wanted = code_or_name.lower()
    return next((page for page in all() if wanted in (page.code.lower(), page.name)), None)


def file(page: Page) -> Path:
    """Where the text of a page lies."""
    return _folder().joinpath(*page.path.split("/")[1:])


def _folder() -> Path:
    here = Path(__file__).parents[2]
    places = (here / "rules", here.parent / "rules")  # in the wheel, in the checkout
    folder = next((place for place in places if place.is_dir()), None)
    if folder is None:
        raise FileNotFoundError(f"the rules' pages are missing: neither {places[0]} nor {places[1]} is there")
    return folder


def parse(text: str, path: str) -> Page:
    """Read the page that stands at `rules/<family>/<name>.md`. Raises ValueError, naming path and line, for a flaw."""
    head, sections = split(parts(text, path), 2)
    family = path.split("/")[-2]
    code, name, summary = _head(head, path)
    _hold_headings(sections, family, path)
    under = {section.title: section.parts for section in sections}
    elsewhere = (part for section in sections if section.title != "Cases" for part in section.parts)
    _hold_no_code(elsewhere, path, "is not run here; move it to Cases, or take the word after python away")
    return Page(
        code,
        name,
        family,
        path,
        summary,
        text,
        dict(_texts(text.split("\n"), sections)),
        _safety(sections, path),
        tuple(_cases(under.get("Cases", []), code, path)),
    )


def _head(head: Sequence[Part], path: str) -> tuple[str, str, str]:
    """Code, name and summary: what stands above the first H2."""
    match head:
        case [Heading(1, 1, title), Paragraph(_, summary), *_] if match := TITLE.fullmatch(title):
            return match[1], match[2], summary
    raise error(path, 1, "a page begins with `# BYB201 unrounded-quantity` and a paragraph that says the rule")


def _hold_headings(sections: Sequence[Section], family: str, path: str) -> None:
    found = [section.title for section in sections]
    may_lack = "Cases" if family == "tool" else None
    expected = [title for title in HEADINGS if title in found or title != may_lack]
    if found != expected:
        pairs = zip(sections, expected, strict=False)
        last = max((section.line for section in sections), default=1)
        line = next((section.line for section, title in pairs if section.title != title), last)
        raise error(path, line, f"the headings of a page are, in this order: {', '.join(expected)}")


def _hold_no_code(content: Iterable[Part], path: str, reason: str) -> None:
    if stray := next((part for part in content if isinstance(part, Fence) and part.info in BLOCKS), None):
        raise error(path, stray.line, f"this block {reason}")


def _texts(lines: Sequence[str], sections: Sequence[Section]) -> Iterator[tuple[str, str]]:
    ends = [section.line - 1 for section in sections[1:]]
    for section, end in zip(sections, [*ends, len(lines)], strict=True):
        yield section.title, "\n".join(lines[section.line : end]).strip()


def _safety(sections: Sequence[Section], path: str) -> Safety:
    section = next(section for section in sections if section.title == "Fix safety")
    first = next((part.text for part in section.parts[:1] if isinstance(part, Paragraph)), "")
    claim = next((word for word in SAFETY if first.startswith(word)), None)
    if claim is None:
        raise error(path, section.line, f"Fix safety begins with one of: {' '.join(SAFETY)}")
    return SAFETY[claim]


# --- cases ------------------------------------------------------------------------------------------------------------


def _cases(content: Sequence[Part], code: str, path: str) -> Iterator[Case]:
    before, sections = split(content, 3)
    _hold_no_code(before, path, "belongs to no case; put a heading `### what it shows` above it")
    for section in sections:
        fences = [part for part in section.parts if isinstance(part, Fence) and _is_block(part.info)]
        blocks = tuple(_block(fence, code, path) for fence in fences)
        if flaw := _flaw(blocks, code):
            raise error(path, section.line, f"the case `{section.title}` {flaw}")
        yield Case(section.title, section.line, blocks)


def _is_block(info: str) -> bool:
    """True for what is run, and for what may have been meant to be."""
    language, _, kind = info.partition(" ")
    return language == "python" or (language in LANGUAGES and bool(kind))


def _flaw(blocks: Sequence[Block], code: str) -> str:
    """What is wrong with a case as a whole, or nothing."""
    files = [(block.kind, block.path) for block in blocks]
    bad = [block for block in blocks if block.kind == "bad"]
    if not blocks:
        return "has no block; show it in ```python bad, ```python fixed or ```python good"
    if twice := next((file for file in files if files.count(file) > 1), None):
        return f"has two {twice[0]} blocks for {twice[1]}; name the files, or make two cases"
    if lost := next((name for kind, name in files if kind == "fixed" and ("bad", name) not in files), None):
        return f"has a fixed {lost}, but no bad one"
    if bad and not any(marker.code == code for block in bad for marker in block.markers):
        return f"marks no line of its bad blocks with `# finding` for {code}"
    return ""


def _block(fence: Fence, code: str, path: str) -> Block:
    if fence.info not in BLOCKS:
        raise error(path, fence.line, f"`{fence.info}` is no kind of block; the kinds are {', '.join(BLOCKS)}")
    markers = tuple(_markers(fence, code, path))
    if markers and BLOCKS[fence.info] == "good":
        raise error(path, fence.line + markers[0].line, "a good block has no findings; take the mark away")
    source = "".join(MARKER.sub("", line) + "\n" for line in fence.lines)
    return Block(BLOCKS[fence.info], fence.path, source, markers, fence.line + 1)


def _markers(fence: Fence, code: str, path: str) -> Iterator[Marker]:
    for number, line in enumerate(fence.lines, start=1):
        if mark := MARKER.search(line):
            if not CODES.fullmatch(mark[1]):
                raise error(path, fence.line + number, "after `# finding` stand only codes, or nothing")
            yield from (Marker(number, found) for found in re.findall(r"BYB\d{3}", mark[1]) or [code])
