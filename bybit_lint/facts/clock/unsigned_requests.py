"""Requests that need a key, and logins, without what Bybit asks for: the X-BAPI- headers, or three args, and an HMAC.

https://bybit-exchange.github.io/docs/v5/guide, https://bybit-exchange.github.io/docs/v5/ws/connect
"""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint import knowledge
from bybit_lint.analysis.callgraph.taken_branches import AskedAround
from bybit_lint.analysis.domains.encodings import plain_hash, signed_text
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic import http_clients
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.messages import messages
from bybit_lint.analysis.values.terms import Invocation, ListTerm, qualified_name
from bybit_lint.clients import ArgumentView, rest
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.clock.signed_fields import in_headers, is_for_bybit
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.headers import SIGNATURE
from bybit_lint.vocabulary import Lack, Span, Unsigned

LOGIN_ARGUMENTS = 3
SIGN = "sign"
"""The field in which requests were signed before V5."""
SENDING = {f"{library}.{verb}" for library in ("requests", "httpx") for verb in (*rest.VERBS, "request")}
"""Calls that send nothing but what they are given."""
SIGNING = ("pybotters",)
"""Libraries that sign by themselves."""
MADE = {"requests.Session()", "requests.session()", "httpx.Client()", "httpx.AsyncClient()", "aiohttp.ClientSession()"}
"""Clients that add nothing to a request but what they were told to."""
OTHERWISE = ("auth", "cookies", "cert")
"""Arguments by which a request may say who sends it."""


@extracts(Unsigned)
class UnsignedRequests:
    """The unsigned requests and logins of a module; each request once, whoever calls for it."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.evaluator, self.traffic = analysis.program, analysis.program.evaluator, analysis.traffic
        self._around = self.evaluator.helper(AskedAround)

    def facts(self, module: Module) -> Iterator[Unsigned]:
        if not module.is_among_tests:
            yield from self._requests(module)
            yield from self._logins(module)
            yield from self._hashes(module)

    def _requests(self, module: Module) -> Iterator[Unsigned]:
        told: set[Span] = set()
        for call, request in self.traffic.requests.get(module, ()):
            endpoint = knowledge.endpoint_at(request.endpoint)
            is_private = endpoint is not None and endpoint.needs_auth and request.endpoint.startswith("/v5/")
            if endpoint is not None and is_private and call.path in rest.CALLS and call.own_span not in told:
                found = _unsigned(call, endpoint)
                if found and not self._around.is_missed(self.program.callers, call.site, call.context.term):
                    told.add(found.span)
                    yield found

    def _logins(self, module: Module) -> Iterator[Unsigned]:
        for arguments in messages(self.evaluator, module, "auth"):
            held = arguments.term.items if isinstance(arguments.term, ListTerm) and arguments.term.is_closed else None
            if held is None or not is_for_bybit(self.program, arguments.site):
                continue
            if len(held) != LOGIN_ARGUMENTS:
                yield Unsigned(arguments.site.span, Lack.ARGUMENTS, str(len(held)), is_login=True)
            elif (made := plain_hash(held[-1].term)) is not None:
                yield _hashed(held[-1].site.span, made, is_login=True)

    def _hashes(self, module: Module) -> Iterator[Unsigned]:
        """The signatures of requests that are no HMAC."""
        for span, held in in_headers(self.evaluator, module, SIGNATURE):
            made = plain_hash(held.term)
            if made is not None and is_for_bybit(self.program, held.site):
                yield _hashed(span, made, is_login=False)


def _unsigned(call: Call, endpoint: knowledge.Endpoint) -> Unsigned | None:
    """What a request lacks, as far as all of its headers are known."""
    is_meant = call.path.endswith((f".{endpoint.verb.lower()}", ".request"))  # not the other branch of a wrapper
    names = _headers(call)
    if not is_meant or names is None or not rest.hosts(call) or rest.CALLS[call.path] in SIGNING:
        return None
    if SIGNATURE in map(str.upper, names) or any(name in call.arguments() for name in OTHERWISE):
        return None
    header = next((name for name in names if SIGN in name.lower()), "")
    if header:
        return Unsigned(call.own_span, Lack.HEADER, header)
    fields, is_closed = rest.body(call)
    if SIGN in fields:
        return Unsigned(call.own_span, Lack.FIELD, SIGN, _signed(fields[SIGN])) if endpoint.verb == "POST" else None
    is_alone = (call.path in SENDING or _is_of_bare_client(call)) and call.is_closed and call.around.is_plain
    is_whole = endpoint.verb == "POST" or (is_closed and not call.path.endswith(".request"))
    return Unsigned(call.own_span, Lack.NOTHING, endpoint.path) if is_alone and is_whole else None


def _is_of_bare_client(call: Call) -> bool:
    """True if the client was made here, and is told nothing that it adds to its requests."""
    told = (call.maker(name) for name in http_clients.SAID)
    is_bare = call.path.rpartition(".")[0] in MADE and call.is_made_plainly and not any(told)
    return is_bare and call.around.adds_nothing


def _hashed(span: Span, made: Invocation, *, is_login: bool) -> Unsigned:
    name = (qualified_name(made.callee) or "").rpartition(".")[2]
    signed = None if span.holds(made.site.span) else made.site.span
    return Unsigned(span, Lack.HASH, name, signed, is_login=is_login)


def _signed(signature: ArgumentView) -> Span | None:
    """The text that a signature is for, where that is put together."""
    text = signed_text(signature.term) if isinstance(signature, Argument) else None
    return text.site.span if text else None


def _headers(call: Call) -> list[str] | None:
    """The names of all headers that a request is given; None where there may be others."""
    headers = call.get("headers")
    if headers is None or headers.is_nothing:
        return []
    return list(headers.entries) if headers.is_closed and headers.entries is not None else None
