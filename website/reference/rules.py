"""The pages of rules/ as they stand there, their code marked for a reader instead of the tests, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bybit_lint.knowledge import messages
from bybit_lint.report.pages import Block, Page
from bybit_lint.rule import Rule
from reference import relations
from reference.markdown import items, link, prose, section, table

TITLES = {"bad": "the mistake", "fixed": "as the fix makes it", "good": "nothing is found here"}
DEFAULT = "bot.py"


def pages_of_rules() -> Iterator[tuple[str, str]]:
    for rule, page in relations.rules():
        yield page.path, _page(rule, page)


def _page(rule: Rule, page: Page) -> str:
    title, _, story = _marked(page).partition("\n\n")
    summary, _, rest = story.partition("\n\n")
    return f"{title}\n\n{summary}\n\n{_facts(rule, page)}\n\n{rest.rstrip()}\n{_leads(rule, page)}"


def _facts(rule: Rule, page: Page) -> str:
    """What is asked of a rule first, in one line."""
    fix = {"safe": "a safe fix", "unsafe": "an unsafe fix", "none": "no fix"}[page.safety]
    asked = "" if rule.is_default else "; only asked where it is selected"
    codes = [relations.code_link(code) for code in rule.ret_codes]
    ends = f"; ends in {', '.join(codes)}" if codes else ""
    return f"**{rule.severity.capitalize()}**, {fix}{asked}{ends}\n{{ .facts .{rule.severity} }}"


def _leads(rule: Rule, page: Page) -> str:
    found = {
        "Clients": [link(client.name, relations.client_place(client)) for client in relations.clients_of(page)],
        "Endpoints": [relations.endpoint_link(path) for path in relations.endpoints_of(page)],
        "What the bot says": [
            link(f"`{message.text}`", relations.message_place(message))
            for message in messages.everything()
            if rule.code in message.rules
        ],
    }
    return section("See also", items(f"{name}: {', '.join(links)}" for name, links in found.items() if links))


def _marked(page: Page) -> str:
    """The page with its blocks named and the lines of its findings lit, in the place of the marks for the tests."""
    lines = page.text.split("\n")
    for block in sorted((b for case in page.cases for b in case.blocks), key=lambda b: b.line, reverse=True):
        code = block.source.split("\n")[:-1]
        opening = block.line - 2
        language = lines[opening].lstrip("`").partition(" ")[0]
        lines[opening : block.line - 1 + len(code)] = [_fence(block, language), *code]
    return "\n".join(lines)


def _fence(block: Block, language: str) -> str:
    lit = " ".join(dict.fromkeys(str(marker.line) for marker in block.markers))
    shown = f' hl_lines="{lit}"' if lit else ""
    name = f"{block.path}: " if block.path != DEFAULT else ""
    return f'```{{ .{language} .{block.kind} title="{name}{TITLES[block.kind]}"{shown} }}'


# --- all of them ------------------------------------------------------------------------------------------------------


def overview() -> Iterator[tuple[str, str]]:
    tables = (f"\n## {family}\n\n{_rows(list(rows))}" for family, rows in families())
    text = f"{len(relations.rules())} rules. Each says what it finds, what comes of it, and how it is mended."
    yield "rules/index.md", f"---\ntitle: Rules\n---\n# Rules\n\n{text}\n{''.join(tables)}"


def families() -> Iterator[tuple[str, Iterator[tuple[Rule, Page]]]]:
    """The rules by family, in the order of their codes."""
    return groupby(relations.rules(), lambda pair: pair[0].family)


def _rows(rows: list[tuple[Rule, Page]]) -> str:
    cells = ((link(f"{rule.code} {rule.name}", page.path), prose(page.summary), rule.severity) for rule, page in rows)
    return table(("rule", "what it says", "severity"), cells)
