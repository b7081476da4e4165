"""One requirement as it is written: `pybit[extra]==5.14.0; python_version > "3.9" --hash=sha256:...`."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary.dependencies import Pinning

NAME = r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?"
CLAUSE = r"(?:===?|~=|!=|<=?|>=?)\s*[^\s,;()'\"#]+"
PIN = rf"{CLAUSE}(?:\s*,\s*{CLAUSE})*(?:\s*,)?"
REQUIREMENT = regex(  # blanks belong to what stands before them: where they may be two things' own, each is tried
    rf"\s*(?P<name>{NAME})\s*(?:\[[^\]\n]*\]\s*)?(?:(?P<pin>\(\s*{PIN}\s*\)|{PIN})\s*)?"
    r"(?P<rest>$|;[^\n]*|@\s+\S[^\n]*|--[^\n]*)"
)


class Entry(NamedTuple):
    """A requirement by its offsets in the file; `pin` is where its versions are written."""

    name: str
    start: int
    end: int
    pin: tuple[int, int] | None = None
    pinning: Pinning = Pinning.PLAIN


def requirement(text: str, start: int, pinning: Pinning = Pinning.PLAIN) -> Iterator[Entry]:
    """The requirement that a piece of text is, which begins at the offset `start`; none if it is something else."""
    match = REQUIREMENT.fullmatch(text.rstrip())
    if match is None:
        return
    if "--hash=" in match["rest"]:
        pinning = Pinning.HASHED
    elif match["rest"].startswith(";"):
        pinning = Pinning.CONDITIONAL
    pin = match["pin"]
    place = (start + match.start("pin"), start + match.start("pin") + len(pin.rstrip(", "))) if pin else None
    end = place[1] if place else start + match.end("name")
    yield Entry(match["name"], start + match.start("name"), end, place, pinning)
