"""What is set once, before the first order: margin and risk."""

from broker import session


def isolate():
    session.set_margin_mode(setMarginMode="ISOLATED_MARGIN")


def limit_risk(symbol):
    """The tiers that Bybit goes by; nobody has to choose one."""
    return session.get_risk_limit(category="linear", symbol=symbol)["result"]["list"]


def amount(row, field):
    return float(row[field] or 0)


def stops():
    rows = session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]
    return {row["symbol"]: amount(row, "stopLoss") for row in rows if amount(row, "size")}
