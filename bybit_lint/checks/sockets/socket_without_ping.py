"""A raw Bybit socket is kept alive with Bybit's own ping."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Related, Socket

RULE = Rule("BYB501", __name__, severity="warning")


@RULE.on(Socket)
def check(socket: Socket) -> Iterator[Finding]:
    if socket.is_silent:
        only = "only protocol pings go out on this socket, no" if socket.protocol_ping else "this socket is sent no"
        yield Finding(
            socket.span,
            f'{only} {{"op": "ping"}}: Bybit may drop it after ten quiet minutes; send one every 20 s',
            related=(Related(socket.made, "opened here"),) if socket.made and socket.made != socket.span else (),
            **socket.heartbeat(),
        )
