"""What a run of letters and digits is made of: words, as in names and sentences, or chance, as in keys."""

from __future__ import annotations

import os
from functools import cache

from bybit_lint.patterns import regex

SHORTEST = 8
"""Letters and digits of what may be called random wherever it stands; among fewer, chance makes words."""
ATOM = regex(r"[0-9]{1,3}[hmd](?![a-z])|[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
UNSAID = regex(r"[^aeiouy]{4}|[aeiouy]{3}|^[^aeiouy]+$")
"""What cannot be said aloud; the rest may be a word that no list has."""
SPOKEN = 5
SHORT_WORDS = {"as", "at", "by", "cp", "db", "id", "in", "io", "is", "ma", "my", "no", "of", "on", "or", "os", "py"}
SHORT_WORDS |= {"im", "mm", "mp", "rc", "sl", "to", "tp", "tx", "ui", "up", "ws"}
FRAME = regex(r"[A-Za-z]{1,2}\d{1,2}|\d{1,3}[A-Za-z]")
"""`v5`, `M15`, `4h`: too short to be a part of anything random."""
SYMBOL = regex(r"\d{0,8}[A-Z][A-Z0-9]{1,11}(?:USD[TCE]?|PERP|EUR)(?:[FGHJKMNQUVXZ]\d\d)?")
VERSION = regex(r"(?<=[a-z])[vV]\d{1,2}$")


@cache
def known() -> frozenset[str]:
    """The words that names and sentences about trading are made of, in lower case; `tools/words.py` collects them."""
    with open(os.path.join(os.path.dirname(__file__), "words.txt"), encoding="utf-8") as words:  # pathlib takes 4 ms
        return frozenset(words.read().split())


@cache
def is_random(run: str) -> bool:
    """True for letters and digits that nobody would have typed: most of it is in no word, and it has no other order.

    Of 100,000 keys with small and capital letters and digits two or three have words enough by chance if they are 8
    long, and none from 14 on.
    """
    return len(run) >= SHORTEST and not is_made_of_words(run)


@cache
def is_made_of_words(run: str) -> bool:
    """True for letters and digits that are a name, a word or a number."""
    run = VERSION.sub("", run)
    atoms = ATOM.findall(run)
    words = [atom for atom in atoms if atom.isalpha()]
    digits = len(run) - sum(map(len, words))
    if len(atoms) < 2 or run.lower() in known() or FRAME.fullmatch(run) or SYMBOL.fullmatch(run):
        return True
    if 3 * sum(len(word) for word in words if len(word) > 3 and word.lower() in known()) >= 2 * len(run):
        return True
    if digits:
        return 2 * digits <= len(run) and all(map(_is_known, words))
    return _has_long_atoms(run, atoms) or all(_is_known(word) or _is_spoken(word) for word in words)


def _has_long_atoms(run: str, atoms: list[str]) -> bool:
    are_said = all(atom.lower() in known() or not UNSAID.search(atom.lower()) for atom in atoms)
    return are_said and min(map(len, atoms)) >= 3 and len(run) >= 4 * len(atoms)


def _is_known(word: str) -> bool:
    return word.lower() in known() or word.lower() in SHORT_WORDS


def _is_spoken(word: str) -> bool:
    return len(word) >= SPOKEN and not word[1:].isupper() and not UNSAID.search(word.lower())
