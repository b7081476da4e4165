"""The private stream: what happens to an account."""

from __future__ import annotations

from typing import Any

from exchange import shapes
from exchange.channels import Message, Subscribing
from exchange.conditions import Environment
from exchange.logins import identified, shut_out
from exchange.records import Execution, Order
from exchange.standing import documented
from exchange.topics import is_private


class Private(Subscribing):
    """/v5/private: what happens to the account."""

    def _other(self, message: Message) -> None:
        if message.get("op") != "auth":
            return super()._other(message)
        is_known = identified(self._venue, self._record, message.get("args")) is not None
        self._record.is_authenticated = is_known
        text = "" if is_known else "Params Error"
        self.say({"success": is_known, "ret_msg": text, "op": "auth", "conn_id": self._id})
        if not is_known:
            self._record.refusals.append(text)
            shut_out(self._venue, self)
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
