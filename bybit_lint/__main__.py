"""`python -m bybit_lint` is `bybit-lint`."""

import sys

if __name__ == "__main__":
    # With -m, Python looks for modules in the working directory first, where a folder that is to be checked may have a
    # `click.py` of its own (https://docs.python.org/3/using/cmdline.html#cmdoption-P)
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        del sys.path[0]
    from bybit_lint.cli import main

    main(prog_name="bybit-lint")
