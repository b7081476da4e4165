"""The cells of Python code in the text of a notebook's file: what they hold, and how another text is written there.

https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, takewhile
from typing import Any

from bybit_lint.inputs import magics
from bybit_lint.inputs.json_places import Value, items, members, top
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

LINE_END = regex(r"\r\n|\r|\n")
NEXT_KEY = regex(r',( ?)"')
OLDEST = 4
"""The first version of the format in which a notebook is a list of cells."""


class NoNotebook(Exception):
    """A file is called like a notebook and cannot be read as one; line and column count from 1."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason, self.line, self.column = reason, line, column


class Change(NamedTuple):
    """Put `text` in the place of the characters from `start` to `end` of the file."""

    start: int
    end: int
    text: str


class Cell:
    """A cell of Python code. `number` counts all cells of the notebook from 1, those of other kinds too.

    `source` is what its text is written as in the file: `literals`, in brackets if they are a list.
    """

    def __init__(self, number: int, source: Value) -> None:
        self.number = number
        self.source = source
        self.text = source.value if isinstance(source.value, str) else "".join(source.value)
        self.lines = LINE_END.split(self.text)
        self._ends = [*LINE_END.findall(self.text), ""]
        self.code = self.text
        """What Python reads of it, as many lines."""
        self.first = 0
        """The line of the module that it begins with."""
        self._name, self._said = "", dict[str, str]()
        self._found: Sequence[Value] = ()

    def put_aside(self, name: str) -> None:
        """Put aside what is said to IPython; `name` is how the names begin that take its place."""
        if magics.SUSPICIOUS.search(self.text):
            lines, self._said = magics.aside(self.lines, name)
            self._name = name
            self.code = "".join(line + end for line, end in zip(lines, self._ends, strict=True))

    def back(self, code: str) -> str:
        """Its text once Python reads this. Raises ValueError if what is said to IPython has changed."""
        return magics.back(code, self._said, self._name) if self._said else code

    def offset(self, line: int, column: int) -> int:
        """How many bytes of its text stand before a place: the line counts from 0, the column from 1."""
        if line >= len(self.lines):
            return self._starts[-1]
        return self._starts[line] + len(self.lines[line][: column - 1].encode())

    @cached_property
    def _starts(self) -> Sequence[int]:
        return self._added(lambda line: len(line.encode()))

    def literal(self, file: str, line: int) -> Value:
        """The one in which one of its lines is written; lines count from 0."""
        start = self._places[min(max(line, 0), len(self.lines) - 1)]
        return self._literals(file)[bisect_right(self._literal_starts, start) - 1]

    @cached_property
    def _places(self) -> Sequence[int]:
        return self._added(len)

    def _added(self, length: Callable[[str], int]) -> Sequence[int]:
        lines = (line + end for line, end in zip(self.lines, self._ends, strict=True))
        return [0, *accumulate(length(line) for line in lines)]

    @cached_property
    def _literal_starts(self) -> Sequence[int]:
        written = [self.source.value] if isinstance(self.source.value, str) else self.source.value
        return [0, *accumulate(map(len, written[:-1]))]

    def _literals(self, file: str) -> Sequence[Value]:
        if not self._found:
            is_text = isinstance(self.source.value, str)
            self._found = [self.source] if is_text else list(items(file, self.source.start))
        return self._found

    def _gap(self, file: str, only: Value) -> str:
        """What is to stand between two texts of a list that has but one yet."""
        before = file[self.source.start + 1 : only.start]
        beside = NEXT_KEY.search(file)
        return "," + (before or (beside[1] if beside else ""))

    def change(self, file: str, text: str, written: Callable[[str], str]) -> Change:
        """What is to be changed in the file for it to hold another text; `written` tells how a text is written."""
        if isinstance(self.source.value, str):
            return Change(self.source.start, self.source.end, written(text))
        old, new = self._literals(file), text.splitlines(keepends=True)
        values = [literal.value for literal in old]
        head = _shared(values, new)
        tail = _shared(values[head:][::-1], new[head:][::-1])
        gap = file[old[0].end : old[1].start] if len(old) > 1 else self._gap(file, old[0])
        middle = gap.join(map(written, new[head : len(new) - tail]))
        gone = old[head : len(old) - tail]
        if gone and middle:
            return Change(gone[0].start, gone[-1].end, middle)
        if tail:
            start = gone[0].start if gone else old[head].start
            return Change(start, old[len(old) - tail].start, middle and middle + gap)
        start = old[head - 1].end if head else old[0].start
        return Change(start, old[-1].end, middle and gap + middle)


def cells(text: str) -> Iterator[Cell]:
    """The cells of Python code in a notebook. Raises NoNotebook."""
    whole = _parsed(text)
    _refuse(whole.value)
    if not _is_python(whole.value):
        return
    places = dict(members(text, whole.start))
    for number, cell in enumerate(items(text, places["cells"].start), start=1):
        if isinstance(cell.value, dict) and _holds_python(cell.value):
            source = dict(members(text, cell.start))["source"]
            found = Cell(number, source)
            if found.text.strip() and not magics.is_foreign(found.lines):
                yield found


def _parsed(text: str) -> Value:
    try:
        return top(text)
    except RecursionError as error:
        raise NoNotebook("not valid JSON: nested too deeply") from error
    except ValueError as error:
        place = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        raise NoNotebook(f"not valid JSON, and so no notebook: {getattr(error, 'msg', error)}", *place) from error


def _refuse(notebook: Any) -> None:
    """Raise NoNotebook for what has no list of cells."""
    if not isinstance(notebook, dict):
        raise NoNotebook("it is no notebook: a notebook is a JSON object with a list of cells")
    version = notebook.get("nbformat")
    if "worksheets" in notebook or (isinstance(version, int) and version < OLDEST):
        raise NoNotebook(
            f"it is a notebook of version {version}, from before 2015: open it in Jupyter and save it, or convert it "
            "with `jupyter nbconvert --to notebook --inplace`"
        )
    if not isinstance(notebook.get("cells"), list):
        raise NoNotebook("it is no notebook: there is no list of cells in it")


def _is_python(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook is one for Python, as it is if it does not say otherwise."""
    about = _table(notebook, "metadata")
    said = _table(about, "language_info").get("name") or _table(about, "kernelspec").get("language")
    return not isinstance(said, str) or said.lower() in ("python", "ipython")


def _holds_python(cell: Mapping[str, Any]) -> bool:
    source = cell.get("source")
    is_text = isinstance(source, str) or (isinstance(source, list) and all(isinstance(part, str) for part in source))
    language = _table(_table(cell, "metadata"), "vscode").get("languageId", "python")
    return cell.get("cell_type") == "code" and is_text and bool(source) and language == "python"


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """With how many equal texts both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
