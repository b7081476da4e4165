"""Functions that only print or log, by their last names: what they are given is looked at and not changed."""

LOGGING = frozenset(
    ("print", "pprint", "print_exc", "debug", "info", "warning", "warn", "error", "exception", "critical", "log")
)
"""https://docs.python.org/3/library/logging.html#logger-objects, and what prints. Without words such as `success` and
`echo`, which a bot's own functions bear as well: who takes these asks first whether they are the bot's."""
