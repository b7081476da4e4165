"""Buys a little every week, whatever the price, and looks at what has come together."""

from broker import session
from rest import Account
from settings import KEY
from spread import exchange

account = Account(KEY)


def buy(symbol, usdt):
    """Spend some money on the spot market."""
    return session.place_order(  # finding BYB225
        category="spot",
        symbol=symbol,
        side="Buy",
        orderType="Market",
        qty=usdt,
        orderLinkId="weekly",  # finding BYB226
    )


def buy_by_hand(symbol, usdt):
    order = {"category": "spot", "symbol": symbol, "side": "Buy", "orderType": "Market", "qty": usdt}
    return account.post("/v5/order/create", order)  # finding BYB225


def buy_with_stop(symbol, amount, stop):
    """The same on the other account, with a way out."""
    return exchange.create_order(symbol, "market", "buy", amount, {"stopLossPrice": stop})  # finding BYB214


def saved():
    """What has come together."""
    wallet = session.get_wallet_balances(accountType="UNIFIED")  # finding BYB214
    return wallet["result"]["list"][0]["coin"]


def prices():
    return session.get_tickers("spot")["result"]["list"]  # finding BYB214


def step(symbol):
    """What a quantity of a coin is counted in."""
    coin = session.get_instruments_info(category="spot", symbol=symbol)["result"]["list"][0]
    return coin["lotSizeFilter"]["qtyStep"]  # finding BYB704
