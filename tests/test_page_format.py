"""What a page may look like: how it is read, and how its flaws are told."""

from __future__ import annotations

import re

import pytest

from bybit_lint.report import pages
from bybit_lint.report.pages import Marker

PAGE = """\
# BYB201 unrounded-quantity

A quantity is rounded
before it is sent.

## What happens to the account

Ines loses an order.

## Cases

### pybit: two files

Some words.

`strategy.py`:

```python bad
qty = 1 / 3  # ours  # finding
buy(qty)  # finding BYB203 BYB201
```

`broker.py`:

```python bad
## no heading
pass
```

`strategy.py`:

```python fixed
qty = floor(1 / 3)  # ours
buy(qty)
```

### a literal

```text
what the terminal shows
```

```python good
qty = "0.01"

# findings are not what this says
```

## Fix safety

Unsafe: the order is smaller.

```python
not_run()
```

## Not seen

Prices.

## Sources

None.
"""
WHERE = "rules/orders/unrounded-quantity.md"


def test_a_page_is_read_whole() -> None:
    page = pages.parse(PAGE, WHERE)
    assert (page.code, page.name, page.family, page.path) == ("BYB201", "unrounded-quantity", "orders", WHERE)
    assert page.summary == "A quantity is rounded before it is sent."
    assert page.text == PAGE
    assert page.safety == "unsafe"
    assert list(page.sections) == list(pages.HEADINGS)
    assert page.sections["What happens to the account"] == "Ines loses an order."
    assert page.sections["Sources"] == "None."
    assert [case.title for case in page.cases] == ["pybit: two files", "a literal"]


def test_the_files_of_a_case_are_named_above_their_blocks() -> None:
    first, second = pages.parse(PAGE, WHERE).cases
    assert [(block.kind, block.path) for block in first.blocks] == [
        ("bad", "strategy.py"),
        ("bad", "broker.py"),
        ("fixed", "strategy.py"),
    ]
    assert [block.path for block in second.files("good")] == ["bot.py"]


def test_marks_are_stripped_and_kept() -> None:
    block = pages.parse(PAGE, WHERE).cases[0].blocks[0]
    assert block.source == "qty = 1 / 3  # ours\nbuy(qty)\n"
    assert block.markers == (Marker(1, "BYB201"), Marker(2, "BYB203"), Marker(2, "BYB201"))
    assert PAGE.split("\n")[block.line - 1] == "qty = 1 / 3  # ours  # finding"


def test_what_only_resembles_a_mark_or_a_heading_is_code() -> None:
    first, second = pages.parse(PAGE, WHERE).cases
    assert first.blocks[1].source == "## no heading\npass\n"
    assert second.blocks[0].source == 'qty = "0.01"\n\n# findings are not what this says\n'


def test_a_tool_page_may_leave_out_its_cases() -> None:
    start, end = PAGE.index("## Cases"), PAGE.index("## Fix safety")
    without = PAGE[:start] + PAGE[end:]
    assert pages.parse(without, "rules/tool/unrounded-quantity.md").cases == ()
    with pytest.raises(ValueError, match="in this order"):
        pages.parse(without, WHERE)


@pytest.mark.parametrize("text", ["", "# BYB201 unrounded-quantity", "# BYB201 unrounded-quantity\n\nNothing more."])
def test_the_beginning_of_a_page_is_not_a_page(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{WHERE}:1: "):
        pages.parse(text, WHERE)


FLAWS = {
    "a title without a code": ("# BYB201 unrounded-quantity", "# Rounding", "# Rounding", "begins with"),
    "no summary": ("A quantity is rounded\nbefore it is sent.\n", "", "# BYB201 unrounded-quantity", "a paragraph"),
    "a missing heading": ("## Not seen", "Not seen", "## Sources", "in this order"),
    "headings out of order": ("## Sources", "## Cases", "## Cases", "in this order"),
    "a heading of its own": ("## Not seen", "## Notes\n\n## Not seen", "## Notes", "in this order"),
    "one heading too many": ("None.", "## More", "## More", "in this order"),
    "an unknown claim": ("Unsafe: the", "It is: the", "## Fix safety", "begins with one of: Safe: Unsafe: No fix:"),
    "an unknown kind of block": ("```python good", "```python fine", "```python fine", "`python fine` is no kind"),
    "a block without a kind": ("```python good", "```python", "```python", "`python` is no kind of block"),
    "a case without blocks": ("### a literal", "### bare\n\n### a literal", "### bare", "the case `bare` has no block"),
    "a block before all cases": ("## Cases", "## Cases\n```python bad\n```", "```python bad", "belongs to no case"),
    "a case among other words": ("```python\nnot", "```python fixed\nnot", "```python fixed", "is not run here"),
    "a block that never closes": ("None.", "```console", "```console", "never closed; end it with ```"),
    "an indented block": ("```text", "  ```text", "  ```text", "indented"),
    "two files of one name": ("`broker.py`:", "`strategy.py`:", "### pybit: two files", "two bad blocks for"),
    "a fixed file without its bad one": (
        "`strategy.py`:\n\n```python fixed",
        "`other.py`:\n\n```python fixed",
        "### pybit: two files",
        "has a fixed other.py, but no bad one",
    ),
    "a mark in a good block": ('qty = "0.01"', "buy() # finding", "buy() # finding", "a good block has no findings"),
    "words behind a mark": (
        "# finding BYB203 BYB201",
        "# finding of ours",
        "buy(qty)  # finding of ours",
        "only codes",
    ),
    "no mark of the page's own rule": (
        "# finding\nbuy(qty)  # finding BYB203 BYB201",
        "\nbuy(qty)  # finding BYB203",
        "### pybit: two files",
        "marks no line of its bad blocks with `# finding` for BYB201",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_a_flaw_is_an_error_that_names_page_and_line(flaw: str) -> None:
    old, new, place, message = FLAWS[flaw]
    flawed = PAGE.replace(old, new, 1)
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        pages.parse(flawed, WHERE)
    path, line, _ = str(raised.value).split(":", 2)
    assert path == WHERE
    assert flawed.split("\n")[int(line) - 1] == place


def test_every_page_is_found_by_its_code_and_its_name_in_any_case() -> None:
    assert pages.all()
    for page in pages.all():
        assert pages.find(page.code.lower()) is page
        assert pages.find(page.name.upper()) is page
    assert pages.find("BYB2") is None


def test_the_pages_are_sorted_by_code() -> None:
    codes = [page.code for page in pages.all()]
    assert codes == sorted(set(codes))
