"""What happens to a request between its arrival and its answer."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from exchange.venue import Venue


def application(venue: Callable[[], Venue]) -> web.Application:
    """All paths of the exchange; `venue` is asked anew for each request, because it is replaced by a reset."""

    async def handle(request: web.Request) -> web.StreamResponse:
        now = venue().clock.now_ns
        result = {"timeSecond": str(now // 10**9), "timeNano": str(now)}
        return web.json_response(
            {"retCode": 0, "retMsg": "OK", "result": result, "retExtInfo": {}, "time": now // 10**6}
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    return app
