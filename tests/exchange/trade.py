"""The socket for orders."""

from __future__ import annotations

import json

from exchange.access import Signed, check_window
from exchange.channels import Channel, Message
from exchange.conditions import Key
from exchange.endpoints import ENDPOINTS, Endpoint
from exchange.logins import identified, shut_out
from exchange.records import Answer, Connection
from exchange.refusals import DUPLICATE_REQUEST, UNKNOWN_OPERATION, WRONG_PARAMETER, WRONG_TYPE, Refused
from exchange.serving import Served, refused, serve
from exchange.standing import documented
from exchange.venue import Venue


class Trade(Channel):
    """/v5/trade: orders over a socket."""

    def __init__(self, venue: Venue, record: Connection) -> None:
        super().__init__(venue, record)
        self._key: Key | None = None
        self._seen: set[str] = set()

    async def take(self, message: Message) -> None:
        op = str(message.get("op", ""))
        if op == "ping":
            self._tell(message, {"retCode": 0, "retMsg": "OK", "op": "pong", "data": [str(self._venue.clock.now)]})
        elif op == "auth":
            self._authenticate(message)
        else:
            await self._order(message, op)

    def _tell(self, message: Message, told: Message) -> None:
        known = {"reqId": message["reqId"]} if "reqId" in message else {}
        self.say({**known, **told, "connId": self._id})

    def _authenticate(self, message: Message) -> None:
        self._key = identified(self._venue, self._record, message.get("args"))
        self._record.is_authenticated = self._key is not None
        code, text = (0, "OK") if self._key else (10004, "Invalid sign")
        self._tell(message, {"retCode": code, "retMsg": text, "op": "auth"})
        if not self._key:
            self._record.refusals.append(text)
            shut_out(self._venue, self)

    async def _order(self, message: Message, op: str) -> None:
        endpoint = ENDPOINTS.get(("POST", f"/v5/order/{op.removeprefix('order.')}"))
        fault = self._venue.fault("WS", endpoint.path if endpoint else op)
        if fault and fault.does == "hold":
            await self._venue.clock.sleep(fault.seconds)
        number = self._arrive(message, endpoint.path if endpoint else op)
        served = self._served(message, endpoint if op.startswith("order.") else None, fault.does if fault else "")
        self._venue.settle(number, status=101, **served.outcome, fault=fault.does if fault else "")
        if fault and fault.does == "drop":
            self.end("drop")
            return
        if served.ret_code:
            self._record.refusals.append(served.reply.ret_msg)
        self._tell(
            message,
            {
                "retCode": served.ret_code,
                "retMsg": served.reply.ret_msg,
                "op": op,
                "data": served.reply.result,
                "retExtInfo": served.reply.ret_ext_info,
                "header": {**served.headers, "Timenow": str(self._venue.clock.now), "Traceid": self._id},
            },
        )

    def _arrive(self, message: Message, path: str) -> int:
        key = self._key.api_key if self._key else ""
        now, body = self._venue.clock.now, json.dumps(message)
        return self._venue.arrive(Answer(self._record.environment, "WS", path, "", body, key, now, 0, None))

    @documented("v5/websocket/trade/guideline")
    def _served(self, message: Message, endpoint: Endpoint | None, does: str) -> Served:
        """Authenticated, with an op that is there, a reqId that is new, and a timestamp in the window, as over REST."""
        try:
            if endpoint is None:
                raise Refused(UNKNOWN_OPERATION)
            self._check(message)
            args = message.get("args")
            if not isinstance(args, list) or len(args) != 1 or not isinstance(args[0], dict):
                raise Refused(WRONG_TYPE)
        except Refused as refusal:
            return refused(refusal)
        return serve(self._venue, self._record.environment, endpoint, self._key, args[0], does)

    def _check(self, message: Message) -> None:
        if self._key is None:
            raise Refused(WRONG_PARAMETER, name="auth")
        request, header = str(message.get("reqId", "")), message.get("header") or {}
        if request and request in self._seen:
            raise Refused(DUPLICATE_REQUEST)
        self._seen.add(request)
        stamp, window = str(header.get("X-BAPI-TIMESTAMP", "")), str(header.get("X-BAPI-RECV-WINDOW", ""))
        check_window(self._venue, Signed(self._key.api_key, stamp, window, "", ""))
