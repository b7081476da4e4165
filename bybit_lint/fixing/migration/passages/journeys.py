"""The parameters of requests on their way out, and all requests that go out so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.bounds import MAX_FRAMES
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.taken_branches import is_passed_by
from bybit_lint.analysis.callgraph.test_doubles import is_mocked
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import bind_call
from bybit_lint.analysis.syntax.nodes import FunctionNode, called_name
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.views import CallViews
from bybit_lint.analysis.values.terms import Function, Site
from bybit_lint.clients import rest
from bybit_lint.fixing.migration.arguments.entries import Entry, Form, keyword_entry
from bybit_lint.fixing.migration.passages.passages import TOLD, Passage, Sender, idle_around, is_starred, where
from bybit_lint.fixing.migration.passages.payloads import ELSEWHERE, Payload
from bybit_lint.fixing.migration.passages.signatures import SIGN
from bybit_lint.fixing.migration.steps import Undecided
from bybit_lint.knowledge import legacy, migrations

UNSIGNED = "nothing is seen that signs it"


class Further(Undecided):
    """The parameters are brought by who calls the function around."""


class Journey:
    """The parameters of one request on their way. Raises Undecided where not all of that is seen."""

    def __init__(self, program: Program, passage: Passage) -> None:
        self.program, self.passage = program, passage
        self.payloads = [passage.sender.payload]
        self.roots: list[ast.AST] = []
        """The calls or the dicts that they are written in."""
        self.entries: list[Entry] = []
        self.absent: tuple[ast.Call, str] | None = None
        """The call that gives none, and the name it would give them by; empty for by their own."""
        self._follow()
        if self.signing is None and any(payload.signature.said for payload in self.payloads):
            raise Undecided(UNSIGNED)

    def _follow(self) -> None:
        sites = self.passage.sites
        for index in range(len(sites)):
            payload = self.payloads[-1]
            if not payload.parameter:
                self._written(payload, is_here=index == len(sites) - 1)
                return
            if index == len(sites) - 1:
                raise Further(f"what {payload.parameter} brings is given by callers that are not seen")
            call = sites[index + 1].node
            assert isinstance(call, ast.Call)
            if not self._given(payload, sites[index + 1], call, is_here=index + 1 == len(sites) - 1):
                return

    def _written(self, payload: Payload, *, is_here: bool) -> None:
        if not is_here:
            raise Undecided(ELSEWHERE)
        self.roots, self.entries = [*payload.roots], payload.entries

    def _given(self, payload: Payload, site: Site, call: ast.Call, *, is_here: bool) -> bool:
        """What a call gives for the parameter that brings them; True if that comes from further outward."""
        function = _called(self.program, site.module, call, payload.function)
        offset = self.program.evaluator.parameters.offset(function)
        if is_starred(call):
            raise Undecided("what it is given by position is not all known")
        bound = bind_call(function.node, call, offset)
        rest_of = function.node.args.kwarg
        if rest_of is None or rest_of.arg != payload.parameter:
            spread = any(keyword.arg is None for keyword in call.keywords)
            given = bound.named.get(payload.parameter)
            if given is None or spread:
                self._absent(call, payload.parameter, is_here=is_here and not spread)
                return False
            self._next(site, given)
            return True
        spreads = [keyword for keyword in call.keywords if keyword.arg is None]
        if spreads and (bound.others or len(spreads) > 1):
            raise Undecided("what ** brings cannot be seen")
        if spreads:
            self._next(site, spreads[0].value)
            return True
        if not bound.others:
            self._absent(call, "", is_here=is_here)
            return False
        if not is_here:
            raise Undecided(ELSEWHERE)
        self.roots = [call]
        self.entries = [
            keyword_entry(site.module, k, call, Form.KEYWORD) for k in call.keywords if k.arg in bound.others
        ]
        return False

    def _absent(self, call: ast.Call, name: str, *, is_here: bool) -> None:
        if not is_here:
            raise Undecided(ELSEWHERE)
        self.absent = (call, name)

    def _next(self, site: Site, given: ast.expr) -> None:
        payload = self.passage.sender.reader(self.program, site.module, site.scope.function)
        payload.sent(given)
        payload.finish()
        self.payloads.append(payload)

    @cached_property
    def signing(self) -> Payload | None:
        """The payload that makes the signature."""
        inner = [signer for payload in self.payloads for signer in payload.signers.values()]
        return next((payload for payload in (*inner, *self.payloads) if SIGN in payload.signature.said), None)

    @cached_property
    def said(self) -> dict[str, tuple[Payload, ast.expr]]:
        """What it is signed with, and by which payload that is said."""
        inner = [signer for payload in self.payloads for signer in payload.signers.values()]
        found: dict[str, tuple[Payload, ast.expr]] = {}
        for payload in (*self.payloads, *inner):
            for name, value in payload.signature.said.items():
                found.setdefault(name, (payload, value))
        return found


def _called(program: Program, module: Module, call: ast.Call, wanted: FunctionNode | None) -> Function:
    term = program.evaluator.evaluate(module, call.func)
    for option in program.callees.of(term):
        if isinstance(option, Function) and option.node is wanted:
            return option
    raise Undecided("it is called by another name than its own")


# --- all of them ------------------------------------------------------------------------------------------------------


def senders(program: Program) -> Iterator[Sender]:
    """All calls that send something to a path of before V5, with what goes through each."""
    views = CallViews(program, None)
    known = [path.encode() for path in legacy.paths()]
    if not any(path in module.source.body for module in program.project.readable for path in known):
        return
    for module in program.project.readable:
        if any(library.encode() in module.source.body for library in rest.CLIENTS):
            for node in module.names.called(*rest.VERBS, *TOLD):
                if _may_send(node):
                    yield from _sending(views, module, node)


def _may_send(node: ast.Call) -> bool:
    """False for what is given a plain word first, as dicts are by the thousand: `row.get("size")`."""
    first = node.args[0] if node.args else None
    said = first.value if isinstance(first, ast.Constant) else None
    return called_name(node.func) in TOLD or not isinstance(said, str) or "/" in said


def _sending(views: CallViews, module: Module, node: ast.Call) -> Iterator[Sender]:
    program, seen = views.program, list(views.of(module, node))
    if (
        len(seen) != 1
        or not seen[0].is_only
        or seen[0].path not in rest.CALLS
        or is_mocked(program.evaluator, module, node)
    ):
        return
    sender = Sender(program, seen[0])
    url = seen[0].get("url", 1 if sender.is_any else 0)
    if "url" not in sender.arguments or url is None or not any(_path_of(text) for text in url.texts):
        return
    for view in _settled(views, seen[0], sender):
        if is_passed_by(program, view.site, view.context.term):
            path, verb = _path(view, sender), _verb(view, sender)
            if path and verb:
                site = _sites(view)[-1]
                sender.passages += _whole(views, view, Passage(sender, [], verb, path, where(sender, site, path), site))
            elif not idle_around(program, _sites(view)[-1]):
                sender.others.append(_sites(view)[-1])
    if sender.passages:
        yield sender


def _whole(views: CallViews, view: Call, passage: Passage) -> Iterator[Passage]:
    """A request by each call that brings its parameters, be it further outward than the one that says the path."""
    made = passage._replace(sites=_sites(view))
    try:
        Journey(views.program, made)
    except Further:
        outer = list(views.outward(view)) if len(view.context.frames) < MAX_FRAMES else []
        for each in outer:
            yield from _whole(views, each, passage)
        if outer:
            return
    except Undecided:
        pass
    yield made


def _settled(views: CallViews, view: Call, sender: Sender) -> Iterator[Call]:
    """A call as those see it who say where it goes."""
    outer = [] if _is_written(view, sender) and _verb(view, sender) else list(views.outward(view))
    if not outer or len(view.context.frames) >= MAX_FRAMES:
        yield view
    for each in outer:
        yield from _settled(views, each, sender)


def _is_written(view: Call, sender: Sender) -> bool:
    """True for the call that says the path itself."""
    path = _path(view, sender)
    return bool(path) and where(sender, _sites(view)[-1], path) is not None


def _path(view: Call, sender: Sender) -> str:
    """The path of before V5 that a call goes to at Bybit; empty if it may be another, or none."""
    url = view.get("url", 1 if sender.is_any else 0)
    paths = {_path_of(text) for text in url.texts} if url else set()
    return paths.pop() if len(paths) == 1 else ""


def _path_of(text: str) -> str:
    """The path of before V5 in an address of Bybit's; empty for any other."""
    host = rest.HOST.match(text)
    path = text[host.end() :].partition("?")[0].rstrip("/") if host else ""
    return path if path in legacy.paths() else ""


def _verb(view: Call, sender: Sender) -> str:
    if not sender.is_any:
        return sender.name.upper()
    method = view.get("method", 0)
    verbs = {text.upper() for text in method.texts} if method else set()
    return verbs.pop() if len(verbs) == 1 else ""


def _sites(view: Call) -> list[Site]:
    return list(view.context.leading(view.site))


def meaning(passage: Passage) -> str:
    """What a request is in pybit before V5: `usdt_perpetual.place_active_order`; empty where nobody knows."""
    made = migrations.signed_at().get((passage.verb, passage.path))
    if made is None and passage.verb == "GET":
        made = migrations.asked_at().get(passage.path)
    return made.v5_method if made else ".".join(migrations.implicit().get(passage.verb + passage.path, ()))
