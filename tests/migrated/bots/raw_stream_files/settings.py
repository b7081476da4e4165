"""What the bot is told: where it listens, and for what."""

STREAM = "wss://stream-testnet.bybit.com/realtime_public"
SYMBOL = "BTCUSDT"
