"""Writing what a command has to say to where it belongs."""

from __future__ import annotations

import os
import sys

import click

from bybit_lint import files


class Failure(click.ClickException):
    """The tool could not do its job: a message instead of a result."""

    exit_code = 2


def say(text: str | bytes, err: bool = False) -> None:
    """Write text as it is to stdout or stderr; what the terminal's encoding lacks is written as an escape."""
    encoding = (sys.stderr if err else sys.stdout).encoding or "utf-8"
    click.echo(text if isinstance(text, bytes) else text.encode(encoding, "backslashreplace"), nl=False, err=err)


def complain(message: str) -> None:
    """One line on stderr."""
    say(f"bybit-lint: {message}\n", err=True)


def save(text: str, path: str) -> None:
    """Write a file, whole or not at all. Raises Failure."""
    try:
        files.write(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise Failure(f"{path}: cannot be written: {error.strerror}") from error


def is_colored(err: bool) -> bool:
    """Whether the stream is a terminal whose user has not asked for plain text (https://no-color.org)."""
    stream = sys.stderr if err else sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
