"""A raw Bybit socket is opened again, and subscribed again, whenever it drops."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Socket

RULE = Rule("BYB502", __name__, severity="warning")


@RULE.on(Socket)
def check(socket: Socket) -> Iterator[Finding]:
    if socket.is_lost_for_good:
        yield Finding(
            socket.span,
            "no loop and no handler opens this socket again: after the first drop the bot hears nothing more",
            related=(Related(socket.made, "opened here"),) if socket.made and socket.made != socket.span else (),
        )
