"""A raw Bybit socket is kept alive with Bybit's own ping."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Socket

RULE = Rule("BYB501", __name__, severity="warning")


@RULE.on(Socket)
def check(socket: Socket) -> Iterator[Finding]:
    if socket.is_silent:
        pings = "only protocol pings go" if socket.protocol_ping else "no ping goes"
        yield Finding(
            socket.span,
            f'Bybit may drop this socket when it is quiet: {pings} out, and nobody sends {{"op": "ping"}} '
            "(recommended every 20 s; ten idle minutes are the documented end)",
            related=(Related(socket.made, "opened here"),) if socket.made and socket.made != socket.span else (),
            **socket.heartbeat(),
        )
