"""What many proofs of orders have in common: conditions, drivers and verdicts."""

from __future__ import annotations

from exchange import Conditions, Position

from proofs.verdicts import (
    answered,
    raises,
    refused,
)

AMEND, STOP, LEVERAGE = "/v5/order/amend", "/v5/position/trading-stop", "/v5/position/set-leverage"

SOCKET = Conditions(scale=40)

AIOHTTP = "async with aiohttp.ClientSession() as session: await bot."

INVALID = refused(10001) & raises("InvalidRequestError", 10001)

STOP_INVALID = answered(10001, STOP) & raises("InvalidRequestError", 10001)

STANDING = """
order = pybit.unified_trading.HTTP(testnet=True).place_order(
    category="linear", symbol="BTCUSDT", side="Buy", orderType="Limit", qty="0.001", price="50000"
)["result"]["orderId"]
"""

COMPACT = "import signing; signing.SEPARATORS = (',', ':')\n"  # httpx writes JSON without spaces

SHIM, CCXT = "rounded by the shim", "ccxt rounds by itself"


def long(symbol: str, size: str) -> Conditions:
    return Conditions(positions=(Position(symbol, "Buy", size),))


LONG = long("BTCUSDT", "0.050")
