"""Whether an HTTP client may have been given settings after it was made: mounted adapters, replaced methods."""

from __future__ import annotations

from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import qualified_name

PLAIN = {"requests.adapters.HTTPAdapter()", "requests.HTTPAdapter()"}
SENDING = ("request", "send", "get", "post")


def is_plain(evaluator: Evaluator) -> bool:
    """True if nothing in the project changes what its HTTP clients do by themselves.

    An adapter of the bot's own may bring a timeout; so may a method that is put in the place of another.
    """
    project = evaluator.project
    if any(name in module.names.attributes for module in project.readable for name in SENDING):
        return False
    mounts = [(module, call) for module, call in project.calls_of("mount") if len(call.args) == 2]
    return all(qualified_name(evaluator.evaluate(module, call.args[1])) in PLAIN for module, call in mounts)
