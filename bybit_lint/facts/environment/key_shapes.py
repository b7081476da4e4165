"""What keys look like that Bybit has given out."""

from __future__ import annotations

import re

from bybit_lint.patterns import regex

SHORTEST, LONGEST = 16, 64
"""Characters of a key."""
PART = regex(r"[A-Z]*[a-z]+|[0-9]+|[A-Z]+")
LETTERS, DIGIT = (regex("[a-z]"), regex("[A-Z]")), regex("[0-9]")
WORD = 3
"""Characters that the parts of something written by a person have on average, or more; random text has two."""
LONG = 30
"""No name that somebody thought of is as long as this; among so many characters there may be a run of letters."""
VARIETY = 9
"""Different characters that something random of this length has at least."""
PLACEHOLDER = regex(r"your|xxxx|test|demo|sample|example|dummy|fake|mock|change|insert|holder|secret", re.IGNORECASE)


def is_random(text: str) -> bool:
    """True for what nobody would have typed: small and capital letters and digits, in no order and no words."""
    is_scattered = len(text) < (WORD + (len(text) >= LONG)) * len(PART.findall(text))
    return is_scattered and is_mixed(text)


def is_mixed(text: str) -> bool:
    """True for what has all that random text has, though perhaps in words."""
    return DIGIT.search(text) is not None and is_of_letters(text)


def is_of_letters(text: str) -> bool:
    """True for what may be random text as well, of which one in twenty keys has no digit."""
    is_long = SHORTEST <= len(text) <= LONGEST and text.isalnum()
    has_all = is_long and all(kind.search(text) for kind in LETTERS)
    return has_all and len(set(text)) >= VARIETY and not PLACEHOLDER.search(text)
