"""What is signed, held against what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span


class Difference(Enum):
    """How the bytes that are sent differ from the text that was signed."""

    SPACES = "this JSON is sent with other spaces than it was signed with"
    FORM = "JSON is signed, but a form is sent"
    JSON = "JSON is sent, but something else was signed"
    QUERY = "JSON is signed, but a query is sent"
    ORDER = "the parameters are signed in alphabetical order, but sent in another"
    WINDOW = "another recv_window is signed than sent"
    ROUTE = "the verb or the path is signed too"
    PAYLOAD = "the payload is signed without key and recv_window in front of it"
    UNSIGNED = "a query is sent, but none is signed"


IN_FULL = (Difference.ROUTE, Difference.PAYLOAD)
"""Where it is not what is sent that has to change, but what is signed."""


class Payload(Noun):
    """A signed request, whose signature is right only for the text that was signed."""

    span: Span
    """Where the text is sent."""
    signed: Span
    """Where it is signed."""
    difference: Difference | None = None
    """What is proven to differ."""
    verbs: tuple[Verb, ...] = ()
    """Sends the text itself, where it has a name."""

    def send_signed(self) -> Fix | None:
        """Send the very text that was signed. Unsafe: orders get through that were always refused."""
        if not self.verbs:
            return None
        return Fix("send the text that was signed", self.verbs, unblocks_orders=True)

    @property
    def advice(self) -> str:
        """What only the owner can mend."""
        if self.difference in IN_FULL:
            return "sign timestamp + key + recv_window + payload, and nothing else"
        if self.difference is Difference.UNSIGNED:
            return "put the query behind the recv_window in the text that is signed"
        return "send the very text that was signed: it has no name here, or other requests have the same headers"

    def words(self) -> Iterator[str]:
        yield self.difference.value if self.difference else "perhaps sent as it is signed"
