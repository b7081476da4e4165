"""The places in the bot's own source that a traceback names."""

from __future__ import annotations

import re

from bybit_lint.patterns import regex
from bybit_lint.tuples import NamedTuple

FRAME = regex(
    r"File \"(?P<path>[^\"\n]{1,500})\", line (?P<line>\d{1,7})(?:, in (?P<function>[^\n]{1,200}))?"
    r"|File (?P<path2>(?:[A-Za-z]:)?[^:\"\n]{1,500}\.py):(?P<line2>\d{1,7}), in (?P<function2>[\w.<>]{1,99})"  # IPython
    r"|(?P<path3>Cell In ?\[\d{1,7}\]), line (?P<line3>\d{1,7})(?:, in (?P<function3>[\w.<>]{1,99}))?"  # since 8.7
    r"|(?P<path4>Input In \[\d{1,7}\]), in <cell line: (?P<line4>\d{1,7})>"  # since 8.0
)
WAYS = ("", "2", "3", "4")
CELL = regex(r"(?:Cell|Input) In ?\[\d+\]")
NUMBERED = regex(r"(?P<arrow>-+>)?\s*\d+(?:\s(?P<code>.*))?")
"""A line of source as IPython shows it: with its number, and an arrow before the one that it is about."""
DIGIT = regex(r"\d")
LIBRARY = regex(r"(?i)site-packages|dist-packages|[\\/]lib[\\/]python\d|[\\/]python\d+[\\/]lib[\\/]|^<")
"""What is no part of a bot: packages, Python itself, code without a file."""


class Frame(NamedTuple):
    """One place of a traceback. `path` is as the machine that wrote it has it."""

    path: str
    line: int
    function: str
    code: str = ""
    """The line of source that the traceback shows, empty where it shows none."""
    before: str = ""
    """What stands before it in its line: a container's name, a time, blanks."""

    @property
    def parts(self) -> list[str]:
        """The folders and the name of the file, whichever system it is on."""
        return [part for part in re.split(r"[\\/]+", self.path) if part not in ("", ".", "..", "~")]

    def code_in(self, text: str) -> str:
        """The line of source that the next line of the log shows of it, empty if that is another kind of line."""
        prefix = self.before.rstrip()
        is_alike = DIGIT.sub("0", text[: len(prefix)]) == DIGIT.sub("0", prefix)
        shown = text[len(prefix) :] if is_alike else ""
        if found := NUMBERED.fullmatch(shown.strip()):
            return (found["code"] or "").strip() if found["arrow"] else ""
        return shown.strip() if shown[:1].isspace() else ""

    def goes_on(self, text: str) -> bool:
        """Whether a line of the log shows a line of source around that of the place."""
        found = NUMBERED.fullmatch(text[len(self.before.rstrip()) :].strip())
        return found is not None and not found["arrow"]

    @property
    def is_cell(self) -> bool:
        """True for a place in a cell of a notebook whose file nobody names: `Cell In[2]` was the second to be run."""
        return CELL.fullmatch(self.path) is not None

    @property
    def is_own(self) -> bool:
        """True for a place in the bot, False for one in a package or in Python itself."""
        return not LIBRARY.search(self.path)


def frame_in(text: str) -> Frame | None:
    """The place that a line of a traceback names."""
    found = FRAME.search(text)
    if found is None:
        return None
    way = next(way for way in WAYS if found[f"path{way}"])
    path, line = found.group(f"path{way}", f"line{way}")
    function = found.groupdict().get(f"function{way}")
    return Frame(path, int(line), (function or "").strip(), before=text[: found.start()])
