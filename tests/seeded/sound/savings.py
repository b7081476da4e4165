"""Buys a little every week, whatever the price, and looks at what has come together."""

from broker import session
from rest import Account
from settings import KEY
from spread import exchange

from bybit_lint.shim import new_order_link_id

account = Account(KEY)


def buy(symbol, usdt):
    """Spend some money on the spot market."""
    return session.place_order(
        category="spot",
        symbol=symbol,
        side="Buy",
        orderType="Market",
        qty=usdt,
        marketUnit="quoteCoin",
        orderLinkId=new_order_link_id("weekly"),
    )


def buy_by_hand(symbol, usdt):
    order = {"category": "spot", "symbol": symbol, "side": "Buy", "orderType": "Market", "qty": usdt}
    return account.post("/v5/order/create", {**order, "marketUnit": "quoteCoin"})


def buy_with_stop(symbol, amount, stop):
    """The same on the other account, with a way out."""
    return exchange.create_order(symbol, "market", "buy", amount, params={"stopLossPrice": stop})


def saved():
    """What has come together."""
    wallet = session.get_wallet_balance(accountType="UNIFIED")
    return wallet["result"]["list"][0]["coin"]


def prices():
    return session.get_tickers(category="spot")["result"]["list"]


def step(symbol):
    """What a quantity of a coin is counted in."""
    coin = session.get_instruments_info(category="spot", symbol=symbol)["result"]["list"][0]
    return coin["lotSizeFilter"]["basePrecision"]
