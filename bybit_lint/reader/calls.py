"""Calls and their arguments as the translators see them, in the caller's context where a wrapper passes them on."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeGuard

from bybit_lint import bounds
from bybit_lint.names import FUNCTIONS, FunctionNode, called_name, handed_over
from bybit_lint.reader import naming, numbers, numerals, patches, pings, programs, reconnects, texts, timestamps
from bybit_lint.reader.callers import Callers, Made
from bybit_lint.reader.dicts import is_bare
from bybit_lint.reader.substitution import Substitution
from bybit_lint.reader.terms import (
    Choice,
    Constant,
    DictTerm,
    Expression,
    Instance,
    Invocation,
    ListTerm,
    Parameter,
    Part,
    Site,
    Term,
    Unknown,
    alternatives,
    path,
)
from bybit_lint.vocabulary import CallFirst, Literal, Named, Noun, Origin, Span, Timestamp, Value, Verb

ENCODERS = {"json.dumps", "orjson.dumps", "ujson.dumps", "simplejson.dumps", "urllib.parse.urlencode", "builtins.dict"}
EMPTY = {f"builtins.{name}()" for name in ("set", "dict", "list", "tuple", "frozenset")}
HARMLESS = ("asyncio", "websockets", "websocket", "aiohttp", "logging", "json")
"""Libraries that do nothing for a socket by themselves."""

HEARTBEAT = "bybit_lint.shim.start_heartbeat"


class Context:
    """The callers a wrapper is seen from: none for the code as it stands, one per layer otherwise."""

    def __init__(
        self,
        callers: Callers,
        layers: tuple[Substitution, ...] = (),
        wanted: frozenset[type[Noun]] | None = None,
    ) -> None:
        self.callers = callers
        self.resolver = callers.resolver
        self.layers = layers
        self.wanted = wanted
        """The nouns that somebody asks for; None for all."""

    def term(self, term: Term) -> Term:
        for layer in self.layers:
            term = layer.of(term)
        return term

    def within(self, layer: Substitution) -> Context:
        return Context(self.callers, (*self.layers, layer), self.wanted)


class Argument:
    """One argument; implements `clients.Held`."""

    def __init__(self, context: Context, expression: Expression, *, is_passed: bool = False) -> None:
        self.context = context
        self._is_passed = is_passed
        self.site = expression.site
        self.original = expression.term

    @property
    def term(self) -> Term:
        return self._stages[-1]

    @cached_property
    def span(self) -> Span:
        return self.site.span

    @cached_property
    def is_passed(self) -> bool:
        """True if the outermost caller decides it; what those further in decide is told in their own context."""
        return self._is_passed or (len(self._stages) > 1 and self._stages[-1] is not self._stages[-2])

    @property
    def is_decimal(self) -> bool:
        return numerals.Numerals(self.context.resolver).is_proven_decimal(self.term)

    @cached_property
    def value(self) -> Value:
        origins = self._origins(self.term)
        if len(self._stages) > 1:  # what a caller further in has made of it, that caller was told
            told = {origin.span for origin in self._origins(self._stages[-2]) if origin.kind in numbers.TOLD}
            origins = tuple(o for o in origins if o.span not in told or o.kind not in numbers.TOLD)
        stand = self._stand()
        return Value(stand.span, origins, self.constant, stand.maker)

    def _origins(self, term: Term) -> tuple[Origin, ...]:
        return numbers.origins(self.context.resolver, Expression(self.site, term))

    def _stand(self) -> Site:
        """Where the value is handed on: what the outermost caller wrote, or the argument itself."""
        found = self.site
        terms = [self.original]
        for layer in self.context.layers:
            handed = [
                e
                for t in terms
                for p in self.context.resolver.parameters.of(t)
                if p.function is layer.function.node and (e := layer.argument(p))
            ]
            if len({e.site.node for e in handed}) > 1:
                return layer.made.site
            if handed:
                found, terms = handed[0].site, [e.term for e in handed]
        return found

    @cached_property
    def code(self) -> str | None:
        return repeatable(self.site)

    @cached_property
    def constant(self) -> object:
        return self.term.value if isinstance(self.term, Constant) else None

    @property
    def written(self) -> object:
        return self.original.value if isinstance(self.original, Constant) else None

    @property
    def place(self) -> str:
        return place(self.site)

    @property
    def is_added(self) -> bool:
        return self._is_passed

    @property
    def is_named(self) -> bool:
        parent = self.site.module.names.parents.get(self.site.node)
        return isinstance(parent, (ast.keyword, ast.Dict))

    @cached_property
    def literals(self) -> tuple[tuple[Literal, ...], ...]:
        ways = [literals(term) for term in self.context.callers.expanded(self.term)]
        return tuple(way for way in ways if way)

    def is_name_of(self, literal: Literal) -> bool:
        node, module = self.site.node, self.site.module
        if not isinstance(node, ast.Name) or self.context.resolver.project.is_imported(module):
            return False
        uses = [each for each in ast.walk(module.source.tree) if isinstance(each, ast.Name) and each.id == node.id]
        bound = [each for each in uses if isinstance(each.ctx, ast.Store)]
        statement = module.names.parents.get(bound[0]) if len(uses) == 2 and len(bound) == 1 else None
        return isinstance(statement, ast.Assign) and module.source.span(statement.value) == literal.span

    @cached_property
    def texts(self) -> tuple[str, ...]:
        found = [text for term in self.context.callers.expanded(self.term) for text in texts.texts(term)]
        return tuple(dict.fromkeys(found))[: bounds.TEXTS]

    @cached_property
    def is_text(self) -> bool:
        return any(texts.is_text(term) for term in self.context.callers.expanded(self.term))

    def moments(self, name: str) -> list[Timestamp]:
        return list(timestamps.asked(self.context.callers, Expression(self.site, self.term), name))

    @cached_property
    def _stages(self) -> list[Term]:
        """What the argument is as it is written, and in the eyes of each caller outward."""
        found = [self.original]
        for layer in self.context.layers:
            found.append(layer.of(found[-1]))
        return found

    def _inner(self, stage: int, held: Expression) -> Argument:
        """A part of the argument, known since a caller passed all of it, or known as it is written (stage 0)."""
        layers = self.context.layers[stage:]
        return Argument(Context(self.context.callers, layers), held, is_passed=stage > 0 and not layers)

    @cached_property
    def _mapping(self) -> tuple[int, DictTerm] | None:
        stages = ((stage, mapping_of(term)) for stage, term in enumerate(self._stages))
        return next(((stage, mapping) for stage, mapping in stages if mapping is not None), None)

    @cached_property
    def _sequence(self) -> tuple[int, ListTerm] | None:
        stages = enumerate(self._stages)
        return next(((stage, term) for stage, term in stages if isinstance(term, ListTerm)), None)

    @property
    def entries(self) -> Mapping[str, Argument] | None:
        if self._mapping is None:
            return None
        stage, mapping = self._mapping
        return {name: self._inner(stage, held) for name, held in mapping.entries.items()}

    @property
    def items(self) -> Sequence[Argument] | None:
        if self._sequence is None:
            return None
        stage, sequence = self._sequence
        return [self._inner(stage, held) for held in sequence.items]

    @property
    def is_empty(self) -> bool:
        """Proven: it is a collection with nothing in it."""
        if isinstance(self.term, Invocation):
            return path(self.term) in EMPTY and not self.term.positional and self.term.is_closed
        held = self._mapping or self._sequence
        return held is not None and held[1].is_closed and not (self.entries or self.items)

    @property
    def is_closed(self) -> bool:
        held = self._mapping or self._sequence
        return held is not None and held[1].is_closed

    @cached_property
    def networks(self) -> tuple[Named, ...]:
        return naming.networks(self.context.resolver, self.site)

    @property
    def base(self) -> str | None:
        """The name a URL begins with, followed to where the URL is put together; globals and the object's own only."""
        here = self.context.layers[-1].made.site.module if self.context.layers else self.site.module
        site = _first(self.site)
        for _ in range(4):
            if not isinstance(site.node, ast.Name) or (value := _assigned(site)) is None:
                break
            site = _first(value)
        root = site.node
        while isinstance(root, ast.Attribute):
            root = root.value
        is_own = isinstance(root, ast.Name) and root.id in ("self", "cls") and isinstance(site.node, ast.Attribute)
        is_global = isinstance(root, ast.Name) and root.id in site.module.names.module.bindings
        is_here = site.module is here and not self.context.layers
        return repeatable(site) if (is_here and is_own) or (is_global and site.module is here) else None


def _given(context: Context, made: Made | Invocation, name: str, position: int | None) -> Argument | None:
    """An argument of a call by its name or position."""
    expression = made.keywords.get(name)
    if expression is None and position is not None and position < len(made.positional):
        expression = made.positional[position]
    return Argument(context, expression) if expression is not None else None


class Call:
    """One call; implements `clients.Call`."""

    def __init__(self, context: Context, made: Made, called: str, *, is_only: bool = True) -> None:
        self.context = context
        self.made = made
        self.site = made.site
        self.path = called
        self.is_only = is_only
        self._held: dict[tuple[object, ...], Argument | None] = {}
        """The arguments that were asked for: each remembers what it found out about itself."""

    def wants(self, *kinds: type[Noun]) -> bool:
        return self.context.wanted is None or not self.context.wanted.isdisjoint(kinds)

    @property
    def _node(self) -> ast.Call:
        assert isinstance(self.site.node, ast.Call)
        return self.site.node

    @property
    def place(self) -> str:
        return place(self.site)

    @property
    def own_span(self) -> Span:
        return self.site.span

    @property
    def span(self) -> Span:
        layers = self.context.layers
        return layers[-1].made.site.span if layers else self.own_span

    @property
    def sent(self) -> Span | None:
        return self.own_span if self.context.layers else None

    @property
    def called(self) -> Span:
        return self.site.module.source.span(handed_over(self._node)[0])

    @cached_property
    def receiver(self) -> str | None:
        func, _ = handed_over(self._node)
        if not isinstance(func, ast.Attribute):
            return None
        return repeatable(Site(self.site.module, func.value, self.site.scope))

    @property
    def is_awaited(self) -> bool:
        return isinstance(self.site.module.names.parents.get(self._node), ast.Await)

    @property
    def is_closed(self) -> bool:
        return self.made.is_closed

    def get(self, name: str, position: int | None = None) -> Argument | None:
        key = (name, position)
        if key not in self._held:
            self._held[key] = _given(self.context, self.made, name, position)
        return self._held[key]

    def maker(self, name: str, position: int | None = None) -> Argument | None:
        key = ("maker", name, position)
        if key not in self._held:
            self._held[key] = self._given_to_maker(name, position)
        return self._held[key]

    def _given_to_maker(self, name: str, position: int | None) -> Argument | None:
        receiver = self.made.callee.base if isinstance(self.made.callee, Part) else None
        made = [t for t in alternatives(receiver) if isinstance(t, Invocation)] if receiver is not None else []
        return _given(self.context, made[0], name, position) if len(made) == 1 else None

    def when(self, condition: str, name: str) -> tuple[tuple[Named, ...], tuple[Named, ...]] | None:
        flag, held = self.get(condition), self.get(name)
        return naming.branches(self.context.resolver, held.site, flag.site) if flag and held else None

    def arguments(self) -> dict[str, Argument]:
        return {name: Argument(self.context, expression) for name, expression in self.made.keywords.items()}

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters of functions around the call that its arguments depend on."""
        expressions = (*self.made.positional, *self.made.keywords.values())
        return [p for e in expressions for p in self.context.resolver.parameters.of(self.context.term(e.term))]

    @property
    def is_plain(self) -> bool:
        return patches.is_plain(self.context.resolver)

    @cached_property
    def run(self) -> Call | None:
        module, resolver = self.site.module, self.context.resolver
        for node in module.names.nodes() if b"run_forever" in module.source.data else ():
            parent = module.names.parents.get(node) or module.names.tree
            if isinstance(node, ast.Attribute) and node.attr == "run_forever":
                made = [_beating(t) for t in alternatives(resolver.at(module, node.value).term)]
                if any(self._makes(t) for t in made):
                    site = Site(module, parent if _calls(parent, node) else node, module.names.scope(node))
                    return Call(
                        self.context, Made(resolver, site, Part(self.made.invocation, ".run_forever")), "run_forever"
                    )
        return None

    def _makes(self, term: Term) -> bool:
        """True for what this call makes, or for the object whose constructor it stands in."""
        hierarchy, function = self.context.resolver.hierarchy, enclosing_function(self.site)
        if isinstance(term, Instance) and called_name(self._node.func) == "__init__":
            return function is not None and hierarchy.class_of(self.site.module, function) in hierarchy.lineage(term.of)
        made = term.made if isinstance(term, Instance) else term
        return isinstance(made, Invocation) and made.site.node is self._node

    @property
    def is_last(self) -> bool:
        return programs.ends_after(self.context.callers, self.site)

    @property
    def is_made_once(self) -> bool:
        return reconnects.is_made_once(self.context.resolver, self.site)

    @property
    def only_prints(self) -> bool:
        held = self.get("on_message")
        found = alternatives(held.term) if held is not None else []
        is_tended = pings.is_pinged(self.context.resolver.project, self.site.module)
        return bool(found) and not is_tended and all(reconnects.prints(term) for term in found)

    @property
    def is_pinged(self) -> bool:
        if self._is_given_away() or pings.is_brief(self.site.module.names, self._node):
            return True
        return pings.is_pinged(self.context.resolver.project, self.site.module)

    @property
    def is_received_plainly(self) -> bool:
        return pings.is_received_plainly(self.context.resolver.project, self.site.module)

    def first_statement(self, helper: str) -> Verb | None:
        names = self.site.module.names
        node: ast.AST = self._node
        while isinstance(parent := names.parents.get(node), ast.Await):
            node = parent
        if isinstance(parent, ast.withitem):
            return self._in_block(helper, parent, names.parents[parent])
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            name = repeatable(Site(self.site.module, parent.targets[0], self.site.scope))
            return CallFirst(self.site.module.source.span(parent), helper, name) if name else None
        if isinstance(parent, ast.AsyncFor) and parent.iter is node and isinstance(parent.target, ast.Name):
            return CallFirst(self.site.module.source.span(parent), helper, parent.target.id, inside=True)
        return None

    def _is_given_away(self) -> bool:
        """True if the object this call makes is handed to code that cannot be seen, which may ping it."""
        verb = self.first_statement("")
        names = self.site.module.names
        if not isinstance(verb, CallFirst):
            return False
        for call in names.calls_in[self.site.scope.function.node]:
            if any(isinstance(a, (ast.Name, ast.Attribute)) and ast.unparse(a) == verb.argument for a in call.args):
                term = self.context.resolver.at(self.site.module, call.func).term
                if any(
                    isinstance(t, Unknown) or (path(t) or "builtins.").partition(".")[0] not in ("builtins", *HARMLESS)
                    for t in alternatives(term)
                ):
                    return True
        return False

    def _in_block(self, helper: str, item: ast.withitem, statement: ast.AST) -> Verb | None:
        if not isinstance(item.optional_vars, ast.Name) or not isinstance(statement, (ast.With, ast.AsyncWith)):
            return None
        if statement.items[-1] is not item:
            return None
        return CallFirst(self.site.module.source.span(statement), helper, item.optional_vars.id, inside=True)


def _beating(term: Term) -> Term:
    """What the shim's heartbeat was given, which it returns."""
    is_beating = isinstance(term, Invocation) and path(term.callee) == HEARTBEAT and bool(term.positional)
    return term.positional[0].term if is_beating and isinstance(term, Invocation) else term


def _first(site: Site) -> Site:
    """The first piece of a text that is put together of several."""
    match site.node:
        case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]) | ast.BinOp(left=first, op=ast.Add()):
            return _first(Site(site.module, first, site.scope))
    return site


def _assigned(site: Site) -> Site | None:
    """The one local assignment behind a name."""
    name = site.node.id if isinstance(site.node, ast.Name) else ""
    bindings = site.scope.function.bindings.get(name, []) if site.scope.function.is_function else []
    if len(bindings) != 1 or bindings[0].how != "assign" or bindings[0].value is None or bindings[0].index:
        return None
    return Site(site.module, bindings[0].value, site.scope)


def mapping_of(term: Term) -> DictTerm | None:
    """The dict that a term is, or is the JSON or query text of; None beside it does not count.

    `params or {}` is what `params` is: whatever is stored under the name later is stored in that.
    """
    while True:
        options = [t for t in alternatives(term) if not (isinstance(t, Constant) and t.value is None)]
        bare = [t for t in options if is_bare(t)]
        given = [t for t in options if not is_bare(t)]
        if bare and len(given) == 1 and (found := mapping_of(given[0])) is not None:
            stored = {name: held for t in bare for name, held in t.entries.items()}
            is_closed = found.is_closed and all(t.is_closed for t in bare)
            return DictTerm({**found.entries, **stored}, is_closed, found.site)
        term = options[0] if len(options) == 1 else term
        match term:
            case DictTerm():
                return term
            case Invocation(callee=Part(base=base, key=".encode")):
                term = base
            case Invocation(callee=callee, positional=[first, *_]) if path(callee) in ENCODERS:
                term = first.term
            case _:
                return None


def literals(term: Term) -> tuple[Literal, ...]:
    """The literals that a term is one of; none where it may be something else, or one of them may never get there."""
    if isinstance(term, Choice):
        found = [literals(option) for option in term.terms]
        return tuple(literal for way in found for literal in way) if term.is_certain and all(found) else ()
    site = term.site if isinstance(term, Constant) else None
    if not isinstance(term, Constant) or site is None or not isinstance(site.node, ast.Constant):
        return ()
    return (Literal(term.value, site.span, site.module.source.text(site.node)),)


def repeatable(site: Site) -> str | None:
    """The text of an expression that may be written twice: names, attributes, items, literals."""
    for node in ast.walk(site.node):
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Constant, ast.Subscript, ast.expr_context)):
            return None
    text = site.module.source.text(site.node)
    return text if "\n" not in text and "\r" not in text else None


def _calls(parent: ast.AST, node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(parent, ast.Call) and parent.func is node


def place(site: Site) -> str:
    """A name for the function a site stands in."""
    return f"{site.module.source.path}:{getattr(site.scope.function.node, 'lineno', 0)}"


def enclosing_function(site: Site) -> FunctionNode | None:
    """The function a site stands in, looking out of lambdas' comprehensions."""
    scope = site.scope.function
    return scope.node if isinstance(scope.node, FUNCTIONS) else None
