"""Made-up bots of any size."""

from __future__ import annotations

from pathlib import Path

CLIENT = """from pybit.unified_trading import HTTP

session = HTTP(testnet=True, api_key=KEY, api_secret=SECRET)


def place(symbol, side, qty, **fields):
    return session.place_order(category="linear", symbol=symbol, side=side, orderType="Market", qty=qty, **fields)
"""
STRATEGY = """import time

from client import place, session


def average(values):
    return sum(values) / len(values)


class Strategy{number}:
    def __init__(self, symbol="BTCUSDT", share=0.0{number}):
        self.symbol, self.share, self.held = symbol, share, False

    def size(self, money, price):
        return money * self.share / price

    def prices(self):
        answer = session.get_kline(category="linear", symbol=self.symbol, interval="5", limit=200)
        return [float(row[4]) for row in reversed(answer["result"]["list"])]

    def step(self, money):
        prices = self.prices()
        if average(prices[-10:]) > average(prices[-50:]) and not self.held:
            place(self.symbol, "Buy", str(self.size(money, prices[-1])))
            self.held = True

    def run(self, money):
        while True:
            try:
                self.step(money)
            except Exception as error:
                print("again", error)
                time.sleep(5)
            time.sleep(60)
"""
CALLER = """

def enter_{number}(money, price):
    place("BTCUSDT", "Buy", str(money * 0.{number} / price))
"""


def made_up(folder: Path, files: int) -> str:
    """A bot of a client and many strategies, a folder for each hundred of them."""
    (folder / "strategies").mkdir(parents=True)
    (folder / "client.py").write_text(CLIENT)
    for number in range(1, files):
        place = folder / "strategies" / f"part_{number // 100}"
        place.mkdir(exist_ok=True)
        (place / f"strategy_{number}.py").write_text(STRATEGY.format(number=number))
    return str(folder)


def called(folder: Path, callers: int) -> str:
    """A wrapper, and a file with so many functions that call it."""
    folder.mkdir()
    (folder / "client.py").write_text(CLIENT)
    calls = "".join(CALLER.format(number=number) for number in range(1, callers + 1))
    (folder / "bot.py").write_text(f"from client import place\n{calls}")
    return str(folder)


def lines(folder: str) -> int:
    """How many lines of code a bot has."""
    return sum(file.read_bytes().count(b"\n") for file in Path(folder).rglob("*.py"))
