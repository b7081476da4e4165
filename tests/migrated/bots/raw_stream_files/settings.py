STREAM = "wss://stream-testnet.bybit.com/realtime_public"
SYMBOL = "BTCUSDT"
