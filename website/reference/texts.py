"""The texts that bots end up with, on one page, and as the table in which the first page looks up what is pasted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bybit_lint import knowledge
from bybit_lint.decoding.causes import preventing
from bybit_lint.knowledge import messages
from bybit_lint.knowledge.messages import Message
from reference import codes, endpoints, relations
from reference.markdown import code, items, link, numbered, prose, source

SAYS = {
    "retCode": "Bybit's answers",
    "channel": "Bybit's answers",
    "WebSocket": "Over sockets",
    "WebSocket trade": "Over sockets",
    "pybit": "pybit",
    "ccxt": "ccxt",
    "Python": "Python",
    "network": "The network",
}


def page() -> tuple[str, str]:
    known = sorted(relations.anchors().items(), key=lambda pair: list(SAYS.values()).index(_heading(pair[1])))
    groups = groupby(known, lambda pair: _heading(pair[1]))
    parts = (f"\n## {heading}\n{''.join(_text(*pair) for pair in found)}" for heading, found in groups)
    return "texts.md", f"---\ntitle: Texts\n---\n# What bots end up with\n\n{INTRODUCTION}\n{''.join(parts)}"


INTRODUCTION = "Texts of Bybit, the clients and the network, with `{}` for what differs each time."


def _heading(message: Message) -> str:
    return SAYS[message.channel if message.code is None else message.channel.rpartition(" ")[0]]


def _text(anchor: str, message: Message) -> str:
    said = _channel(message)
    rules = list(relations.rule_links(message.rules))
    return "".join(
        [
            f"\n### {code(message.text)} {{ #{anchor} }}\n\n{said}: {prose(message.meaning)}\n\n",
            f"**What to do**: {prose(message.do)}\n\nLikely causes:\n\n",
            numbered(map(prose, messages.causes(message.cause))),
            f"\nPrevented by:\n\n{items(rules)}" if rules else "",
            source(message.source, message.date),
        ]
    )


def _channel(message: Message) -> str:
    """Who says it, or the code that it comes with."""
    if message.code is None:
        return message.channel
    known = message.code in relations.codes()
    return link(message.channel, relations.code_place(message.code)) if known else message.channel


# --- what is looked up ------------------------------------------------------------------------------------------------


def looked_up() -> str:
    """All that may be pasted, as JSON: `texts`, `codes`, and `names` of rules and endpoints with their places."""
    return json.dumps({"texts": list(_texts()), "codes": list(_codes()), "names": dict(_names())}, ensure_ascii=False)


def _texts() -> Iterator[dict[str, Any]]:
    for anchor, message in relations.anchors().items():
        yield {
            "text": message.text,
            "pieces": messages.squeezed(message.text).split("{}"),
            "code": message.code,
            "isOfPybit": message.channel == "pybit",
            "said": message.channel,
            "meaning": message.meaning,
            "do": message.do,
            "rules": _rules(message.rules),
            "place": f"texts/#{anchor}",
        }


def _codes() -> Iterator[dict[str, Any]]:
    for number in relations.codes():
        row, said = knowledge.ret_code(number), messages.documented(number)
        words = [messages.squeezed(s.partition(": ")[2] or s) for s in said.said.split("; ")] if said else []
        rules = [rule.code for rule in preventing(number)]
        yield {
            "code": number,
            "said": codes.title(number),
            "words": words,
            "meaning": codes.meaning(number),
            "do": f"Try again? {row.retry}" if row else "",
            "rules": _rules(rules),
            "place": f"codes/{number}/",
        }


def _rules(names: list[str] | tuple[str, ...]) -> list[dict[str, str]]:
    found = (page for rule, page in relations.rules() if rule.code in names)
    return [{"name": f"{page.code} {page.name}", "place": _served(page.path)} for page in found]


def _names() -> Iterator[tuple[str, str]]:
    for _, page in relations.rules():
        yield from ((page.code.lower(), _served(page.path)), (page.name, _served(page.path)))
    for path in relations.paths():
        place = _served(relations.endpoint_place(path))
        yield path, place
        yield from ((found.method, place) for found in endpoints.methods(path))


def _served(place: str) -> str:
    """Where a page is found in the built site: /v5/announcements/index is the first of its folder."""
    folder, _, name = place.removesuffix(".md").rpartition("/")
    return f"{folder}/" if name == "index" else f"{folder}/{name}/"
