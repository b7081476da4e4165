"""The places in the bot's own source that a traceback names."""

from __future__ import annotations

import re
from typing import NamedTuple

from bybit_lint.patterns import regex

FRAME = regex(
    r"File \"(?P<path>[^\"\n]{1,500})\", line (?P<line>\d{1,7})(?:, in (?P<function>[^\n]{1,200}))?"
    r"|File (?P<path2>(?:[A-Za-z]:)?[^:\"\n]{1,500}\.py):(?P<line2>\d{1,7}), in (?P<function2>[\w.<>]{1,99})"  # IPython
)
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
        return shown.strip() if shown[:1].isspace() else ""

    @property
    def is_own(self) -> bool:
        """True for a place in the bot, False for one in a package or in Python itself."""
        return not LIBRARY.search(self.path)


def frame_in(text: str) -> Frame | None:
    """The place that a line of a traceback names."""
    found = FRAME.search(text)
    if found is None:
        return None
    path, line, function = found.group("path", "line", "function")
    if path is None:
        path, line, function = found.group("path2", "line2", "function2")
    return Frame(path, int(line), (function or "").strip(), before=text[: found.start()])
