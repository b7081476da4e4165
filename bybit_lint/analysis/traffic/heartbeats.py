"""Who sends Bybit's ping, `{"op": "ping"}` as text, and whether the shim can keep the answers from the bot."""

from __future__ import annotations

from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source, once_per_source
from bybit_lint.patterns import regex

PING = regex(rb"""op(?<!\wop)\\?["']?\s*[:=]\s*\\?["']ping""")
"""The ping as a dict, as JSON text or as a keyword. A pattern that begins with a letter is found fastest."""
HELPER = regex(rb"(?<![\w.])(?:start_)?heartbeat\(")
"""The shim's helper that sends it."""
PING_WORDS = (b"ping", b"heartbeat(")
"""One of these stands wherever a ping is sent."""
OWN_WAY = regex(
    rb"""recv_streaming|recv_frame|ws_response_class|create_protocol|(?:create_connection|class_)["']?\s*[=:]"""
)
"""A message taken in parts, or a connection of a class of the bot's own: there no pong can be told from the rest."""


def is_pinged(project: Project, module: Module) -> bool:
    """True unless neither the module nor any it is linked to by imports holds Bybit's ping."""
    if not any(project.says(word) for word in PING_WORDS):
        return False
    return any(_sends_ping(linked.source) for linked in project.around(module))


@once_per_source
def _sends_ping(source: Source) -> bool:
    patterns = (PING, HELPER) if b"heartbeat(" in source.data else (PING,)
    places = (match.start() for pattern in patterns for match in pattern.finditer(source.data))
    return any(not _is_commented_out(source.data, place) for place in places)


def _is_commented_out(data: bytes, place: int) -> bool:
    """True in a line that is nothing but a comment."""
    return data[data.rfind(b"\n", 0, place) + 1 : place].lstrip().startswith(b"#")


def is_received_plainly(project: Project, module: Module) -> bool:
    """True unless somebody near the module receives in another way than with the library's own methods for messages."""
    return not any(OWN_WAY.search(linked.source.data) for linked in project.around(module))
