"""A suppression names rules that exist."""

from bybit_lint.rule import Rule

RULE = Rule("BYB004", __name__, severity="warning")
