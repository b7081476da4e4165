"""How far the tool sees, as text and as JSON: the calls with what is not known of them, then all of it in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bybit_lint.report import Cell, printable, slashed
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary.sight import DEAD, Blind, Candidate, Gap, Link, Seen


class Table:
    """The candidates of a run in numbers."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.foreign: Counter[str] = Counter()
        self.links: dict[Link, list[Seen]] = {link: [] for link in Link}
        self.gaps: Counter[Gap] = Counter()
        self.lost: dict[Gap, Counter[Link]] = {}
        for candidate in candidates:
            self._count(candidate)

    def _count(self, candidate: Candidate) -> None:
        if candidate.foreign is not None:
            self.foreign[candidate.foreign.value] += 1
            return
        for seen in candidate.links:
            self.links[seen.link].append(seen)
        for seen in candidate.gaps():
            if seen.blind is not None:
                self.gaps[seen.blind.gap] += 1
                self.lost.setdefault(seen.blind.gap, Counter())[seen.link] += 1

    def known(self, link: Link) -> int:
        """Of how many calls or arguments a link is known on all ways."""
        return sum(seen.is_known for seen in self.links[link])

    def partly(self, link: Link) -> int:
        """Of how many it is known on some ways only."""
        return sum(seen.is_partly_known for seen in self.links[link])

    def dead(self, link: Link) -> int:
        """Of how many it is not known because no code of the project runs what is asked about."""
        return sum(seen.blind is not None and seen.blind.gap in DEAD for seen in self.links[link])

    def found(self, link: Link) -> Counter[str]:
        """What was found, and how often."""
        return Counter(word for seen in self.links[link] for word in seen.found)

    def costliest(self) -> list[Gap]:
        """The reasons, those first that cost the most links."""
        return sorted(self.gaps, key=lambda gap: (-self.gaps[gap], gap.name))


class Sight(NamedTuple):
    """What a run has to tell."""

    files: Mapping[str, Sequence[Candidate]]
    """The candidates, by file; a file that has nothing to do with Bybit is none of them."""
    named: int
    """How many files of code were named."""
    read: int
    """How many of them were read."""
    problems: Sequence[str] = ()
    cells: Mapping[str, Cell] = MappingProxyType({})
    """The cells of notebooks by their names, which places have for a path."""

    @property
    def table(self) -> Table:
        """All of it in numbers."""
        return Table(candidate for found in self.files.values() for candidate in found)


def text(sight: Sight) -> str:
    """The calls of which something is not known, by file, and the table at the end."""
    calls = [line for found in sight.files.values() for candidate in found for line in _lines(candidate)]
    return "".join(f"{line}\n" for line in (*calls, *([""] if calls else []), *_table(sight)))


def _lines(candidate: Candidate) -> Iterator[str]:
    gaps = [*candidate.gaps()]
    if candidate.foreign is not None or not gaps:
        return
    span = candidate.span
    whole = {seen.blind.sentence for seen in gaps if seen.blind is not None}
    told = whole if gaps[0].link is Link.RECEIVER else [_told(seen) for seen in gaps]
    for words in told:
        yield printable(f"{span.path}:{span.line}:{span.column}  {candidate.call}: {words}")


def _told(seen: Seen) -> str:
    what = seen.name or {Link.ENDPOINT: "endpoint", Link.NETWORK: "network"}.get(seen.link, seen.link.value)
    partly = f" (on other ways: {', '.join(seen.found)})" if seen.is_partly_known else ""
    return f"{what}: {seen.blind.sentence if seen.blind else ''}{partly}"


def _table(sight: Sight) -> Iterator[str]:
    table = sight.table
    rest = "; the others neither speak of Bybit nor are linked to one that does" if sight.read < sight.named else ""
    yield f"{'files':22}{sight.read} of {sight.named} read{rest}"
    for link in Link:
        yield f"{link.value:22}{_share(table, link)}{_detail(table, link)}"
    whose = ", ".join(f"{count} {what}" for what, count in table.foreign.most_common())
    yield f"{'not of Bybit':22}{table.foreign.total()} calls{f': {whose}' if whose else ''}"
    if table.gaps:
        yield ""
        yield "what is not known, the costliest reason first"
    for gap in table.costliest():
        lost = ", ".join(f"{count} {link.value}" for link, count in sorted(table.lost[gap].items(), key=_by_count))
        yield f"{table.gaps[gap]:6}  {Blind(gap).sentence}: {lost}"


def _by_count(item: tuple[Link, int]) -> tuple[int, str]:
    return -item[1], item[0].value


def _share(table: Table, link: Link) -> str:
    every, known, partly, dead = len(table.links[link]), table.known(link), table.partly(link), table.dead(link)
    share = f" ({known / every:.0%})" if every else ""
    more = f", {partly} more on some ways" if partly else ""
    running = f"; {known / (every - dead):.0%} without {dead} of code that nobody calls" if dead and known else ""
    return f"{known} of {every} known{share}{more}{running}"


def _detail(table: Table, link: Link) -> str:
    found = table.found(link) if link is not Link.ENDPOINT and link is not Link.ARGUMENT else Counter()
    return "".join(f"; {word} {count}" for word, count in found.most_common())


def document(sight: Sight) -> dict[str, Any]:
    """All of it as one JSON document, by file."""
    files = [
        {"path": slashed(p), "calls": [_call(c, sight.cells) for c in found]}
        for p, found in sight.files.items()
        if found
    ]
    counted = {"files": {"named": sight.named, "read": sight.read}, **_numbers(sight.table)}
    return {"version": 1, "files": files, "summary": counted, "problems": [*sight.problems]}


def _call(candidate: Candidate, cells: Mapping[str, Cell]) -> dict[str, Any]:
    cell = cells.get(candidate.span.path)
    return {
        **({"cell": cell.number} if cell else {}),
        "line": candidate.span.line,
        "column": candidate.span.column,
        "call": candidate.call,
        "not_of_bybit": candidate.foreign.value if candidate.foreign else None,
        "links": [_link(seen) for seen in candidate.links],
        "around": candidate.callers,
        "answer": candidate.answer,
    }


def _link(seen: Seen) -> dict[str, Any]:
    return {
        "link": seen.link.name.lower(),
        "name": seen.name,
        "is_known": seen.is_known,
        "found": [*seen.found],
        "reason": seen.blind.gap.name.lower() if seen.blind else None,
        "because": seen.blind.sentence if seen.blind else None,
    }


def _numbers(table: Table) -> dict[str, Any]:
    links = {
        link.name.lower(): {
            "all": len(table.links[link]),
            "known": table.known(link),
            "partly": table.partly(link),
            "dead": table.dead(link),
            "found": dict(table.found(link).most_common()),
        }
        for link in Link
    }
    reasons = [
        {
            "reason": gap.name.lower(),
            "says": Blind(gap).sentence,
            "lost": table.gaps[gap],
            "by_link": {link.name.lower(): count for link, count in sorted(table.lost[gap].items(), key=_by_count)},
        }
        for gap in table.costliest()
    ]
    return {"links": links, "not_of_bybit": dict(table.foreign.most_common()), "reasons": reasons}
