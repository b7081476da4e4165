"""Every file that may concern Bybit can be read as Python."""

from bybit_lint.rule import Rule

RULE = Rule("BYB001", __name__, severity="error")
