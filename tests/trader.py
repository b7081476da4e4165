"""A client with nothing in it but Bybit's documentation: it signs what it sends and returns what is answered."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from exchange import KEYS, Exchange, Key

HOSTS = {"mainnet": "api.bybit.com", "testnet": "api-testnet.bybit.com", "demo": "api-demo.bybit.com"}
ORDER = {"category": "linear", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Market", "qty": "0.01"}


def redirect(exchange: Exchange, patch: pytest.MonkeyPatch) -> None:
    """Let Bybit's names lead to the exchange, in this process and for whatever reads its certificates from now on."""
    real = socket.getaddrinfo

    def here(host: str, port: int | str | None, *how: Any, **named: Any) -> Any:
        return real("127.0.0.1", exchange.port, *how, **named) if "bybit" in host else real(host, port, *how, **named)

    patch.setattr(socket, "getaddrinfo", here)
    patch.setenv("no_proxy", "*")
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "WEBSOCKET_CLIENT_CA_BUNDLE"):
        patch.setenv(name, str(exchange.ca))


class Trader:
    """Asks one environment with one key; `ahead` are the seconds that its clock is ahead of the machine's."""

    def __init__(self, exchange: Exchange, key: Key = KEYS[1], host: str = "", ahead: float = 0.0) -> None:
        self.exchange, self.key, self.ahead = exchange, key, ahead
        self.url = f"https://localhost:{exchange.port}"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(exchange.ca)
        self.session.headers["Host"] = host or HOSTS[key.environment]

    def get(self, path: str, **query: object) -> Any:
        text = urlencode(query)
        return self.session.get(f"{self.url}{path}?{text}", headers=self.signed(text), timeout=10).json()

    def post(self, path: str, **fields: object) -> Any:
        return self.send(path, json.dumps(fields)).json()

    def order(self, **changed: object) -> Any:
        """Place the usual order, changed; None takes a field out."""
        fields = {name: value for name, value in {**ORDER, **changed}.items() if value is not None}
        return self.post("/v5/order/create", **fields)

    def send(self, path: str, body: str, **headers: str) -> requests.Response:
        url, signed = f"{self.url}{path}", {**self.signed(body), **headers}
        return self.session.post(url, data=body.encode(), headers=signed, timeout=10)

    def signed(self, payload: str, window: str = "5000") -> dict[str, str]:
        stamp = str(int((time.time() + self.ahead) * 1000))
        sign = hmac.new(
            self.key.secret.encode(), f"{stamp}{self.key.api_key}{window}{payload}".encode(), hashlib.sha256
        )
        return {
            "X-BAPI-API-KEY": self.key.api_key,
            "X-BAPI-TIMESTAMP": stamp,
            "X-BAPI-RECV-WINDOW": window,
            "X-BAPI-SIGN": sign.hexdigest(),
            "Content-Type": "application/json",
        }
