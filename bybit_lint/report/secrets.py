"""Hides in a line of source what may be an API key, and nothing else."""

from __future__ import annotations

import re

RUN = re.compile(r"[A-Za-z0-9]{16,}")
PART = re.compile(r"[A-Z]*[a-z]+|V?[0-9]+|[A-Z]+")
WORD = 4  # characters that the parts of a name have on average; of random text, two


def mask(line: str) -> str:
    """The line with every key-like run of letters and digits as equally many asterisks.

    Keys are random letters and digits; how many is not documented. Next to a quote every mixture of the two is taken
    for one; elsewhere only what is not made of words, so that the names in the code stay readable.
    """
    return RUN.sub(_hidden, line)


def _hidden(match: re.Match[str]) -> str:
    run, (start, end) = match[0], match.span()
    is_quoted = {match.string[start - 1 : start], match.string[end : end + 1]} & {"'", '"'}
    is_mixture = not run.isalpha() and not run.isdigit()
    return "*" * len(run) if _is_random(run) or (is_quoted and is_mixture) else run


def _is_random(run: str) -> bool:
    return len(run) < WORD * len(PART.findall(run))
