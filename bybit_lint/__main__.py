"""`python -m bybit_lint` is `bybit-lint`."""

import os
import sys
from contextlib import suppress

if __name__ == "__main__":
    # With -m, Python looks for modules in the working directory first, where a folder that is to be checked may have a
    # `click.py` of its own (https://docs.python.org/3/using/cmdline.html#cmdoption-P)
    with suppress(FileNotFoundError):  # the working directory was deleted
        if sys.path[:1] in ([""], [os.getcwd()]):
            del sys.path[0]
    from bybit_lint.cli import program

    program()
