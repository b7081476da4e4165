"""Where everything leaves the program: through one mask, to where it belongs."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

import click

from bybit_lint.commands import writing
from bybit_lint.redaction import Redactor
from bybit_lint.report import printable

Told: TypeAlias = "str | dict[str, Any] | list[Any] | Callable[[Callable[[str], str]], str]"
"""Text, what becomes JSON, or what makes a text, given what hides the keys in the parts that are not its own."""


class Failure(click.ClickException):
    """The tool could not do its job: a message instead of a result."""

    exit_code = 2

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


def redactor() -> Redactor:
    """What hides the keys of this run."""
    return click.get_current_context().ensure_object(Redactor)


def say(told: Told, err: bool = False, *, is_prose: bool = True) -> None:
    """Write to stdout or stderr, with keys hidden; what the terminal's encoding lacks becomes an escape.

    A text that is prose is folded to the width of the terminal.
    """
    hidden = _hidden(told)
    give(fitted(hidden, err) if is_prose and isinstance(told, str) else hidden, err)


def fitted(text: str, err: bool = False, hang: int | None = None) -> str:
    """A text for people as it is read best there: folded to the terminal's width, if there is one.

    `hang` is by how much the rest of a line is indented that begins at the margin.
    """
    columns = width(err)
    if columns is None:
        return text
    from bybit_lint.report.columns import HANG, folded

    return folded(text, columns, HANG if hang is None else hang)


def give(told: str | bytes, err: bool = False) -> None:
    """Write as it is what the program says by itself, and the user's own code. Raises Failure."""
    stream = sys.stderr if err else sys.stdout
    if stream is None:  # closed by who started us
        raise Failure("the output is closed")
    try:
        data = told if isinstance(told, bytes) else told.encode(stream.encoding or "utf-8", "backslashreplace")
        click.echo(data, nl=False, err=err)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failure(f"the output cannot be written: {error.strerror}") from error


def refuse(error: click.ClickException) -> None:
    """What click has to say of a command that cannot be obeyed."""
    words = io.StringIO()
    error.show(words)
    say("".join(f"{printable(line)}\n" for line in words.getvalue().split("\n")[:-1]), err=True)


def complain(*lines: str) -> None:
    """Lines on stderr that belong together."""
    say("bybit-lint: " + "".join(f"{printable(line)}\n" for line in lines), err=True)


def save(told: Told, path: str) -> None:
    """Write a file, whole or not at all, without a key. Raises Failure."""
    try:
        writing.write(path, _hidden(told).encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error


def _hidden(told: Told) -> str:
    if isinstance(told, str):
        return redactor().hide(told)
    if callable(told):
        return told(redactor().hide)
    import json

    return json.dumps(redactor().hide_in(told), indent=2) + "\n"


def is_colored(err: bool) -> bool:
    """Whether the stream is a terminal whose user has not asked for plain text (https://no-color.org)."""
    return is_terminal(err) and not os.environ.get("NO_COLOR")


def width(err: bool) -> int | None:
    """The columns of the terminal, by its user's COLUMNS or as it says itself; None where there is none or no word."""
    if not is_terminal(err):
        return None
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size((sys.stderr if err else sys.stdout).fileno()).columns or None
    except (OSError, ValueError):
        return None


def is_terminal(err: bool) -> bool:
    """Whether the stream is a terminal that can go back to what it has written."""
    stream = sys.stderr if err else sys.stdout
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
