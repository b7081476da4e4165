"""One line for each noun that was found: what `bybit-lint facts` prints and what tests/facts/ is held against."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

from bybit_lint.vocabulary import (
    AccountSetting,
    Argument,
    Blocking,
    BrokenCall,
    CandleUse,
    Credential,
    Dependency,
    Dispatch,
    ErrorTest,
    FilterField,
    Handler,
    Kind,
    LegacyUse,
    Misnamed,
    Missing,
    Misvalued,
    Mixture,
    Named,
    Noun,
    OffGrid,
    Payload,
    Pinning,
    Reading,
    Request,
    Resend,
    Response,
    Retry,
    RetrySetting,
    Rounding,
    Session,
    Signature,
    Socket,
    Stream,
    Subscription,
    Swallow,
    Timestamp,
    Unchecked,
    Window,
)

ORDER_OF_KINDS = list(Kind)


def kind(noun: Noun) -> str:
    """The noun as a word: `order`, `retry`, `socket`."""
    return type(noun).__name__.lower()


def describe(noun: Noun) -> str:
    """What is proven of a noun, in one line that begins with its kind; `perhaps` is what is not proven.

    Values are told by their origins only, so that no key is ever shown.
    """
    return " ".join(" ".join([kind(noun), *_words(noun)]).split())


@singledispatch
def _words(noun: object) -> Iterator[str]:
    raise TypeError(f"no words for a {type(noun).__name__}")


@_words.register
def _(noun: Session) -> Iterator[str]:
    yield noun.library
    yield noun.network.value if noun.network else "unknown network"
    yield from (_named("flag", named) for named in [noun.flag_named] if named)
    yield from (_named("key", named) for named in noun.credentials)
    yield from (f"{flag.name} is text" for flag in noun.text_flags)
    yield from (f"unfit: {misfit.flaw.value} {misfit.name}" for misfit in noun.misfits)


@_words.register
def _(noun: Misnamed) -> Iterator[str]:
    yield noun.name
    yield f"({noun.meant})" if noun.meant else "(unknown)"


@_words.register
def _(noun: Misvalued) -> Iterator[str]:
    yield noun.name
    yield f"({noun.right or noun.category})" if noun.right or noun.category else ""


@_words.register
def _(noun: Missing) -> Iterator[str]:
    yield ("|" if noun.is_choice else " ").join(noun.names)
    yield f"with {noun.because}" if noun.because else ""


@_words.register
def _(noun: BrokenCall) -> Iterator[str]:
    yield noun.library
    yield noun.name
    yield f"({noun.meant})" if noun.meant else ""
    yield noun.flaw.name.lower()


def _named(role: str, named: Named) -> str:
    return f"{role}={named.name} ({named.network.value})"


@_words.register
def _(noun: LegacyUse) -> Iterator[str]:
    yield f"{noun.what.value} {noun.name}"
    yield f"now {noun.instead}" if noun.instead else ""
    yield from (f"{old}={new}" for old, new in noun.renamed)
    yield "pinned" if noun.is_pinned else ""


@_words.register
def _(noun: Dependency) -> Iterator[str]:
    yield f"{noun.name} {noun.versions}"
    yield "" if noun.pinning is Pinning.PLAIN else noun.pinning.value
    yield f"broken: {noun.defect.effect}" if noun.defect else ""


@_words.register
def _(noun: Request) -> Iterator[str]:
    yield noun.endpoint
    yield from (f"{name}={_origins(argument)}" for name, argument in sorted(noun.arguments.items()))
    yield from () if noun.is_closed else ("...",)
    yield from (f"sent at {span.path}:{span.line}" for span in [noun.sent] if span)


def _origins(argument: Argument) -> str:
    kinds = {origin.kind for origin in argument.value.origins} or {Kind.UNKNOWN}
    return "|".join(kind.value for kind in sorted(kinds, key=ORDER_OF_KINDS.index))


@_words.register
def _(noun: FilterField) -> Iterator[str]:
    yield f"{noun.name}: {noun.fault}"


@_words.register
def _(noun: OffGrid) -> Iterator[str]:
    yield noun.story


@_words.register
def _(noun: Rounding) -> Iterator[str]:
    yield f"by {noun.how.name.lower()} for {noun.number}"


@_words.register
def _(noun: Socket) -> Iterator[str]:
    yield noun.library
    yield "silent" if noun.is_silent else "perhaps pinged"
    yield from ("with protocol pings",) if noun.protocol_ping else ()
    yield from ("lost for good",) if noun.is_lost_for_good else ()


@_words.register
def _(noun: Retry) -> Iterator[str]:
    yield f"{noun.what} {noun.delay},"
    yield "hot" if noun.is_hot else "synchronised" if noun.is_synchronised else "perhaps spread"


@_words.register
def _(noun: Signature) -> Iterator[str]:
    yield "local" if noun.is_local else "perhaps corrected"


@_words.register
def _(noun: ErrorTest) -> Iterator[str]:
    yield noun.what
    yield f"never, {noun.dead.value}" if noun.dead else "perhaps"


@_words.register
def _(noun: CandleUse) -> Iterator[str]:
    yield noun.what
    yield "newest first" if noun.is_newest_first else "perhaps in order"


@_words.register
def _(noun: Response) -> Iterator[str]:
    yield noun.endpoint
    yield "unchecked" if noun.is_unchecked else "perhaps checked"
    yield from ("failures unread",) if noun.has_unread_failures else ()


@_words.register
def _(noun: Blocking) -> Iterator[str]:
    yield noun.what
    yield from (f"waits at {span.path}:{span.line}" for span in [noun.waits] if span)


@_words.register
def _(noun: Credential) -> Iterator[str]:
    yield f"for {noun.variable}" if noun.variable else "one of several"


@_words.register
def _(noun: Stream) -> Iterator[str]:
    yield noun.library
    yield from (f"harmed by {setting.name}" for setting in noun.harmful)


@_words.register
def _(noun: Subscription) -> Iterator[str]:
    yield noun.topic
    yield from ("refused",) if noun.refusal else ()
    yield from ("abandoned",) if noun.is_abandoned else ()


@_words.register
def _(noun: Handler) -> Iterator[str]:
    yield noun.name
    yield from ("is a coroutine",) if noun.is_coroutine else ()
    told = {"may fail": noun.fails, "blocks": noun.blocks, "trades": noun.trades}
    yield from (f"{word} at line {where.span.line}" for word, where in told.items() if where)
    yield from ("on open candles",) if noun.takes_open_candles else ()


@_words.register
def _(noun: Dispatch) -> Iterator[str]:
    yield noun.method
    yield "loses its error" if noun.is_error_lost else "perhaps hears of its error"


@_words.register
def _(noun: Reading) -> Iterator[str]:
    yield noun.field
    yield from (f"{word}: {why}" for word, why in noun.faults.items())


@_words.register
def _(noun: Resend) -> Iterator[str]:
    yield f"{noun.what} {noun.cause.message},"
    yield "anonymous" if noun.is_anonymous else "renamed" if noun.is_renamed else "perhaps known"


@_words.register
def _(noun: Timestamp) -> Iterator[str]:
    yield noun.name
    yield f"in {noun.unit or 'milliseconds, perhaps'}"
    yield from ("of another zone",) if noun.is_naive else ()
    yield from (f"reused: {noun.reuse.value}",) if noun.reuse else ()


@_words.register
def _(noun: Window) -> Iterator[str]:
    yield "of unknown length" if noun.milliseconds is None else f"{noun.milliseconds} ms"
    yield "as text" if noun.is_text else ""
    yield f"for {noun.place.value}"


@_words.register
def _(noun: Unchecked) -> Iterator[str]:
    yield noun.what or "unheard"


@_words.register
def _(noun: Payload) -> Iterator[str]:
    yield noun.difference.value if noun.difference else "perhaps sent as it is signed"


@_words.register
def _(noun: Mixture) -> Iterator[str]:
    yield f"{'private' if noun.is_private else 'prices'} {noun.network.value}, orders {noun.orders_network.value}"


@_words.register
def _(noun: Swallow) -> Iterator[str]:
    yield noun.what
    yield "logged" if noun.is_logged else "passed over"


@_words.register
def _(noun: RetrySetting) -> Iterator[str]:
    yield f"{noun.name}: {noun.misuse.value}"


@_words.register
def _(noun: AccountSetting) -> Iterator[str]:
    yield f"{noun.what} {noun.ret_code}"
