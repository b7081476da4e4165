"""What raw requests sign, held against what they send.

A signature is for the text `timestamp + key + recv_window + payload`; the payload is the query of a GET and the body of
a POST, byte for byte (https://bybit-exchange.github.io/docs/v5/guide).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.callgraph.taken_branches import as_those_make_it, flags_around
from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.domains.encodings import JSON, Style, is_sorted, pieces, signed_ways, sorters, style
from bybit_lint.analysis.installed import Packages
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax import conditions, guards
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.jumps import names_in
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.containers import is_bare
from bybit_lint.analysis.values.mappings import mapping
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    DictTerm,
    Expression,
    External,
    Invocation,
    Parameter,
    Site,
    Term,
    alternatives,
)
from bybit_lint.clients import rest
from bybit_lint.clients.arguments import is_query
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge.headers import SIGNATURE, TIMESTAMP, WINDOW
from bybit_lint.vocabulary import Difference, Payload, Rename, Replace, Rewrite, Span, Verb

TYPE = "CONTENT-TYPE"
SIGN = "sign"
"""The field in which requests were signed before V5."""

WRITES = {"requests": Style.SPACED, "aiohttp": Style.SPACED, "httpx": Style.COMPACT}
"""What `json=` becomes on the wire: seen with requests 2.34, aiohttp 3.14 and httpx 0.28."""
OLDER = {"httpx": "0.28"}
"""Before these versions it had spaces too (https://github.com/encode/httpx/blob/master/CHANGELOG.md)."""
BODIES = {"requests": "data", "aiohttp": "data", "httpx": "content"}
"""The argument that sends a text as it is."""


@extracts(Payload, words="BAPI bapi Bapi")
class Payloads:
    """Every signed raw request of a module whose signed text can be read."""

    def __init__(self, analysis: Analysis) -> None:
        self.program, self.bybit_calls = analysis.program, analysis.traffic.bybit_calls
        self.views, self.packages = analysis.views, analysis.packages

    def facts(self, module: Module) -> Iterator[Payload]:
        if module.is_among_tests:
            return
        for node in module.names.calls:
            if node in self.bybit_calls and any(keyword.arg == "headers" for keyword in node.keywords):
                for call in self.views.of(module, node):
                    if call.path in rest.CALLS:
                        yield from SignedRequest(self.program, self.packages, module, call).payloads()


class SignedRequest:
    """One raw request with its headers."""

    def __init__(self, program: Program, packages: Packages, module: Module, call: Call) -> None:
        self.program, self.packages, self.module, self.call = program, packages, module, call
        self.library = rest.CALLS[call.path]
        self.headers = self._headers()

    def _headers(self) -> dict[str, Expression]:
        held = self.call.made.keywords.get("headers")
        options = alternatives(held.term) if held and not self._is_mixed(held) else ()
        found = [_named(option) if isinstance(option, DictTerm) else None for option in options]
        signed = [names for names in found if names is None or SIGNATURE in names]
        only = signed[0] if len(signed) == 1 else None
        return only if only and (len(found) == 1 or self._is_of_one_body()) else {}

    def _is_of_one_body(self) -> bool:
        """True if what is sent is the same whether or not the request is signed."""
        given = self.call.made.keywords
        return all(len(alternatives(given[name].term)) == 1 for name in rest.BODIES if name in given)

    @staticmethod
    def _is_mixed(held: Expression) -> bool:
        """True if a dict is updated several times, perhaps in one branch or the other, which its term does not tell."""
        node, scope = held.site.node, held.site.scope.function
        bindings = scope.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
        return sum(binding.how == "update" for binding in bindings) > 1

    def payloads(self) -> Iterator[Payload]:
        """The payload, if a signature is among the headers and what it is for can be read."""
        signature = self.headers.get(SIGNATURE)
        ways = [signed_ways(option) for option in alternatives(signature.term)] if signature else []
        if not signature or not ways or not all(ways):
            return
        parts = [[*way, *self._no_payload(way)] for found in ways for way in found]
        difference, place = self._difference(parts), self.call.own_span
        yield Payload(place, signature.site.span, difference, self._verbs(parts, difference))

    def _difference(self, parts: list[list[Term]]) -> Difference | None:
        if all(any(map(self._is_route, way)) for way in parts):
            return Difference.ROUTE
        if all(self._is_payload(way) for way in parts) and SIGN not in rest.body(self.call)[0]:
            return Difference.PAYLOAD
        if self._windows_differ(parts):
            return Difference.WINDOW
        styles = {style(option) for found in parts for option in self._here(found[-1])}
        known = {each for each in styles if each is not None}
        if len(known) < len(styles):
            return None
        if known == {Style.EMPTY} and self._asks():
            return Difference.UNSIGNED
        given = self.call.made.keywords
        sent = {name: given[name] for name in rest.BODIES if name in given and not _is_nothing(given[name].term)}
        if "json" in sent:
            return self._json(sent["json"], known)
        if "data" in sent:
            return self._data(sent["data"], known)
        return self._params(sent["params"], known, parts) if "params" in sent else None

    def _no_payload(self, way: list[Term]) -> list[Term]:
        """Nothing as the last piece of a text that is only the moment, one piece for the key, and the window."""
        stamp, window = self.headers.get(TIMESTAMP), self.headers.get(WINDOW)
        if stamp is None or window is None:
            return []
        start, end = ([_spelled(piece) for piece in pieces(held.term)] for held in (stamp, window))
        text = [*map(_spelled, way)]
        is_all = len(text) == len(start) + 1 + len(end) and text[: len(start)] == start and text[-len(end) :] == end
        return [Constant("")] if is_all else []

    def _asks(self) -> bool:
        """True for a request that only asks, and whose query holds something on each way of one who comes to it."""
        is_get = self.call.path.endswith(".get") or is_query(rest.endpoint_of(self.call))
        if not is_get or SIGN in rest.body(self.call)[0]:
            return False
        return rest.has_query(self.call) or any(all(map(_is_filled, alternatives(way))) for way in self._queries())

    def _queries(self) -> list[Term]:
        """What `params` may be; as callers make it only where nothing there hangs on who calls."""
        given, function = self.call.made.keywords, self.call.site.scope.function.node
        held = given.get("params")
        if held is None:
            return []
        names = names_in([held.site.node])
        is_asked = any(not names.isdisjoint(names_in([test])) for test in guards.tests(function))
        if is_asked or len(alternatives(given["headers"].term)) > 1:
            return [held.term]
        return as_those_make_it(self.program, self.call.site, held.term, _is_dict)

    def _is_payload(self, way: list[Term]) -> bool:
        """True for a text that begins with its payload, or with the moment and goes on with it, and is all read."""
        stamp = self.headers.get(TIMESTAMP)
        moment = pieces(stamp.term) if stamp else []
        after = way[len(moment) :] if way[: len(moment)] == moment else way
        styles = [style(option) for piece in after for option in alternatives(piece)]
        return None not in styles and any(each is not Style.EMPTY for each in styles)

    def _is_route(self, piece: Term) -> bool:
        """True for the verb or the path of a request, whoever asks for it."""
        terms = self.program.callers.in_all_contexts(piece)
        made = [strings.texts(option) for term in terms for option in alternatives(term)]
        return bool(made) and all(found and all(map(_speaks_of_route, found)) for found in made)

    def _here(self, term: Term) -> list[Term]:
        """What a term may be where the request is sent; not what is only made in another branch."""
        options = alternatives(term)
        if len(options) < 2:
            return [*options]
        here = self.call.site
        sites = [getattr(option, "site", None) for option in options]
        apart = [
            site is not None
            and site.module is here.module
            and conditions.are_apart(here.module.names, site.node, here.node)
            for site in sites
        ]
        return [option for option, is_apart in zip(options, apart, strict=True) if not is_apart] or [*options]

    def _windows_differ(self, parts: list[list[Term]]) -> bool:
        sent = self.headers.get(WINDOW)
        numbers = {text for found in parts if len(found) > 2 for text in strings.texts(found[2]) or ("?",)}
        given = set(strings.texts(sent.term)) if sent else set()
        is_known = len(numbers) == len(given) == 1 and all(n.isdecimal() for n in numbers | given)
        return is_known and numbers != given

    def _json(self, held: Expression, signed: set[Style]) -> Difference | None:
        made = self.program.callers.in_all_contexts(held.term) if signed == {Style.EMPTY} else []
        if any(_may_be_nothing(option) for way in made for option in alternatives(way)):
            return None
        is_older = self.packages.versions(self.module, self.library).is_below(OLDER.get(self.library, "0"))
        writes = Style.SPACED if is_older else WRITES.get(self.library)
        if writes is None or writes in signed:
            return None
        return Difference.SPACES if signed & set(JSON) else Difference.JSON

    def _data(self, held: Expression, signed: set[Style]) -> Difference | None:
        if all(isinstance(option, DictTerm) for option in alternatives(held.term)):
            return Difference.FORM if signed <= set(JSON) else None
        sent = {style(option) for option in self._here(held.term)}
        is_plain = len(sent) == 1 and sent <= set(JSON) and signed <= set(JSON)
        return Difference.SPACES if is_plain and sent.isdisjoint(signed) else None

    def _params(self, held: Expression, signed: set[Style], parts: list[list[Term]]) -> Difference | None:
        written = signed - {Style.EMPTY}
        if written and written <= set(JSON):
            return Difference.QUERY if written == signed or self._asks_for_something(held) else None
        is_in_order = written <= {Style.SORTED, *JSON} and Style.SORTED in written  # JSON is no query in any order
        return Difference.ORDER if is_in_order and self._is_in_another(held, parts) else None

    def _asks_for_something(self, held: Expression) -> bool:
        """True if one who has the query signed puts something into it: neither JSON nor nothing fits that."""
        flags = flags_around(self.headers[SIGNATURE].site)
        ways = as_those_make_it(self.program, self.call.site, held.term, _is_dict, flags)
        given = ([option for option in alternatives(way) if not is_bare(option)] for way in ways)
        return any(options and all(map(_is_filled, options)) for options in given)

    def _is_in_another(self, held: Expression, parts: list[list[Term]]) -> bool:
        """True if the same names are put in order for the signature, and sent in another."""
        if is_sorted(held.site):
            return False
        made = [option for found in parts for option in alternatives(found[-1]) if isinstance(option, Invocation)]
        items = [(text.site.module, _held(call.args[0])) for text in made for call in sorters(text.site)]
        ordered = [self.program.evaluator.evaluate(module, node) for module, node in items]
        signed = [names for term in ordered for names in _names(self.program.callers.as_needed(term, _is_dict))]
        sent = as_those_make_it(self.program, self.call.site, held.term, _is_dict)
        return any(names != sorted(names) and names in signed for names in _names(sent))

    def _verbs(self, parts: list[list[Term]], difference: Difference | None) -> tuple[Verb, ...]:
        """Sends the text instead of the dict, where the text has a name beside the request."""
        held = self.call.made.keywords.get("json")
        if difference is not Difference.SPACES or held is None or len(parts) != 1:
            return ()
        name, typed = self._name_of(parts[0][-1]), self._typed()
        if not name or typed is None:
            return ()
        return (Rename(held.site.span, BODIES[self.library]), Replace(held.site.span, "", name), *typed)

    def _typed(self) -> tuple[Verb, ...] | None:
        """Says that the body is JSON, as `json=` does; None where the headers are not this request's alone."""
        if TYPE in self.headers:
            return ()
        held = self.call.made.keywords["headers"]
        headers = self._only_of(held.site.node)
        if headers is None or not headers.keys or headers.keys[0] is None:
            return None
        source = self.module.source
        first = source.span(headers.keys[0])
        line = source.line_starts[first.line - 1]
        before = source.body[line : first.start].decode()
        here = Span(first.path, *first[1:3], *first[1:3], first.start, first.start)
        return (Rewrite(here, '"Content-Type": "application/json",' + (" " if before.strip() else f"\n{before}")),)

    def _only_of(self, node: ast.expr) -> ast.Dict | None:
        """A dict that is written out in the call, or under a name that nothing but the call reads."""
        if isinstance(node, ast.Name):
            inside = walk(self.call.made.site.scope.function.node)
            uses = [each for each in inside if isinstance(each, ast.Name) and each.id == node.id]
            bound = [each for each in uses if isinstance(each.ctx, ast.Store)]
            statement = self.module.names.parents[bound[0]] if len(uses) == 2 and len(bound) == 1 else None
            node = statement.value if isinstance(statement, ast.Assign) else node
        return node if isinstance(node, ast.Dict) else None

    def _name_of(self, term: Term) -> str:
        """The local variable that holds a text."""
        site = term.site if isinstance(term, Invocation) else None
        scope = self.call.made.site.scope.function
        names = [n for n, found in scope.bindings.items() if len(found) == 1 and site and found[0].value is site.node]
        return names[0] if names and names[0].isidentifier() else ""


def _is_dict(term: Term) -> bool:
    return mapping(term) is not None


def _names(ways: Iterable[Term]) -> list[list[str]]:
    """The names in a dict in the order in which they were put there, on each way."""
    return [
        [name for name, e in term.entries.items() if not _may_be_nothing(e.term)]
        for term in map(mapping, ways)
        if term is not None
    ]


def _speaks_of_route(text: str) -> bool:
    return "/v5/" in text or text.strip().lower() in rest.VERBS


def _named(headers: DictTerm) -> dict[str, Expression]:
    return {name.upper(): e for name, e in headers.entries.items()}


def _held(node: ast.expr) -> ast.expr:
    """The dict whose names are put in order: of its keys, its pairs, or those of them that have a value."""
    match node:
        case ast.Call(func=ast.Attribute(value=held, attr="keys" | "items"), args=[]):
            return _held(held)
        case ast.Call(func=ast.Name(id="list" | "tuple"), args=[held]):
            return _held(held)
        case ast.GeneratorExp(generators=[each]) | ast.ListComp(generators=[each]) if _keeps_names(each):
            return _held(each.iter)
    return node


def _keeps_names(each: ast.comprehension) -> bool:
    """True if no pair is passed over for its name."""
    pair = each.target.elts if isinstance(each.target, ast.Tuple) else []
    return not each.ifs or (len(pair) == 2 and names_in(each.ifs).isdisjoint(names_in([pair[0]])))


def _spelled(piece: Term) -> object:
    """A piece of a text, so that it is equal to what is written as it is."""
    match piece:
        case Constant(value=value):
            return str(value)
        case External(name=name):
            return (name,)
        case Access(base=base, key=key):
            return (_spelled(base), key)
    return piece


def _is_filled(term: Term) -> bool:
    """True for a dict that is written out with something that is sent; what is put into it later may be left out."""
    match term:
        case DictTerm(entries=entries, site=Site(node=ast.Dict(keys=keys))):
            written = [entries.get(str(key.value)) for key in keys if isinstance(key, ast.Constant)]
            return any(held is not None and not _may_be_nothing(held.term) for held in written)
    return False


def _is_nothing(term: Term) -> bool:
    return isinstance(term, Constant) and term.value is None


def _may_be_nothing(term: Term) -> bool:
    """True for None, which is not sent, and for a parameter that is None unless a caller says else."""
    if not isinstance(term, Parameter):
        return _is_nothing(term)
    default = defaults(term.function.args).get(term.name)
    return isinstance(default, ast.Constant) and default.value is None
