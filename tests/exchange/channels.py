"""What is said on a socket: pings, authentication, subscriptions, orders. Each kind of channel has its own shapes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

from exchange import shapes
from exchange.access import Signed, check_window, known_key, signature
from exchange.conditions import Environment, Key
from exchange.endpoints import ENDPOINTS, Endpoint
from exchange.records import Answer, Connection, Ending, Execution, Order
from exchange.refusals import DUPLICATE_REQUEST, UNKNOWN_OPERATION, WRONG_PARAMETER, WRONG_TYPE, Refused
from exchange.serving import Served, refused, serve
from exchange.standing import assumed, documented, seen
from exchange.topics import Feed, is_private, is_public
from exchange.venue import Venue

Message = dict[str, Any]
_NUMBERS = itertools.count(1)


def _nobody(_: object) -> None:
    raise AssertionError("a channel speaks through the socket it is put on")


class Channel:
    """One that takes everything and says nothing."""

    def __init__(self, venue: Venue, record: Connection) -> None:
        self._venue, self._record = venue, record
        self._id = f"cejreaspqfh3sjdnldmg-{next(_NUMBERS)}"
        self.say: Callable[[Message], None] = _nobody  # answers
        self.push: Callable[[Message], None] = _nobody  # data
        self.end: Callable[[Ending], None] = _nobody  # the connection, when what was said is sent

    async def take(self, message: Message) -> None:
        """Do what the client wants; {} is a message that is no JSON object."""

    def tick(self) -> None:
        """Push what is due."""

    def hear(self, topic: str, environment: Environment, category: str, what: Any) -> None:
        """Something has happened at the exchange."""


class _Subscribing(Channel):
    """One with topics."""

    async def take(self, message: Message) -> None:
        args = message.get("args")
        asked = [topic for topic in args if isinstance(topic, str)] if isinstance(args, list) else []
        if message.get("op") == "ping":
            self.say(self._pong(message))
        elif message.get("op") == "subscribe":
            self._answer(message, self._refusal(asked), asked)
        elif message.get("op") == "unsubscribe":
            self._record.topics[:] = [topic for topic in self._record.topics if topic not in asked]
            self.say(self._response(message, True, "", asked))
        else:
            self._other(message)

    def _answer(self, message: Message, refusal: str, asked: list[str]) -> None:
        self.say(self._response(message, not refusal, refusal, asked))
        if refusal:
            self._record.refusals.append(refusal)
        else:
            self._record.topics += asked
            self._begin(asked)

    def _other(self, message: Message) -> None:
        self._record.refusals.append("error:unknown op")
        self.say({"success": False, "ret_msg": "error:unknown op", "conn_id": self._id, "op": message.get("op", "")})

    def _begin(self, asked: list[str]) -> None:
        """Push what a subscription begins with."""

    def _refusal(self, asked: list[str]) -> str:
        raise NotImplementedError

    def _pong(self, message: Message) -> Message:
        raise NotImplementedError

    def _response(self, message: Message, is_done: bool, text: str, asked: list[str]) -> Message:
        told = {"success": is_done, "ret_msg": text, "conn_id": self._id, "op": message["op"]}
        return {**told, **({"req_id": message["req_id"]} if message.get("req_id") else {})}


class Public(_Subscribing):
    """/v5/public/{category}."""

    def __init__(self, venue: Venue, record: Connection, category: str) -> None:
        super().__init__(venue, record)
        self._category = category
        self._feeds: dict[str, Feed] = {}

    def tick(self) -> None:
        for topic, feed in list(self._feeds.items()):
            if topic not in self._record.topics:
                del self._feeds[topic]
            else:
                self._flow(feed)

    def _begin(self, asked: list[str]) -> None:
        for topic in asked:
            self._feeds[topic] = Feed(self._venue, self._category, topic)
            self._flow(self._feeds[topic])

    def _flow(self, feed: Feed) -> None:
        for message in feed.pushes():
            self.push(message)

    @documented("v5/ws/connect")
    def _refusal(self, asked: list[str]) -> str:
        """Up to 21,000 characters of args; on spot 10 args in one request, for options 2000 on one connection."""
        if len(json.dumps(asked)) > 21_000:
            return "args length >21000"
        if self._category == "spot" and len(asked) > 10:
            return "args size >10"
        if self._category == "option" and len(asked) + len(self._record.topics) > 2000:
            return "args size >2000"
        return self._unknown(asked)

    @seen("logs of public bots: one unknown topic, and nothing of the request is subscribed to")
    def _unknown(self, asked: list[str]) -> str:
        """One topic that is not there, or there already, and the whole request is refused."""
        for topic in asked:
            if not is_public(self._venue, self._category, topic):
                return f"error:handler not found,topic:{topic}"
            if topic in self._record.topics:
                return f"error:already subscribed,topic:{topic}"
        return "" if asked else "error:request args is empty"

    @documented("v5/ws/connect")
    def _pong(self, message: Message) -> Message:
        """The shape depends on the category."""
        if self._category == "option":
            return {"args": [str(self._venue.clock.now)], "op": "pong"}
        pong = {"success": True, "ret_msg": "pong", "conn_id": self._id, "op": "ping"}
        if self._category == "spot" and "req_id" not in message:
            return pong
        return {**pong, "req_id": message.get("req_id", "")}

    def _response(self, message: Message, is_done: bool, text: str, asked: list[str]) -> Message:
        if self._category == "option" and message["op"] == "subscribe":
            topics: Message = {"failTopics": [] if is_done else asked, "successTopics": asked if is_done else []}
            return {"success": is_done, "conn_id": self._id, "data": topics, "type": "COMMAND_RESP"}
        if self._category == "spot" and is_done:
            text = str(message["op"])
        return {**super()._response(message, is_done, text, asked), "req_id": message.get("req_id", "")}


class _Authenticated:
    """How a socket learns whose it is."""

    @staticmethod
    @documented("v5/ws/connect")
    def key(venue: Venue, record: Connection, args: object) -> Key | None:
        """By key, a time in the future, and the HMAC-SHA256 of GET/realtime and that time; None if one is wrong."""
        if not isinstance(args, list) or len(args) != 3:
            return None
        try:
            key = known_key(venue, record.environment, str(args[0]), "127.0.0.1")
            is_due = int(args[1]) > venue.clock.now
        except (Refused, ValueError, TypeError):
            return None
        return key if is_due and signature(key, f"GET/realtime{args[1]}") == args[2] else None

    @staticmethod
    @assumed("refused_auth", "pybit and ccxt close such a socket themselves, and do not tell whether they had to")
    def refused(venue: Venue, channel: Channel) -> None:
        """A socket whose authentication was refused stays open."""
        if venue.conditions.assumed.refused_auth == "is closed":
            channel.end("auth")


class Private(_Subscribing):
    """/v5/private: what happens to the account."""

    def _other(self, message: Message) -> None:
        if message.get("op") != "auth":
            return super()._other(message)
        is_known = _Authenticated.key(self._venue, self._record, message.get("args")) is not None
        self._record.is_authenticated = is_known
        text = "" if is_known else "Params Error"
        self.say({"success": is_known, "ret_msg": text, "op": "auth", "conn_id": self._id})
        if not is_known:
            self._record.refusals.append(text)
            _Authenticated.refused(self._venue, self)
        return None

    @documented("v5/websocket/private/order")
    def _refusal(self, asked: list[str]) -> str:
        """Only after authentication; a topic for all categories does not go together with one of a single category."""
        if not self._record.is_authenticated:
            return "Request not authorized"
        for topic in asked:
            if not is_private(topic) or any(other.startswith(f"{topic}.") for other in asked if topic != "execution"):
                return f"error:handler not found,topic:{topic}"
        return "" if asked else "error:request args is empty"

    @documented("v5/ws/connect")
    def _pong(self, message: Message) -> Message:
        """With op pong and the time."""
        pong = {"op": "pong", "args": [str(self._venue.clock.now)], "conn_id": self._id}
        return {"req_id": message["req_id"], **pong} if message.get("req_id") else pong

    def hear(self, topic: str, environment: Environment, category: str, what: Any) -> None:
        if environment != self._record.environment:
            return
        for wanted in (topic, f"{topic}.{category}"):
            if wanted in self._record.topics:
                now = self._venue.clock.now
                self.push({"id": f"{now}", "topic": wanted, "creationTime": now, "data": [self._row(category, what)]})

    def _row(self, category: str, what: Any) -> Message:
        if isinstance(what, Order):
            return {"category": category, **shapes.order(what)}
        if isinstance(what, Execution):
            return {"category": category, **shapes.execution(what)}
        instrument = self._venue.instruments[what[0], what[1]]
        account = self._venue.accounts[self._record.environment]
        row = shapes.position(account, instrument, what, self._venue.price(instrument))
        return {"category": category, "entryPrice": row["avgPrice"], **row}


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
        self._key = _Authenticated.key(self._venue, self._record, message.get("args"))
        self._record.is_authenticated = self._key is not None
        code, text = (0, "OK") if self._key else (10004, "Invalid sign")
        self._tell(message, {"retCode": code, "retMsg": text, "op": "auth"})
        if not self._key:
            self._record.refusals.append(text)
            _Authenticated.refused(self._venue, self)

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
