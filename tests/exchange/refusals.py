"""What the exchange says no with: each retCode for its cause, with a text of Bybit's and where it is known from."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.standing import Standing, documented, seen

_ERRORS = documented("v5/error")


@dataclass(frozen=True)
class Refusal:
    """`text` may have places for values, in braces."""

    ret_code: int
    text: str
    standing: Standing = _ERRORS


class Refused(Exception):
    """A request that is answered with a retCode other than zero."""

    def __init__(self, refusal: Refusal, **values: object) -> None:
        self.refusal = refusal
        self.ret_code = refusal.ret_code
        self.ret_msg = refusal.text.format(**values)
        super().__init__(self.ret_code, self.ret_msg)


# --- who asks, and when -----------------------------------------------------------------------------------------------
UNSIGNED = Refusal(
    10001,
    "empty value: apiTimestamp[{timestamp}] apiKey[{key}] apiSignature[{sign}]: openapi sign params error!",
    seen("ccxt 4.5.90, bybit.py: a comment beside its table of errors"),
)
OUTSIDE_WINDOW = Refusal(
    10002,
    "invalid request, please check your server timestamp or recv_window param. "
    "req_timestamp[{timestamp}],server_timestamp[{now}],recv_window[{window}]",
    seen("https://github.com/sieblyio/bybit-api/issues/236"),
)
UNKNOWN_KEY = Refusal(10003, "API key is invalid.")
WRONG_SIGN = Refusal(
    10004,
    "Error sign, please check your signature generation algorithm: origin_string[{origin}]",
    seen("https://github.com/sieblyio/bybit-api/issues/537"),
)
NOT_PERMITTED = Refusal(10005, "Permission denied, please check your API key permissions.")
TOO_MANY_VISITS = Refusal(10006, "Too many visits. Exceeded the API Rate Limit.")
WRONG_ADDRESS = Refusal(10010, "Unmatched IP, please check your API key's bound IP addresses.")
NOT_IN_DEMO = Refusal(
    10032, "Demo trading are not supported.", seen("https://github.com/nautechsystems/nautilus_trader/issues/3742")
)
NO_ROUTE = Refusal(10017, "Route not found.")
EXPIRED_KEY = Refusal(33004, "Your api key has expired.")
UNKNOWN_OPERATION = Refusal(10404, "op type is not found", documented("v5/websocket/trade/guideline"))
DUPLICATE_REQUEST = Refusal(20006, "reqId is duplicated", documented("v5/websocket/trade/guideline"))

TOO_LONG = Refusal(181010, "The time range between startTime and endTime cannot exceed 7 days")
OF_CLASSIC_ACCOUNTS = Refusal(100028, "The API cannot be accessed by unified account users.")

# --- parameters -------------------------------------------------------------------------------------------------------
WRONG_PARAMETER = Refusal(
    10001, "params error: {name} invalid", seen("logs of public bots: params error: symbol invalid")
)
WRONG_TYPE = Refusal(10001, "Request parameter error.", seen("https://github.com/sieblyio/bybit-api/issues/217"))
MISSING_FILTER = Refusal(
    10001,
    "Missing some parameters that must be filled in, {names}",
    seen("logs of public bots, for /v5/order/realtime and /v5/position/list"),
)
UNIFIED_ALONE = Refusal(
    10001, "accountType only support UNIFIED.", seen("logs of public bots of 2025, for /v5/account/wallet-balance")
)
UNKNOWN_SYMBOL = Refusal(
    10001, "Not supported symbols", seen("ccxt 4.5.90, bybit.py: a comment in its table of errors")
)
SPOT_EMPTY = Refusal(170105, "Parameter '{name}' was empty.")
SPOT_WRONG = Refusal(170130, "Data sent for paramter '{name}' is not valid.")
SPOT_TIME_IN_FORCE = Refusal(170115, "Invalid timeInForce.")
SPOT_ORDER_TYPE = Refusal(170116, "Invalid orderType.")
SPOT_SIDE = Refusal(170117, "Invalid side.")
SPOT_SYMBOL = Refusal(170121, "Invalid symbol.")

# --- quantities and prices --------------------------------------------------------------------------------------------
OFF_STEP = Refusal(
    10001, "Qty invalid", seen("logs of public bots of 2026: 341.0343 XRPUSDT, 33.299999999999955 SOLUSDT")
)
TOO_FEW = Refusal(
    10001,
    "The number of contracts exceeds minimum limit allowed",
    seen("https://github.com/bybit-exchange/pybit/issues/168"),
)
TOO_MANY = Refusal(
    10001,
    "The number of contracts exceeds maximum limit allowed: too large, order_qty:{qty} > max_qty:{most}",
    seen("https://github.com/bybit-exchange/pybit/issues/284: both numbers times 10**8"),
)
OFF_TICK = Refusal(10001, "Price invalid", documented("v5/market/instrument"))
OUT_OF_RANGE = Refusal(110003, "price is invalid", seen("https://github.com/ccxt/ccxt/issues/20967"))
TOO_LITTLE = Refusal(
    110094, "Order does not meet minimum order value {least}{coin}", seen("logs of public bots: 5USDT")
)
SPOT_OFF_TICK = Refusal(170134, "Order price decimal too long.")
SPOT_TOO_FEW = Refusal(170136, "Order quantity lower than the minimum.")
SPOT_OFF_STEP = Refusal(
    170137, "Order quantity has too many decimals.", seen("ccxt 4.5.90, bybit.py: the text of 12137, its predecessor")
)
SPOT_TOO_LITTLE = Refusal(170140, "Order value exceeded lower limit.")
SPOT_AMOUNT_DECIMALS = Refusal(170148, "Market order amount decimal too long.")
SPOT_TOO_MANY = Refusal(170381, "Order quantity too large.")

# --- what the account can do ------------------------------------------------------------------------------------------
NO_ORDER = Refusal(110001, "order not exists or too late to {verb}", seen("logs of public bots"))
NOT_AFFORDED = Refusal(
    110007, "ab not enough for new order", seen("ccxt 4.5.90, bybit.py: a comment beside its table of errors")
)
NO_POSITION = Refusal(
    110017,
    "current position is zero, cannot fix reduce-only order qty",
    seen("https://github.com/sieblyio/bybit-api/issues/193, under its older code"),
)
NOT_REDUCING = Refusal(110017, "Reduce-only rule not satisfied", seen("https://github.com/ccxt/ccxt/issues/19588"))
MODE_NOT_MODIFIED = Refusal(110025, "Position mode has not been modified.")
LEVERAGE_NOT_MODIFIED = Refusal(110043, "Set leverage has not been modified.")
LEVERAGE_TOO_HIGH = Refusal(110013, "Cannot set leverage due to risk limit level.")
HAS_POSITION = Refusal(110024, "You have an existing position, so the position mode cannot be switched.")
HAS_ORDERS = Refusal(110028, "You have existing open orders, so the position mode cannot be switched.")
DUPLICATE = Refusal(110072, "OrderLinkedID is duplicate")
NOT_LIVE = Refusal(110074, "This contract is not live")
NOT_RISING = Refusal(110092, "expect Rising, but trigger_price[{trigger}] <= current[{price}]??LastPrice")
NOT_FALLING = Refusal(110093, "expect Falling, but trigger_price[{trigger}] >= current[{price}]??LastPrice")
NOT_MODIFIED = Refusal(34040, "not modified")
WRONG_MODE = Refusal(10001, "position idx not match position mode", documented("v5/websocket/trade/guideline"))
ZERO_POSITION = Refusal(
    10001, "can not set tp/sl/ts for zero position", seen("logs of public bots, for /v5/position/trading-stop")
)
SPOT_NOT_AFFORDED = Refusal(170131, "Balance insufficient")
SPOT_DUPLICATE = Refusal(170141, "Duplicate clientOrderId")
SPOT_NO_ORDER = Refusal(170213, "Order does not exist.")
