"""`python -m bybit_lint` is `bybit-lint`."""

from bybit_lint.cli import main

if __name__ == "__main__":
    main(prog_name="bybit-lint")
