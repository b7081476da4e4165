"""The lookout: what is known of the market and of the account, as long as Bybit answers."""

import os

import requests
from pybit.unified_trading import HTTP

URL = "https://api-testnet.bybit.com"
session = HTTP(testnet=True, api_key=os.environ["TIDE_TESTNET_KEY"], api_secret=os.environ["TIDE_TESTNET_SECRET"])


def look(path, **fields):
    """What Bybit says, or what went wrong."""
    try:
        answer = requests.get(URL + path, params=fields)  # finding BYB306
        answer.raise_for_status()
        found = answer.json()
        return found if found["retCode"] == 0 else {"error": found["retMsg"]}
    except requests.RequestException as error:
        return {"error": str(error)}


def book(symbol):
    """The best bid and the best ask."""
    found = look("/v5/market/orderbook", category="linear", symbol=symbol, limit=1)
    return found["result"]["b"][0], found["result"]["a"][0]  # finding BYB310


def ticker(symbol):
    """The prices of a symbol."""
    answer = requests.get(  # finding BYB306
        f"{URL}/v5/market/tickers", params={"category": "linear", "symbol": symbol}
    )
    found = answer.json()
    if found["retCode"] != 0:
        print(found["retMsg"])
        return None
    return found["result"]["list"][0]


def change(symbol):
    """What a day has brought."""
    return float(ticker(symbol)["price24hPcnt"])  # finding BYB310


def coins(coin):
    """How many coins there are."""
    try:
        account = session.get_wallet_balance(accountType="UNIFIED", coin=coin)["result"]["list"][0]
        return float(account["coin"][0]["walletBalance"] or 0)
    except Exception as error:
        print("nothing known of", coin, error)
        return 0.0  # finding BYB311


def stock_up(coin):
    """Put an order in where there are no coins."""
    if coins(coin) == 0:
        session.place_order(
            category="spot", symbol=f"{coin}USDT", side="Buy", orderType="Limit", qty="0.01", price="20000"
        )


class Watch:
    """One symbol, in which there is one position at most."""

    def __init__(self, symbol):
        self.symbol = symbol
        self.rows = []

    def look(self):
        """See what is held."""
        try:
            self.rows = session.get_positions(category="linear", symbol=self.symbol)["result"]["list"]
        except Exception as error:
            print("nothing known of", self.symbol, error)
            self.rows = []  # finding BYB311

    def enter(self):
        """Put an order in where nothing is held."""
        self.look()
        if not self.rows:
            session.place_order(
                category="linear", symbol=self.symbol, side="Buy", orderType="Limit", qty="0.01", price="20000"
            )


def enter_once(symbol):
    """Put an order in where there is none."""
    orders = []
    try:
        orders = session.get_open_orders(category="linear", symbol=symbol)["result"]["list"]
    except Exception as error:  # finding BYB311
        print("nothing known of", symbol, error)
    if not orders:
        session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Limit", qty="0.01", price="20000")
