"""Streams and clients of one bot that talk to different networks.

Prices of mainnet beside orders on testnet or demo are how demo trading is meant, and a choice otherwise
(https://bybit-exchange.github.io/docs/v5/demo). Prices of testnet have little to do with any market.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import Instance
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Mixture, Network, Order, Session, Socket, Span

PRIVATE = ("private", "trade")
TIME = "/v5/market/time"
"""What is the same on every network."""


class NetworkUse(NamedTuple):
    """One client or stream."""

    module: Module
    span: Span
    network: Network | None
    places_orders: bool
    is_private: bool
    unset: tuple[str, Network] | None = None


@extracts(Mixture)
class MixedNetworks:
    """Every stream that does not fit to the one network the bot places its orders on."""

    def __init__(self, analysis: Analysis) -> None:
        self.connections, self.requests = analysis.traffic.connections, analysis.traffic.requests
        self.makers = analysis.traffic.makers

    def facts(self, module: Module) -> Iterator[Mixture]:
        if all(where is not module for where, _ in self.connections):
            return
        own = [each for each in self._parties if each.module is module]
        clients = [each for each in own if each.places_orders] or [each for each in self._parties if each.places_orders]
        yield from self._by_default(own, clients)
        orders = _agreed(clients)
        if orders is None:
            return
        for is_private in (True, False):
            stream = _agreed([each for each in own if not each.places_orders and each.is_private is is_private])
            if stream is not None and stream.network is not orders.network and _is_wrong(stream):
                assert stream.network is not None
                assert orders.network is not None
                yield Mixture(stream.span, stream.network, orders.span, orders.network, is_private)

    def _by_default(self, own: list[NetworkUse], clients: list[NetworkUse]) -> Iterator[Mixture]:
        """What has another network than the orders where the one variable that selects both is not set."""
        for stream in own:
            if stream.places_orders or stream.unset is None or self._sends_orders(stream):
                continue
            name, network = stream.unset
            orders = self._without(name, [each for each in clients if each.span != stream.span])
            if orders and orders.network is not network and _is_wrong(stream._replace(network=network)):
                assert orders.network is not None
                yield Mixture(stream.span, network, orders.span, orders.network, stream.is_private, name)

    def _without(self, name: str, clients: list[NetworkUse]) -> NetworkUse | None:
        """The client that sends the orders, with the one network that it has where a variable is not set."""
        found = [each._replace(network=each.unset[1]) for each in clients if each.unset and each.unset[0] == name]
        return _agreed([each for each in found if self._sends_orders(each)] or found)

    def _sends_orders(self, party: NetworkUse) -> bool:
        """True if orders are proven to go out through what was made with it: a wrapper makes client and stream."""
        return not self._ways.get(party.span, {party.span}).isdisjoint(self._ordering)

    @cached_property
    def _ways(self) -> Mapping[Span, set[Span]]:
        """Where the wrappers of a client or stream are made, by the outermost place that says its network."""
        found: dict[Span, set[Span]] = defaultdict(set)
        for call in (made for calls in self.makers.values() for made in calls):
            found[call.span] |= {frame.made.site.span for frame in call.context.frames} or {call.own_span}
        return found

    @cached_property
    def _ordering(self) -> set[Span]:
        """Where the clients, and the wrappers of them, are made that orders are sent through."""
        sent = (asked for requests in self.requests.values() for asked in requests)
        return {span for call, request in sent if isinstance(request, Order) for span in _senders(call)}

    @cached_property
    def _asked(self) -> Mapping[Span, set[str]]:
        """The endpoints that are asked of each client, by where that was made."""
        found: dict[Span, set[str]] = defaultdict(set)
        for call, request in (asked for requests in self.requests.values() for asked in requests):
            for made in call.makers:
                found[made.site.span].add(request.endpoint)
        return found

    @cached_property
    def _parties(self) -> list[NetworkUse]:
        """The clients and streams of the project, without those of its tests, and those that are a clock."""
        found = [network_use(where, made) for where, made in self.connections if not where.is_among_tests]
        heard = [each for each in found if each.places_orders or self._asked.get(each.span) != {TIME}]
        return sorted(heard, key=lambda each: each.span)


def network_use(module: Module, made: Session | Socket) -> NetworkUse:
    is_private = made.channel in PRIVATE
    has_keys = isinstance(made, Session) and made.has_keys and made.channel == "rest"
    unset = made.unset if isinstance(made, Session) else None
    return NetworkUse(module, made.span, made.network, has_keys, is_private, unset)


def _senders(call: Call) -> Iterator[Span]:
    """Where the client is made that sends a request, and each object through whose methods it is told to."""
    yield from (made.site.span for made in call.makers)
    for frame in call.context.frames:
        if isinstance(owner := frame.function.owner, Instance) and owner.made is not None:
            yield owner.made.site.span


def _agreed(parties: list[NetworkUse]) -> NetworkUse | None:
    """The first of several that are proven to talk to one network."""
    networks = {each.network for each in parties}
    return parties[0] if len(networks) == 1 and None not in networks else None


def _is_wrong(stream: NetworkUse) -> bool:
    """What is about the account belongs where the orders are; prices only may not be those of testnet."""
    return stream.is_private or stream.network is Network.TESTNET
