"""What a broker does with orders."""


def enter(self, price):
    order = self.session.place_order(
        category="linear",
        symbol=self.symbol,
        side="Buy",
        orderType="Limit",
        qty=0.01,
        price=price,
        timeInForce="GTC",
    )
    return order["result"]["orderId"]


def leave(self, order_id):
    answer = self.session.cancel_order(category="linear", symbol=self.symbol, orderId=order_id)
    return answer["result"]["orderId"] == order_id
