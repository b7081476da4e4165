"""What mkdocs is told of: the pages that are made of the project's tables, the menu, and a policy that loads nothing.

https://www.mkdocs.org/dev-guide/plugins/#events
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from typing import Any

import bundle
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from reference import clients, codes, endpoints, guides, relations, rules, texts

INLINE = re.compile(r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.*?)</script>", re.DOTALL)
HEAD = '<meta charset="utf-8">'


def on_config(config: MkDocsConfig) -> None:
    """Put the rules, by family, and the clients into the menu."""
    menu: dict[str, Any] = {name: place for entry in config.nav or () for name, place in entry.items()}
    menu["Rules"] += [{family.capitalize(): [page.path for _, page in found]} for family, found in rules.families()]
    menu["Clients"] += [relations.client_place(client) for client in relations.CLIENTS]


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add what is in no folder: nothing of it is committed."""
    for place, text in _pages():
        files.append(File.generated(config, place, content=text))
    for path in guides.SHOWN:
        files.append(File.generated(config, path, abs_src_path=str(guides.ROOT / path)))
    files.append(File.generated(config, "assets/texts.json", content=texts.looked_up()))
    for place, made in bundle.files():
        files.append(File.generated(config, place, content=made))


def _pages() -> Iterator[tuple[str, str]]:
    yield from guides.all_pages()
    yield from rules.overview()
    yield from rules.pages_of_rules()
    yield from codes.all_pages()
    yield from endpoints.all_pages()
    yield from clients.all_pages()
    yield texts.page()


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str | None:
    """Say on the page of the playground where it was left out, and why."""
    return bundle.missing_page() if page.file.src_uri == "playground.md" and bundle.missing() else markdown


def on_post_page(output: str, **_: Any) -> str:
    """Forbid the page whatever is not from its own host: https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP."""
    own = {script for script in INLINE.findall(output) if script.strip()} | {bundle.report_script()}
    scripts = " ".join(sorted(map(_hash, own)))
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'wasm-unsafe-eval' {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src blob:",
            "base-uri 'self'",
            "form-action 'none'",
        ]
    )
    assert HEAD in output, "the theme has another head: where does the policy go?"
    return output.replace(HEAD, f'{HEAD}<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
