"""From the lines of a log to what was refused, one after the other: nothing but a few lines is ever kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from bybit_lint.decoding import causes
from bybit_lint.decoding.frames import Frame, frame_in
from bybit_lint.decoding.gate import hot
from bybit_lint.decoding.proofs import note, prove, said
from bybit_lint.decoding.refusals import Refusal
from bybit_lint.decoding.requests import Request, request_in
from bybit_lint.decoding.wrappings import EPOCH, dated, moment, unwrapped
from bybit_lint.patterns import regex
from bybit_lint.redaction import personal

START = "Traceback (most recent call last)"
CHAINED = regex(r"During handling of the above exception|The above exception was the direct cause")
ECHO = "tearing down on exception"
"""What websocket-client says of an error a second time."""
AGAIN = regex(r"Retrying|retries remain|trying again")
"""How pybit ends its word about a try that is not the last."""
SECOND = regex(r"\(ErrTime: ([\d:]{8})\)")
EPOCH_DIGITS = 13
NEAR = 12
"""Lines in which what belongs to a refusal comes after it."""
MOST_FRAMES = 60
KEPT = 40
"""Lines before a refusal that may tell its time."""


class Reader:
    """Reads a log once, from its first line to its last."""

    def __init__(self, log: Iterable[Sequence[str]]) -> None:
        self._log = log
        self._before: deque[str] = deque(maxlen=KEPT)
        """The lines since the last refusal, the newest first."""
        self._dated = ""
        """When that was, if somebody said so."""
        self._frames: deque[Frame] = deque(maxlen=MOST_FRAMES)
        self._framed = 0
        """The line of the last of them."""
        self._expects_code = False
        self._is_chained = False
        self._sent: tuple[int, Request] | None = None
        """The last request that stands before its answer, and its line."""
        self._current: Refusal | None = None
        self._retried: Refusal | None = None

    def __iter__(self) -> Iterator[Refusal]:
        """What was refused or failed, each once all is read that belongs to it."""
        number = 0
        for lines in self._log:
            for line, is_hot in zip(lines, hot(lines), strict=True):
                number += 1
                if is_hot or self._expects_code:
                    for text in unwrapped(line):
                        yield from self._read(number, text)
                self._before.appendleft(line)
        if self._current is not None:
            yield self._current

    def _read(self, number: int, text: str) -> Iterator[Refusal]:
        if START in text:
            self._frames.clear()
        elif CHAINED.search(text):
            self._is_chained = True
        elif frame := frame_in(text):
            self._frames.append(frame)
            self._framed, self._expects_code = number, True
        elif self._expects_code and (code := self._frames[-1].code_in(text)):
            self._frames[-1] = self._frames[-1]._replace(code=code)
            self._expects_code = False
        elif self._expects_code and self._frames[-1].goes_on(text):
            pass
        else:
            self._expects_code = False
            yield from self._told(number, personal.hide(text))  # what is cut out of it later may not look personal

    def _told(self, number: int, text: str) -> Iterator[Refusal]:
        """What a line tells that is no part of a traceback: a request, and what was refused."""
        request = request_in(text)
        if request is not None:
            self._take(number, request, is_alone=not causes.codes_in(text))
        for refusal in self._refused(number, text):
            if self._current is not None and self._is_same(self._current, refusal):
                self._merge(self._current, refusal)
                continue
            if self._current is not None:
                yield self._current
            self._current = refusal
            if AGAIN.search(text):
                self._retried = refusal
        if self._current is not None and request is None and self._current.line == number:
            self._frames.clear()
            self._is_chained = False

    def _take(self, number: int, request: Request, is_alone: bool) -> None:
        """A request belongs to the refusal right before it, as pybit raises it, or else to the next one."""
        current = self._current
        if request.is_raised and is_alone and current and current.request is None and number - current.line <= NEAR:
            note(current, request)
        elif request.params is not None or self._sent is None or self._sent[1].path != request.path:
            self._sent = number, request

    def _refused(self, number: int, text: str) -> Iterator[Refusal]:
        if ECHO in text and self._current is not None and number - self._current.line <= NEAR:
            return
        found = [causes.of_code(code, text) for code in causes.codes_in(text)]
        if not found and (cause := causes.of_text(text)):
            found = [cause]
        yield from (self._refusal(cause, number, text) for cause in found)

    def _refusal(self, cause: causes.Cause, number: int, text: str) -> Refusal:
        if cause.text == "Retries exceeded maximum" and self._retried is not None:
            cause = causes.behind(self._retried.cause, self._retried.line)
            self._retried = None
        self._dated = dated((text, *self._before)) or self._dated
        self._before.clear()
        refusal = Refusal(cause, number, self._dated or moment(text), said(text))
        refusal.frames = tuple(self._frames) if number - self._framed <= NEAR else ()
        stamp = EPOCH.search(text) or SECOND.search(text)
        refusal.stamp = stamp[1] if stamp else ""
        prove(refusal, text)
        if self._sent is not None and number - self._sent[0] <= NEAR:
            note(refusal, self._sent[1])
        self._sent = None
        return refusal

    def _is_same(self, one: Refusal, other: Refusal) -> bool:
        """Whether a line only repeats what an earlier one told: the same answer, or the next link of a traceback."""
        if one.cause != other.cause or other.line - one.line > MOST_FRAMES * 3:
            return False
        is_again = bool(one.stamp) and one.stamp == other.stamp and one.said.endswith(other.said)
        # seconds are not enough to tell two apart, but a message and then its traceback are one
        is_one = is_again and (len(one.stamp) >= EPOCH_DIGITS or (not one.frames and bool(other.frames)))
        return self._is_chained or is_one

    def _merge(self, one: Refusal, other: Refusal) -> None:
        one.frames = other.frames or one.frames
        one.request = one.request or other.request
        one.line = other.line
