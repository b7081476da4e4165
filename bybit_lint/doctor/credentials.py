"""A key and its secret, from the environment and nowhere else, and the one signature that is made with them."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterator, Mapping

from bybit_lint.knowledge import headers
from bybit_lint.tuples import NamedTuple

KEY, SECRET = "BYBIT_API_KEY", "BYBIT_API_SECRET"
WINDOW = 5000
"""In ms: Bybit's own recv_window, and that of pybit and ccxt where a bot says nothing (docs, v5/guide)."""


class Unset(LookupError):
    """A variable is not there, or empty. The message names none that its user named, who may have typed the key."""


class Credentials(NamedTuple):
    """What a request is signed with. Its texts go into headers and nowhere else."""

    key: str
    secret: str

    def __repr__(self) -> str:
        return "Credentials(***)"

    def faults(self) -> Iterator[str]:
        """What is wrong with them at first sight, without their values, as ends of sentences."""
        for what, value in (("key", self.key), *((("secret", self.secret),) if not self.is_rsa else ())):
            if value != value.strip():
                yield f"the {what} begins or ends in a space or a line end, which is no part of it"
            elif value[0] == value[-1] and value[0] in "\"'":
                yield f"the {what} stands in quotes, which are no part of it"
            elif not (value.isascii() and value.isprintable()):
                yield f"the {what} holds characters that no key has"

    @property
    def is_rsa(self) -> bool:
        """True for a private key in the place of the secret, as keys have that somebody has generated himself."""
        return "PRIVATE KEY-----" in self.secret

    def signed(self, timestamp: int, query: str = "") -> Mapping[str, str]:
        """The headers of a GET (https://bybit-exchange.github.io/docs/v5/guide); `timestamp` in ms since 1970."""
        text = f"{timestamp}{self.key}{WINDOW}{query}"
        signature = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return {
            headers.KEY: self.key,
            headers.TIMESTAMP: str(timestamp),
            headers.WINDOW: str(WINDOW),
            headers.SIGNATURE: signature,
        }


def from_environment(key: str, secret: str) -> Credentials:
    """The values of two variables. Raises Unset."""
    found = Credentials(os.environ.get(key, ""), os.environ.get(secret, ""))
    for value, name, usual, option in (
        (found.key, key, KEY, "--key-env"),
        (found.secret, secret, SECRET, "--secret-env"),
    ):
        if not value.strip():
            what = usual if name == usual else f"the variable that {option} names"
            state = "is empty" if name in os.environ else "is not set"
            raise Unset(f"{what} {state}; {HINT}")
    return found


HINT = (
    "--private takes the key from the environment alone, as in `set -a; . ./.env; set +a`, under the names "
    f"{KEY} and {SECRET} or those that --key-env and --secret-env say"
)
