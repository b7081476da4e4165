"""What the bots of the pages import to sign their requests: a right signer, by the clock of the bot."""

import hashlib
import hmac
import json
import os
import time

KEY, SECRET = os.environ["BYBIT_API_KEY"], os.environ["BYBIT_API_SECRET"]
RECV_WINDOW = "5000"


def sign(*secret_and_text: str) -> str:
    """The signature of a text, with the account's secret or with the one that stands before it."""
    *secret, text = secret_and_text
    return hmac.new((secret or [SECRET])[0].encode(), text.encode(), hashlib.sha256).hexdigest()


def signature_headers(payload: str) -> dict[str, str]:
    """What goes with a query or a body, without the key."""
    timestamp = str(int(time.time() * 1000))
    return {
        "X-BAPI-TIMESTAMP": timestamp,
        "X-BAPI-RECV-WINDOW": RECV_WINDOW,
        "X-BAPI-SIGN": sign(timestamp + KEY + RECV_WINDOW + payload),
        "Content-Type": "application/json",
    }


def signed_headers(payload: str) -> dict[str, str]:
    return {"X-BAPI-API-KEY": KEY, **signature_headers(payload)}


def login() -> str:
    """The first message of a private socket."""
    expires = int(time.time() * 1000) + 10_000
    return json.dumps({"op": "auth", "args": [KEY, expires, sign(f"GET/realtime{expires}")]})
