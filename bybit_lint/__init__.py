"""bybit-lint: the linter and codemod for Python bots that trade on Bybit."""

__version__ = "0.1.0"
