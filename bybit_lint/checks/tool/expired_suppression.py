"""No suppression is used longer than it was meant to be."""

from bybit_lint.rule import Rule

RULE = Rule("BYB005", __name__, severity="warning")
