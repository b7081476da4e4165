"""What the bots of the pages import to sign their requests: a right signer, by the clock of the bot."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
from typing import Any

KEY, SECRET = os.environ["BYBIT_API_KEY"], os.environ["BYBIT_API_SECRET"].encode()
RECV_WINDOW = "5000"
SEPARATORS = (", ", ": ")  # those of json.dumps, requests and aiohttp


def sign(*secret_and_text: Any) -> str:
    """The signature of a text, with the account's secret or with the one that stands before it."""
    *secret, text = secret_and_text
    return hmac.new((secret or [SECRET])[0], text.encode(), hashlib.sha256).hexdigest()


def signature_headers(payload: str | dict[str, Any]) -> dict[str, str]:
    """What goes with a query or a body, without the key; a dict is signed as the JSON that is made of it."""
    text = payload if isinstance(payload, str) else json.dumps(payload, separators=SEPARATORS, default=str)
    timestamp = str(int(time.time() * 1000))
    return {
        "X-BAPI-TIMESTAMP": timestamp,
        "X-BAPI-RECV-WINDOW": RECV_WINDOW,
        "X-BAPI-SIGN": sign(timestamp + KEY + RECV_WINDOW + text),
        "Content-Type": "application/json",
    }


def signed_headers(payload: str | dict[str, Any]) -> dict[str, str]:
    return {"X-BAPI-API-KEY": KEY, **signature_headers(payload)}


headers = signed_headers


def signed_at(timestamp: str, payload: str) -> str:
    """The signature of a query or a body that goes with this timestamp."""
    return sign(timestamp + KEY + RECV_WINDOW + payload)


def login() -> str:
    """The first message of a private socket."""
    expires = int(time.time() * 1000) + 10_000
    return json.dumps({"op": "auth", "args": [KEY, expires, sign(f"GET/realtime{expires}")]})
