"""Requests and logins that Bybit cannot take for signed."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span


class Lack(Enum):
    """What is wrong with how somebody says who he is. The value says it, with the name or number it is about."""

    HEADER = "{name} is no header of Bybit's"
    FIELD = "{name} among the fields is how requests were signed before V5"
    NOTHING = "nothing here signs this request to {name}"
    HASH = "{name} alone is no HMAC"
    ARGUMENTS = "a login has three args, and this one has {name}"


class Unsigned(Noun):
    """A request that needs a key, or the login of a socket, that is proven to carry no signature as Bybit reads it."""

    span: Span
    """The request, or the args of the login."""
    lack: Lack
    name: str = ""
    """The header, field, path or hash it is about, or how many args there are."""
    signed: Span | None = None
    """The text that is signed instead of the one that Bybit asks for, or the hash, where it is put together."""
    is_login: bool = False

    def words(self) -> Iterator[str]:
        yield self.lack.name.lower()
        yield self.name
        yield from (f"signs {self.signed.path}:{self.signed.line}",) if self.signed else ()
