"""Writing the comments that accept findings: `# bybit-lint: ignore[BYB201] the reason` where each of them stands."""

from __future__ import annotations

import ast
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bybit_lint.analysis.source import BOM, Source, Unreadable
from bybit_lint.inputs.days import UNTIL
from bybit_lint.inputs.filenames import manifest
from bybit_lint.inputs.suppress import LAYOUT, OWN, PLAIN, logical_lines
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Finding

TOOL = {"BYB001", "BYB002", "BYB003", "BYB004", "BYB005"}
"""What is said of files and comments themselves, which no comment accepts."""


class Refused(Exception):
    """No comment can be written; the message says why."""


class Place(NamedTuple):
    """Where a comment goes: behind the code of a line, or on a line of its own above it."""

    row: int
    is_above: bool


def accepted(source: Source, findings: Iterable[Finding], reason: str) -> Source:
    """The source with a comment at each of the findings that one can accept. Raises Refused.

    Nothing else in it changes. What is accepted at its line already, with no day on which that ends, is made one
    comment with what comes to it.
    """
    asked = [finding for finding in findings if finding.code not in TOOL]
    if not asked:
        return source  # which may be one that cannot be read
    codes: dict[Place, list[str]] = defaultdict(list)
    try:
        layout = _Layout(source)
        for finding in asked:
            codes[layout.place(finding)].append(finding.code)
        # from the end, and behind a line before above it, so that the numbers of lines stay right
        for place in sorted(codes, key=lambda place: (place.row, not place.is_above), reverse=True):
            layout.write(place, sorted(set(codes[place])), reason)
        new = source.edited(layout.data())
        if source.is_code and ast.dump(new.tree) != ast.dump(source.tree):
            raise Refused("its code would be another")
    except (Unreadable, SyntaxError, tokenize.TokenError) as error:
        raise Refused(str(error)) from error
    return new


class _Layout:
    """The lines of a source with their ends, and where in them comments are and can be."""

    def __init__(self, source: Source) -> None:
        self.source = source
        starts = [*source.line_starts, len(source.body)]
        self.lines = [source.body[start:end].decode() for start, end in pairwise(starts)]
        self.comments: dict[int, int] = {}
        self.closed: set[int] = set()  # rows whose end is no place for a comment
        self.heads: dict[int, int] = {}  # the first row of the statement that a row belongs to
        if source.is_code:
            self._read()
        elif manifest(source.path) == "lock":
            raise Refused("a program writes this file; ignore the rule in the config, or in the file it is made of")
        elif b'"""' in source.body or b"'''" in source.body:
            raise Refused("it holds texts of several lines, in which a comment would be none")

    def _read(self) -> None:
        opened: list[int] = []
        for statement in logical_lines(self.source):
            rows = [row for token in statement if token.type not in LAYOUT for row in (token.start[0], token.end[0])]
            self.heads.update(dict.fromkeys(range(min(rows), max(rows) + 1), min(rows)) if rows else {})
            for token in statement:
                kind = tokenize.tok_name[token.type]
                if token.type == tokenize.COMMENT:
                    self.comments[token.start[0]] = token.start[1]
                elif kind in ("FSTRING_START", "TSTRING_START"):
                    opened.append(token.start[0])
                elif kind in ("FSTRING_END", "TSTRING_END"):
                    self.closed.update(range(opened.pop(), token.end[0]))
                else:
                    self.closed.update(range(token.start[0], token.end[0]) if token.type == tokenize.STRING else ())
        for row, line in enumerate(self.lines, start=1):
            if row not in self.comments and line.rstrip("\r\n").endswith("\\"):
                self.closed.add(row)

    def place(self, finding: Finding) -> Place:
        """The first or the last line of a finding, or else the place above its statement. Raises Refused."""
        rows = (finding.span.line, finding.span.end_line)
        if self.source.is_code:
            open_rows = (row for row in rows if row not in self.closed)
            found = next(open_rows, 0)
            return Place(found, False) if found else Place(self.heads.get(rows[0], rows[0]), True)
        if rows[0] > 1 and self.lines[rows[0] - 2].rstrip().endswith("\\"):
            raise Refused(f"line {rows[0]} goes on from the one above it, and no comment can stand between them")
        return Place(rows[0], True)

    def write(self, place: Place, codes: Sequence[str], reason: str) -> None:
        """Put a comment at a place, or what it says into one that is there."""
        row = place.row - 1 if place.is_above else place.row
        text, end = self._parts(row) if row else ("", "")
        column = self._comment(row, text)
        if column is not None and (not place.is_above or not text[:column].strip()):
            merged = _merged(text[column:], codes, reason)
            if merged or not place.is_above:
                self.lines[row - 1] = f"{text[:column]}{merged or text[column:] + '  ' + _comment(codes, reason)}{end}"
                return
        if place.is_above:
            text, end = self._parts(place.row)
            indent = text[: len(text) - len(text.lstrip())]
            self.lines.insert(place.row - 1, f"{indent}{_comment(codes, reason)}{end or self._usual_end()}")
        else:
            self.lines[row - 1] = f"{text.rstrip()}  {_comment(codes, reason)}{end}"

    def _parts(self, row: int) -> tuple[str, str]:
        line = self.lines[row - 1]
        text = line.rstrip("\r\n")
        return text, line[len(text) :]

    def _comment(self, row: int, text: str) -> int | None:
        """Where in a line its comment begins."""
        if self.source.is_code:
            return self.comments.get(row)
        found = PLAIN.search(text)
        return found.start() if found else None

    def _usual_end(self) -> str:
        return next((end for _, end in map(self._parts, range(1, len(self.lines) + 1)) if end), "\n")

    def data(self) -> bytes:
        """The lines as bytes, in the encoding of the file. Raises Refused."""
        text, encoding = "".join(self.lines), self.source.encoding
        try:
            data = text.encode("utf-8" if self.source.is_utf8 else encoding)
        except UnicodeEncodeError as error:
            raise Refused(f"the reason cannot be written in its encoding, {encoding}") from error
        return BOM + data if self.source.data.startswith(BOM) and self.source.is_utf8 else data


def _comment(codes: Sequence[str], reason: str) -> str:
    return f"# bybit-lint: ignore[{', '.join(codes)}] {reason}"


def _merged(comment: str, codes: Sequence[str], reason: str) -> str:
    """A comment that accepts something already with more codes and the reason; empty where there is none to take."""
    for found in OWN.finditer(comment):
        end = _end(comment, found.end())
        behind = comment[found.end() : end].rstrip()
        if UNTIL.search(comment[found.start() : end]) or UNTIL.search(reason):
            continue  # each ends on its own day
        words = dict.fromkeys([*filter(None, (found[1] or "").replace(",", " ").split()), *codes])
        head = found[0].partition("[")[0].rstrip()
        said = behind if reason in behind else f"{behind}; {reason}" if behind.strip() else f" {reason}"
        rest = comment[found.end() + len(behind) :]
        return f"{comment[: found.start()]}{head}[{', '.join(words)}]{said}{rest}"
    return ""


def _end(comment: str, start: int) -> int:
    """Where what belongs to a suppression ends: at the next comment in the comment."""
    place = comment.find("#", start)
    return len(comment) if place < 0 else place
