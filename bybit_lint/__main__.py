"""The tool as a process of its own, be it `bybit-lint` or `python -m bybit_lint`."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def program() -> NoReturn:
    """Run the command line, and end as soon as all is written.

    Nothing is collected on the way, imports included, and the interpreter is not taken apart at the end: on large bots
    that takes longer than the work itself. Whoever calls `main` goes on in the same process and has neither.
    """
    gc.disable()
    from bybit_lint.cli import main
    from bybit_lint.commands.group import FAILED

    code = 0
    try:
        main(prog_name="bybit-lint")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else FAILED
    for stream in filter(None, (sys.stdout, sys.stderr)):  # there is none where it was closed before the start
        try:
            stream.flush()
        except (OSError, ValueError):  # a reader that went away, which was told where it was written to
            code = code or FAILED
    os._exit(code)


if __name__ == "__main__":
    # With -m, Python looks for modules in the working directory first, where a folder that is to be checked may have a
    # `click.py` of its own (https://docs.python.org/3/using/cmdline.html#cmdoption-P)
    with suppress(FileNotFoundError):  # the working directory was deleted
        if sys.path[:1] in ([""], [os.getcwd()]):
            del sys.path[0]
    program()
