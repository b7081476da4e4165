"""The candidates of each file, and how far the chain of each of them reaches."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.call_sites import enclosing_function
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains import strings
from bybit_lint.analysis.flow.uses import UseTracker
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import access_path, called_name, walk
from bybit_lint.analysis.traffic.calls import Call
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.analysis.traffic.sight.blindness import Blindness
from bybit_lint.analysis.traffic.sight.evidence import Evidence, Lead, Leads
from bybit_lint.analysis.traffic.sight.networks import Networks, address_position
from bybit_lint.analysis.traffic.sight.numbers import Numbers, Told, outermost
from bybit_lint.analysis.traffic.sight.outside import Outside
from bybit_lint.analysis.traffic.sight.receivers import Receivers
from bybit_lint.analysis.values.terms import Site, qualified_name
from bybit_lint.clients import known, rest, sent
from bybit_lint.vocabulary import Network, Order, Request
from bybit_lint.vocabulary.sight import Blind, Candidate, Foreign, Gap, Link, Seen

OWN_NAMES = {Link.QUANTITY: ("qty", "amount", "quantity"), Link.PRICE: (*Order.PRICES, "stop_loss", "take_profit")}
"""What an order's numbers are called where the client is not known."""


class Meter:
    """Measures the sight of one project whose calls were all shown to the clients."""

    def __init__(self, program: Program, traffic: Traffic) -> None:
        self.program, self.traffic = program, traffic
        blindness, outside = Blindness(program), Outside(program)
        self.receivers = Receivers(program, blindness)
        self.numbers = Numbers(program, blindness, outside)
        self.networks = Networks(program, traffic, blindness, outside)
        self.blindness = blindness
        self._told: dict[ast.AST, Told] = defaultdict(list)
        """The requests that a call sends, or that the function it calls sends with what it is given."""
        for found in traffic.requests.values():
            for call, request in found:
                for site in (call.site, *(frame.made.site for frame in call.context.frames)):
                    self._told[site.node].append((call, request))

    def candidates(self, module: Module) -> Iterator[Candidate]:
        """The candidates of one file, in the order of its lines."""
        leads = Leads(self.program.evaluator, module).all()
        found = [self._candidate(module, lead) for lead in leads if not self._is_only_made(lead)]
        yield from sorted(found, key=lambda candidate: candidate.span)

    def _is_only_made(self, lead: Lead) -> bool:
        """True for a call that makes a client and asks for nothing yet."""
        node = lead.call
        is_asked = node in self._told or node in self.traffic.sockets or lead.evidence is Evidence.NAME
        return node in self.traffic.bybit_calls and not is_asked

    def _candidate(self, module: Module, lead: Lead) -> Candidate:
        span, call = module.source.span(lead.call), access_path(lead.func) or called_name(lead.func) or "()"
        told = self._told.get(lead.call, [])
        is_seen = lead.call in self.traffic.bybit_calls or (bool(told) and lead.evidence is not Evidence.NAME)
        whose = None if is_seen else self.receivers.of(module, lead)
        if isinstance(whose, Foreign):
            return Candidate(span, call, whose)
        links = tuple(self._seen(module, lead, told) if whose is None else self._unseen(lead, whose))
        return Candidate(span, call, None, links, self._callers(module, lead), self._answer(module, lead))

    # Links -----------------------------------------------------------------------------------------------------------

    def _seen(self, module: Module, lead: Lead, told: Told) -> Iterator[Seen]:
        """The links of a call that is proven to reach Bybit."""
        terms = self.receivers.terms(module, lead.func)
        names = sorted({(qualified_name(term) or "").partition(".")[0] for term in terms} - {""})
        yield Seen(Link.RECEIVER, "", tuple(names) or tuple(sorted({request.library for _, request in told})))
        if told:
            yield self._endpoint(told)
        socket = self.traffic.sockets.get(lead.call)
        if socket is not None:
            found = (socket.network.value,) if isinstance(socket.network, Network) else ()
            yield Seen(Link.NETWORK, "", found, None if found else Blind(Gap.URL))
            return
        yield self.networks.of(module, lead.func, terms, told)
        yield from self.numbers.of(told)

    def _endpoint(self, told: Told) -> Seen:
        found = dict.fromkeys(request.endpoint for _, request in told if request.endpoint)
        blind = None
        for call, request in outermost(told):
            if not _is_endpoint_known(request):
                paths = _paths(call)
                found |= dict.fromkeys(path for path in paths if path)
                blind = blind or (None if paths and all(paths) else self._unaddressed(call))
        return Seen(Link.ENDPOINT, "", tuple(found), blind)

    def _unaddressed(self, call: Call) -> Blind:
        """Why it is not known where a raw request goes."""
        url = call.get("url", address_position(call))
        if url is None:
            return Blind(Gap.SEVERAL)
        blind = self.blindness.of(url.term)
        return blind if blind.gap is not Gap.NOTHING else Blind(Gap.URL)

    def _unseen(self, lead: Lead, blind: Blind) -> Iterator[Seen]:
        """The links of a call that nobody knows: all of them are lost with the first."""
        yield Seen(Link.RECEIVER, "", (), blind)
        yield Seen(Link.ENDPOINT, "", (), blind)
        yield Seen(Link.NETWORK, "", (), blind)
        if not _places_order(lead):
            return
        written = {keyword.arg for keyword in lead.call.keywords if keyword.arg}
        for link, names in OWN_NAMES.items():
            for name in [n for n in names if n in written] or (["qty"] if link is Link.QUANTITY else []):
                yield Seen(link, name, (), blind)

    # Around ----------------------------------------------------------------------------------------------------------

    def _callers(self, module: Module, lead: Lead) -> str:
        function = enclosing_function(Site(module, lead.call, module.names.scope(lead.call)))
        if function is None:
            return "the program itself"
        sites = self.program.callers.sites(function)
        name = getattr(function, "name", "lambda")
        return f"{name}(), called at {len(sites)}" if sites else f"{name}(), called by nobody seen"

    def _answer(self, module: Module, lead: Lead) -> str:
        uses = UseTracker(self.program).of(module, lead.call)
        told = {"tested": uses.tested, "read": any(uses.read), "shown": uses.is_shown, "lost from sight": uses.escaped}
        return ", ".join(word for word, is_so in told.items() if is_so) or "dropped"


def _is_endpoint_known(request: Request) -> bool:
    """What a method of a client stands for is in tables; Bybit may have nothing for it any more."""
    return bool(request.endpoint) or request.library not in rest.CLIENTS


def _paths(call: Call) -> list[str]:
    """The paths of the addresses that a raw request may go to; empty for each that is known in parts only."""
    url = call.get("url", address_position(call))
    texts = [text.partition("?")[0] for text in url.texts] if url is not None else []
    hosts = [rest.HOST.match(text) for text in texts]
    return [
        text[host.end() :] if host and strings.HOLE not in text else "" for host, text in zip(hosts, texts, strict=True)
    ]


def _places_order(lead: Lead) -> bool:
    """True for a call that places an order or changes one, as far as its name and arguments say."""
    if lead.evidence is Evidence.SHAPE:
        return True
    if lead.evidence is Evidence.PATH:
        texts = (node.value for node in walk(lead.call) if isinstance(node, ast.Constant))
        paths = (rest.ENDPOINT.search(text) for text in texts if isinstance(text, str))
        return any(path and path[0] in sent.ORDERS | sent.BATCHES for path in paths)
    return known.endpoint(called_name(lead.func)) in sent.ORDERS | sent.BATCHES
