"""What a broker does with orders."""


def enter(self, price):
    order = self.session.place_active_order(
        symbol=self.symbol, side="Buy", order_type="Limit", qty=0.01, price=price, time_in_force="GoodTillCancel"
    )
    return order["result"]["order_id"]


def leave(self, order_id):
    return self.session.cancel_active_order(symbol=self.symbol, order_id=order_id)["result"]["order_id"] == order_id
