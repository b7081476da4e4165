"""Where the exchange is asked for what."""

HOST = "https://api-testnet.bybit.com"
CREATE = "/v5/order/create"
SEARCH = "/v5/order/realtime"
TICKERS = HOST + "/v5/market/tickers"
BALANCE = "/v5/account/wallet-balance"
