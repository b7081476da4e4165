"""What `bybit-lint init` writes. Actions are pinned by their hashes, as zizmor wants them."""

from __future__ import annotations

from bybit_lint.patterns import regex

ADDRESS = regex(r"(?:https|file)://[\w.:/~+-]+|ssh://(?:\w+@)?[\w.:/~+-]+|git@[\w.-]+:[\w./~+-]+")
"""Of a repository as git takes it; what stands before an @ in the others is a key."""
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
SETUP_PYTHON = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
FILES = (
    r"\.(pyw?|ipynb)$|(^|/)([^/]*requirements[^/]*|constraints[^/]*|requirements/[^/]+)\.(txt|in)$"
    r"|(^|/)(pyproject\.toml|Pipfile|(poetry|uv|pdm)\.lock|setup\.cfg|([Dd]ocker|[Cc]ontainer)file(\.[^/]+)?|[^/]+\.([Dd]ocker|[Cc]ontainer)file)$"
)
"""What the hook reads, as in .pre-commit-hooks.yaml."""

HOOK = """\
- repo: {address}
  rev: v{version}
  hooks:
    - id: bybit-lint
"""
INSTALLED_HOOK = """\
- repo: local
  hooks:
    - id: bybit-lint
      name: bybit-lint
      entry: bybit-lint check
      language: system
      files: '{files}'
      types: [text]
      require_serial: true
"""
WORKFLOW = """\
name: bybit-lint
on:
  push:
  pull_request:
permissions: {{}}
concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: true
jobs:
  bybit-lint:
    name: bybit-lint
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: {checkout}
        with:
          persist-credentials: false
      - uses: {setup_python}
        with:
          python-version: "3.12"
      - run: python -m pip install "bybit-lint @ git+{address}@v{version}"
      - run: bybit-lint --format github
"""


def is_address(text: str) -> bool:
    """True for the address of a repository as git takes it, without a password in it."""
    return ADDRESS.fullmatch(text) is not None


def hook(address: str | None, version: str) -> str:
    """The entry for pre-commit: from the repository at an address, or the program that is installed."""
    return HOOK.format(address=address, version=version) if address else INSTALLED_HOOK.format(files=FILES)


def workflow(address: str, version: str) -> str:
    """The workflow for GitHub."""
    url = f"ssh://{address.replace(':', '/', 1)}" if address.startswith("git@") else address
    return WORKFLOW.format(checkout=CHECKOUT, setup_python=SETUP_PYTHON, address=url, version=version)
