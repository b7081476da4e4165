"""What a Dockerfile installs with pip, on lines of its own or in the documents it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bybit_lint.analysis.manifests.entries import Entry, requirement
from bybit_lint.analysis.manifests.requirements import joined
from bybit_lint.patterns import regex

COMMENT_LINE = regex(r"^[ \t]*#[^\r\n]*\r?\n", re.MULTILINE)
INSTALL = regex(r"\bpip[\d.]*\s+install\b([^\r\n;|&#]*)")
WORD = regex(r"\"([^\"]*)\"|'([^']*)'|([^\s\"']+)")
VALUED = {"-c", "-e", "-f", "-i", "-r", "-t", "--constraint", "--extra-index-url", "--find-links", "--index-url"}
VALUED |= {"--platform", "--prefix", "--python", "--requirement", "--root", "--target", "--trusted-host"}


def dockerfile(text: str) -> Iterator[Entry]:
    """The requirements among the words after `pip install`; comments between continued lines do not end them."""
    plain = joined(COMMENT_LINE.sub(lambda match: " " * len(match[0]), text))
    for command in INSTALL.finditer(plain):
        before = ""
        for word in WORD.finditer(command[1]):
            inside = next(number for number in (1, 2, 3) if word[number] is not None)
            if not word[inside].startswith("-") and before not in VALUED:
                yield from requirement(word[inside], command.start(1) + word.start(inside))
            before = word[inside]
