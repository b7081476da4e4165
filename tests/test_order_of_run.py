"""What is seen must not depend on the run: Python's sets have another order in each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

NAMES = [f"{word}_{number}" for number in range(6) for word in ("size", "price", "stop")]
BOT = f"""
from pybit.unified_trading import HTTP

session = HTTP(testnet=True)


{
    "".join(
        f'''
class Maker{name}:
    def __init__(self, {name}):
        self.{name} = {name}
'''
        for name in NAMES
    )
}

class Bot:
    def __init__(self, {", ".join(f"of_{name}: Maker{name}" for name in NAMES)}):
        {"; ".join(f"self.of_{name} = of_{name}" for name in NAMES)}

    def enter(self):
        session.place_order(symbol="BTCUSDT", qty={" or ".join(f"self.of_{name}.{name}" for name in NAMES)})


{"".join(f"made_{name} = Maker{name}(3.5 / {number + 1})" + chr(10) for number, name in enumerate(NAMES))}
Bot({", ".join(f"made_{name}" for name in NAMES)}).enter()
"""


def test_it_is_the_same_in_every_run(tmp_path: Path) -> None:
    bot = tmp_path / "bot.py"
    bot.write_text(BOT)
    seen = {
        subprocess.run(
            [sys.executable, "-m", "bybit_lint", "facts", str(bot)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2", "3")
    }
    assert len(seen) == 1
    assert b"order" in seen.pop()
