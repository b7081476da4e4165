"""What a file holds, by its name: Python code, or what is to be installed with it."""

from __future__ import annotations

import re
from functools import cache

from bybit_lint.patterns import regex

MANIFESTS = {
    "requirements": r"(?:(?=[\w.-]*requirements)[\w.-]+|constraints[\w.-]*|requirements/[\w.-]+)\.(?:txt|in)",
    "pyproject": r"pyproject\.toml",
    "pipfile": r"Pipfile",
    "lock": r"(?:poetry|uv|pdm)\.lock",
    "setup.cfg": r"setup\.cfg",
    "dockerfile": r"(?:[Dd]ocker|[Cc]ontainer)file(?:\.[\w.-]+)?|[\w.-]+\.(?:[Dd]ocker|[Cc]ontainer)file",
}
PATTERNS = {name: regex(rf"(?:.*[/\\])?(?:{pattern})", re.DOTALL) for name, pattern in MANIFESTS.items()}
LISTS = {"requirements", "pyproject", "pipfile", "setup.cfg"}
"""Those in which an application, or a package of its own, says what it needs."""
NOTEBOOK = ".ipynb"
CODE = (".py", ".pyw", ".pyi", NOTEBOOK)


@cache
def manifest(path: str) -> str:
    """Which of `MANIFESTS` a file is; empty for Python code, which any other file is taken for."""
    if path.endswith(CODE):
        return ""
    return next((name for name, pattern in PATTERNS.items() if pattern.fullmatch(path)), "")


def is_notebook(path: str) -> bool:
    """Whether a file is a Jupyter notebook, by its name."""
    return path.endswith(NOTEBOOK)
