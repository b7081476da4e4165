"""How the account stands: what is open, what it cost, and how far it is from being liquidated."""

import logging

from broker import session
from rest import Account
from settings import KEY

log = logging.getLogger("tide.audit")
account = Account(KEY)


def positions():
    return session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]


def liquidations():
    """At which price each position is lost."""
    return {row["symbol"]: float(row["liqPrice"]) for row in positions()}  # finding BYB702


def entries():
    return {row["symbol"]: row["entry_price"] for row in positions()}  # finding BYB604


def is_long():
    """Which way the bot leans."""
    answer = session.get_positions(category="linear", settleCoin="USDT")
    return answer["result"]["list"][0]["side"] == "Buy"  # finding BYB703


def free():
    """What can still be spent, in USDT."""
    wallet = account.get("/v5/account/wallet-balance", "accountType=UNIFIED&coin=USDT")["list"][0]
    return float(wallet["coin"][0]["availableToWithdraw"])  # finding BYB702


def top_up(symbol, qty):
    """Buy a fixed quantity more; what was paid."""
    answer = session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Market", qty=qty)
    log.info("bought %s", symbol)
    return float(answer["result"]["avgPrice"])  # finding BYB224
