"""What a request says: one that was sent, and one as it is written down in a table or on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

WRITTEN = re.compile(r"(GET|POST) +(/v5/\S+) *(\{.*\})?(?: -> (\d+))?")


class Sent(NamedTuple):
    """A request as it went out: all that a query says is text, and a body has JSON's types."""

    method: str
    path: str
    parameters: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {json.dumps(self.parameters)}"


def sent(method: str, path: str, query: str, body: str | bytes | None) -> Sent:
    """A request by what stood on the line. A query that names something twice is none of Bybit's."""
    if method == "GET":
        pairs = parse_qsl(query, keep_blank_values=True)
        assert len(dict(pairs)) == len(pairs), f"{path} is asked for something twice: {query}"
        return Sent(method, path, dict(pairs))
    return Sent(method, path, json.loads(body or "{}"))


class Meant(NamedTuple):
    """A request as it is written down: `GET /v5/market/kline {"symbol": "BTCUSDT"}`.

    A name that ends in a question mark may be left out, a value that begins with a dollar sign is for a function of
    whoever reads it, and `-> 110043` at the end is the retCode that it gets instead of 0.
    """

    method: str
    path: str
    parameters: Mapping[str, Any]
    ret_code: int = 0

    @property
    def required(self) -> Mapping[str, Any]:
        return {name: value for name, value in self.parameters.items() if not name.endswith("?")}

    @property
    def known(self) -> Mapping[str, Any]:
        """With those that may be left out."""
        return {name.removesuffix("?"): value for name, value in self.parameters.items()}

    def is_met_by(self, request: Sent, value_of: Callable[[str], Any] = str) -> bool:
        """True for a request that says all this and nothing else."""
        wanted = {name: _value(value, value_of) for name, value in self.known.items()}
        return (
            (request.method, request.path) == (self.method, self.path)
            and self.required.keys() <= request.parameters.keys()
            and all(name in wanted and _is_same(wanted[name], it) for name, it in request.parameters.items())
        )


def meant(line: str) -> Meant:
    """A request by its line. Raises ValueError for one that is not written so."""
    match = WRITTEN.fullmatch(line.strip())
    if match is None:
        raise ValueError(f"this is no request: {line}")
    return Meant(match[1], match[2], json.loads(match[3] or "{}"), int(match[4] or 0))


def _value(value: Any, value_of: Callable[[str], Any]) -> Any:
    return value_of(value) if isinstance(value, str) and value.startswith("$") else value


def _is_same(wanted: Any, given: Any) -> bool:
    """Types count: true is not 1, and neither is "1"."""
    return json.dumps(wanted, sort_keys=True) == json.dumps(given, sort_keys=True)
