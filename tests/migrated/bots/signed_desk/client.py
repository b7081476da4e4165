"""Signs and sends."""

import hashlib
import hmac
import json
import time
import urllib.parse

from requests import Request, Session
from requests.exceptions import HTTPError


class Client:
    url_main = "https://api.bybit.com"
    url_test = "https://api-testnet.bybit.com"
    headers = {"Content-Type": "application/json"}

    def __init__(self, api_key, secret, test=True):
        self.api_key = api_key
        self.secret = secret
        self.session = Session()
        self.session.headers.update(self.headers)
        self.url = self.url_test if test else self.url_main

    def request(self, method, path, payload):
        payload["api_key"] = self.api_key
        payload["timestamp"] = int(time.time() * 1000)
        payload = dict(sorted(payload.items()))
        for key, value in list(payload.items()):
            if value is None:
                del payload[key]  # what is not wanted is not sent

        param_str = urllib.parse.urlencode(payload)
        sign = hmac.new(self.secret.encode("utf-8"), param_str.encode("utf-8"), hashlib.sha256).hexdigest()
        payload["sign"] = sign

        if method == "GET":
            query = payload
            body = None
        else:
            query = None
            body = json.dumps(payload)

        prepared = self.session.prepare_request(Request(method, self.url + path, data=body, params=query))
        try:
            response = self.session.send(prepared, timeout=10)
            response.raise_for_status()
        except HTTPError as error:
            raise SystemExit(str(error)) from error
        return response.json()
