"""A grid of limit orders around the price."""

import config
import exchange


def build(levels):
    price = exchange.middle()
    placed = []
    for level in range(1, levels + 1):
        placed.append(exchange.place("Buy", 0.01, price - level * config.STEP))
        placed.append(exchange.place("Sell", 0.01, price + level * config.STEP))
    return price, {order["order_id"] for order in placed}


def main():
    exchange.lever(config.LEVERAGE)
    exchange.clear()
    price, ids = build(2)
    orders = exchange.waiting()
    for order in sorted(orders, key=lambda order: order["price"]):
        print(order["side"], order["price"] - price)
    print(len(ids & {order["order_id"] for order in orders}), "of", len(ids))
    exchange.clear()
    print(exchange.waiting())


main()
