"""What happens to a request between its arrival and its answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from exchange import account, batches, market, orders, positions
from exchange.access import Signed, identify
from exchange.conditions import Environment, Fault, Key
from exchange.endpoints import ENDPOINTS, Endpoint
from exchange.hosts import environment
from exchange.limits import is_banned
from exchange.records import Answer
from exchange.refusals import NO_ROUTE, WRONG_TYPE, Refused
from exchange.serving import Served, refused, serve
from exchange.sockets import connect, is_upgrade
from exchange.standing import assumed, documented
from exchange.venue import Venue

PARTS = (market, orders, batches, positions, account)  # whose endpoints are entered by importing them
_PAGE = "<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
_OLDER = ("/v2/", "/private/linear/", "/public/linear/", "/spot/", "/open-api/", "/unified/", "/contract/", "/futures/")


def application(venue: Callable[[], Venue]) -> web.Application:
    """All paths of the exchange; `venue` is asked anew for each request, because it is replaced by a reset."""

    async def handle(request: web.Request) -> web.StreamResponse:
        with venue().working():
            if is_upgrade(request):
                return await connect(venue(), request)
            return await Exchanged(venue(), request, await request.read()).answer()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app


class Exchanged:
    """One request and its answer."""

    def __init__(self, venue: Venue, request: web.Request, body: bytes) -> None:
        self.venue, self.request = venue, request
        self.environment: Environment = environment(request.host, venue.conditions.loopback)
        self.path, _, self.query = request.raw_path.partition("?")
        self.body = body.decode("utf-8", "surrogateescape")
        self.address = request.remote or ""

    async def answer(self) -> web.StreamResponse:
        clock, latency = self.venue.clock, self.venue.conditions.latency
        fault = self.venue.fault(self.request.method, self.path)
        await clock.sleep(latency.there + (fault.seconds if fault and fault.does == "hold" else 0))
        number = self._arrive()
        response = self._respond(number, fault)
        await clock.sleep(latency.back + (fault.seconds if fault and fault.does == "delay" else 0))
        if fault and fault.does == "drop" and self.request.transport:
            self.request.transport.abort()
        return response

    def _arrive(self) -> int:
        key = self.request.headers.get("X-BAPI-API-KEY", "")
        return self.venue.arrive(
            Answer(
                self.environment,
                self.request.method,
                self.path,
                self.query,
                self.body,
                key,
                self.venue.clock.now,
                status=0,
                ret_code=None,
            )
        )

    def _respond(self, number: int, fault: Fault | None) -> web.Response:
        """Do what was asked, unless a fault stands before it, and answer, unless a fault stands after it."""
        does = fault.does if fault else ""
        is_done = fault is None or does == "rate limit" or (fault.is_accepted and does not in ("forbidden", "too many"))
        response, outcome = self._outcome(does) if is_done else (web.Response(), {"status": 0})
        spoilt = self._spoilt(does)
        if spoilt is not None:
            response, outcome = spoilt, {**outcome, "status": spoilt.status}
        if does == "drop":
            outcome["status"] = 0
        self.venue.settle(number, **outcome, fault=does)
        return response

    def _spoilt(self, does: str) -> web.Response | None:
        pages = {
            "bad gateway": (502, "502 Bad Gateway"),
            "html": (200, "Maintenance"),
            "forbidden": (403, "403 Forbidden"),
            "too many": (429, "429 Too Many Requests"),
        }
        if does in pages:
            status, title = pages[does]
            return _page(status, title)
        return None

    def _outcome(self, does: str) -> tuple[web.Response, dict[str, Any]]:
        page = self._refused_by_http()
        if page is not None:
            return page, {"status": page.status}
        served = self._served(does)
        body = {
            "retCode": served.ret_code,
            "retMsg": served.reply.ret_msg,
            "result": served.reply.result,
            "retExtInfo": served.reply.ret_ext_info,
            "time": self.venue.clock.now,
        }
        return web.json_response(body, headers=served.headers), {"status": 200, **served.outcome}

    def _served(self, does: str) -> Served:
        try:
            endpoint = self._endpoint()
            return serve(self.venue, self.environment, endpoint, self._key(endpoint), self._given(), does)
        except Refused as refusal:
            return refused(refusal)

    def _refused_by_http(self) -> web.Response | None:
        """What the machines before the exchange refuse."""
        if is_banned(self.venue, self.address):
            return _page(403, "403, access too frequent")
        if self.request.method == "GET" and self.body:
            return with_body()
        if (self.request.method, self.path) not in ENDPOINTS:
            return self._unknown()
        is_private = ENDPOINTS[self.request.method, self.path].is_private
        return without_headers() if is_private and not _is_signed(self.request) else None

    @assumed("older_paths", "both are documented for a path that is not there, and it is not known which is for these")
    def _unknown(self) -> web.Response | None:
        """A path of an older API is gone, like any that does not exist."""
        if self.path.startswith(_OLDER) and self.venue.conditions.assumed.older_paths == "retCode 10017":
            return None
        return _page(404, "404 Not Found")

    def _endpoint(self) -> Endpoint:
        try:
            return ENDPOINTS[self.request.method, self.path]
        except KeyError:
            raise Refused(NO_ROUTE) from None

    def _key(self, endpoint: Endpoint) -> Key | None:
        if not endpoint.is_private:
            return None
        payload = self.query if self.request.method == "GET" else self.body
        return identify(self.venue, self.environment, Signed.of(self.request.headers, payload), self.address)

    def _given(self) -> dict[str, Any]:
        if self.request.method == "GET":
            return dict(parse_qsl(self.query, keep_blank_values=True))
        try:
            given = json.loads(self.body or "{}")
        except ValueError:
            raise Refused(WRONG_TYPE) from None
        if not isinstance(given, dict):
            raise Refused(WRONG_TYPE)
        return given


def _is_signed(request: web.Request) -> bool:
    return any(name in request.headers for name in ("X-BAPI-API-KEY", "X-BAPI-SIGN", "X-BAPI-TIMESTAMP"))


def _page(status: int, title: str) -> web.Response:
    return web.Response(status=status, text=_PAGE.format(title=title), content_type="text/html")


@documented("v5/error")
def with_body() -> web.Response:
    """A GET request with a JSON body is forbidden."""
    return _page(403, "403 Forbidden")


@documented("v5/error")
def without_headers() -> web.Response:
    """A private request without any of the authentication headers is HTTP 401."""
    return web.Response(status=401)
