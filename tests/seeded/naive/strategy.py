"""Buys what has fallen and sells what has risen, a little at a time."""

import logging
import time

import broker
from settings import STAKE, SYMBOLS

log = logging.getLogger("tide.strategy")


def wanted(symbol):
    """Which side to take, if any: against the last day."""
    closes = broker.closes(symbol)
    mean = sum(closes) / len(closes)
    if closes[-1] < 0.98 * mean:
        return "Buy"
    return "Sell" if closes[-1] > 1.02 * mean else None


def run():
    for symbol in SYMBOLS:
        broker.set_leverage(symbol, 2)
    while True:
        for symbol in SYMBOLS:
            if side := wanted(symbol):
                broker.enter(symbol, side, STAKE)
        time.sleep(3600)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    run()
