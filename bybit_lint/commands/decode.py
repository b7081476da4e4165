"""`bybit-lint decode`: what a traceback, a log or an answer says, and what in the bot is behind it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import click

from bybit_lint.commands.output import Failure, complain, is_terminal, redactor, say
from bybit_lint.commands.sources import Sources
from bybit_lint.decoding.answer import Answer, Cause, Sample
from bybit_lint.decoding.evidence import evidence
from bybit_lint.decoding.reader import Reader
from bybit_lint.decoding.refusals import Group, Refusal, Tally
from bybit_lint.decoding.text import Log, NoText
from bybit_lint.report import decoded, printable

DECODED, NOTHING = 0, 1
SLOW = 5_000_000
"""Bytes from which on it takes long enough to say how far it is."""
MOST_SAMPLES = 40
"""Refusals that are looked into for one log."""


def run(path: str, style: str, folder: str) -> int:
    """The exit code: something was recognised, or nothing. Raises Failure if the log cannot be read."""
    redactor().hides_persons = True
    name = "the standard input" if path == "-" else printable(path)
    with _opened(path) as stream:
        log = Log(_Watched(stream, path))
        tally = Tally()
        try:
            for refusal in Reader(log):
                tally.add(refusal)
        except NoText as error:
            raise Failure(f"{name} is {error}") from error
    sources = Sources(folder)
    answer = Answer(list(_causes(tally, sources)), log.lines, tally.others)
    say(decoded.document(answer) if style == "json" else decoded.text(answer))
    if not answer.causes:
        complain(f"{name} is empty" if log.is_empty else f"{name}: {decoded.NOTHING}")
    if log.is_garbled:
        complain(f"{name} is not all UTF-8: what could not be read is shown as \ufffd")
    for problem in sources.problems:
        complain(problem)
    return DECODED if answer.causes else NOTHING


def _causes(tally: Tally, sources: Sources) -> Iterator[Cause]:
    left = MOST_SAMPLES
    for group in tally:
        wanted = group.samples[:left]
        left -= len(wanted)
        yield Cause(group, [_sample(group, refusal, sources) for refusal in wanted])


def _sample(group: Group, refusal: Refusal, sources: Sources) -> Sample:
    rules = frozenset((*group.cause.rules, *refusal.rules))
    found = evidence(refusal.request, group.cause.code, rules) if refusal.request else []
    return Sample(refusal, found, sources.place(refusal))


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == "-":
        if sys.stdin is None:
            raise Failure("the standard input is closed")
        if sys.stdin.isatty():
            end = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
            complain(f"paste the traceback or the log, then press {end}")
        yield sys.stdin.buffer
        return
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from error


class _Watched:
    """A stream that shows on a terminal how far it has been read, if it is long."""

    def __init__(self, stream: IO[bytes], path: str) -> None:
        self._stream = stream
        size = os.path.getsize(path) if path != "-" and os.path.isfile(path) else 0
        is_shown = size >= SLOW and is_terminal(err=True)
        self._bar = click.progressbar(length=size, label="reading", file=sys.stderr) if is_shown else None

    def read(self, size: int, /) -> bytes:
        """So many bytes at most, none at the end."""
        data = self._stream.read(size)
        if self._bar is not None:
            self._bar.update(len(data))
            if not data:
                self._bar.render_finish()
        return data
