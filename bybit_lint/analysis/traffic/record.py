"""What is known of a project's conversation with Bybit once every call was shown to the clients."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from bybit_lint.analysis.project import Module
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.values.terms import Site
from bybit_lint.vocabulary import Order, Request, Session, Socket

MAINNET = "https://api.bybit.com"


class Traffic:
    """The calls to Bybit, by call and by file. The scanner fills it; who comes later only reads."""

    def __init__(self) -> None:
        self.bybit_calls: set[ast.AST] = set()
        """The calls that are proven to reach Bybit."""
        self.elsewhere: set[tuple[ast.AST, ast.AST]] = set()
        """Callers of the bot's own functions, each with a request there that goes to somebody else's host for them."""
        self.sockets: dict[ast.AST, Socket] = {}
        """Those of them that open a raw socket, and the socket."""
        self.watches: set[ast.AST] = set()
        """Those of them that wait for a stream's next message, and open the stream again once it was lost."""
        self.streams: set[ast.AST] = set()
        """Those of them that open a stream of a client that pings and connects by itself."""
        self.order_calls: set[ast.AST] = set()
        """Those of them that place an order."""
        self.requests: dict[Module, list[tuple[Call, Request]]] = defaultdict(list)
        """The requests, by the file of the call that sends them."""
        self.endpoints: dict[ast.AST, set[str]] = defaultdict(set)
        """What each call asks Bybit for."""
        self.makers: dict[Module, list[Call]] = defaultdict(list)
        """The calls that make a client or open a stream, by their file."""
        self.connections: list[tuple[Module, Session | Socket]] = []
        """The clients and streams of the project, each with the module it is made in."""
        self.hosts: dict[Module, set[str]] = defaultdict(set)
        """The base URLs that a module's raw requests go to."""

    @cached_property
    def orders(self) -> list[Order]:
        """The orders, as they stand and as all callers see them."""
        return [noun for found in self.requests.values() for _, noun in found if isinstance(noun, Order)]

    @cached_property
    def asked(self) -> frozenset[str]:
        """All that anybody asks Bybit for."""
        return frozenset(endpoint for found in self.endpoints.values() for endpoint in found)

    @cached_property
    def asked_in(self) -> dict[Module, set[str]]:
        """What the calls of each file ask Bybit for, be it through functions of other files."""
        found: dict[Module, set[str]] = defaultdict(set)
        for call, request in (each for requests in self.requests.values() for each in requests):
            for module in call.modules:
                found[module].add(request.endpoint)
        return found

    @cached_property
    def decisions(self) -> list[tuple[Site, Request]]:
        """The calls that decide what is asked for, each with its request: who hands a wrapper its path, not it."""
        found: list[tuple[Site, Request]] = []
        told: set[tuple[ast.AST, ...]] = set()
        seen = [each for requests in self.requests.values() for each in requests if each[1].endpoint]
        for call, request in sorted(seen, key=lambda each: len(each[0].context.frames)):
            sites = [call.site, *(frame.made.site for frame in call.context.frames)]
            ways = [tuple(site.node for site in sites[:count]) for count in range(1, len(sites) + 1)]
            if told.isdisjoint(ways):
                told.add(ways[-1])
                found.append((sites[-1], request))
        return found

    @cached_property
    def decisions_in(self) -> dict[Module, list[tuple[Site, Request]]]:
        """The same by the file in which it is decided."""
        found: dict[Module, list[tuple[Site, Request]]] = defaultdict(list)
        for site, request in self.decisions:
            found[site.module].append((site, request))
        return found

    @cached_property
    def decided(self) -> dict[ast.AST, set[str]]:
        """What is asked for, by the call that decides it."""
        found: dict[ast.AST, set[str]] = defaultdict(set)
        for site, request in self.decisions:
            found[site.node].add(request.endpoint)
        return found

    @cached_property
    def linked(self) -> frozenset[ast.AST]:
        """The calls that name an order by an id of the bot's own: Bybit takes no second one of that name."""
        requests = (each for found in self.requests.values() for each in found)
        return frozenset(
            node
            for call, request in requests
            if "orderLinkId" in request.arguments
            for node in (call.site.node, *(frame.made.site.node for frame in call.context.frames))
        )

    @cached_property
    def reducing(self) -> frozenset[ast.AST]:
        """The calls whose orders are all proven to reduce a position, and nothing else."""
        return self._calls_of(lambda order: order.closes)

    @cached_property
    def immediate(self) -> frozenset[ast.AST]:
        """The calls whose orders are all proven to be filled at once."""
        return self._calls_of(lambda order: order.is_market and order.lacks("triggerPrice"))

    def _calls_of(self, is_meant: Callable[[Order], bool]) -> frozenset[ast.AST]:
        """The calls that send nothing but orders of one kind, each as its outermost caller makes it."""
        found: dict[ast.AST, set[bool]] = defaultdict(set)
        for call, order in (each for requests in self.requests.values() for each in requests):
            frames = [frame.made.site.node for frame in call.context.frames]
            found[[call.site.node, *frames][-1]].add(isinstance(order, Order) and is_meant(order))
        return frozenset(node for node, said in found.items() if said == {True})

    def host(self, module: Module) -> str | None:
        """The one base URL a module's raw requests go to, where it is not mainnet's own."""
        found = self.hosts.get(module, set())
        return next(iter(found)) if len(found) == 1 and found != {MAINNET} else None
