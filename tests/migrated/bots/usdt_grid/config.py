"""What the grid is made of."""

import os

URL = "https://api-testnet.bybit.com"
API_KEY = os.environ["BYBIT_TESTNET_KEY"]
API_SECRET = os.environ["BYBIT_TESTNET_SECRET"]
SYMBOL = "BTCUSDT"
STEP = 100.0
LEVERAGE = 10
