"""A suppression names the rules it silences."""

from bybit_lint.rule import Rule

RULE = Rule("BYB003", __name__, severity="warning")
