"""Signs and sends."""

import hashlib
import hmac
import json
import time
import urllib.parse

from requests import Session
from requests.exceptions import HTTPError


class Client:
    url_main = "https://api.bybit.com"
    url_test = "https://api-testnet.bybit.com"

    def __init__(self, api_key, secret, test=True):
        self.api_key = api_key
        self.secret = secret
        self.session = Session()
        self.url = self.url_test if test else self.url_main

    def headers(self, sent):
        stamp = str(int(time.time() * 1000))
        text = f"{stamp}{self.api_key}5000{sent}"
        return {
            "X-BAPI-API-KEY": self.api_key,
            "X-BAPI-TIMESTAMP": stamp,
            "X-BAPI-RECV-WINDOW": "5000",
            "X-BAPI-SIGN": hmac.new(self.secret.encode("utf-8"), text.encode("utf-8"), hashlib.sha256).hexdigest(),
            "Content-Type": "application/json",
        }

    def request(self, method, path, payload):
        wanted = {key: value for key, value in payload.items() if value is not None}  # what is not wanted is not sent
        try:
            if method == "GET":
                query = urllib.parse.urlencode(wanted)
                response = self.session.get(f"{self.url}{path}?{query}", headers=self.headers(query), timeout=10)
            else:
                body = json.dumps(wanted)
                response = self.session.post(self.url + path, data=body, headers=self.headers(body), timeout=10)
            response.raise_for_status()
        except HTTPError as error:
            raise SystemExit(str(error)) from error
        return response.json()
