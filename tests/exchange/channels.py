"""What is said on a socket; which pings, subscriptions and orders there are is the business of each kind of channel."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from exchange.conditions import Environment
from exchange.records import Connection, Ending
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


class Subscribing(Channel):
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
