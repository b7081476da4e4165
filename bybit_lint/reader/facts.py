"""All facts of a project: every call is shown to the translators, as it stands and as the callers around it see it."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from bybit_lint.clients import Client, ccxt, pybit, pybit_legacy, pybybit, rest, sockets, streams
from bybit_lint.names import HANDED_OVER, called_name, handed_over
from bybit_lint.project import Module, Project
from bybit_lint.reader import errors, exchanges, first_positions, grids, handled, misroundings
from bybit_lint.reader.answered import Answers
from bybit_lint.reader.blocking import Blockings
from bybit_lint.reader.callers import Callers, Made
from bybit_lint.reader.calls import Call, Context, enclosing_function
from bybit_lint.reader.candles import candles
from bybit_lint.reader.credentials import credentials
from bybit_lint.reader.dependencies import Installed
from bybit_lint.reader.handlers import handlers
from bybit_lint.reader.hot_loops import HotLoops
from bybit_lint.reader.instruments import filter_fields
from bybit_lint.reader.legacy import legacy_uses
from bybit_lint.reader.methods import broken_calls, names_of_clients
from bybit_lint.reader.mixtures import Party, mixtures, parties
from bybit_lint.reader.mocks import is_mocked
from bybit_lint.reader.payloads import payloads
from bybit_lint.reader.policies import Policies
from bybit_lint.reader.reach import Callees, Place, Reach
from bybit_lint.reader.readings import readings
from bybit_lint.reader.repeats import ACTS, LOOKS, Repeats
from bybit_lint.reader.resends import Resends
from bybit_lint.reader.resent import repeated_signatures
from bybit_lint.reader.resolve import Resolver
from bybit_lint.reader.responses import responses
from bybit_lint.reader.retries import Retries
from bybit_lint.reader.settings import account_settings, retry_settings
from bybit_lint.reader.signatures import signatures, windows
from bybit_lint.reader.swallows import swallows
from bybit_lint.reader.terms import Class, Site, Term, alternatives, path
from bybit_lint.reader.topics import subscriptions
from bybit_lint.reader.trust import Trust, unchecked
from bybit_lint.source import Source
from bybit_lint.vocabulary import (
    AccountSetting,
    Blocking,
    BrokenCall,
    CandleUse,
    Credential,
    Dependency,
    ErrorTest,
    FilterField,
    Handler,
    LegacyUse,
    Misrounding,
    Mixture,
    Noun,
    OffGrid,
    Order,
    Payload,
    Reading,
    Request,
    Resend,
    Response,
    Retry,
    RetrySetting,
    Rounding,
    Session,
    Signature,
    Socket,
    Span,
    Subscription,
    Swallow,
    Timestamp,
    Unchecked,
    Window,
)

CLIENTS: tuple[Client, ...] = (pybit, pybit_legacy, pybybit, ccxt, rest, sockets, streams)
STACK = 5000
"""Python frames that the deepest expression the resolver follows may need."""
LIBRARIES = {"pybit", "pybybit", "bybit", "bybit_p2p"}
"""Packages that do nothing but talk to Bybit."""
OTHERS = LIBRARIES - {"pybit", "pybybit"}
"""Those of them that no translator knows."""
MAINNET = "https://api.bybit.com"
LAYERS = 6
"""How many of the bot's own wrappers are looked through."""
CONTEXTS = 500
"""In how many callers' eyes one call is looked at."""


class Reader:
    """Reads a project once and tells the facts of each of its files: all of them, or at least those `wanted`."""

    def __init__(self, project: Project, wanted: frozenset[type[Noun]] | None = None) -> None:
        self.project = project
        self.wanted = wanted
        self.resolver = Resolver(project)
        self.callers = Callers(self.resolver)
        self.spoken: set[ast.AST] = set()
        """The calls that are proven to reach Bybit."""
        self.sockets: dict[ast.AST, Socket] = {}
        """Those of them that open a raw socket, and the socket."""
        self.ordering: set[ast.AST] = set()
        """Those of them that place an order."""
        self.clocks: set[Span] = set()
        """The clocks that signatures were told of."""
        self.installed = Installed(project, self.resolver)
        self.requests: dict[Module, list[tuple[Call, Request]]] = defaultdict(list)
        """The requests, by the file of the call that sends them."""
        self.endpoints: dict[ast.AST, set[str]] = defaultdict(set)
        """What each call asks Bybit for."""
        self.stamps: set[Span] = set()
        """The places where their timestamps are made."""
        self.connections: list[tuple[Module, Session | Socket]] = []
        """The clients and streams of the project, each with the module it is made in."""
        self._hosts: dict[Module, set[str]] = defaultdict(set)
        self.callees = Callees(self.callers)
        self._speaking = Reach(self.callees, self._is_bybit_call)
        self._failing = Reach(self.callees, self._is_sent, counts=lambda *place: not handled.is_kept(self, *place))
        self._connecting = Reach(self.callees, lambda _, call: call in self.sockets, sought=lambda: self.sockets)
        self._asked: dict[str, Sequence[Client]] = {}
        self._idle: set[str] = set()
        """Names that no client knows: most of all."""
        self._trading = Reach(self.callees, lambda _, call: call in self.ordering, sought=lambda: self.ordering)
        self._sleeping = Reach(self.callees, self._is_sleep, lambda place, _: not handed_over(place[1])[1])
        self._looking = Reach(self.callees, self._asks_for(LOOKS, any), sought=lambda: self.endpoints)
        self._acting = Reach(self.callees, self._asks_for(ACTS, all), sought=lambda: self.endpoints)
        self._crashes: dict[Module, Exception] = {}

    def facts(self, source: Source) -> list[Noun]:
        """The facts that stand in one file. Raises Unreadable, or what went wrong while the file was read."""
        source.tree  # noqa: B018  # an unreadable file says so here
        found = self._by_path.get(source.path, [])
        crash = self._crashes.get(self.project.module(source))
        if crash is not None:
            raise crash
        return sorted(found, key=lambda noun: (noun.span.start, type(noun).__name__))

    @cached_property
    def misrounded(self) -> dict[str, dict[tuple[Span, Misrounding], list[grids.Use]]]:
        """The roundings that fail for some steps, by file, and the orders they end in."""
        return misroundings.by_place(self._orders)

    @cached_property
    def off_grid(self) -> dict[str, dict[grids.Place, list[grids.Stray]]]:
        """The numbers that are off the instrument's grid, by the file they are told in."""
        return grids.by_place(self._orders)

    @cached_property
    def _orders(self) -> list[Order]:
        """The orders, as they stand and as all callers see them."""
        return [noun for told in self.requests.values() for _, noun in told if isinstance(noun, Order)]

    @cached_property
    def _by_path(self) -> dict[str, list[Noun]]:
        usual = sys.getrecursionlimit()
        sys.setrecursionlimit(max(usual, STACK))
        try:
            return self._read_all()
        finally:
            sys.setrecursionlimit(usual)

    def _read_all(self) -> dict[str, list[Noun]]:
        found: dict[str, list[Noun]] = defaultdict(list)
        known: dict[tuple[type[Noun], Span], list[Noun]] = defaultdict(list)
        for work in (self._told_by_calls, self._told_by_code):
            for module in self.project.readable:
                try:
                    for noun in work(module):
                        alike = known[type(noun), noun.span]
                        if noun not in alike:
                            alike.append(noun)
                            found[noun.span.path].append(noun)
                except Exception as error:  # noqa: BLE001  # one file must not hide the others; it is raised by facts()
                    self._crashes.setdefault(module, error)
        return found

    # What single calls tell ------------------------------------------------------------------------------------------

    def _told_by_calls(self, module: Module) -> Iterator[Noun]:
        aliases, nicknames = module.names.aliases, module.names.nicknames
        for name, calls in module.names.calls_named.items():
            if name in self._idle and name not in aliases and name not in nicknames:
                continue
            clients = self._clients_in(module, name)
            for node in calls if clients or name in HANDED_OVER else ():
                if name in HANDED_OVER:
                    clients = self._clients_in(module, called_name(handed_over(node)[0]))
                if clients and not _reads_dict(node) and not is_mocked(self.resolver, module, node):
                    for call in self.seen(module, node):
                        known = [client for client in clients if call.path.startswith(client.ROOTS)]
                        yield from self._told_to_callers(call, known) if known else ()

    def _clients_in(self, module: Module, name: str) -> Sequence[Client]:
        """The translators that may know what goes by a name in one file."""
        aliases, nicknames = module.names.aliases, module.names.nicknames
        return self._clients(aliases.get(name, name)) or self._clients_of(nicknames.get(name, ()))

    def _clients(self, name: str) -> Sequence[Client]:
        """The translators that may know a call of this name."""
        if name not in self._asked:
            is_ours = name in self._subclasses
            found = [c for c in CLIENTS if is_ours or name in c.NAMES or name.startswith(c.PREFIXES)]
            self._asked[name] = found
            if not found and name not in HANDED_OVER:
                self._idle.add(name)
        return self._asked[name]

    def _clients_of(self, names: Iterable[str]) -> Sequence[Client]:
        """The translators that may know a call of one of these names."""
        return list(dict.fromkeys(client for name in names for client in self._clients(name)))

    def _told_to_callers(self, call: Call, clients: Sequence[Client]) -> Iterator[Noun]:
        """What a call tells as it stands, and what it tells the callers of the functions around it, nearest first."""
        queue = deque([call])
        is_set_up = False
        for _ in range(CONTEXTS):
            if not queue:
                return
            here = queue.popleft()
            told = [noun for noun in self._read(here, clients) if not (is_set_up and isinstance(noun, Session))]
            is_set_up |= here is call and any(isinstance(noun, Session) for noun in told)
            yield from told
            if _depends_on_callers(told):
                queue.extend(self._contexts(here))

    def seen(self, module: Module, node: ast.Call) -> Iterator[Call]:
        """A call as it stands; one for each thing that is called."""
        site = Site(module, node, module.names.scope(node))
        function, skip = handed_over(node)
        callees = self._callees(Site(module, function, site.scope))
        for callee in callees:
            made = Made(self.resolver, site, callee, skip)
            called = path(exchanges.meant(self.resolver, made) or callee)
            is_only = len(callees) == 1
            if called is not None and (is_only or not exchanges.is_elsewhere(module.names, node)):
                yield Call(Context(self.callers, wanted=self.wanted), made, called, is_only=is_only)

    def _callees(self, site: Site) -> list[Term]:
        """What may be called at a site, with parameters as their callers fill them."""
        found: dict[str | None, Term] = {}
        for option in alternatives(self.resolver.term(site)):
            for term in self.callers.expanded(option) if path(option) is None else [option]:
                for callee in alternatives(term):
                    inherited = (
                        self.resolver.classes.inherited_constructor(callee) if isinstance(callee, Class) else None
                    )
                    found.setdefault(path(inherited or callee), inherited or callee)
        return list(found.values())

    @cached_property
    def _subclasses(self) -> set[str]:
        """Names of the project's classes that inherit their constructor from outside."""
        return {
            node.name
            for module in self.project.readable
            for node in module.names.scopes
            if isinstance(node, ast.ClassDef)
            and node.bases
            and self.resolver.classes.inherited_constructor(Class(node, module))
        }

    def _contexts(self, call: Call) -> Iterator[Call]:
        """A call as the next callers outward see it, where it depends on what they pass."""
        layers = call.context.layers
        function = enclosing_function(layers[-1].made.site if layers else call.site)
        if function is None or len(layers) == LAYERS or not any(p.function is function for p in call.parameters):
            return
        for caller in self.callers.of(function):
            yield Call(call.context.within(caller), call.made, call.path, is_only=call.is_only)

    def _read(self, call: Call, clients: Sequence[Client]) -> Iterator[Noun]:
        for client in clients:
            told = list(client.read(call))
            if told and client is rest and not call.context.layers:
                self._hosts[call.site.module] |= rest.hosts(call)
            for noun in told:
                self.spoken.add(call.site.node)
                if isinstance(noun, Request):
                    self.requests[call.site.module].append((call, noun))
                    self.endpoints[call.site.node].add(noun.endpoint)
                if isinstance(noun, Socket):
                    self.sockets[call.site.node] = noun
                if isinstance(noun, (Session, Socket)):
                    self.connections.append((call.site.module, noun))
                if isinstance(noun, Order):
                    self.ordering.add(call.site.node)
                    yield replace(noun, is_id_said_again=True) if self._says_id_again(noun) else noun
                else:
                    yield noun

    def _says_id_again(self, order: Order) -> bool:
        """True if somebody may look for an order by the text that each one of its kind has for an id."""
        link_id = order.constant_link_id
        said = str(link_id.value.constant).encode() if link_id else b""
        return bool(said) and sum(module.source.data.count(said) for module in self.project.modules.values()) > 1

    # What only the code around them tells ----------------------------------------------------------------------------

    def _told_by_code(self, module: Module) -> Iterator[Noun]:
        for teller in TELLERS:
            if self.wanted is None or not self.wanted.isdisjoint(teller.nouns):
                yield from teller.tell(self, module)

    def speaks(self, module: Module, call: ast.Call) -> bool:
        """True if a call is proven to reach Bybit, itself or through functions of the project."""
        return self._speaking.of(module, call) is not None

    def fails(self, module: Module, call: ast.Call) -> bool:
        """True if a call raises when what it sends to Bybit fails, as far as the functions it goes through let it."""
        return self._failing.of(module, call) is not None

    def _is_sent(self, module: Module, call: ast.Call) -> bool:
        return call in self.sockets or self._is_bybit_call(module, call)

    def connects(self, module: Module, call: ast.Call) -> bool:
        """True if a call opens a raw socket to Bybit, itself or through functions of the project."""
        return bool(self.sockets) and self._connecting.of(module, call) is not None

    def order(self, module: Module, call: ast.Call) -> Place | None:
        """The order that a call places, itself or through functions of the project."""
        return self._trading.of(module, call) if self.ordering else None

    def sleep(self, module: Module, call: ast.Call) -> Place | None:
        """The `time.sleep()` that a call waits in, itself or in functions of the project."""
        return self._sleeping.of(module, call)

    def _is_sleep(self, module: Module, call: ast.Call) -> bool:
        return called_name(call.func) == "sleep" and path(self.resolver.at(module, call.func).term) == "time.sleep"

    def _is_bybit_call(self, module: Module, call: ast.Call) -> bool:
        """True for a call that is proven to reach Bybit by itself, or of a library that is named after Bybit."""
        if call in self.spoken:
            return True
        if not self._knows_other_libraries and not self.callees.may_be_ours(call):
            return False
        return any((path(term) or "").partition(".")[0] in LIBRARIES for term in self.callees.terms(module, call))

    @cached_property
    def client_names(self) -> frozenset[str]:
        return names_of_clients(self)

    @cached_property
    def _knows_other_libraries(self) -> bool:
        """True if one of the others is imported."""
        imported = (name for module in self.project.readable for level, name, _ in module.imports if not level)
        return any(name.partition(".")[0] in OTHERS for name in imported)

    @cached_property
    def blocking(self) -> Blockings:
        return Blockings(self)

    @cached_property
    def answers(self) -> Answers:
        return Answers(self)

    @cached_property
    def trust(self) -> Trust:
        return Trust(self)

    @cached_property
    def hot_loops(self) -> HotLoops:
        return HotLoops(self)

    @cached_property
    def parties(self) -> list[Party]:
        return parties(self)

    @cached_property
    def is_hedged(self) -> bool:
        return first_positions.is_hedged(self)

    @cached_property
    def repeats(self) -> Repeats:
        return Repeats(self)

    def acts(self, module: Module, call: ast.Call) -> bool:
        """True if a call places, changes or cancels orders, itself or in the function that it calls."""
        return self._acting.of(module, call, 1) is not None

    def looks(self, module: Module, call: ast.Call) -> bool:
        """True if a call asks Bybit which orders or positions there are, itself or through functions of the project."""
        return self._looking.of(module, call) is not None

    def _asks_for(
        self, ends: tuple[str, ...], how: Callable[[Iterable[bool]], bool]
    ) -> Callable[[Module, ast.Call], bool]:
        """Whether any or all of the endpoints that a call asks for have one of these ends."""
        return lambda _, call: call in self.endpoints and how(e.endswith(ends) for e in self.endpoints[call])

    def host(self, module: Module) -> str | None:
        """The one base URL a module's raw requests go to, where it is not mainnet's own."""
        found = self._hosts[module]
        return next(iter(found)) if len(found) == 1 and found != {MAINNET} else None


class Teller(NamedTuple):
    """What tells facts by looking at a module's code, once all requests of its project are known."""

    tell: Callable[[Reader, Module], Iterator[Noun]]
    nouns: tuple[type[Noun], ...]
    """What it tells of; it is not asked where nobody wants to know."""


TELLERS = (
    Teller(signatures, (Signature, Timestamp)),
    Teller(misroundings.roundings, (Rounding,)),
    Teller(grids.off_grid, (OffGrid,)),
    Teller(filter_fields, (FilterField,)),
    Teller(lambda reader, module: Retries(reader, module).all(), (Retry,)),
    Teller(lambda reader, module: Policies(reader, module).all(), (Retry,)),
    Teller(errors.tests, (ErrorTest,)),
    Teller(broken_calls, (BrokenCall,)),
    Teller(legacy_uses, (LegacyUse,)),
    Teller(readings, (Reading,)),
    Teller(candles, (CandleUse,)),
    Teller(responses, (Response,)),
    Teller(lambda reader, module: reader.blocking.of(module), (Blocking,)),
    Teller(windows, (Window,)),
    Teller(credentials, (Credential,)),
    Teller(handlers, (Handler,)),
    Teller(subscriptions, (Subscription,)),
    Teller(lambda reader, module: reader.installed.declared(module), (Dependency,)),
    Teller(lambda reader, module: reader.hot_loops.of(module), (Retry,)),
    Teller(lambda reader, module: Resends(reader, module).all(), (Resend,)),
    Teller(repeated_signatures, (Timestamp,)),
    Teller(unchecked, (Unchecked,)),
    Teller(payloads, (Payload,)),
    Teller(mixtures, (Mixture,)),
    Teller(swallows, (Swallow,)),
    Teller(retry_settings, (RetrySetting,)),
    Teller(account_settings, (AccountSetting,)),
)


def _depends_on_callers(told: list[Noun]) -> bool:
    """True if callers may tell more: nothing is known yet, not all is known, or an order whose arguments they pass."""
    requests = [noun for noun in told if isinstance(noun, Request)]
    return not told or any(isinstance(n, Order) or not n.endpoint or not n.is_closed for n in requests)


def _reads_dict(call: ast.Call) -> bool:
    """True for `x.get("key")` and `x.get(key, 0)`: few calls of that name are requests, following all takes long."""
    match call:
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str() as key), *_]):
            return "/" not in key
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, default], keywords=[]):
            return isinstance(default, (ast.Constant, ast.List, ast.Tuple)) or _is_bare(default)
    return False


def _is_bare(node: ast.expr) -> bool:
    return isinstance(node, ast.Dict) and not node.keys
