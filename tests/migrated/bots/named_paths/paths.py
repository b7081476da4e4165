"""Where the exchange is asked for what."""

HOST = "https://api-testnet.bybit.com"
CREATE = "/private/linear/order/create"
SEARCH = "/private/linear/order/search"
TICKERS = HOST + "/v2/public/tickers"
BALANCE = "/v2/private/wallet/balance"
