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
    """At which price each position is lost, where that can happen."""
    return {row["symbol"]: float(row["liqPrice"]) for row in positions() if row["liqPrice"]}


def entries():
    return {row["symbol"]: row["avgPrice"] for row in positions()}


def is_long():
    """Which way the bot leans: by the value of what is open."""
    values = [float(row["positionValue"] or 0) * (1 if row["side"] == "Buy" else -1) for row in positions()]
    return sum(values) > 0


def free():
    """What can still be spent, in USDT."""
    wallet = account.get("/v5/account/wallet-balance", "accountType=UNIFIED&coin=USDT")["list"][0]
    return float(wallet["totalAvailableBalance"] or 0)


def top_up(symbol, qty):
    """Buy a fixed quantity more; what was paid on average, once it is known."""
    answer = session.place_order(category="linear", symbol=symbol, side="Buy", orderType="Market", qty=qty)
    log.info("bought %s", symbol)
    rows = session.get_executions(category="linear", orderId=answer["result"]["orderId"])["result"]["list"]
    size = sum(float(row["execQty"]) for row in rows)
    return sum(float(row["execValue"]) for row in rows) / size if size else None
