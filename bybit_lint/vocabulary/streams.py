"""Bybit's streams: the connections that a client keeps alive, subscriptions, who listens, and orders sent there."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.vocabulary.fixes import Fix, RemoveArgument, Replace, Wrap
from bybit_lint.vocabulary.nouns import Noun
from bybit_lint.vocabulary.places import Related, Span
from bybit_lint.vocabulary.record import Record


class Setting(Record):
    """An argument of a stream's constructor that does harm, and what it does."""

    name: str
    written: Span
    effect: str
    """What happens to the stream, as a sentence without its stop."""
    is_only_beat: bool = False
    """True if nothing but pings differs once it is gone."""


class Stream(Noun):
    """A connection to Bybit's streams by a client that pings and connects again by itself."""

    library: str
    harmful: tuple[Setting, ...] = ()

    def by_default(self, setting: Setting) -> Fix | None:
        """Leave a setting to the client."""
        if not self.span.holds(setting.written):
            return None
        verb = RemoveArgument(self.span, setting.name)
        return Fix(f"leave {setting.name} at its default", (verb,), is_safe=setting.is_only_beat)

    def words(self) -> Iterator[str]:
        yield self.library
        yield from (f"harmed by {setting.name}" for setting in self.harmful)


class Subscription(Noun, uncompared=("origin",)):
    """A topic that is asked for on a stream."""

    library: str
    topic: str
    """`kline.5.BTCUSDT`, with `?` for what is not known of it."""
    refusal: str = ""
    """Proven: Bybit refuses it, and why."""
    right: Replace | None = None
    is_abandoned: bool = False
    """Proven: the program ends right after it, and nothing is left that would keep it running."""
    outcome: str = "Bybit refuses it, and the bot hears nothing of it"
    """What comes of it if it is refused."""
    origin: Span | None = None
    """Where the topic is put together, if that is somewhere else."""

    def corrected(self) -> Fix | None:
        """Ask for what was certainly meant."""
        return Fix("write the topic as Bybit knows it", (self.right,), is_safe=True) if self.right else None

    def words(self) -> Iterator[str]:
        yield self.topic
        yield from ("refused",) if self.refusal else ()
        yield from ("abandoned",) if self.is_abandoned else ()


class Handler(Noun):
    """A function that a stream calls with each message."""

    span: Span
    """Where it is handed to the stream."""
    name: str
    fails: Related | None = None
    """What in it may raise with nothing around to catch it."""
    blocks: Related | None = None
    """What in it keeps the stream waiting."""
    blocks_after_failure: bool = False
    """True if it does so only where something has failed."""
    trades: Related | None = None
    """The order it leads to."""
    takes_open_candles: bool = False
    """Proven: it is told of candles that are still open, and nobody looks at whether they are closed."""
    is_coroutine: bool = False
    given: tuple[str, ...] = ()
    """What it is called with, in words, where it does not take that."""
    misfit: Related | None = None
    """Where it says what it takes instead."""
    adapted: Fix | None = None

    @property
    def title(self) -> str:
        """Its name, or what it is where it has none."""
        return "this lambda" if self.name == "lambda" else self.name

    def guard(self) -> Fix | None:
        """Log what it raises instead of losing the stream over it."""
        if self.is_coroutine:
            return None
        return Fix("log what the callback raises", (Wrap(self.span, "guarded"),), is_safe=True)

    def words(self) -> Iterator[str]:
        yield self.name
        yield from ("is a coroutine",) if self.is_coroutine else ()
        told = {"may fail": self.fails, "blocks": self.blocks, "trades": self.trades}
        yield from (f"{word} at line {where.span.line}" for word, where in told.items() if where)
        yield from ("after a failure",) if self.blocks_after_failure else ()
        yield from ("on open candles",) if self.takes_open_candles else ()
        yield from (f"takes no {', '.join(self.given)}",) if self.misfit else ()


class DeltaRead(Noun):
    """A field of a stream's message that is read as if each message were a whole, where most tell what has changed."""

    field: str
    """As it is read: `markPrice`, `b[0]`."""
    library: str
    stream: Related
    """Where its messages come from."""
    default: str = ""
    """The zero that stands for it where it is missing, as it is written."""
    is_first: bool = False
    """True for the first level of a book, which is the best one in a snapshot alone."""
    is_merged: bool = False
    """The client puts deltas into the snapshot, levels that are new behind all others."""
    best: Fix | None = None

    def words(self) -> Iterator[str]:
        yield self.field
        if self.is_first:
            yield "of an unsorted book" if self.is_merged else "of what has changed"
        else:
            yield f"is {self.default} where it has not changed" if self.default else "raises where it has not changed"


class UnreadAnswer(Noun):
    """An answer to a login or a subscription on a raw socket that is passed over, whatever it says."""

    span: Span
    """The call that takes it and throws it away, or the question after which nothing is done with it."""
    op: str
    """`auth` or `subscribe`."""
    is_thrown_away: bool = False

    def words(self) -> Iterator[str]:
        yield self.op
        yield "thrown away" if self.is_thrown_away else "passed over"


class Dispatch(Noun):
    """An order sent over a socket, whose answer comes to a callback."""

    library: str
    method: str
    is_error_lost: bool
    """Proven: nobody is told that Bybit refused it."""

    def words(self) -> Iterator[str]:
        yield self.method
        yield "loses its error" if self.is_error_lost else "perhaps hears of its error"
