"""The one mask for everything that leaves the program: what is a key is shown as asterisks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, overload

from bybit_lint.analysis.source import Source, once_per_source
from bybit_lint.patterns import regex
from bybit_lint.redaction import shapes
from bybit_lint.redaction.words import is_random
from bybit_lint.tuples import NamedTuple

SPEAKING = regex(rb"(?i:" + shapes.NAME.encode() + rb")")
OWN = {"$schema", "help", "partialFingerprints", "fingerprint"}
"""What in a document is of our own making, and looks like a key or speaks of one."""


class Keys(NamedTuple):
    """What is to be hidden wherever it stands, and names that look like it and are none."""

    hidden: frozenset[str]
    shown: frozenset[str]


@once_per_source
def keys(source: Source) -> Keys:
    """The keys in a source."""
    from bybit_lint.redaction import places  # who finds all in the cache finds them there, too

    nodes = places.nodes(source)
    hidden = frozenset(filter(places.is_telling, places.keys(source, nodes)))
    return Keys(hidden, frozenset(filter(shapes.is_random_name, places.names(nodes))))


def remember(source: Source, found: Keys) -> None:
    """These are the keys in a source: nobody needs to look for them again."""
    source.derived[keys] = found


def placed(source: Source, found: Keys) -> list[list[tuple[int, int]]] | None:
    """Where in a source its keys stand, so that nobody needs to write them down; None if one does not stand there."""
    places = [[_place(source, text) for text in sorted(texts)] for texts in found]
    return None if any(start < 0 for kind in places for start, _ in kind) else places


def read_at(source: Source, places: Sequence[Sequence[Sequence[int]]]) -> Keys:
    """The keys that stand at some places of a source."""
    return Keys(*(frozenset(source.body[start:end].decode() for start, end in kind) for kind in places))


def _place(source: Source, text: str) -> tuple[int, int]:
    written = text.encode("utf-8", "surrogatepass")
    start = source.body.find(written)
    return start, start + len(written)


class Redactor:
    """Knows the keys in the sources of a run, and hides them and whatever looks like one in any text.

    A hidden text is as long as it was, so that columns stay right. What names a file or a thing in the code is shown.
    """

    def __init__(self) -> None:
        self._sources: list[Source] = []
        self._keys: set[str] = set()
        self._names: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self._kept: re.Pattern[str] | None = None
        self.hides_persons = False
        """True where a text is somebody's log, which may be passed on: addresses and names of home folders go, too."""

    def read(self, sources: Iterable[Source]) -> None:
        """These are the sources that may be told of; to look into all of them would take too long."""
        self._sources += sources

    def quote(self, paths: Iterable[str]) -> None:
        """Know the keys of these sources, of which lines and names are shown."""
        quoted = set(paths)
        sources = {source.path: source for source in self._sources if source.path in quoted}
        # a file of a project inside of another was read for both of them
        sources.update((source.path, source) for source in self._sources if keys in source.derived)
        for path in quoted & sources.keys():
            found = keys(sources[path])
            self._keys.update(found.hidden)
            self._names.update(found.shown)
        parts = {part for path in quoted for part in path.replace("\\", "/").split("/")}
        self._names.update(part for part in parts if shapes.hide(part) != part)
        self._compile()

    def suspect(self) -> None:
        """Know the keys of all sources that speak of any: what a crash tells may come from each of them."""
        for source in self._sources:
            if SPEAKING.search(source.data):
                self._keys.update(keys(source).hidden)
        self._compile()

    def _compile(self) -> None:
        keys = {*self._keys, *(key.replace("%", "%25") for key in self._keys)}  # as GitHub is told them
        keys |= {written for key in self._keys for written in _in_xml(key)}
        names = {*self._names, *map(_in_uri, self._names)}
        self._known = _alternatives(map(_wherever, keys))
        self._kept = _alternatives(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)

    def hide(self, text: str) -> str:
        """The text with an asterisk for each character of a key."""
        parts = self._kept.split(text) if self._kept else [text]
        parts[::2] = map(self._hidden, parts[::2])
        hidden = "".join(parts)
        if not self.hides_persons:
            return hidden
        from bybit_lint.redaction import personal

        return personal.hide(hidden)

    def lines(self, lines: Sequence[str]) -> Sequence[str]:
        """Lines of which each is hidden when somebody looks at it."""
        return _Lines(lines, self)

    def _hidden(self, text: str) -> str:
        if self._known:
            text = self._known.sub(lambda found: "*" * len(found[0]), text)
        return shapes.hide(text)

    def hide_in(self, document: Any) -> Any:
        """The same for every text in what becomes JSON."""
        if isinstance(document, str):
            return self.hide(document)
        if isinstance(document, list):
            return [self.hide_in(item) for item in document]
        if isinstance(document, dict):
            return {key: item if key in OWN else self.hide_in(item) for key, item in document.items()}
        return document


class _Lines(Sequence[str]):
    def __init__(self, lines: Sequence[str], redactor: Redactor) -> None:
        self._plain = lines
        self._hide = cache(redactor.hide)  # lines can be long, and have many findings

    def __len__(self) -> int:
        return len(self._plain)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        found = self._plain[place]
        return self._hide(found) if isinstance(found, str) else list(map(self._hide, found))


def _in_uri(name: str) -> str:
    """A name as it is written in URIs."""
    from urllib.parse import quote

    return quote(name)


def _in_xml(key: str) -> tuple[str, str, str]:
    """A key as it is written in XML and HTML: between tags, and in the attributes of either."""
    text = key.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = text.replace('"', "&quot;")
    return text, quoted, quoted.replace("'", "&#x27;")


def _wherever(key: str) -> str:
    """A pattern for a key: anywhere if nothing else looks like it, else only as a text of its own."""
    escaped = re.escape(key)
    return escaped if any(map(is_random, shapes.RUN.findall(key))) else rf"(?<=[\"'{{}}]){escaped}(?=[\"'{{}}])"


def _alternatives(patterns: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(set(patterns), key=lambda pattern: (-len(pattern), pattern))
    return re.compile(f"({'|'.join(longest_first)})") if longest_first else None
