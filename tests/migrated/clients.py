"""How a bot begins that speaks to Bybit through each of the older clients, and through pybit's of V5."""

from __future__ import annotations

from bybit_lint.clients.pybit_legacy import MODULES

KEYS = 'api_key="key", api_secret="secret"'
NEW = f"from pybit.unified_trading import HTTP\n\nsession = HTTP(testnet=True, {KEYS})\n"
PRELUDES = {
    "HTTP": f'import os\n\nfrom pybit import HTTP\n\nsession = HTTP("https://api-testnet.bybit.com", {KEYS})\n',
    "bybit": f"import os\n\nimport bybit\n\nclient = bybit.bybit(test=True, {KEYS})\n",
    "pybybit": 'import os\n\nimport pybybit\n\napi = pybybit.API(key="key", secret="secret", testnet=True)\n',
    **{
        module: (
            f"import os\n\nfrom pybit import {module}\n\n"
            f'session = {module}.HTTP(endpoint="https://api-testnet.bybit.com", {KEYS})\n'
        )
        for module in MODULES
    },
}
