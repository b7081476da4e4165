STREAM = "wss://stream-testnet.bybit.com/v5/public/linear"
SYMBOL = "BTCUSDT"
