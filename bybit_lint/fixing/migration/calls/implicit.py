"""Endpoints of before V5 that ccxt called by their own names, as those of V5.

`exchange.private_linear_post_order_create({...})` is `exchange.private_post_v5_order_create({...})`: the parameters
stand in one dict and are those of a method of pybit's (`migrations.implicit`), as is the answer. The exchange stays as
it is. What goes straight to an endpoint ccxt neither rounds nor names otherwise, before V5 as since then, and it raises
what Bybit refuses (https://github.com/ccxt/ccxt/blob/v4.5.90/python/ccxt/bybit.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.test_doubles import is_mocked
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.views import CallViews
from bybit_lint.clients import ccxt, passed
from bybit_lint.fixing.editing.edits import Edit
from bybit_lint.fixing.migration.arguments.entries import Entry, by_source, joined, made_once, place
from bybit_lint.fixing.migration.arguments.onedict import OneDict
from bybit_lint.fixing.migration.calls import calls
from bybit_lint.fixing.migration.calls.sightings import Sighting
from bybit_lint.fixing.migration.steps import Changes, Undecided
from bybit_lint.knowledge import dialects, endpoint_of, legacy, migrations
from bybit_lint.knowledge.migrations import Parameter
from bybit_lint.patterns import regex

PARAMS = "params"
VERB = regex(r"_(get|post|put|delete)_|[a-z](Get|Post|Put|Delete)[A-Z]")
OF_BYBIT = ("/private/linear/", "/public/linear/", "/v2/p", "/spot/v1/", "/futures/private/")
"""How the paths begin by whose names an exchange is known to be Bybit's."""
EXCHANGES = (passed.CLIENT, "ccxt.")
"""What may be one of them by its name: an exchange that nobody is seen to make, or one of several."""
UNMADE = "which exchange it is asked of is not seen: it is taken for Bybit's by the name of the endpoint"
NO_ENDPOINT = "ccxt has no endpoint for {}"


def sightings(program: Program) -> Iterator[Sighting]:
    """The calls of endpoints of before V5 in a project, each once."""
    views = CallViews(program, None)
    for module in program.project.readable:
        if b"rivate" in module.source.body or b"ublic" in module.source.body:
            for name, nodes in module.names.calls_named.items():
                known = ccxt.former(name) if not ccxt.path_of(name) else None
                if known is not None:
                    yield from (
                        sighting for node in nodes for sighting in _sighted(program, views, module, node, known)
                    )


def _sighted(
    program: Program, views: CallViews, module: Module, node: ast.Call, known: legacy.Path
) -> Iterator[Sighting]:
    seen = list(views.of(module, node))
    ours = [call for call in seen if call.path.partition("().")[0] in ccxt.CLASSES]
    is_named = known.path.startswith(OF_BYBIT)
    others = [call for call in seen if call not in ours and is_named and call.path.startswith(EXCHANGES)]
    if not (ours or others) or not isinstance(node.func, ast.Attribute) or is_mocked(program.evaluator, module, node):
        return
    client, method = migrations.implicit().get(f"{_verb(node.func.attr)}{known.path}", ("", ""))
    doubt = "" if method else f"in V5 it is {known.v5_path}" if known.v5_path else "V5 has nothing for it"
    if len(ours) + len(others) < len(seen) or (not others and not seen[0].is_only):
        doubt = "it may be asked of something else"
    yield Sighting((others or ours)[0], client, method or node.func.attr, (), doubt, ccxt.LIBRARY)


def _verb(name: str) -> str:
    """The verb of an endpoint's name: `POST` of `private_linear_post_order_create`."""
    found = VERB.search(name)
    return (found[1] or found[2]).upper() if found else ""


class Params(OneDict):
    """What an endpoint is given: the entries of one dict. Raises Undecided where not all of them are seen."""

    def __init__(self, program: Program, module: Module, call: ast.Call) -> None:
        self.program, self.module, self.source, self.call, self.skip = program, module, module.source, call, 0
        given = {keyword.arg or "**": keyword.value for keyword in call.keywords}
        given |= dict(zip((PARAMS,), call.args, strict=False))
        if given.keys() - {PARAMS} or len(call.args) > 1 or any(isinstance(arg, ast.Starred) for arg in call.args):
            raise Undecided("it takes one dict, and is given something else beside it")
        params = given.get(PARAMS)
        self.written = made_once(module, params)[1] if isinstance(params, ast.Name) else params
        self.all = [*self._of_dict(params)]

    def _first(self, pairs: str) -> Edit:
        at = place(self.source, self.call)[1] - 1
        return Edit(at, at, pairs)


class Rewriting(calls.Rewriting):
    """One call of an endpoint on its way."""

    entries: Params

    def _read(self) -> None:
        self.doubts += [] if self.sighting.call.path.partition("().")[0] in ccxt.CLASSES else [UNMADE]
        self.entries = Params(self.calls.program, self.module, self.node)
        self.by_name = {entry.name: entry for entry in reversed(self.entries.all)}

    @property
    def meant(self) -> str:
        """The name of the endpoint, spelt as the older one is."""
        endpoint = endpoint_of(self.method)
        if endpoint is None:
            raise Undecided(NO_ENDPOINT.format(self.method or "it"))
        words = endpoint.path.strip("/").replace("/", "_").replace("-", "_")
        name = f"{'private' if endpoint.needs_auth else 'public'}_{endpoint.verb.lower()}_{words}"
        twin = dialects.ccxt_endpoints().get(name)
        if twin is None:
            raise Undecided(NO_ENDPOINT.format(endpoint.path))
        return name if "_" in called_name(self.node.func) else twin

    def changes(self) -> Changes:
        """All edits. Raises Undecided."""
        self._choose_orders()
        if any(self._way(entry.name).only == calls.LEVERAGE for entry in self.entries.all):
            raise Undecided("it sets the leverage too, which is a call of its own in V5")
        names, gone = self._arguments(self.entries.all)
        added = self._added(names)
        self._check(names | added)
        edits = [*self.edits, *((self.source, edit) for edit in (*self._renamed(), *self._put(added, gone)))]
        return {source: joined(found) for source, found in by_source([*edits, *self.entries.removal(gone)]).items()}

    def _renamed(self) -> Iterator[Edit]:
        function = self.node.func
        assert isinstance(function, ast.Attribute)
        end = place(self.source, function)[1]
        yield Edit(end - len(function.attr.encode()), end, self.meant)

    def _put(self, added: Mapping[str, str], gone: list[Entry]) -> Iterator[Edit]:
        if added and gone and len(gone) == len(self.entries.all):
            raise Undecided(f"{gone[0].name} goes, and nothing of what it is given stays")
        yield from self.entries.added(added)

    def _how(self, parameter: Parameter) -> str:
        return parameter.how or ("text" if parameter.name in calls.TEXTS else "")
