"""The findings that a bot had when it began to be checked: a file of fingerprints, each with how often it was there.

A finding is known again wherever its lines move to in its file. Where its function, or its whole file, moved or was
called otherwise, its entry goes with it, but only as far as the code is no longer where it was: a copy is new.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from bybit_lint.analysis.source import Source
from bybit_lint.inputs import files, reading
from bybit_lint.inputs.fingerprints import Fingerprint, fingerprint_of, occurrences
from bybit_lint.inputs.selection import Misunderstood
from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Finding

NAME = "bybit-lint-baseline.json"
VERSION = 1
NEVER = {"BYB001"}
"""What is not accepted: in a file that cannot be read nobody knows what there is."""
KEYS = {"rule": str, "path": str, "function": str, "code": str, "count": int}
RULE = regex(r"BYB\d{3}")
CODE = regex(r"sha256:[0-9a-f]{16}")


class BadBaseline(Misunderstood):
    """The file cannot be used; the message names it and says what to do."""


class Sifted(NamedTuple):
    """What a baseline makes of the findings of a run."""

    new: list[Finding]
    accepted: Counter[Fingerprint]
    """The entries that stand for a finding of the run, as they are written down."""
    present: Counter[Fingerprint]
    """The accepted findings as they are known now."""


class Baseline(NamedTuple):
    """A file, and how often each finding is accepted."""

    path: str
    entries: Counter[Fingerprint]

    @property
    def folder(self) -> str:
        """Where its paths count from."""
        return os.path.dirname(files.absolute(self.path))

    def sift(self, findings: Iterable[Finding], source_of: Callable[[str], Source | None]) -> Sifted:
        """The findings that are not in it, in the same order, and what was used for the others.

        Of several that are alike, the first ones are accepted. `source_of` gives a source of the run by its path.
        """
        known = [(finding, self.known(finding, source_of)) for finding in findings]
        left, present = self.entries.copy(), Counter[Fingerprint]()
        accepted: dict[int, Fingerprint] = {}
        for number, (_, fingerprint) in enumerate(known):
            if fingerprint and left[fingerprint] > 0:
                left[fingerprint] -= 1
                accepted[number] = fingerprint
        moved = _Moved(self, left, source_of)
        for number, (_, fingerprint) in enumerate(known):
            if fingerprint and number not in accepted and (entry := moved.entry_for(fingerprint)):
                accepted[number] = entry
        present.update(
            fingerprint for number, (_, fingerprint) in enumerate(known) if fingerprint and number in accepted
        )
        new = [finding for number, (finding, _) in enumerate(known) if number not in accepted]
        return Sifted(new, Counter(accepted.values()), present)

    def known(self, finding: Finding, source_of: Callable[[str], Source | None]) -> Fingerprint | None:
        """What a finding is known by; None for one that is never accepted."""
        source = None if finding.code in NEVER else source_of(finding.span.path)
        return fingerprint_of(finding, source, self.folder) if source else None

    def stale(
        self, accepted: Mapping[Fingerprint, int], is_judged: Callable[[Fingerprint], bool]
    ) -> Counter[Fingerprint]:
        """The entries that stand for nothing any more, and how often.

        That is known of those whose file is gone, and of those whose rule and file were asked for.
        """
        left = self.entries - Counter(accepted)
        return Counter({entry: count for entry, count in left.items() if self._is_gone(entry.path) or is_judged(entry)})

    def _is_gone(self, place: str) -> bool:
        return not os.path.lexists(os.path.join(self.folder, place))


class _Moved:
    """The entries whose code is no longer where it was, for the findings whose code was not there before."""

    def __init__(
        self, baseline: Baseline, left: Counter[Fingerprint], source_of: Callable[[str], Source | None]
    ) -> None:
        self.baseline, self.left, self.source_of = baseline, left, source_of
        self.by_code: dict[tuple[str, str], list[Fingerprint]] = {}
        for fingerprint in sorted(left):
            if left[fingerprint] > 0:
                self.by_code.setdefault((fingerprint.rule, fingerprint.code), []).append(fingerprint)
        self.sources: dict[str, Source | None] = {}

    def entry_for(self, fingerprint: Fingerprint) -> Fingerprint | None:
        """The entry that a finding takes along, which is then used up."""
        entries = self.by_code.get((fingerprint.rule, fingerprint.code), ())
        for entry in sorted(
            entries, key=lambda entry: (entry.path != fingerprint.path, entry.function != fingerprint.function)
        ):
            if self._may_be(entry, fingerprint) and self._free(entry) > 0:
                self.left[entry] -= 1
                return entry
        return None

    def _may_be(self, entry: Fingerprint, fingerprint: Fingerprint) -> bool:
        """In the same file under whichever name of the function, elsewhere under the same: that has to be one."""
        if entry.path == fingerprint.path:
            return True
        return entry.function == fingerprint.function and (entry.function != "" or self._source(entry.path) is None)

    def _free(self, entry: Fingerprint) -> int:
        """How many of an entry's findings are neither accepted yet nor can still be where it says."""
        source = self._source(entry.path)
        there = occurrences(source)[entry.function, entry.code] if source else 0
        used = self.baseline.entries[entry] - self.left[entry]
        return self.left[entry] - max(there - used, 0)

    def _source(self, place: str) -> Source | None:
        """The file of an entry, be it of the run or not; None if there is none to be read."""
        if place not in self.sources:
            path = os.path.join(self.baseline.folder, place)
            self.sources[place] = self.source_of(files.shown(path)) or _on_disk(path)
        return self.sources[place]


def _on_disk(path: str) -> Source | None:
    try:
        return Source.of_file(files.shown(path), reading.read(path))
    except OSError:
        return None


# --- the file ---------------------------------------------------------------------------------------------------------


def read(path: str) -> Baseline:
    """The baseline in a file. Raises BadBaseline."""
    shown = files.shown(os.path.abspath(path))
    try:
        data = reading.read(path)
    except FileNotFoundError as error:
        raise BadBaseline(f"{shown}: there is no such baseline; `bybit-lint baseline` writes it") from error
    except OSError as error:
        raise BadBaseline(f"{shown}: cannot be read: {error.strerror}") from error
    try:
        return Baseline(path, _entries(json.loads(data)))
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, or not what we write
        reason = str(error) if isinstance(error, _Wrong) else "it is no valid JSON; was there a conflict in a merge?"
        again = "take it away and run `bybit-lint baseline` to write it anew"
        raise BadBaseline(f"{shown}: cannot be used as a baseline: {reason}; {again}") from error


class _Wrong(ValueError):
    """What in a baseline is not as we write it."""


def _entries(document: Any) -> Counter[Fingerprint]:
    if not isinstance(document, dict) or "version" not in document:
        raise _Wrong("it has no version")
    if document["version"] != VERSION:
        raise _Wrong("it is of another version of bybit-lint")
    rows = document.get("findings")
    if not isinstance(rows, list) or document.keys() != {"version", "findings"}:
        raise _Wrong("beside the version there must be the list `findings`, and nothing else")
    found: Counter[Fingerprint] = Counter()
    for number, row in enumerate(rows, start=1):
        if not _is_entry(row):
            raise _Wrong(f"entry {number} is not as it was written (rule, path, function, code, count)")
        fingerprint = Fingerprint(row["rule"], row["path"], row["function"], row["code"])
        found[fingerprint] += row["count"]
    return found


def _is_entry(row: object) -> bool:
    if not isinstance(row, dict) or row.keys() != KEYS.keys():
        return False
    has_types = all(type(row[key]) is kind for key, kind in KEYS.items())
    if not has_types or row["count"] < 1 or "\0" in row["path"]:
        return False
    return bool(RULE.fullmatch(row["rule"]) and CODE.fullmatch(row["code"]))


def text(entries: Mapping[Fingerprint, int]) -> str:
    """What is written down: an entry a line, sorted, so that two branches seldom change the same one."""
    return "\n".join(('{"version": 1, "findings": [', *_rows(entries), "]}", ""))


def _rows(entries: Mapping[Fingerprint, int]) -> Iterator[str]:
    rows: Sequence[str] = [
        json.dumps({**fingerprint._asdict(), "count": count})
        for fingerprint, count in sorted(entries.items(), key=lambda item: (item[0].path, item[0]))
        if count > 0
    ]
    yield from (f"  {row}," for row in rows[:-1])
    yield from (f"  {row}" for row in rows[-1:])
