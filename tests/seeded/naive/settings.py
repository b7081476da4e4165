"""What the bot trades, and with how much."""

import os

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
STAKE = float(os.getenv("TIDE_STAKE", "50"))  # in USDT, per entry
STOP = 0.02
TARGET = 0.05

KEY = os.environ["TIDE_KEY"]
SECRET = os.environ["TIDE_SECRET"]
STARTED_AT = 1_760_000_000_000
"""When the bot was set up, in milliseconds."""
