"""A page for each endpoint of V5, and a list of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bybit_lint import knowledge
from bybit_lint.commands import endpoint
from bybit_lint.knowledge import Endpoint, availability, legacy
from bybit_lint.knowledge.parameters import Parameter
from reference import relations
from reference.markdown import code, items, link, prose, section, source, table


def all_pages() -> Iterator[tuple[str, str]]:
    yield "endpoints/index.md", _index()
    yield from ((relations.endpoint_place(path), _page(path)) for path in relations.paths())


def methods(path: str) -> list[Endpoint]:
    """The methods of pybit that call an endpoint."""
    return [e for name in knowledge.method_names() if (e := knowledge.endpoint_of(name)) and e.path == path]


def _page(path: str) -> str:
    found = methods(path)
    title = f"{found[0].verb} {path}"
    taken = endpoint.taken(path)
    rest = "" if found[0].is_complete else "\nThere may be others.\n"
    return "".join(
        [
            f"---\ntitle: {title}\n---\n# {title}\n\n",
            items(_facts(path, found)),
            section("Parameters", (table(("name", "", "values"), map(_row, taken)) or "None that is known.\n") + rest),
            section("What it needs", items(map(prose, endpoint.requirements(path)))),
            section("Requests a second and account", items(map(prose, endpoint.rates(path)))),
            section("retCodes", items(_codes(path))),
            section("Rules that show it", items(relations.rule_links(_rules(path)))),
            section("Rules about every call", items(relations.rule_links(_general(path)))),
            *dict.fromkeys(source(p.source, p.date) for p in taken[:1]),
            *dict.fromkeys(source(e.source, e.date) for e in found),
        ]
    )


def _facts(path: str, found: list[Endpoint]) -> Iterator[str]:
    gone = legacy.given_up().get(path)
    if gone:
        instead = f"; instead: {relations.endpoint_link(gone.instead)}" if gone.instead in relations.paths() else ""
        yield f"**Given up by Bybit**: {prose(gone.effect)}{instead}"
    calls = ", ".join(f"{code(e.method)} (since {e.since})" for e in found)
    yield f"{link('pybit', 'clients/pybit.md')}: {calls}"
    for client in relations.CLIENTS:
        named = sorted({name for known, name in relations.called(path) if known == client.name})
        if named:
            yield f"{link(client.name, relations.client_place(client))}: {', '.join(map(code, named))}"
    yield "needs a key" if found[0].needs_auth else "needs no key"
    if availability.is_in_demo(path):
        yield "demo trading has it"
    if days := availability.longest_range(path):
        yield f"tells of at most {days} days at once"


def _row(p: Parameter) -> tuple[str, str, str]:
    kind, *rest = endpoint.values(p)
    needed = endpoint.REQUIRED[p.required]
    return code(p.name), f"{kind}, **{needed}**" if needed else kind, prose("; ".join(r for r in rest if r != needed))


def _codes(path: str) -> Iterator[str]:
    if own := relations.unchanged().get(path):
        yield f"{relations.code_link(own)}: the setting is made already"
    for rule, page in relations.rules():
        if rule.ret_codes and path in relations.endpoints_of(page):
            codes = ", ".join(map(relations.code_link, rule.ret_codes))
            yield f"{codes}: {link(f'{rule.code} {rule.name}', page.path)}"


def _rules(path: str) -> list[str]:
    return [rule.code for rule, page in relations.rules() if path in relations.endpoints_of(page)]


def _general(path: str) -> list[str]:
    shown = _rules(path)
    return [r.code for r, _ in relations.rules() if endpoint.concerns(r, path) and r.code not in shown]


def _index() -> str:
    groups = groupby(relations.paths(), lambda path: path.split("/")[2])
    listed = (section(name, table(("endpoint", "pybit"), map(_listed, found))) for name, found in groups)
    text = "What each endpoint of V5 takes and needs, how often it may be asked, and which mistakes are made with it.\n"
    return f"---\ntitle: Endpoints\n---\n# Endpoints\n\n{text}{''.join(listed)}"


def _listed(path: str) -> tuple[str, str]:
    return relations.endpoint_link(path), ", ".join(code(e.method) for e in methods(path))
