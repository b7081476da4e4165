"""One file: its bytes, its text, its tree if it is code, and the way from a node to a Span."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
import warnings
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, TypeVar

from bybit_lint.analysis.trees import plain
from bybit_lint.inputs.filenames import is_notebook, manifest
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Span

if TYPE_CHECKING:
    from bybit_lint.inputs.notebooks import Notebook

BOM = b"\xef\xbb\xbf"
MARKED = {codecs.BOM_UTF32: "utf-32", codecs.BOM_UTF16: "utf-16", BOM: "utf-8-sig"}
"""Encodings by how a text in them begins, in the byte order that Python writes."""
FOREIGN = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16", b"\0\0\xfe\xff": "UTF-32"}
"""Encodings that Python does not read code in, by how a text in them begins."""
PROBE = rb"print(a) \n \u0041 +AGE- a.xn--nxasmq6b"  # says something else in unicode_escape, utf_7 and idna
CONTINUATION = regex(rb"[\x80-\xbf]")  # in UTF-8 the bytes of a character but its first
LINE_END = regex(rb"\r\n|\r|\n")  # what the parser counts as a line; str.splitlines() counts more


class Unreadable(Exception):
    """The file cannot be read as Python; `line` and `column` say where, counted from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


T = TypeVar("T")
DERIVED = ("tree", "body", "line_starts", "_continuations", "comments", "lines", "_expressions")


class Source:
    """One file, of code or a manifest: `path` is how the user is told of it, `data` are its bytes as they are on disk.

    `place` is its path below its project's folder, with forward slashes: what the imports of other files go by.
    Of a `notebook`, `data` is the code in its cells, and `written` what is on the disk.
    """

    def __init__(self, path: str, data: bytes, place: str | None = None, notebook: Notebook | None = None) -> None:
        self.path = path
        self.data = data
        self.place = path if place is None else place
        self.notebook = notebook
        self.fault: Unreadable | None = None
        """Why the file holds no code that could be looked at."""
        self._spans: dict[ast.AST, Span] = {}
        self.derived: dict[object, Any] = {}
        """What others have worked out of the file, each once."""

    @classmethod
    def of_file(cls, path: str, data: bytes, place: str | None = None) -> Source:
        """What is in a file of these bytes: of a notebook the code in its cells."""
        if not is_notebook(path):
            return cls(path, data, place)
        from bybit_lint.inputs.notebooks import NoNotebook, Notebook  # few bots have one

        try:
            notebook = Notebook(data)
        except NoNotebook as error:
            broken = cls(path, data, place)
            broken.fault = Unreadable(error.reason, error.line, error.column)
            return broken
        return cls(path, notebook.code, place, notebook)

    @property
    def written(self) -> bytes:
        """The bytes of the file."""
        return self.data if self.notebook is None else self.notebook.written(self.data)

    @cached_property
    def notebook_now(self) -> Notebook | None:
        """The notebook with this code in it; `notebook` is that of before the edits, which the way back begins at."""
        if self.notebook is None or self.data == self.notebook.code:
            return self.notebook
        return Source.of_file(self.path, self.written).notebook

    def line_name(self, line: int) -> str:
        """A line as people are told of it: `bot.py:9`, in a notebook `research.ipynb:cell 3:2`."""
        cell = self.notebook_now.cell_at(line) if self.notebook_now else None
        if cell is None:
            return f"{self.path}:{line}"
        return f"{cell_name(self.path, cell.number)}:{max(line - cell.first, 0) + 1}"

    def let_go(self) -> None:
        """Forget what was worked out of the bytes, most of a run's memory; who asks again works it out anew."""
        for name in DERIVED:
            self.__dict__.pop(name, None)
        self._spans.clear()
        self.derived.clear()

    def edited(self, data: bytes) -> Source:
        """The same file with other bytes in it."""
        return Source(self.path, data, self.place, self.notebook)

    @property
    def is_code(self) -> bool:
        """True for Python code; what is no code has neither tree nor tokens."""
        return not manifest(self.path)

    @cached_property
    def encoding(self) -> str:
        """The declared encoding, as Python reads it, or as pip does. Raises Unreadable for an unknown one."""
        if self.notebook:
            return "utf-8"  # whatever a comment in a cell says
        if not self.is_code:
            return self._marked_encoding()
        if foreign := next((name for mark, name in FOREIGN.items() if self.data.startswith(mark)), ""):
            raise Unreadable(f"it is written in {foreign}, which Python does not read: save it as UTF-8")
        first_lines = iter([line + b"\n" for line in LINE_END.split(self.data, 2)[:2]])
        try:
            encoding = tokenize.detect_encoding(lambda: next(first_lines, b""))[0]
        except SyntaxError as error:
            raise Unreadable(str(error)[:100]) from error
        if not _holds_code(encoding):
            raise Unreadable(f"code cannot be written in its encoding, {encoding}")
        return encoding

    def _marked_encoding(self) -> str:
        """The encoding that a manifest's first bytes tell, else UTF-8 or, failing that, one byte a character."""
        marked = next((name for mark, name in MARKED.items() if self.data.startswith(mark)), "")
        if not marked and b"\0" in self.data:
            raise Unreadable("it contains null bytes")
        return marked or ("utf-8" if _is_utf8(self.data) else "latin-1")

    @property
    def is_utf8(self) -> bool:
        """True if `body` is what stands in the file, without its BOM."""
        return self.encoding in ("utf-8", "utf-8-sig")

    @cached_property
    def body(self) -> bytes:
        """The text in UTF-8 without a BOM: what `ast` counts its columns in."""
        if self.is_utf8:
            return self.data.removeprefix(BOM)
        try:
            return self.data.decode(self.encoding).encode()
        except UnicodeError as error:
            raise Unreadable(f"not valid {self.encoding}: {getattr(error, 'reason', error)}") from error

    @property
    def shift(self) -> int:
        """How many bytes of `data` stand before `body`."""
        return len(self.data) - len(self.body) if self.data.startswith(BOM) else 0

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises Unreadable for whatever Python itself would refuse."""
        if self.fault:
            raise self.fault
        is_read_as_bytes = self.is_utf8 and not self.notebook
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the bot's own code, such as "\d"
                # as text the declared encoding, which `body` is not in, goes unread; bytes are faster. It is not told
                # the file's name, by which it would look there for the line of an error
                tree = ast.parse(self.body if is_read_as_bytes else self.body.decode())
                return plain(tree, self.body)
        except SyntaxError as error:
            reason = f"{error.msg}" + (" (Python 2?)" if "print" in str(error.msg) else "")
            raise Unreadable(reason, error.lineno or 1, error.offset or 1) from error
        except (ValueError, UnicodeDecodeError) as error:  # null bytes, bytes that are not the declared encoding
            raise Unreadable(str(error), *self._first_bad_byte()) from error
        except (RecursionError, MemoryError) as error:
            raise Unreadable("nested too deeply for Python's parser") from error

    def _first_bad_byte(self) -> tuple[int, int]:
        place = self.body.find(b"\0")
        try:
            self.body.decode()
        except UnicodeDecodeError as error:
            place = error.start
        return self._position(max(place, 0))

    @cached_property
    def line_starts(self) -> array[int]:
        """The offset in `body` of each line; bytes are split at the line ends that the parser knows."""
        lines = self.body.splitlines(keepends=True)
        starts = array("L", accumulate(map(len, lines), initial=0))
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            starts.pop()  # the end of the file
        return starts

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, offset)
        return line, self._characters(offset) - self._characters(self.line_starts[line - 1]) + 1

    def _characters(self, offset: int) -> int:
        """How many characters stand before an offset; lines can be long, and hold many nodes."""
        return offset - bisect_left(self._continuations, offset)

    @cached_property
    def _continuations(self) -> array[int]:
        found = () if self.body.isascii() else CONTINUATION.finditer(self.body)
        return array("L", (byte.start() for byte in found))

    def offset(self, line: int, column: int) -> int:
        """The offset in `body` of a position as `ast` gives it: line from 1, column in bytes from 0."""
        return self.line_starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.excepthandler | ast.arg | ast.alias) -> Span:
        """Where a node stands."""
        known = self._spans.get(node)
        if known is None:
            end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset
            start = self.offset(node.lineno, node.col_offset)
            end = start if end_column is None else self.offset(end_line, end_column)
            known = self._spans[node] = self.span_of(start, end)
        return known

    def expressions_at(self, span: Span) -> list[ast.expr]:
        """The expressions that a span is: one, or a text and its pieces."""
        return [node for node in self._expressions.get(span.line, ()) if self.span(node) == span]

    @cached_property
    def _expressions(self) -> dict[int, list[ast.expr]]:
        """Every expression of the file, by the line it begins in."""
        found: dict[int, list[ast.expr]] = defaultdict(list)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.expr):
                found[node.lineno].append(node)
        return found

    def span_of(self, start: int, end: int) -> Span:
        """The span between two offsets in `body`."""
        return Span(self.path, *self._position(start), *self._position(end), start, end)

    def text(self, node: ast.expr | ast.stmt) -> str:
        """The source text of a node, exactly as it is written."""
        span = self.span(node)
        return self.body[span.start : span.end].decode()

    def tokens(self) -> Iterator[tokenize.TokenInfo]:
        """What the file consists of, as the tokenizer sees it: columns are counted in characters."""
        text = LINE_END.sub(b"\n", self.body).decode()  # it does not know all the line ends that the parser knows
        return tokenize.generate_tokens(io.StringIO(text).readline)

    @cached_property
    def comments(self) -> dict[int, int]:
        """The lines that have a comment, and where it begins."""
        places = [token.start for token in self.tokens() if token.type == tokenize.COMMENT]
        return {line: self.offset(line, len(self.lines[line - 1][:column].encode())) for line, column in places}

    @cached_property
    def lines(self) -> list[str]:
        """The lines as text, without their line ends."""
        return [line.decode("utf-8", "replace") for line in LINE_END.split(self.body)]


def cell_name(path: str, cell: int) -> str:
    """What stands as the path of what lies in a cell of a notebook."""
    return f"{path}:cell {cell}"


def once_per_source(work: Callable[[Source], T]) -> Callable[[Source], T]:
    """`work` done once per source, in however many projects it is: while files are fixed, most of them stay.

    It is remembered in `Source.derived`, under the function that is given back.
    """

    def remembered(source: Source) -> T:
        if remembered not in source.derived:
            source.derived[remembered] = work(source)
        found: T = source.derived[remembered]
        return found

    return remembered


@cache
def _holds_code(encoding: str) -> bool:
    """Whether the characters of ASCII stand for themselves in an encoding: those of `rot13` and `punycode` do not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of \\u0041 where it is no escape
            return PROBE.decode(encoding) == PROBE.decode("ascii")
    except (LookupError, ValueError):  # not a text encoding at all, or one that the probe is not valid in
        return False


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
