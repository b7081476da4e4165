"""Keys in a text of which nothing else is known: by their shape, or because a name beside them says what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bybit_lint.patterns import regex
from bybit_lint.redaction.words import ATOM, SHORTEST, is_made_of_words, is_random, known

NAME = r"(?:(?:api|private|access|auth)[-_ ]?key|secret|passw(?:or)?d|passphrase|token|credential)"
"""What a key is called, in any case."""
WEAK = r"(?:key|pwd|pass|signature|authorization|bearer|x-bapi-sign)"
"""What other things are called too: these hide nothing that is made of words."""
SIGNS = ("key", "secret", "pass", "token", "credential", "pwd", "sign", "authorization", "bearer")
"""One of these is part of each such name, in small letters; `private-` and `x-bapi-` may stand before it."""
LEAD = len("private-")
BLANK = r"\s{0,20}"
"""Everything is bounded here, because a line may be as long as its author likes."""
TEXT = r'(?:"(?:\\.|[^"\\\n])*"?|' + r"'(?:\\.|[^'\\\n])*'?)"
TEXTS = rf"[rbfuRBFU]{{0,2}}{TEXT}(?:{BLANK}(?:\+{BLANK})?[rbfuRBFU]{{0,2}}{TEXT})*"
EQUALS = rf"[\"']?\]?{BLANK}(?::{BLANK}[\w.| ]{{1,30}})?(?:=>|:=|==|=|:)|[\"']{BLANK},"
QUOTED = regex(rf"(?i:(?P<strong>{NAME})|\b{WEAK})\w{{0,30}}(?:{EQUALS}){BLANK}(?:\({BLANK})?(?P<texts>{TEXTS})")
BARE = regex(
    rf"(?i:{NAME}|\b{WEAK})\w{{0,30}}[\"']?(?:\s?[=:]\s?|\s)(?:(?i:basic|bearer|token) )?"
    r"(?P<bare>[\w+/.~%!@#$^*=-]{4,200})(?![\w(\[.])"
)
QUERY = regex(rf"(?i:[?&][\w-]{{0,30}}{NAME}\w{{0,30}})=(?P<value>[^&\s\"'{{}}#]+)")
PART = regex(r"(?:[^{]|\{(?![^{}]*\}))+")
"""What stands between the expressions of an f-string."""
PLACES = (QUOTED, QUERY, BARE)
PUBLIC = r"(?:(?:sha(?:1|256|384|512)|md5)[:=-]|GHSA-)"
"""What begins something that looks random and is for everybody to see."""
CHAIN = regex(
    r"\x1b\[[\d;]*m|%[0-9A-F]{2}"  # what a format has put in
    rf"|\b{PUBLIC}[\w+/=-]+|(?:\.git|\buses: [\w./-]{{1,100}})@[0-9a-f]{{7,40}}\b"
    r"|\b0(?:[xX][0-9a-fA-F]{1,16}|[bB][01]+)\b(?!-)"
    r"|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?"
    r"|(?<=://)(?P<user>[^/\s@\"'<>{}]+)(?=@)"
    r"|(?P<token>(?<!\d)\d{6,12}:[\w-]{30,}|(?<![\w-])(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|(?:sk|pk|rk)[-_](?:(?:live|test|proj|ant)[-_])?[\w-]{16,}|gh[a-z]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}"
    r"|xox[a-z]-[\w-]{8,}|AKIA[0-9A-Z]{12,}|AIza[\w-]{20,}|eyJ[\w-]{6,}(?:\.[\w-]+)+))"
    rf"|(?P<chain>[A-Za-z0-9]+(?:[-_/+:.=~]{{1,4}}(?<!://)(?!{PUBLIC})[A-Za-z0-9]+)*)"
)
TICKER = regex("[A-Z]{2,10}")
RUN = regex(r"[A-Za-z0-9]+")
PLACEHOLDER = regex(
    r"(?i:a|an|api|apikey|apisecret|bot|bybit|change|client|demo|env|here|id|insert|key|live|main|mainnet|me|my|of|or|"
    r"passphrase|passwd|password|private|public|put|secret|test|testnet|the|this|to|token|user|username|value|x|xx|"
    r"x{3,}|your)"
)
"""A word that stands for a key and is none."""


@lru_cache(maxsize=1 << 16)
def hide(text: str) -> str:
    """The text with an asterisk for every character of what is a key by its shape or by the name before it."""
    chars = None
    for start, end in (*_in_places(text), *_by_shape(text)):
        chars = chars or list(text)
        chars[start:end] = "*" * (end - start)
    return "".join(chars) if chars else text


def is_random_name(name: str) -> bool:
    """True for an identifier that `hide` would take for a key; nothing stands beside it that could say so."""
    return len(name) >= SHORTEST and next(_by_shape(name), None) is not None


def is_named(name: str, value: str) -> bool:
    """True where a name says that a value is a key, and the value is no placeholder."""
    if found := re.search(NAME, name, re.IGNORECASE):
        return not _is_spared(found[0], value)
    return re.fullmatch(rf"\w*?{WEAK}", name, re.IGNORECASE) is not None and not _is_plain(value)


def is_placeholder(value: str) -> bool:
    """True for nothing, for `{api_key}`, `<your key>` and the name of a setting."""
    bare = re.sub(r"[{<%][^{}<>%]{0,60}[}>s]", "", value)
    parts = [part for run in RUN.findall(bare) for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", run)]
    is_setting = bool(re.fullmatch(rf"[A-Z0-9_]*?{NAME.upper()}[A-Z0-9_]*", bare))
    return is_setting or all(PLACEHOLDER.fullmatch(part) for part in parts)


def _is_spared(name: str, value: str) -> bool:
    """True for what is no key even where one stands: a placeholder, an endpoint, and a coin where tokens are coins."""
    is_coin = name.lower().startswith("token") and TICKER.fullmatch(value)
    return is_placeholder(value) or bool(is_coin) or (value.startswith("/v5/") and _is_plain(value))


def _is_plain(value: str) -> bool:
    """True for what is made of words, and so for most expressions."""
    return is_placeholder(value) or all(is_made_of_words(run) for run in RUN.findall(value))


def _in_places(text: str) -> Iterator[tuple[int, int]]:
    names = signs(text)
    for place in PLACES if names else ():
        if place is QUERY and "?" not in text and "&" not in text:
            continue  # most texts hold none, and most runs need not compile it
        for found in place.finditer(text) if place is QUERY else named(place, text, names):
            for start, end in _values(found):
                value = text[start:end]
                is_sure = place is QUERY or (place is QUOTED and found["strong"])
                if not (_is_spared(found[0], value) if is_sure else _is_plain(value)):
                    yield start, end


def signs(text: str) -> list[int]:
    """Where something may be called as keys are."""
    # both are one letter for a pattern that takes letters of any case for the same
    small = (text if text.isascii() else text.replace("\u0130", "i").replace("\u017f", "s")).lower()
    return sorted(place for sign in SIGNS for place in _occurrences(sign, small))


def _occurrences(word: str, text: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def named(pattern: re.Pattern[str], text: str, signs: Sequence[int]) -> Iterator[re.Match[str]]:
    """What `finditer` finds of a pattern that begins with a name; to try it at every letter takes ten times as long."""
    end = 0
    for sign in signs:
        for start in range(max(end, sign - LEAD), sign + 1):
            if found := pattern.match(text, start):
                yield found
                end = found.end()
                break


def _values(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Where the values of a match stand, without their quotes."""
    (group,) = set(found.re.groupindex) - {"strong"}
    if group != "texts":
        yield found.span(group)
        return
    for text in re.finditer(TEXT, found[group]):
        start, end = (found.start(group) + offset for offset in text.span())
        is_closed = end - start > 1 and found.string[end - 1] == found.string[start]
        inside = found.string[start + 1 : end - 1 if is_closed else end]
        yield from ((start + 1 + part.start(), start + 1 + part.end()) for part in PART.finditer(inside))


def _by_shape(text: str) -> Iterator[tuple[int, int]]:
    for found in CHAIN.finditer(text):
        if chain := found["chain"]:
            if len(chain) >= SHORTEST:
                yield from _in_chain(chain, found.start())
        elif found["user"]:
            yield found.span("user")
        elif found["token"] and any(char.isdigit() or char.isupper() for char in found["token"]):
            yield found.span("token")


def _in_chain(chain: str, start: int) -> Iterator[tuple[int, int]]:
    """The parts of `one/two-three` that are random, and those beside them that are no words."""
    if chain.isalnum():  # one part, as nearly all are
        if is_random(chain):
            yield start, start + len(chain)
        return
    runs = list(RUN.finditer(chain))
    random = {number for number, run in enumerate(runs) if is_random(run[0])}
    if not random and _is_random_in_all([run[0] for run in runs]):
        random = {number for number, run in enumerate(runs) if not is_made_of_words(run[0])}
    if random:
        first, last = _spread(runs, min(random), -1), _spread(runs, max(random), 1)
        yield start + runs[first].start(), start + runs[last].end()


def _is_random_in_all(runs: list[str]) -> bool:
    mixed = [run for run in runs if not is_made_of_words(run)]
    return len(mixed) > 1 and sum(map(len, mixed)) >= SHORTEST


def _spread(runs: list[re.Match[str]], number: int, step: int) -> int:
    """The last run from here on that belongs to something random: up to the next word."""
    while 0 <= number + step < len(runs) and not _is_word(runs[number + step][0]):
        number += step
    return number


def _is_word(run: str) -> bool:
    atoms = [atom for atom in ATOM.findall(run) if atom.isalpha()]
    return bool(atoms) and all(len(atom) > 2 and atom.lower() in known() for atom in atoms)
