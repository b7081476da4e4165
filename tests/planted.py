"""Made-up keys of every usual shape, and bots in which they stand where keys stand in bots."""

from __future__ import annotations

import string
import uuid
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

LETTERS_DIGITS = string.ascii_letters + string.digits
CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits)


class Shape(NamedTuple):
    """How a kind of key is made, and between which lengths it is one wherever it stands."""

    made: Callable[[Random, int], str]
    shortest: int = 8
    longest: int = 64


def drawn(alphabet: str, *classes: str) -> Callable[[Random, int], str]:
    """Characters by chance, some of each class, and a letter or digit at both ends."""

    def made(chance: Random, length: int) -> str:
        while True:
            key = "".join(chance.choices(alphabet, k=length))
            if key[0].isalnum() and key[-1].isalnum() and all(set(key) & set(some) for some in classes):
                return key

    return made


def after(prefix: str, made: Callable[[Random, int], str]) -> Callable[[Random, int], str]:
    return lambda chance, length: prefix + made(chance, length)


def _jwt(chance: Random, length: int) -> str:
    part = drawn(f"{LETTERS_DIGITS}-_", *CLASSES)
    return f"eyJ{part(chance, 20)}.{part(chance, length)}.{part(chance, 43)}"


MIXED = drawn(LETTERS_DIGITS, *CLASSES)
SHAPES = {
    "letters and digits": Shape(MIXED),
    "Bybit key": Shape(MIXED, 18, 18),
    "Bybit secret": Shape(MIXED, 36, 36),
    "small letters and digits": Shape(drawn(string.ascii_lowercase + string.digits, *CLASSES[::2]), 12),
    "base32": Shape(drawn(string.ascii_uppercase + "234567", string.ascii_uppercase, "234567"), 12),
    "base64": Shape(drawn(f"{LETTERS_DIGITS}+/", *CLASSES), 12),
    "base64url": Shape(drawn(f"{LETTERS_DIGITS}-_", *CLASSES), 12),
    "with signs": Shape(drawn(f"{LETTERS_DIGITS}-_/+:.=", *CLASSES), 16),
    "hex": Shape(drawn("0123456789abcdef", "abcdef", string.digits), 12),
    "HEX": Shape(drawn("0123456789ABCDEF", "ABCDEF", string.digits), 12),
    "UUID": Shape(lambda chance, _: str(uuid.UUID(int=chance.getrandbits(128))), 36, 36),
    "Telegram": Shape(
        lambda chance, _: f"{chance.randrange(10**8, 10**10)}:AA{drawn(LETTERS_DIGITS + '-_', *CLASSES)(chance, 33)}"
    ),
    "AWS id": Shape(after("AK" + "IA", drawn(string.ascii_uppercase + string.digits)), 16, 16),
    "AWS secret": Shape(drawn(f"{LETTERS_DIGITS}+/", *CLASSES), 40, 40),
    "OpenAI": Shape(after("s" + "k-", MIXED), 20),
    "OpenAI of a project": Shape(after("s" + "k-proj-", drawn(f"{LETTERS_DIGITS}-_", *CLASSES)), 40),
    "GitHub": Shape(after("gh" + "p_", MIXED), 36, 36),
    "Slack": Shape(after("xo" + "xb-", MIXED), 24, 48),
    "JWT": Shape(_jwt, 24, 64),
}
QUIET = {
    "words": Shape(lambda chance, _: "".join(chance.sample(("horse", "staple", "battery", "correct", "winter"), 2))),
    "a word": Shape(lambda chance, _: chance.choice(("hunter", "schnitzel", "abracadabra", "letmein"))),
    "short": Shape(MIXED, 4, 7),
    "short letters": Shape(drawn(string.ascii_lowercase), 5, 9),
    "digits": Shape(drawn(string.digits), 5, 16),
    "long letters": Shape(drawn(string.ascii_letters), 8),
}
"""What looks like no key, and is one only where it is called so."""


class Plant(NamedTuple):
    """A line of a bot with a key in it, and the texts that would show it."""

    place: str
    shape: str
    code: str
    secrets: Sequence[str]


CLIENT = 'HTTP(testnet="False")'
NAMED = {
    "argument": 's = HTTP(testnet="False", api_key="{}")',
    "secret argument": "s = HTTP(testnet=\"False\", api_secret='{}')",
    "variable": 'BYBIT_API_SECRET = "{}"; s = ' + CLIENT,
    "attribute": 'config.password = "{}"; s = ' + CLIENT,
    "annotated": 'api_key: str = "{}"; s = ' + CLIENT,
    "bytes": 'api_secret = b"{}"; s = ' + CLIENT,
    "wrapped": 'api_secret = SecretStr("{}").get_secret_value(); s = ' + CLIENT,
    "encoded": 'secret_key = "{}".encode("utf-8"); s = ' + CLIENT,
    "dict": 'KEYS = {{"secret": "{}"}}; s = ' + CLIENT,
    "deep dict": 'KEYS = {{"live": {{"passphrase": "{}"}}}}; s = ' + CLIENT,
    "item": 'os.environ["API_KEY"] = "{}"; s = ' + CLIENT,
    "default of the environment": 's = HTTP(testnet="False", api_key=os.getenv("BYBIT_API_KEY", "{}"))',
    "or": 's = HTTP(testnet="False", api_secret=os.getenv("SECRET") or "{}")',
    "header": 'headers = {{"X-BAPI-API-KEY": "{}"}}; s = ' + CLIENT,
    "pair": 'headers = [("Authorization-Token", "{}")]; s = ' + CLIENT,
    "unpacked": 'api_key, api_secret = "{0}", "{0}"; s = ' + CLIENT,
    "default": 'connect = lambda token="{}": ' + CLIENT,
    "compared": 'if password == "{}": s = ' + CLIENT,
    "own function": 's = connect("{}", ' + CLIENT + ")",
    "user in a URL": 'proxy = "http://user:{}@10.0.0.1:8080"; s = ' + CLIENT,
    "query of a URL": 'url = f"https://api.bybit.com/v5/order?api_key={}&x={{x}}"; s = ' + CLIENT,
}
BARE = {
    "neutral variable": 'x = "{}"; s = ' + CLIENT,
    "positional": 's = load("{}", ' + CLIENT + ")",
    "list": 'x = ["a", "{}"]; s = ' + CLIENT,
    "comment": "s = " + CLIENT + "  # was {}",
    "comment with a name": "s = " + CLIENT + "  # api_key: {}",
    "bare in code": "s = " + CLIENT + "  #{}",
    "f-string": 'x = f"{{a}}:{}{{b}}"; s = ' + CLIENT,
    "in a sentence": 'log.info("signed in with {} today"); s = ' + CLIENT,
    "Telegram URL": 'x = "https://api.telegram.org/bot{}/sendMessage"; s = ' + CLIENT,
    "value in a message": "s = " + CLIENT + '; s.place_order(category="{}", symbol="BTCUSDT", side="Buy")',
    "docstring": 's = connect("""\n{}\n""", ' + CLIENT + ")",
}
HEAD = """\
import os
from pybit.unified_trading import HTTP
def connect(passphrase, other=None): return other
"""


def named(chance: Random) -> Iterator[Plant]:
    """A key of some shape at each place that says what it is."""
    for place, code in NAMED.items():
        shape = chance.choice([*SHAPES, *QUIET])
        key = _key(chance, shape)
        if "URL" in place:
            key = key.replace("/", "-").replace("=", "-")
        yield Plant(place, shape, code.format(key), windows(key))
    yield from _written_in_parts(chance, "named")
    yield _escaped(chance)


def bare(chance: Random) -> Iterator[Plant]:
    """A key at each place that says nothing; of a shape that says it."""
    for place, code in BARE.items():
        shape = chance.choice(list(SHAPES))
        key = _key(chance, shape)
        yield Plant(place, shape, code.format(key), windows(key))
    yield from _written_in_parts(chance, "bare")


def _key(chance: Random, shape: str) -> str:
    made, shortest, longest = {**SHAPES, **QUIET}[shape]
    return made(chance, chance.randint(shortest, longest))


def windows(key: str) -> list[str]:
    """Every eight characters in a row, or a shorter key itself; what all keys of a sort begin with is no secret."""
    key = key.removeprefix("s" + "k-proj-")
    return [key[start : start + 8] for start in range(max(1, len(key) - 7))]


def _written_in_parts(chance: Random, where: str) -> Iterator[Plant]:
    name = "api_secret" if where == "named" else "x"
    for place, between in (
        {"one after the other": " ", "added": " + ", "in lines": "\n    ", "added lines": " +\n    "}
    ).items():
        key = MIXED(chance, chance.randint(18, 40))
        parts = list(_cut(chance, key))
        quoted = [f'"{part}"' for part in parts]
        code = f"{name} = ({between.join(quoted)}); s = {CLIENT}"
        yield Plant(f"{where}, {place}", "parts", code, [text for text in quoted if len(text) > 5])


def _cut(chance: Random, key: str) -> Iterator[str]:
    while key:
        length = chance.randint(4, 12)
        yield key[:length]
        key = key[length:]


def _escaped(chance: Random) -> Plant:
    key = MIXED(chance, 36)
    written = "".join(f"\\x{ord(char):02x}" if number % 5 == 3 else char for number, char in enumerate(key))
    return Plant("escaped", "letters and digits", f'x = "{written}"; s = {CLIENT}', [written[:12], written[-12:]])


def bot(plants: Sequence[Plant]) -> str:
    """The code of a bot with all of them."""
    return HEAD + "".join(f"{plant.code}\n" for plant in plants)


def manifests(chance: Random) -> dict[str, tuple[str, list[Plant]]]:
    """Files that say what is installed, with keys in them, by name."""
    url, note, env, build, tool = (_key(chance, chance.choice(list(SHAPES))) for _ in range(5))
    url, build = url.replace("/", "-"), build.replace("/", "-")
    pip = f"pip install pybit==2.3.0 -i https://{build}@x.example"
    texts = {
        "requirements.txt": (f"pybit==2.3.0  # {note} https://ci:{url}@pypi.example/simple\n", (url, note)),
        "Dockerfile": (f"FROM python\nRUN {pip}\nRUN API_SECRET={env} pip install pybit==2.3.0\n", (env, build)),
        "pyproject.toml": (
            f'[project]\nname = "bot"\ndependencies = ["pybit==2.3.0"]  # token = "{tool}"\n',
            (tool,),
        ),
    }
    return {
        name: (text, [Plant(name, "any", text, windows(key)) for key in keys]) for name, (text, keys) in texts.items()
    }
