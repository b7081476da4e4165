"""What the exchange trades: the filters of each instrument, and the table of those that are there by default."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Category = Literal["linear", "inverse", "spot", "option"]


@dataclass(frozen=True)
class Instrument:
    """One instrument; numbers are texts, as Bybit sends them. Which filters there are depends on the category."""

    category: Category
    symbol: str
    base_coin: str
    quote_coin: str
    last_price: str
    tick_size: str
    qty_step: str  # spot: basePrecision
    min_order_qty: str
    max_order_qty: str = "1000000"  # spot: maxLimitOrderQty
    max_mkt_order_qty: str = "500000"  # spot: maxMarketOrderQty
    min_notional_value: str = "5"  # spot: minOrderAmt
    quote_precision: str = "0.00000001"  # spot only
    max_leverage: str = "100.00"
    status: str = "Trading"

    @property
    def min_price(self) -> Decimal:
        return Decimal(self.tick_size)

    @property
    def max_price(self) -> Decimal:
        return 20_000_000 * Decimal(self.tick_size)

    @property
    def settle_coin(self) -> str:
        return self.base_coin if self.category == "inverse" else self.quote_coin


def _linear(symbol: str, price: str, tick: str, step: str, least: str, most: str, market: str) -> Instrument:
    return Instrument("linear", symbol, symbol.removesuffix("USDT"), "USDT", price, tick, step, least, most, market)


def _spot(symbol: str, price: str, tick: str, precision: str, quote_precision: str, least: str) -> Instrument:
    base = symbol.removesuffix("USDT")
    return Instrument("spot", symbol, base, "USDT", price, tick, precision, least, quote_precision=quote_precision)


# Steps and ticks change from time to time; these are shaped like the ones that Bybit has had: powers of ten and others.
INSTRUMENTS = (
    _linear("BTCUSDT", "60000.00", "0.10", "0.001", "0.001", "1190.000", "500.000"),
    _linear("ETHUSDT", "3000.00", "0.01", "0.01", "0.01", "7240.00", "724.00"),
    _linear("SOLUSDT", "150.000", "0.010", "0.1", "0.1", "79770.0", "10000.0"),
    _linear("XRPUSDT", "0.5000", "0.0001", "0.1", "0.1", "5000000.0", "500000.0"),
    _linear("DOGEUSDT", "0.10000", "0.00001", "1", "1", "60000000", "6000000"),
    _linear("ADAUSDT", "0.4000", "0.0001", "1", "1", "5000000", "500000"),
    _linear("1000PEPEUSDT", "0.0100000", "0.0000001", "100", "100", "120000000", "12000000"),
    _linear("APTUSDT", "8.0000", "0.0005", "0.01", "0.01", "500000.00", "50000.00"),
    _linear("HALFUSDT", "20.00", "0.05", "0.5", "0.5", "100000.0", "10000.0"),
    _linear("FIVEUSDT", "2.500", "0.005", "5", "5", "1000000", "100000"),
    _linear("TENUSDT", "1.000", "0.001", "10", "10", "10000000", "1000000"),
    Instrument("linear", "BTCPERP", "BTC", "USDC", "60000.0", "0.1", "0.001", "0.001", "250.000", "120.000"),
    Instrument("inverse", "BTCUSD", "BTC", "USD", "60000.00", "0.50", "1", "1", "25000000", "5000000", "1"),
    Instrument("inverse", "ETHUSD", "ETH", "USD", "3000.00", "0.05", "1", "1", "25000000", "5000000", "1"),
    _spot("BTCUSDT", "60000.00", "0.01", "0.000001", "0.00000001", "0.000011"),
    _spot("ETHUSDT", "3000.00", "0.01", "0.00001", "0.0000001", "0.00062"),
    _spot("SOLUSDT", "150.00", "0.01", "0.001", "0.00001", "0.009"),
    _spot("XRPUSDT", "0.5000", "0.0001", "0.01", "0.000001", "0.01"),
    _spot("DOGEUSDT", "0.10000", "0.00001", "0.1", "0.000001", "1"),
    Instrument("option", "BTC-26DEC30-60000-C", "BTC", "USDC", "5000", "5", "0.01", "0.01", "500", "500", "0"),
)
