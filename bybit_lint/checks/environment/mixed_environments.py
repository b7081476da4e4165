"""What a bot hears comes from the network it trades on."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Mixture, Related

RULE = Rule("BYB102", __name__, severity="warning", ret_codes=(10003,))


@RULE.on(Mixture)
def check(mixture: Mixture) -> Iterator[Finding]:
    what = "this stream is" if mixture.is_private else "these prices are"
    consequence = "the bot never hears of its own orders" if mixture.is_private else "the bot trades on made-up prices"
    network, orders = mixture.network.value, mixture.orders_network.value
    yield Finding(
        mixture.span,
        f"{without(mixture)}{what} {network}'s, but the orders go to {orders}: {consequence}",
        related=(Related(mixture.orders, f"orders go to {mixture.orders_network.value} here"),),
        not_fixed="only you know which of the two is meant",
        ret_codes=None if mixture.is_private else (),
    )


def without(mixture: Mixture) -> str:
    """When it is so, where that is not always."""
    return f"without {mixture.unset} set, " if mixture.unset else ""
