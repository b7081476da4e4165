"""Every suppression still suppresses something."""

from bybit_lint.rule import Rule

RULE = Rule("BYB002", __name__, severity="warning")
