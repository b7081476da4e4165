"""What is set once, before the first order: margin and risk."""

from broker import session
from pybit.exceptions import InvalidRequestError


def isolate(symbol):
    margin = {"category": "linear", "symbol": symbol, "tradeMode": 1}
    try:
        session.switch_margin_mode(**margin, buyLeverage="5", sellLeverage="5")  # finding BYB603
    except InvalidRequestError as error:
        if error.status_code != 110026:
            raise


def limit_risk(symbol, tier):
    return session.set_risk_limit(category="linear", symbol=symbol, riskId=tier)  # finding BYB603


def amount(row, field):
    return float(row[field])


def stops():
    rows = session.get_positions(category="linear", settleCoin="USDT")["result"]["list"]
    return {row["symbol"]: amount(row, "stopLoss") for row in rows if amount(row, "size")}  # finding BYB702
