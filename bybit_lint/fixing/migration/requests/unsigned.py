"""Requests without a client: to a path of before V5, unsigned, with all that they are sent in sight.

What is written is `requests.get(f"{URL}/public/linear/kline", params={...})`: the path, its parameters and what is read
of the answer are those of a call of pybit's (`migrations.asked_at`), and the host stays the same. What is signed, or
sent by a function for others, is in `signed.py`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.test_doubles import is_mocked
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.views import CallViews
from bybit_lint.analysis.values.terms import Constant, Unknown
from bybit_lint.clients import entries_of, rest
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import Entry, by_source, joined, made_once, place
from bybit_lint.fixing.migration.arguments.onedict import OneDict
from bybit_lint.fixing.migration.arguments.values import Value
from bybit_lint.fixing.migration.calls import calls
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.passages.passages import KEPT, PLAIN
from bybit_lint.fixing.migration.passages.paths import Address, named_paths
from bybit_lint.fixing.migration.requests.addresses import ELSEWHERE, Pieces, is_shared
from bybit_lint.fixing.migration.steps import Changes, Step, Undecided
from bybit_lint.knowledge import Endpoint, endpoint_of, legacy, migrations
from bybit_lint.knowledge.migrations import RAW, Parameter

VERB = "get"
LIBRARIES = ("requests", "httpx", "aiohttp")
BESIDE = ("url", "params", "timeout", "verify", "proxies", "headers")
"""What a request may be given, beside which it is as plain as it looks."""
QUOTE = '"'
WITHOUT = "it is asked without a client"


def sightings(program: Program) -> Iterator[Sighting]:
    """The requests to known paths in a project, each once."""
    views = CallViews(program, None)
    paths = [path.encode() for path in migrations.asked_at()]
    named = named_paths(program).asked().keys()
    for module in program.project.readable:
        is_said = any(path in module.source.body for path in paths)
        if is_said or (named and not named.isdisjoint(module.names.nodes())):
            for node in module.names.calls_named.get(VERB, ()):
                yield from _sighted(program, views, module, node)


def _sighted(program: Program, views: CallViews, module: Module, node: ast.Call) -> Iterator[Sighting]:
    address = _address(program, module, node)
    if address is None or is_mocked(program.evaluator, module, node):
        return
    seen = list(views.of(module, node))
    if seen and rest.CALLS.get(seen[0].path) in LIBRARIES:
        client, _, method = migrations.asked_at()[address.path].v5_method.partition(".")
        yield Sighting(seen[0], client, method, (), _doubt(module, seen, address), RAW, address=address)


def _doubt(module: Module, seen: Sequence[Call], address: Address) -> str:
    """Why a request cannot be rewritten, whatever it is sent; empty for nothing."""
    if len(seen) > 1 or not seen[0].is_only or not _is_bybits(seen[0], address.path):
        return "it may be asked of something else"
    headers = seen[0].get("headers")
    is_plain = headers is None or (headers.is_closed and {name.lower() for name in entries_of(headers)} <= PLAIN)
    if not is_plain:
        return "what headers brings is not known"
    function = seen[0].site.node.func if isinstance(seen[0].site.node, ast.Call) else None
    session = called_name(function.value) if isinstance(function, ast.Attribute) else ""
    told = [n for n in module.names.nodes() if isinstance(n, ast.Attribute) and n.attr in KEPT]
    if any(seen[0].maker(name) for name in KEPT) or any(called_name(n.value) == session for n in told):
        return "its session sends more than is given here"
    return ""


def _is_bybits(call: Call, path: str) -> bool:
    """Proven: it goes to this path of Bybit's, whoever calls the function around it."""
    held = call.get("url", 0)
    hosts = [(text, rest.HOST.match(text)) for text in held.texts] if held else []
    return bool(hosts) and all(
        host and text[host.end() :].partition("?")[0].rstrip("/") == path for text, host in hosts
    )


def named(sighting: Sighting, step: Step) -> Step:
    """A request that is left, with what becomes of its path."""
    known = migrations.migrations().get((sighting.client, sighting.method))
    return without_client(step, endpoint_of(known.v5_method) if known else None)


def without_client(step: Step, endpoint: Endpoint | None = None) -> Step:
    """Something to an older path that is left, with what becomes of that."""
    becomes = endpoint.path if endpoint else legacy.paths()[step.name].v5_path
    return step.left("; ".join([WITHOUT, *([f"in V5 it is {becomes}"] if becomes else []), *step.reasons]))


def _address(program: Program, module: Module, node: ast.Call) -> Address | None:
    """Where a call goes, if that is a known path at the end of a text; the text may have a name of its own."""
    url = _url(node)
    return Pieces(program, module, url).address if url is not None else None


def _url(node: ast.Call) -> ast.expr | None:
    return node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "url"), None)


class Query(OneDict):
    """The parameters of a request. Raises Undecided where not all of them are seen."""

    def __init__(self, program: Program, module: Module, call: ast.Call, address: Address) -> None:
        self.program, self.module, self.source, self.call, self.skip = program, module, module.source, call, 0
        given = {keyword.arg or "**": keyword.value for keyword in call.keywords}
        given |= dict(zip(("url", "params"), call.args, strict=False))
        if len(call.args) > 2 or any(isinstance(arg, ast.Starred) for arg in call.args):
            raise Undecided("what it is given by position is not all known")
        if strange := [name for name in given if name not in BESIDE]:
            raise Undecided(f"what {strange[0]} brings is not known")
        if address.has_query and "params" in given:
            raise Undecided("its parameters are written in two places")
        self.written = self._dict(given["params"]) if "params" in given else None
        self.address = Pieces(program, module, given["url"])
        self.all = [*(self.address.entries(call) if address.has_query else self._of_dict(given.get("params")))]
        names = [entry.name for entry in self.all]
        if twice := [name for name in names if names.count(name) > 1]:
            raise Undecided(f"{twice[0]} is given twice")

    def _dict(self, value: ast.expr) -> ast.expr:
        """Where the parameters are written."""
        if isinstance(value, ast.Name):
            holder, made = made_once(self.module, value)
            loads = self.module.names.loads(holder.node, value.id)
            if any(map(self._is_spread, loads)) or is_shared(self.program, self.module, holder.node, value.id):
                raise Undecided(ELSEWHERE)
            value = made
        is_call = isinstance(value, ast.Call) and called_name(value.func) == "dict" and not value.args
        if not is_call and not isinstance(value, ast.Dict):
            raise Undecided("its parameters are put together elsewhere")
        return value

    def _first(self, pairs: str) -> Edit:
        at = place(self.source, self.call.args[0] if self.call.args else self.call.keywords[0])[1]
        return Edit(at, at, f", params={pairs}")


class Rewriting(calls.Rewriting):
    """One request on its way."""

    entries: Query

    def _read(self) -> None:
        assert self.sighting.address is not None
        self.address = self.sighting.address
        self.entries = Query(self.calls.program, self.module, self.node, self.address)
        self.by_name = {entry.name: entry for entry in self.entries.all}

    def changes(self) -> Changes:
        """All edits. Raises Undecided."""
        symbol = self.by_name.get("symbol")
        if "symbol" in self.known.arguments and (symbol is None or not symbol.is_here):
            raise Undecided("without a symbol it answers for all of them")
        if self.address.has_query:
            names = dict(map(self._in_address, self.entries.all))
            added = self._added(names)
            own = []
        else:
            names, gone = self._arguments(self.entries.all)
            added = self._added(names)
            own = [*self.entries.added(added)]
            self.edits += self.entries.removal(gone)
        self._check(names | added)
        path = (self.address.module.source, self._path(added))
        edits = [*self.edits, path, *((self.source, edit) for edit in own)]
        return {source: joined(found) for source, found in by_source(edits).items()}

    def _in_address(self, entry: Entry) -> tuple[str, str]:
        """The V5 name of a parameter in an address, and the code of its value, once both are written there."""
        new = self._way(entry.name).new
        if new == (Parameter(entry.name, ""),):
            return entry.name, self._written(entry)
        if len(new) != 1 or (new[0].how and isinstance(entry.value, ast.JoinedStr)):
            raise Undecided(f"{entry.name}, which is written into its address, is another in V5")
        written = self.entries.address
        self.edits.append((self.source, written.renamed(entry, new[0].name)))
        value = self._converted(_as_number(entry), new[0].how)
        if value:
            self.edits.append((self.source, written.revalued(entry, value)))
        return new[0].name, value or self._written(entry)

    def _value(self, entry: Entry) -> Value:
        if self.address.has_query and isinstance(entry.value, ast.Constant):
            return Value(self.module, entry.value, [Constant(entry.value.value)])
        if self.address.has_query and isinstance(entry.value, ast.JoinedStr):
            return Value(self.module, entry.value, [Unknown()])
        return super()._value(entry)

    def _added(self, names: Mapping[str, str]) -> dict[str, str]:
        usual = migrations.asked_at()[self.address.path].added
        return super()._added(names) | {name: value for name, value in usual.items() if name not in names}

    def _path(self, added: Mapping[str, str]) -> Edit:
        """The path, in the text that has it, with what is added behind it."""
        start, end = self.address.place
        if not self.address.has_query:
            return Edit(start, end, self.meant)
        if not self.source.body.startswith(b"?", end):
            raise Undecided("its path is not written plainly")
        first = "".join(f"{name}={value.strip(QUOTE)}&" for name, value in added.items())
        return Edit(start, end + 1, f"{self.meant}?{first}")


def _as_number(entry: Entry) -> Entry:
    """A parameter with what `str(...)` makes a text of in an address."""
    match entry.value:
        case ast.Call(func=ast.Name(id="str"), args=[number], keywords=[]):
            return entry._replace(value=number)
    return entry
