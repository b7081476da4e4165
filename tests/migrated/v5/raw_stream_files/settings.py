"""What the bot is told: where it listens, and for what."""

STREAM = "wss://stream-testnet.bybit.com/v5/public/linear"
SYMBOL = "BTCUSDT"
