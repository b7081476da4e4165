"""Imports and addresses that are older than Bybit's V5 API."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bybit_lint.analysis.installed import Packages
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.syntax.nodes import FUNCTIONS, walk
from bybit_lint.analysis.traffic.record import Traffic
from bybit_lint.clients import pybit_legacy, rest, swagger
from bybit_lint.facts.analysis import Analysis
from bybit_lint.facts.extractor import extracts
from bybit_lint.knowledge import legacy
from bybit_lint.patterns import regex
from bybit_lint.vocabulary import Legacy, LegacyUse, Span

PACKAGE = "pybit"
SINCE = "5.0.0"
PACKED = ("5.2.0", "5.9.0")
"""The versions of pybit that had `pybit.legacy` (https://github.com/bybit-exchange/pybit/blob/master/CHANGELOG.md)."""
CURRENT = f"{PACKAGE}.unified_trading"
MODULES = frozenset({f"{PACKAGE}.{name}" for name in ("HTTP", "WebSocket", "legacy", *pybit_legacy.MODULES)})
ADDRESS = regex(r"(?<!www\.)by(?:bit|tick)\.com(?P<path>/[\w/.-]*)")
BARE = regex(r"(?P<path>/[\w/-]+?)/?(?:\?.*)?", re.DOTALL)
BEFORE = regex(r"^(?:\{\w*\}|%s|%\(\w+\)s)(?=/)")
"""What stands in a template for the host: `{}/v2/public/time`, `%s/v2/public/time`."""
HOST = regex(rb"(?:https?|wss?)://(?:api|fapi|stream|ws|www|open)[\w-]*\.([\w.-]+)")
OURS = regex(rb"by(?:bit|tick)\.com")


@extracts(LegacyUse)
class LegacyUses:
    """What a module itself says of older APIs; what it calls is told by the model of the older clients."""

    def __init__(self, analysis: Analysis) -> None:
        self.project, self.packages, self.traffic = analysis.program.project, analysis.packages, analysis.traffic
        self._known: dict[Module, list[LegacyUse]] = {}

    def facts(self, module: Module) -> Iterator[LegacyUse]:
        yield from _imports(self.project, self.packages, module)
        yield from self._written(module)
        yield from self._pieced_together(module)

    def _written(self, module: Module) -> list[LegacyUse]:
        """The paths that stand in a file as one text."""
        if module not in self._known:
            speaks = any(family.encode() in module.source.body for family in legacy.families())
            self._known[module] = list(_paths(self.project, module, self.traffic)) if speaks else []
        return self._known[module]

    def _pieced_together(self, module: Module) -> Iterator[LegacyUse]:
        """Raw requests to a path that is told at none of its texts, told where it is decided."""
        for site, request in self.traffic.decisions_in.get(module, ()):
            path, is_raw = request.endpoint, request.library in rest.CLIENTS
            if is_raw and legacy.is_legacy(path) and not self._is_told(module, path):
                yield _use_of(path, site.span)

    def _is_told(self, module: Module, path: str) -> bool:
        """True if a path, or what it begins with, is told at a text of a module or of those it works with."""
        told = (use.name for other in self.project.around(module) for use in self._written(other))
        return any(f"{path}/".startswith(f"{name}/") for name in told)


# --- imports ----------------------------------------------------------------------------------------------------------


def _imports(project: Project, packages: Packages, module: Module) -> Iterator[LegacyUse]:
    for node in _statements(module):
        if _is_of_swagger(module, node) and not _is_ours(project, module, swagger.LIBRARY):
            yield LegacyUse(module.source.span(node), Legacy.IMPORT, swagger.LIBRARY, CURRENT, is_pinned=True)
        name = next(filter(_is_legacy_module, _imported(node)), "")
        if name and not _is_ours(project, module, name) and not _has_fallback(module, node):
            span, is_pinned = module.source.span(node), _is_pinned(packages, module, name)
            yield LegacyUse(span, Legacy.IMPORT, name, CURRENT, is_pinned=is_pinned)


def _statements(module: Module) -> dict[ast.Import | ast.ImportFrom, None]:
    """The imports of a module, in whatever scope."""
    scopes = {module.names.module, *module.names.scopes.values()}
    bindings = (binding for scope in scopes for found in scope.bindings.values() for binding in found)
    return {
        binding.statement: None for binding in bindings if isinstance(binding.statement, (ast.Import, ast.ImportFrom))
    }


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The dotted names that an import asks for."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names] if node.module and not node.level else []


def _is_legacy_module(name: str) -> bool:
    return ".".join(name.split(".")[:2]) in MODULES


def _is_of_swagger(module: Module, node: ast.Import | ast.ImportFrom) -> bool:
    """True for the import of the client `bybit`, which is of the same name, if it is made in this module."""
    is_made = f"{swagger.MAKER}(".encode() in module.source.data
    return swagger.MAKER in _imported(node) or (swagger.LIBRARY in _imported(node) and is_made)


def _is_ours(project: Project, module: Module, name: str) -> bool:
    """True if the project has a module of the package's name itself."""
    return project.imported(module, 0, name.partition(".")[0]) is not None


def _has_fallback(module: Module, node: ast.stmt) -> bool:
    """True if the import is one of two that are tried in turn."""
    for outer in module.names.ancestors(node):
        if isinstance(outer, ast.Try):
            inside = [inner for inner in walk(outer) if isinstance(inner, (ast.Import, ast.ImportFrom))]
            return any(name.startswith(CURRENT) for other in inside for name in _imported(other))
    return False


def _is_pinned(packages: Packages, module: Module, name: str) -> bool:
    installed = packages.versions(module, PACKAGE)
    return installed.is_below(SINCE) or (name.startswith(f"{PACKAGE}.legacy") and installed.is_within(*PACKED))


# --- paths ------------------------------------------------------------------------------------------------------------


def _paths(project: Project, module: Module, traffic: Traffic) -> Iterator[LegacyUse]:
    is_ours = _has_only_our_host(project, module)
    asked = traffic.asked if is_ours else traffic.asked_in.get(module, set())
    for node in module.names.nodes():
        parent = module.names.parents.get(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not isinstance(parent, ast.Expr):
            path = _path(node.value, asked, is_ours=is_ours)
            if path and not _is_served(module, node):
                span = module.source.span(parent if isinstance(parent, ast.JoinedStr) else node)
                yield _use_of(path, span)


def _use_of(path: str, span: Span) -> LegacyUse:
    known = legacy.paths().get(path)
    what = Legacy.STREAM if known and known.kind == "stream" else Legacy.PATH
    return LegacyUse(span, what, path, known.v5_path if known else "", is_unknown=known is None)


def _is_served(module: Module, node: ast.Constant) -> bool:
    """True if the bot answers under this path itself."""
    statement = module.names.statement(node)
    decorators = statement.decorator_list if isinstance(statement, FUNCTIONS) else []
    return any(outer in decorators for outer in module.names.ancestors(node))


def _path(text: str, asked: AbstractSet[str], *, is_ours: bool) -> str:
    """The path of an older API that a text is, or that it names after Bybit's host; empty without one.

    One that no table lists, or that may be for another host of the file's, is what Bybit is asked for.
    """
    address = ADDRESS.search(text)
    if address:
        path = address["path"].rstrip("/.")
        return path if legacy.is_legacy(path) else ""
    bare = BARE.fullmatch(BEFORE.sub("", text))
    path = bare["path"] if bare else ""
    known = legacy.paths().get(path) if is_ours else None
    is_rest = known.kind == "REST" if known else path in asked and legacy.is_legacy(path)
    return path if is_rest else ""


def _has_only_our_host(project: Project, module: Module) -> bool:
    """True if a host of Bybit's, and none of another exchange's, is named in a module or in those it works with."""
    around = project.around(module)
    foreign = [host for host in HOST.findall(module.source.body) if not OURS.search(host)]
    return not foreign and any(OURS.search(other.source.data) for other in around)
