"""Phase one: every call is shown to the clients that may know it, as it stands and as the callers around it see it."""

from __future__ import annotations

import ast
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence

from bybit_lint.analysis.bounds import MAX_FAR_VIEWS, MAX_QUERY_FRAMES, MAX_VIEWS, NEAR_FRAMES
from bybit_lint.analysis.callgraph.test_doubles import is_mocked
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.deferred_calls import DEFERRING, deferred_callee
from bybit_lint.analysis.syntax.nodes import called_name
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.views import CallViews
from bybit_lint.clients import Client, ccxt, rest
from bybit_lint.clients.arguments import is_query
from bybit_lint.clients.known import CLIENTS
from bybit_lint.vocabulary import Noun, Order, Request, Session, Socket, Stream, Subscription, Timestamp


class Scanner:
    """Fills the record of a project's traffic, file by file, and says what single calls tell."""

    def __init__(self, views: CallViews) -> None:
        self.views = views
        self.traffic = Traffic()
        self._unjudged: dict[Module, list[Call]] = defaultdict(list)
        """The calls of which something was left for later, by the files that are told of them."""
        self._asked: dict[str, Sequence[Client]] = {}
        self._idle: set[str] = set()
        """Names that no client knows: most of all."""

    def facts(self, module: Module) -> Iterator[Noun]:
        """What the calls of one file tell."""
        aliases, nicknames = module.names.aliases, module.names.nicknames
        unnamed = dict.fromkeys(self.views.forwarding.unnamed(module))
        for name, calls in module.names.calls_named.items():
            if name in self._idle and name not in aliases and name not in nicknames:
                continue
            clients = self._clients_in(module, name)
            for node in calls if clients or name in DEFERRING else ():
                if node in unnamed:
                    continue
                if name in DEFERRING:
                    clients = self._clients_in(module, called_name(deferred_callee(node)[0]))
                if clients and not self._reads_dict(module, node) and not is_mocked(self.views.evaluator, module, node):
                    for call in self.views.of(module, node):
                        known = [client for client in clients if call.path.startswith(client.ROOTS)]
                        yield from self._told_to_callers(call, known) if known else ()

        for each in self.views.forwarding.by_module.get(module, ()):
            if not is_mocked(self.views.evaluator, module, each.call):
                yield from self._by_path(self.views.handed(each))
        for node in unnamed:
            if not is_mocked(self.views.evaluator, module, node):
                yield from self._by_path(self.views.of(module, node))

    def judgements(self, module: Module) -> Iterator[tuple[Module, Iterator[Noun]]]:
        """What was left for later of the calls that one file is told of, each once, with the file of the call."""
        for call in self._unjudged.pop(module, ()):
            while call.judgements:
                yield call.site.module, call.judgements.pop(0)

    def _by_path(self, calls: Iterable[Call]) -> Iterator[Noun]:
        """What calls tell that are written without the name of what they call."""
        for call in calls:
            clients = self._clients(call.path.rpartition(".")[2])
            known = [client for client in clients if call.path.startswith(client.ROOTS)]
            yield from self._told_to_callers(call, known) if known else ()

    def _reads_dict(self, module: Module, call: ast.Call) -> bool:
        """True for a `get` of a dict: few calls of that name are requests, and following all takes long."""
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "get":
            return False
        return _reads_dict(call) or module.mappings.has(call.func.value)

    def _clients_in(self, module: Module, name: str) -> Sequence[Client]:
        """The clients that may know what goes by a name in one file."""
        aliases, nicknames = module.names.aliases, module.names.nicknames
        return self._clients_of([aliases.get(name, name), *sorted(nicknames.get(name, ()))])

    def _clients(self, name: str) -> Sequence[Client]:
        """The clients that may know a call of this name."""
        if name not in self._asked:
            is_ours = name in self.views.clients_of_the_project
            found = [c for c in CLIENTS if is_ours or name in c.NAMES or name.startswith(c.PREFIXES)]
            self._asked[name] = found
            if not found and name not in DEFERRING:
                self._idle.add(name)
        return self._asked[name]

    def _clients_of(self, names: Iterable[str]) -> Sequence[Client]:
        """The clients that may know a call of one of these names."""
        return list(dict.fromkeys(client for name in names for client in self._clients(name)))

    def _told_to_callers(self, call: Call, clients: Sequence[Client]) -> Iterator[Noun]:
        """What a call tells as it stands, and what it tells the callers of the functions around it, nearest first."""
        queue = deque([call])
        is_set_up = is_open = is_timed = False
        for seen in range(MAX_VIEWS):
            if not queue:
                return
            here = queue.popleft()
            told = list(self._read(here, clients))
            if here is call:
                is_set_up, is_open = any(isinstance(noun, Session) for noun in told), any(map(_is_open, told))
                is_timed = any(isinstance(noun, Timestamp) for noun in told)  # as all callers make it
            elif is_set_up:
                told = [noun for noun in told if isinstance(noun, Session) is is_open and not _is_open(noun)]
            elif is_timed:
                told = [noun for noun in told if not isinstance(noun, Timestamp)]
            yield from told
            if seen >= MAX_FAR_VIEWS and len(here.context.frames) >= NEAR_FRAMES:
                continue
            if (is_open and not any(map(_is_told, told))) or (not is_open and _depends_on_callers(here, told)):
                queue.extend(self.views.outward(here))

    def _read(self, call: Call, clients: Sequence[Client]) -> Iterator[Noun]:
        traffic, module, node = self.traffic, call.site.module, call.site.node
        for client in clients:
            told = list(client.read(call))
            for each in call.modules if call.judgements else ():
                self._unjudged[each].append(call)
            if told and client is rest and not call.context.frames:
                traffic.hosts[module] |= rest.hosts(call)
            if not told and client is rest and call.context.frames and rest.is_for_others(call):
                traffic.elsewhere.add((call.context.frames[-1].made.site.node, node))
            for noun in told:
                traffic.bybit_calls.add(call.by.call if call.by else node)
                if isinstance(noun, Session):
                    traffic.makers[module].append(call)
                if isinstance(noun, Request):
                    traffic.requests[module].append((call, noun))
                    traffic.endpoints[node].add(noun.endpoint)
                if isinstance(noun, Socket):
                    traffic.sockets[node] = noun
                if isinstance(noun, Stream):
                    traffic.streams.add(node)
                if isinstance(noun, Subscription) and noun.library == ccxt.LIBRARY:
                    traffic.watches.add(node)
                if isinstance(noun, (Session, Socket)):
                    traffic.connections.append((module, noun))
                if isinstance(noun, Order):
                    traffic.order_calls.add(node)
                    yield noun.replace(is_id_said_again=True) if self._says_id_again(noun) else noun
                else:
                    yield noun

    def _says_id_again(self, order: Order) -> bool:
        """True if somebody may look for an order by the text that each one of its kind has for an id."""
        link_id = order.constant_link_id
        said = str(link_id.value.constant).encode() if link_id else b""
        modules = self.views.program.project.modules.values()
        return bool(said) and sum(module.source.data.count(said) for module in modules) > 1


def _depends_on_callers(call: Call, told: list[Noun]) -> bool:
    """True if callers may tell more: nothing is known yet, or they pass some of what is sent."""
    is_near = len(call.context.frames) < MAX_QUERY_FRAMES
    requests = [noun for noun in told if isinstance(noun, Request) and not noun.is_settled]
    return not told or any(is_near or not is_query(noun.endpoint) for noun in requests)


def _is_open(noun: Noun) -> bool:
    """True for a client whose network is not known where it is made: callers may say which it is."""
    return isinstance(noun, Session) and noun.network is None


def _is_told(noun: Noun) -> bool:
    """True for a client of which it is known which network it talks to, with whose keys."""
    return isinstance(noun, Session) and noun.network is not None and bool(noun.credentials)


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
