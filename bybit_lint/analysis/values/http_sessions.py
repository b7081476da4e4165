"""A session of requests in the place of a client for Bybit, as bots have it that may run without one.

`self.session = HTTP(...) if PYBIT else requests.Session()`: what asks it for a method of the client's is meant for the
client, as what is None has no methods.
"""

from __future__ import annotations

from bybit_lint.analysis.values.terms import Invocation, Term, qualified_name

SESSIONS = {"requests.Session", "requests.session", "requests.sessions.Session"}
VERBS = "delete get head options patch post put request send"
SETTINGS = "adapters auth cert cookies headers hooks max_redirects params proxies stream trust_env verify"
OTHERS = (
    "close get_adapter get_redirect_target merge_environment_settings mount prepare_request rebuild_auth "
    "rebuild_method rebuild_proxies redirect_cache resolve_redirects should_strip_auth"
)
OWN = frozenset(f"{VERBS} {SETTINGS} {OTHERS}".split())
"""What a session has: seen with requests 2.34."""


def lacks(term: Term, name: str) -> bool:
    """True for a session of requests that has no such attribute."""
    is_own = name in OWN or name.startswith("__")
    return not is_own and isinstance(term, Invocation) and qualified_name(term.callee) in SESSIONS
