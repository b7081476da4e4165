"""The texts of the repository that people read: they stay where they are, and are shown here as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bybit_lint.report import pages

ROOT = Path(__file__).parent.parent.parent
GUIDES = {
    "manual.md": "README.md",
    "docs/editors.md": "docs/editors.md",
    "pages.md": "rules/README.md",
    "CONTRIBUTING.md": "CONTRIBUTING.md",
    "CHANGELOG.md": "CHANGELOG.md",
}
"""By their places here: a README.md would be the first page of its folder, which is another one."""
TITLES = {"manual.md": "Manual", "docs/editors.md": "Editors", "pages.md": "How the pages are read"}
SHOWN = ("bybit_lint/report/decoded.schema.json",)
"""Files that the texts link to."""
RULES = {page.path for page in pages.all()}
LINK = re.compile(r"\[([^\]\n]+)\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")


def all_pages() -> Iterator[tuple[str, str]]:
    for place, path in GUIDES.items():
        title = f"---\ntitle: {TITLES[place]}\n---\n" if place in TITLES else ""
        yield place, title + _text(path)


def _text(path: str) -> str:
    """The text with links to what is shown here, and names of files in the place of links to what is not."""
    folder = (ROOT / path).parent

    def there(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        path = (folder / target).resolve().relative_to(ROOT).as_posix()
        place = next((here for here, known in GUIDES.items() if known == path), path)
        is_here = place in GUIDES or path in SHOWN or path in RULES
        return f"[{text}](/{place}{anchor})" if is_here else f"`{path}`"

    return LINK.sub(there, (ROOT / path).read_text("utf-8"))
