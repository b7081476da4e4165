"""Files of the bot that are called like a package: whoever imports it beside them finds the file."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator

from bybit_lint.analysis.project import Module
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.vocabulary import Clash

HIDDEN = {"websocket": ("pybit", "websocket"), "pybit": ("pybit",), "ccxt": ("ccxt",)}
"""What a file may hide, by its name, and the packages whose import fails then: pybit imports websocket."""


@extracts(Clash)
class HidingFiles:
    """The imports that find a file of the bot in the place of a package.

    The folder of a script comes first among those where Python looks for what is imported
    (https://docs.python.org/3/library/sys.html#sys.path). A folder that is a package of its own is no script's.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.project = analysis.program.project

    def facts(self, module: Module) -> Iterator[Clash]:
        folder = posixpath.dirname(module.source.place)
        if self.project.holds(posixpath.join(folder, "__init__.py")):
            return
        for name, packages in HIDDEN.items():
            file = posixpath.join(folder, f"{name}.py")
            found = next(self._imports(module, packages), None) if self.project.holds(file) else None
            if found is not None:
                package = "websocket-client" if name == "websocket" else name
                yield Clash(module.source.span(found), package, f"the file {name}.py")

    def _imports(self, module: Module, packages: tuple[str, ...]) -> Iterator[ast.stmt]:
        """The imports of a module in a package: the package's name alone may be meant for the file."""
        for node in module.names.nodes():
            match node:
                case ast.ImportFrom(level=0, module=str() as dotted) if _is_inside(dotted, packages):
                    yield node
                case ast.Import(names=names) if any(_is_inside(alias.name, packages) for alias in names):
                    yield node


def _is_inside(dotted: str, packages: tuple[str, ...]) -> bool:
    first, _, rest = dotted.partition(".")
    return first in packages and bool(rest)
