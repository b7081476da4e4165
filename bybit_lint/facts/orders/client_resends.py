"""How clients send orders: which of their settings send one again, and where their calls take an orderLinkId.

pybit tries again after a lost answer with force_retry=True (https://github.com/bybit-exchange/pybit, _http_manager.py,
5.17.0, and before V5 as well), ccxt with the option maxRetriesOnFailure (https://github.com/ccxt/ccxt/wiki/Manual),
requests where a Retry of urllib3's allows POST (https://urllib3.readthedocs.io/en/stable/reference/urllib3.util.html).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.retry_loops import FACTORIES
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    Expression,
    Invocation,
    ListTerm,
    alternatives,
    qualified_name,
)
from bybit_lint.clients import entries_of, pybit_legacy
from bybit_lint.facts.orders.second_tries import EnclosingRetry
from bybit_lint.vocabulary import Related

PYBIT = "pybit.unified_trading.HTTP()."
OLDER = tuple(f"{made}()." for made in pybit_legacy.CLASSES if made.endswith("HTTP"))
CCXT = "ccxt."
REQUESTS = ("requests.Session().", "requests.session().")
METHODS = ("allowed_methods", "method_whitelist")
UNIFIED = 5
"""How many arguments of ccxt's create_order come before `params`."""


def repeats(evaluator: Evaluator, call: Call) -> Iterator[EnclosingRetry]:
    """The settings of the client that make it send an order again."""
    setting = _pybit(call) or _ccxt(call) or _requests(evaluator, call)
    node, module = call.site.node, call.site.module
    if setting is not None and isinstance(node, ast.Call):
        related = Related(setting.span, "a lost answer makes the client send it again")
        yield EnclosingRetry(module, node, related, node.func, module.names.statement(node))


def _pybit(call: Call) -> Argument | None:
    setting = call.maker("force_retry") if call.path.startswith((PYBIT, *OLDER)) else None
    tries = call.maker("max_retries")
    is_on = setting is not None and setting.constant is True and not (tries and tries.constant == 1)
    return setting if is_on else None


def _ccxt(call: Call) -> Argument | None:
    config = call.maker("config", 0) if call.path.startswith(CCXT) else None
    options = entries_of(config).get("options")
    tries = entries_of(options).get("maxRetriesOnFailure")
    return tries if tries and isinstance(tries.constant, int) and tries.constant > 0 else None


def _requests(evaluator: Evaluator, call: Call) -> Argument | None:
    """The Retry that is mounted on the session which sends a call, if it sends orders again."""
    if not call.path.startswith(REQUESTS) or not isinstance(call.made.callee, Access):
        return None
    made = {t.site.node for t in alternatives(call.made.callee.base) if isinstance(t, Invocation)}
    for module, mount in evaluator.project.calls_of("mount"):
        if isinstance(mount.func, ast.Attribute) and len(mount.args) == 2:
            owners = alternatives(evaluator.evaluate(module, mount.func.value))
            if any(isinstance(t, Invocation) and t.site.node in made for t in owners):
                adapter = evaluator.evaluate(module, mount.args[1])
                retry = adapter.keywords.get("max_retries") if isinstance(adapter, Invocation) else None
                if retry is not None and _sends_orders_again(retry):
                    return Argument(call.context, retry)
    return None


def _sends_orders_again(retry: Expression) -> bool:
    """True for a Retry that allows POST; without being told so, urllib3 does not send one again."""
    term = retry.term
    name = (qualified_name(term) or "").removeprefix("requests.packages.").removesuffix("()")
    if not isinstance(term, Invocation) or name not in FACTORIES:
        return False
    allowed = next((term.keywords[key].term for key in METHODS if key in term.keywords), None)
    if isinstance(allowed, ListTerm):
        return any(isinstance(e.term, Constant) and e.term.value == "POST" for e in allowed.items)
    return isinstance(allowed, Constant) and allowed.value in (None, False)


def argument(call: Call, name: str) -> tuple[str, str] | None:
    """The argument by which a call takes the orderLinkId that is bound to `name`, and what it is then."""
    node = call.site.node
    if not isinstance(node, ast.Call):
        return None
    if call.path.startswith(PYBIT):
        return "orderLinkId", name
    keywords = {keyword.arg for keyword in node.keywords}
    is_bare = len(node.args) <= UNIFIED and not keywords & {"params", None} and call.path.startswith(CCXT)
    is_unified = call.path.rpartition(".")[2] in ("create_order", "createOrder")
    return ("params", f'{{"orderLinkId": {name}}}') if is_bare and is_unified else None
