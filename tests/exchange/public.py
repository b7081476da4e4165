"""The public streams of one category."""

from __future__ import annotations

import json

from exchange.channels import Message, Subscribing
from exchange.records import Connection
from exchange.standing import documented, seen
from exchange.topics import Feed, is_public
from exchange.venue import Venue


class Public(Subscribing):
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
