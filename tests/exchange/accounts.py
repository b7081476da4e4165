"""What one environment's account holds: coins, positions, settings."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from exchange.conditions import Conditions, Environment
from exchange.instruments import Instrument

Slot = tuple[str, str, int]  # category, symbol, positionIdx


@dataclass(frozen=True)
class Holding:
    """A position, or an empty one."""

    side: str = ""
    size: Decimal = Decimal(0)
    avg_price: Decimal = Decimal(0)
    take_profit: str = ""
    stop_loss: str = ""
    trailing_stop: str = "0"
    since: int = 0  # in ms
    updated: int = 0

    @property
    def signed(self) -> Decimal:
        return self.size if self.side == "Buy" else -self.size


class Account:
    """One account; all that is in it is changed by the exchange's own thread alone."""

    def __init__(self, environment: Environment, conditions: Conditions) -> None:
        self.environment = environment
        self.coins = {coin: Decimal(amount) for coin, amount in conditions.balance.items()}
        self.holdings: dict[Slot, Holding] = {}
        self.leverages: dict[tuple[str, str], str] = {}
        self.hedged: set[str] = set()  # symbols in hedge mode
        self._leverage = conditions.leverage
        prices: dict[tuple[str, str], str] = {
            (each.category, each.symbol): each.last_price for each in conditions.instruments
        }
        for each in conditions.positions:
            price = each.avg_price or conditions.prices.get(each.symbol) or prices[each.category, each.symbol]
            slot = each.category, each.symbol, each.position_idx
            self.holdings[slot] = Holding(each.side, Decimal(each.size), Decimal(price))
            if each.position_idx:
                self.hedged.add(each.symbol)

    def leverage(self, category: str, symbol: str) -> str:
        return self.leverages.get((category, symbol), self._leverage)

    def slots(self, category: str, symbol: str) -> list[Slot]:
        return [(category, symbol, index) for index in ((1, 2) if symbol in self.hedged else (0,))]

    def holding(self, slot: Slot) -> Holding:
        return self.holdings.get(slot, Holding())

    def margin(self, coin: str, instruments: dict[tuple[str, str], Instrument]) -> Decimal:
        """What the positions that settle in the coin bind of it."""
        bound = Decimal(0)
        for (category, symbol, _), held in self.holdings.items():
            instrument = instruments.get((category, symbol))
            if held.size and instrument and instrument.settle_coin == coin:
                bound += worth(instrument, held.size, held.avg_price) / Decimal(self.leverage(category, symbol))
        return bound


def worth(instrument: Instrument, qty: Decimal, price: Decimal) -> Decimal:
    """The value of a quantity in the settle coin; inverse contracts are for one US dollar each."""
    return qty / price if instrument.category == "inverse" else qty * price
