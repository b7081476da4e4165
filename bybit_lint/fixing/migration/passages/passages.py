"""The way of a request without a client: from the call that says its path through the bot's functions to the sending.

`post("/private/linear/order/create", symbol=...)` is a request, if `post` hands path and parameters on to
`requests.post`. What all ways through one sending share stands in its `Sender`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.taken_branches import is_for
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name
from bybit_lint.analysis.traffic.arguments import Argument
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import DictTerm, Site
from bybit_lint.clients import entries_of, rest
from bybit_lint.fixing.migration.arguments.entries import made_once
from bybit_lint.fixing.migration.passages import headers
from bybit_lint.fixing.migration.passages.paths import Address, named_paths, said_in
from bybit_lint.fixing.migration.passages.payloads import ELSEWHERE, Payload
from bybit_lint.fixing.migration.passages.texts import pieces_of
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.tuples import NamedTuple

LIBRARIES = ("requests", "httpx", "aiohttp")
"""Those whose requests can be signed: as they are about to be sent (`auth=`), or by what they are given."""
CARRYING = ("params", "data", "json")
BESIDE = {"url", "method", "timeout", "verify", "proxies", "headers", "allow_redirects", *CARRYING}
PLAIN = {"user-agent", "accept", "accept-encoding", "accept-language", "content-type", "connection", "cache-control"}
"""Headers that say nothing to Bybit."""
HEADERS = "headers"
KEPT = ("params", "auth", HEADERS)
"""What a session adds to each of its requests."""
TOLD = ("request", "Request")
"""What is told which verb to use."""
POSITIONS = {
    "get": ("url", "params"),
    "post": ("url", "data", "json"),
    "request": ("method", "url"),
    "Request": ("method", "url", "headers"),
}
UNKNOWN = "line {} sends through it what is not known to be of before V5"


class Passage(NamedTuple):
    """One request on its way out: the calls that it takes, the sending first."""

    sender: Sender
    sites: Sequence[Site]
    verb: str
    path: str
    address: Address | None
    """Where that is written; None where it is not seen."""
    saying: Site
    """The call that says the path."""

    @property
    def call(self) -> Site:
        """The outermost call, which brings the parameters."""
        return self.sites[-1]

    @property
    def idle(self) -> str:
        """The function around it, if nobody in the project mentions that: nobody asks then, and nobody reads."""
        return idle_around(self.sender.program, self.call)

    @property
    def route(self) -> Mapping[FunctionNode, Site]:
        """Where the answer comes back, by the functions that it comes out of."""
        functions = (site.scope.function.node for site in self.sites[:-1])
        return {f: site for f, site in zip(functions, self.sites[1:], strict=True) if not isinstance(f, ast.Module)}  # type: ignore[misc]


def idle_around(program: Program, site: Site) -> str:
    """The name of the function around a call, if it stands nowhere but where that is defined."""
    function = site.scope.function.node
    name = function.name if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) else ""
    return name if name and not _is_mentioned(program, name) else ""


def _is_mentioned(program: Program, name: str) -> bool:
    """True for a name that stands anywhere but where a function is defined by it."""
    nodes = (node for module in program.project.readable for node in module.names.nodes())
    return any(
        name == (getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "value", None))
        for node in nodes
    )


class Sender:
    """A call that sends requests, and how they are signed."""

    def __init__(self, program: Program, view: Call) -> None:
        self.program, self.view = program, view
        self.module, self.source = view.site.module, view.site.module.source
        assert isinstance(view.site.node, ast.Call)
        self.node = view.site.node
        self.library = rest.CALLS.get(view.path, "")
        self.name = called_name(self.node.func)
        self.passages: list[Passage] = []
        self.others: list[Site] = []
        """What sends something else through it."""

    @property
    def is_any(self) -> bool:
        """True if it is told which verb to use."""
        return self.name in TOLD

    @cached_property
    def answered(self) -> ast.Call:
        """The call that gives the answer; of a request that is prepared first, what sends it. Raises Undecided."""
        if self.name != "Request":
            return self.node
        prepared = {call for call in self._calls("prepare_request", "prepare") if self._is_of(call, {self.node})}
        found = [call for call in self._calls("send") if self._is_of(call, prepared)]
        if len(found) != 1:
            raise Undecided("where it is sent is not seen")
        return found[0]

    def _calls(self, *names: str) -> list[ast.Call]:
        scope = self.view.site.scope.function
        return [call for call in self.module.names.called(*names) if self.module.names.scope(call).function is scope]

    def _is_of(self, call: ast.Call, made: Collection[ast.AST]) -> bool:
        """True for a call that is given what others make, or is one of its methods, be it by a name."""
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        given = call.args[0] if call.args else receiver
        around = (self.module.names.parents.get(each) for each in made)
        names = [a.targets[0] for a in around if isinstance(a, ast.Assign)]
        is_named = isinstance(given, ast.Name) and given.id in [getattr(name, "id", "") for name in names]
        return given in made or is_named

    @cached_property
    def arguments(self) -> dict[str, ast.expr]:
        names = POSITIONS.get(self.name, ("url",)) if self.library == "requests" or self.is_any else ("url",)
        given = dict(zip(names, self.node.args, strict=False))
        return given | {keyword.arg or "**": keyword.value for keyword in self.node.keywords}

    @cached_property
    def is_signed_in_headers(self) -> bool:
        """True if its signature stands in its headers, as V5 has it."""
        return headers.are_signed(entries_of(self.view.get(HEADERS)))

    @property
    def reader(self) -> type[Payload]:
        """What reads how its parameters come to it."""
        return headers.SignedBeside if self.is_signed_in_headers else Payload

    @property
    def payload(self) -> Payload:
        """How its parameters come to it. Raises Undecided."""
        if isinstance(self._read, Undecided):
            raise self._read
        return self._read[0]

    @property
    def left(self) -> ast.expr | None:
        """What is left of what it is given, once nothing signs it any more. Raises Undecided."""
        return next(iter(self._lefts), None)

    @property
    def is_split(self) -> bool:
        """True if query and body have names of their own."""
        return len({ast.dump(each) for each in self._lefts}) > 1

    @property
    def _lefts(self) -> Sequence[ast.expr]:
        if isinstance(self._read, Undecided):
            raise self._read
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[Payload, Sequence[ast.expr]] | Undecided:
        payload = self.reader(self.program, self.module, self.view.site.scope.function)
        try:
            left = [payload.sent(self.arguments[name]) for name in CARRYING if name in self.arguments]
            if self.query is not None:
                left.append(payload.sent(self.query))
            payload.finish()
        except Undecided as error:
            return error
        is_one = len({ast.dump(each) for each in left}) < 2 or self._is_split(payload, left)
        return (payload, left) if is_one else Undecided(ELSEWHERE)

    def _is_split(self, payload: Payload, left: Sequence[ast.expr]) -> bool:
        """True for a query and a body with names of their own, one of which is None, as the verb has it."""
        names = [each.id for each in left if isinstance(each, ast.Name)]
        if not self.is_any or len(names) != 2 or self.query is not None or "params" not in self.arguments:
            return False
        for name, verb, other in zip(names, ("GET", "POST"), ("POST", "GET"), strict=True):
            bindings = payload.scope.bindings.get(name, ())
            filled = [b.value for b in bindings if b.value is not None and not _is_none(b.value)]
            if len(filled) != 1 or len(bindings) != 2:
                return False
            site = Site(self.module, filled[0], payload.scope)
            if not is_for(site, verb) or is_for(site, other):
                return False
        return True

    @cached_property
    def address(self) -> ast.expr:
        """All of the address, where it is written."""
        url = self.arguments["url"]
        return made_once(self.module, url)[1] if isinstance(url, ast.Name) and self._is_made(url) else url

    def _is_made(self, url: ast.Name) -> bool:
        try:
            return isinstance(made_once(self.module, url)[1], (ast.BinOp, ast.JoinedStr, ast.Constant))
        except Undecided:
            return False

    @cached_property
    def query(self) -> ast.expr | None:
        """What the address ends with behind a question mark. Raises Undecided for one that is put together there."""
        address, pieces = self.address, pieces_of(self.address)
        if not any(isinstance(piece, str) and "?" in piece for piece in pieces):
            return None
        match address:
            case ast.BinOp(left=left, right=right) if _asks(pieces_of(left)):
                return right
            case ast.JoinedStr(values=values):
                at = next((n for n, value in enumerate(values) if _asks(pieces_of(value))), len(values))
                behind = values[at + 1 :]
                if len(behind) == 1 and isinstance(behind[0], ast.FormattedValue):
                    return behind[0].value
                if behind:
                    return ast.JoinedStr(values=behind)
        raise Undecided("the parameters that its address ends with are not all seen")

    def doubt(self) -> str:
        """Why nothing that goes through it can be carried over; empty for nothing."""
        if self.library not in LIBRARIES and not self.is_signed_in_headers:
            return f"{self.library} signs nothing as it is sent: put the signature of V5 into its headers"
        if self.others:
            where = self.others[0]
            return UNKNOWN.format(where.span.line)
        if strange := [name for name in self.arguments if name not in BESIDE]:
            return f"what {strange[0]} brings is not known"
        if len(self.node.args) > len(POSITIONS.get(self.name, ("url",))) or is_starred(self.node):
            return "what it is given by position is not all known"
        if not _are_known(self.view.get(HEADERS), self._known):
            return "what headers brings is not known"
        if self._session_sends():
            return "its session sends more than is given here"
        try:
            self.answered  # noqa: B018  # which looks for it
            is_signed = not isinstance(self.payload, headers.SignedBeside) or self.payload.is_signed
        except Undecided as error:
            return str(error)
        return "" if is_signed else "what its headers sign is not seen to be what it sends"

    @property
    def _known(self) -> set[str]:
        """The headers of which it is known what they say."""
        return PLAIN | headers.SIGNING if self.is_signed_in_headers else PLAIN

    def _session_sends(self) -> bool:
        function = self.node.func
        session = called_name(function.value) if isinstance(function, ast.Attribute) else ""
        told = [n for n in self.module.names.nodes() if isinstance(n, ast.Attribute) and n.attr in KEPT]
        of_session = [n for n in told if called_name(n.value) == session and session != self.library]
        is_more = any(self.view.maker(name) for name in KEPT if name != HEADERS)
        is_plain = _are_known(self.view.maker(HEADERS), PLAIN) and all(map(self._is_plain, of_session))
        return is_more or not is_plain

    def _is_plain(self, held: ast.Attribute) -> bool:
        """True for `session.headers.update({...})` with headers that say nothing to Bybit."""
        update = self.module.names.parents.get(held)
        call = self.module.names.parents.get(update)
        if not isinstance(update, ast.Attribute) or update.attr != "update" or not isinstance(call, ast.Call):
            return False
        if len(call.args) != 1 or call.keywords:
            return False
        given = self.program.evaluator.evaluate(self.module, call.args[0])
        return isinstance(given, DictTerm) and given.is_closed and {name.lower() for name in given.entries} <= PLAIN


def _are_known(given: Argument | None, names: Collection[str]) -> bool:
    """True for headers of which it is known what they say, or none at all."""
    return given is None or (given.is_closed and {name.lower() for name in entries_of(given)} <= {*names})


def _asks(pieces: Sequence[str | ast.expr]) -> bool:
    """True for a text that ends with the question mark before a query."""
    return str(pieces[-1]).endswith("?") if pieces and isinstance(pieces[-1], str) else False


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def is_starred(call: ast.Call) -> bool:
    return any(isinstance(arg, ast.Starred) for arg in call.args)


def where(sender: Sender, site: Site, path: str) -> Address | None:
    """Where a path is written: in what a call is given, or in what that has as its name."""
    node = site.node
    assert isinstance(node, ast.Call)
    is_sent = node is sender.node
    given = [sender.address] if is_sent else [*node.args, *(keyword.value for keyword in node.keywords)]
    named = named_paths(sender.program).of(path)
    found = [said for each in given for said in said_in(named, site.module, each, path)]
    return found[0] if len(found) == 1 else None
