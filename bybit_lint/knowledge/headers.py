"""The headers of a signed request (https://bybit-exchange.github.io/docs/v5/guide)."""

KEY = "X-BAPI-API-KEY"
TIMESTAMP = "X-BAPI-TIMESTAMP"
SIGNATURE = "X-BAPI-SIGN"
WINDOW = "X-BAPI-RECV-WINDOW"
