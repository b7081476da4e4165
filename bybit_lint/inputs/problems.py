"""What the tool could not do, as lines for the user: `path: what`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def noted(problems: list[str], what: str) -> Iterator[None]:
    """Make a problem of a crash inside, and go on: a mistake in one place must not silence all others."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 (a RecursionError and an IndexError alike)
        problems.append(crashed(what, error))


def crashed(what: str, error: Exception) -> str:
    """The line about a crash."""
    reason = (str(error).splitlines() or ["no message"])[0]
    return f"{what} crashed ({type(error).__name__}: {reason}); please report it, all else was done"
