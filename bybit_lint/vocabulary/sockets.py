"""Raw connections to Bybit's streams."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.findings import Repair
from bybit_lint.vocabulary.fixes import Fix, Verb
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Span
from bybit_lint.vocabulary.sessions import Network


class Socket(Noun):
    """A raw WebSocket connection to Bybit, made by a library that knows nothing of Bybit."""

    span: Span
    """Where it runs: the call that connects, or `run_forever()`."""
    library: str
    is_silent: bool
    """Nobody in the project sends Bybit's ping, and nothing that is not seen could send it."""
    protocol_ping: bool = False
    """The library sends its own control frames, by its default or by an option."""
    starter: Verb | None = None
    """How a heartbeat is started here, where that is known."""
    is_received_plainly: bool = False
    """Proven: whole messages are taken by the library's own methods, so that the shim can keep the pongs back."""
    made: Span | None = None
    """Where the object is made, if that is another place."""
    is_lost_for_good: bool = False
    """Proven: it is meant to be kept, and nobody opens it again once it has dropped."""
    is_run: bool = False
    """The call that opens it comes back only once it is lost."""
    channel: str | None = None
    """`linear`, `inverse`, `spot`, `option` or `private`, where its V5 address is known."""
    network: Network | None = None
    is_shared: bool = False
    """The same code opens it to other exchanges, too."""

    @property
    def origin(self) -> Span:
        """Where the object is made, wherever that is."""
        return self.made or self.span

    def heartbeat(self) -> Repair:
        """Send Bybit's ping every 20 s. The pongs would be new messages to the bot: safe where the shim keeps them."""
        if self.is_shared:
            return {"not_fixed": "the same code connects to other exchanges, which may not know this ping"}
        if self.starter is None:
            return {"not_fixed": "the socket has no name here that a heartbeat could be given"}
        return {"fix": Fix("start Bybit's heartbeat", (self.starter,), is_safe=self.is_received_plainly)}

    def words(self) -> Iterator[str]:
        yield self.library
        yield "silent" if self.is_silent else "perhaps pinged"
        yield from ("with protocol pings",) if self.protocol_ping else ()
        yield from ("lost for good",) if self.is_lost_for_good else ()
        yield from ("shared",) if self.is_shared else ()
