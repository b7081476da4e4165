"""Requirements in TOML files: pyproject.toml of any tool, Pipfile, and the locks of Poetry, uv and PDM."""

from __future__ import annotations

from collections.abc import Iterator

from bybit_lint.analysis.manifests.entries import Entry, requirement
from bybit_lint.analysis.manifests.toml import texts
from bybit_lint.patterns import regex
from bybit_lint.vocabulary.dependencies import Pinning

# https://packaging.python.org/en/latest/specifications/pyproject-toml, .../dependency-groups, and the tools' own tables
LISTED = regex(
    r"project\.(?:dependencies|optional-dependencies\.[^.]+)|dependency-groups\.[^.]+"
    r"|tool\.uv\.(?:dev|constraint|override)-dependencies|tool\.pdm\.dev-dependencies\.[^.]+"
)
# https://python-poetry.org/docs/dependency-specification, https://pipenv.pypa.io/en/latest/pipfile.html
KEYED = regex(
    r"(?:tool\.poetry\.(?:(?:group\.[^.]+\.)?dependencies|dev-dependencies)|(?:dev-)?packages)"
    r"\.(?P<name>[^.]+)(?P<version>\.version)?"
)
CONDITION = regex(r"\.(?:python|markers|platform|sys_platform)$")


def table(text: str) -> Iterator[Entry]:
    """The requirements of a pyproject.toml or a Pipfile."""
    found = list(texts(text))
    conditional = {CONDITION.sub(".version", item.key) for item in found if CONDITION.search(item.key)}
    for item in found:
        if LISTED.fullmatch(item.key):
            yield from requirement(item.value, item.start)
        elif keyed := KEYED.fullmatch(item.key):
            pinning = Pinning.CONDITIONAL if item.key in conditional else Pinning.PLAIN
            pin = None if item.value.strip() == "*" else (item.start, item.end)
            yield Entry(keyed["name"], item.start, item.end, pin, pinning)


def lock(text: str) -> Iterator[Entry]:
    """The packages of a lock: each is a `[[package]]` with its name above its version."""
    name = ""
    for item in texts(text):
        if item.key == "package.name":
            name = item.value
        elif item.key == "package.version" and name:
            yield Entry(name, item.start, item.end, (item.start, item.end), Pinning.LOCKED)
            name = ""
