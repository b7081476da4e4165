"""Runs tests/facts/*.md: what must be seen in a piece of code, no rule involved.

A heading names a test, the blocks under it are the files of one project (`name.py`: above a block names it).
A comment at a line's end states a fact at that line: `# order: qty=float arithmetic`, `# retry: synchronised`.
Its words must occur in this order in the fact's description, those after `but not` must not, as they stand there:
`# socket: silent but not lost for good`. Several facts of one line have a comment each.
Of the kinds that a page speaks of every fact must be stated, so a block without comments says: nothing is seen here.
Under one heading, `### sync` and `### async` must give the same facts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from fakes import nouns

from bybit_lint import facts
from bybit_lint.analysis.project import Project
from bybit_lint.analysis.source import Source
from bybit_lint.report.facts import describe, kind
from bybit_lint.report.pages.markdown import Fence, Section, parts, split
from bybit_lint.vocabulary import Noun, Retry, Span

FOLDER = Path(__file__).parent / "facts"
LANGUAGES = ("python", "text", "toml", "ini", "dockerfile")
STATEMENT = re.compile(r"# (\w+): ([^#]+)")
KINDS = sorted(noun.__name__.lower() for noun in nouns())

Words: TypeAlias = tuple[str, ...]
Facts: TypeAlias = Mapping[tuple[int, str], Sequence[Words]]
"""Descriptions of facts, by their line on the page and their kind."""
Reading: TypeAlias = Callable[[Sequence[Source]], Sequence[Noun]]


class Example(NamedTuple):
    """One heading of a page with its files; `kinds` are those that the page as a whole speaks of."""

    name: str
    fences: tuple[Fence, ...]
    kinds: frozenset[str] = frozenset()

    def sources(self) -> list[Source]:
        return [Source(fence.path, "\n".join([*fence.lines, ""]).encode()) for fence in self.fences]

    def stated(self) -> Facts:
        found = defaultdict(list)
        for fence in self.fences:
            for line, text in enumerate(fence.lines, start=fence.line + 1):
                for noun, words in STATEMENT.findall(text):
                    found[line, noun].append(in_words(words))
        return found

    def seen(self, read: Reading) -> Facts:
        """The facts of the page's kinds; the same thing seen twice at one place counts once."""
        first_lines = {fence.path: fence.line for fence in self.fences}
        found: dict[tuple[int, str], list[Words]] = defaultdict(list)
        for noun in read(self.sources()):
            told, line = in_words(describe(noun))[1:], first_lines[noun.span.path] + noun.span.line
            if kind(noun) in self.kinds and told not in found.get((line, kind(noun)), ()):
                found[line, kind(noun)].append(told)
        return dict(sorted(found.items()))


def in_words(text: str) -> Words:
    return tuple(word.strip(",") for word in text.split())


def examples(text: str, where: str) -> list[Example]:
    """The examples of a page. Raises ValueError for a comment that states no kind of fact there is."""
    found = [example for section in split(parts(text, where), 2)[1] for example in under(section)]
    stated = {key for example in found for key in example.stated()}
    if typo := next((key for key in sorted(stated) if key[1] not in KINDS), None):
        raise ValueError(f"{where}:{typo[0]}: `{typo[1]}` is no kind of fact; the kinds are {', '.join(KINDS)}")
    return [example._replace(kinds=frozenset(noun for _, noun in stated)) for example in found]


def under(section: Section) -> Iterator[Example]:
    """The example of a heading and those of the headings below it."""
    own, below = split(section.parts, 3)
    for name, content in [(section.title, own), *((f"{section.title} / {s.title}", s.parts) for s in below)]:
        if fences := tuple(part for part in content if isinstance(part, Fence) and part.info in LANGUAGES):
            yield Example(name, fences)


def failures(example: Example, read: Reading) -> list[str]:
    """Where what is stated and what is seen differ."""
    stated, seen = example.stated(), example.seen(read)
    return [
        f"line {line}: {noun}: stated {told(stated.get((line, noun), ()))}, seen {told(seen.get((line, noun), ()))}"
        for line, noun in sorted({*stated, *seen})
        if not agree(stated.get((line, noun), ()), seen.get((line, noun), ()))
    ]


def agree(statements: Sequence[Words], tellings: Sequence[Words]) -> bool:
    """True if each statement is about a fact of its own, and no fact is left over."""
    pairings = (zip(statements, order, strict=True) for order in permutations(tellings))
    is_even = len(statements) == len(tellings)
    return is_even and any(all(fits(words, telling) for words, telling in pairs) for pairs in pairings)


def fits(statement: Words, telling: Words) -> bool:
    """True if what is stated occurs in the telling, and what is denied does not occur as it stands."""
    said, _, denied = " ".join(statement).partition(" but not ")
    return occur(said.split(), telling) and not (denied and f" {denied} " in f" {' '.join(telling)} ")


def occur(words: Sequence[str], telling: Words) -> bool:
    """True if the words occur in the telling in their order."""
    rest = iter(telling)
    return all(word in rest for word in words)


def told(tellings: Sequence[Words]) -> str:
    return " and ".join(f"`{' '.join(words)}`" for words in tellings) or "nothing"


# --- the pages --------------------------------------------------------------------------------------------------------


def read(sources: Sequence[Source]) -> list[Noun]:
    """The facts of some files; whatever goes wrong meanwhile is raised."""
    project = Project(sources)
    found = [noun for unit in project.units for noun in facts.of(*unit)]
    for crash in (crash for source, part in project.units for crash in facts.crashes(source, part)):
        raise crash.error
    return found


PAGES = {page.name: examples(page.read_text("utf-8"), page.name) for page in sorted(FOLDER.glob("*.md"))}
EXAMPLES = {f"{page}: {example.name}": example for page, found in PAGES.items() for example in found}
TWINS = sorted(name.removesuffix(" / sync") for name in EXAMPLES if name.endswith(" / sync"))


@pytest.mark.parametrize("name", EXAMPLES, ids=EXAMPLES)
def test_what_the_page_states_is_seen(name: str) -> None:
    if found := failures(EXAMPLES[name], read):
        pytest.fail("\n".join([name, *found]), pytrace=False)


@pytest.mark.parametrize("name", TWINS, ids=TWINS)
def test_sync_and_async_twins_give_the_same_facts(name: str) -> None:
    sync, other = EXAMPLES[f"{name} / sync"].seen(read), EXAMPLES[f"{name} / async"].seen(read)
    assert [*sync.values()] == [*other.values()]
    assert sync, f"{name}: twins without a fact prove nothing"


def test_every_page_has_examples_and_states_something() -> None:
    assert all(any(example.stated() for example in found) for found in PAGES.values())


# --- the machinery ----------------------------------------------------------------------------------------------------

SMALL = """\
# Facts

## a retry

```python
try_it()
wait(5)  # retry: place_order synchronised
```

## no retry

```python
wait(5)
```
"""


def seeing(*seen: tuple[int, str, bool]) -> Reading:
    """What sees retries: their line, what they repeat, whether they are synchronised."""

    def read(sources: Sequence[Source]) -> list[Noun]:
        spans = {line: Span(sources[0].path, line, 1, line, 2, 0, 1) for line, _, _ in seen}
        return [Retry(spans[line], spans[line], what, "always 5 s", hot) for line, what, hot in seen]

    return read


def test_a_page_that_states_what_is_seen_is_right() -> None:
    retry, quiet = examples(SMALL, "small.md")
    assert not failures(retry, seeing((2, "place_order", True)))
    assert not failures(quiet, seeing())


def test_a_statement_about_nothing_fails() -> None:
    assert failures(examples(SMALL, "small.md")[0], seeing()) == [
        "line 7: retry: stated `place_order synchronised`, seen nothing"
    ]


def test_a_fact_that_nobody_states_fails() -> None:
    assert failures(examples(SMALL, "small.md")[1], seeing((1, "place_order", True))) == [
        "line 13: retry: stated nothing, seen `place_order always 5 s synchronised`"
    ]


@pytest.mark.parametrize("seen", [(2, "place_order", False), (2, "cancel_order", True), (1, "place_order", True)])
def test_a_statement_about_another_fact_fails(seen: tuple[int, str, bool]) -> None:
    assert failures(examples(SMALL, "small.md")[0], seeing(seen))


def test_each_fact_of_a_line_needs_a_statement_of_its_own() -> None:
    two = (2, "place_order", True), (2, "place_order", False)
    twice = SMALL.replace("synchronised\n", "synchronised  # retry: perhaps spread\n")
    assert failures(examples(SMALL, "small.md")[0], seeing(*two))
    assert not failures(examples(twice, "small.md")[0], seeing(*two))
    assert failures(examples(twice, "small.md")[0], seeing(two[0]))


def test_the_order_of_the_words_counts() -> None:
    swapped = SMALL.replace("place_order synchronised", "synchronised place_order")
    assert failures(examples(swapped, "small.md")[0], seeing((2, "place_order", True)))


def test_a_word_is_a_whole_word() -> None:
    part = SMALL.replace("place_order synchronised", "place_order sync")
    assert failures(examples(part, "small.md")[0], seeing((2, "place_order", True)))


def test_words_that_are_denied_must_not_occur() -> None:
    denied = SMALL.replace("place_order synchronised", "place_order but not synchronised")
    assert failures(examples(denied, "small.md")[0], seeing((2, "place_order", True)))
    assert not failures(examples(denied, "small.md")[0], seeing((2, "place_order", False)))
    assert failures(examples(denied, "small.md")[0], seeing((2, "cancel_order", False)))


def test_the_same_thing_seen_twice_at_one_place_counts_once() -> None:
    assert not failures(examples(SMALL, "small.md")[0], seeing(*[(2, "place_order", True)] * 2))


def test_kinds_that_a_page_does_not_speak_of_are_left_alone() -> None:
    about_orders = SMALL.replace("# retry: place_order synchronised", "# order: qty=constant")
    assert examples(about_orders, "small.md")[1].seen(seeing((1, "place_order", True))) == {}


def test_a_misspelt_kind_is_an_error_that_names_its_line() -> None:
    with pytest.raises(ValueError, match=r"small\.md:7: `retyr` is no kind of fact"):
        examples(SMALL.replace("# retry", "# retyr"), "small.md")
