"""What a project is installed with: its manifests, the setup.py among its code, and what that says of a package."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Collection, Iterator
from functools import cached_property, reduce

from bybit_lint.analysis import manifests
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import DictTerm, Expression, ListTerm, Term, alternatives
from bybit_lint.knowledge import packages
from bybit_lint.vocabulary import Clash, Defect, Dependency, Fix, Pinning, Rewrite, Versions
from bybit_lint.vocabulary.versions import ANY

SETUP = "setup.py"
REQUIRES = ("install_requires", "tests_require", "extras_require")
COMPANIONS = {"websocket-client": ("pybit", "pybit.unified_trading.WebSocket")}
"""Packages that matter only beside another one, and in a project that uses this class of it."""
CLIENT = "pybit"
"""The package that nothing but the bot itself asks Bybit with."""


class Packages:
    """The packages of a project."""

    def __init__(self, project: Project, evaluator: Evaluator) -> None:
        self.project = project
        self.evaluator = evaluator

    def of(self, source: Source) -> list[Dependency]:
        """What one manifest asks for. Raises Unreadable."""
        return [self._judged(source, found) for found in manifests.dependencies(source)]

    def clashes(self, source: Source) -> Iterator[Clash]:
        """What one manifest asks for that takes the place of something else. Raises Unreadable."""
        beside = {one.name for one in self._beside(source)}
        for found in manifests.dependencies(source):
            known = packages.clashing().get(found.name)
            if known and not beside.isdisjoint(known.beside):
                is_alone = known.hides not in beside and not found.pin and found.pinning is Pinning.PLAIN
                fix = Fix(f"ask for {known.hides}", (Rewrite(found.span, known.hides),)) if is_alone else None
                yield Clash(found.span, known.hides, f"the package {found.name}", fix)

    def declared(self, module: Module) -> Iterator[Dependency]:
        """What a setup.py asks for."""
        if posixpath.basename(module.source.place) == SETUP:
            yield from (self._judged(module.source, found) for found in self._by_source[module.source])

    def versions(self, module: Module, name: str) -> Versions:
        """The versions of a package that a module may run with: what the nearest manifests above it say.

        A lock says it for all of its folder. Where no folder above names the package, any manifest of the project may
        be the one.
        """
        asking: dict[str, list[Dependency]] = {}
        for source, found in self._by_source.items():
            asking.setdefault(posixpath.dirname(source.place), []).extend(one for one in found if one.name == name)
        above = (asking.get(folder) for folder in _folders(module.source.place))
        nearest = next(filter(None, above), [one for found in asking.values() for one in found])
        locked = [one for one in nearest if one.pinning is Pinning.LOCKED]
        allowed = [one.versions for one in locked or nearest]
        return reduce(Versions.either, allowed) if allowed else ANY

    # ------------------------------------------------------------------------------------------------------------------

    @cached_property
    def _by_source(self) -> dict[Source, list[Dependency]]:
        """What every manifest asks for that can be read."""
        found: dict[Source, list[Dependency]] = {}
        for source in self.project.manifests:
            try:
                found[source] = list(manifests.dependencies(source))
            except Unreadable:  # said where the file itself is judged
                continue
        for module in self.project.modules.values():  # all others stay unparsed
            if posixpath.basename(module.source.place) == SETUP and module.is_readable:
                found[module.source] = list(self._in_setup(module))
        return found

    def _in_setup(self, module: Module) -> Iterator[Dependency]:
        for call in module.names.calls_named.get("setup", ()):
            for keyword in call.keywords:
                if keyword.arg in REQUIRES:
                    yield from self._literals(module, self.evaluator.evaluate(module, keyword.value))

    def _literals(self, module: Module, term: Term) -> Iterator[Dependency]:
        for option in alternatives(term):
            for held in _members(option):
                node = held.site.node
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and held.site.module is module:
                    yield from self._literal(module.source, node, node.value)
                else:
                    yield from self._literals(module, held.term)

    def _literal(self, source: Source, node: ast.Constant, value: str) -> Iterator[Dependency]:
        written = source.text(node)
        if written[1:-1] == value:  # neither a prefix nor an escape: what is in it has a place in the file
            start = source.span(node).start + 1
            text = source.body.decode("latin-1")
            yield from (manifests.dependency(source, text, entry) for entry in manifests.requirement(value, start))

    def _judged(self, source: Source, found: Dependency) -> Dependency:
        if not self._matters(source, found.name):
            return found
        known = defect(found.name, found.versions)
        if known and not known.floor and self._speaks_v5:
            known = known.replace(floor=packages.broken(found.name)[-1].floor)
        return found.replace(defect=known)

    @cached_property
    def _speaks_v5(self) -> bool:
        """True if all that the project imports of pybit is of V5 already."""
        asked = {
            f"{one.dotted}.{one.name}" if one.dotted == "pybit" and one.name else one.dotted
            for module in self.project.modules.values()
            for one in module.imports
            if one.dotted.partition(".")[0] == "pybit" and module.is_readable
        }
        return "pybit.unified_trading" in asked and asked <= {"pybit.unified_trading", "pybit.exceptions"}

    def _matters(self, source: Source, name: str) -> bool:
        if name == CLIENT:
            return self._may_use_client
        if name not in COMPANIONS:
            return True
        other, used = COMPANIONS[name]
        return any(one.name == other for one in self._beside(source)) and self._uses(used)

    @cached_property
    def _may_use_client(self) -> bool:
        """False if the project has code, and none of it speaks of pybit, be it in an import or in a text."""
        sources = [module.source for module in self.project.modules.values()]
        code = [source for source in sources if posixpath.basename(source.place) != SETUP]
        return not code or any(CLIENT.encode() in source.data for source in code)

    def _beside(self, source: Source) -> Iterator[Dependency]:
        """What the manifests of the same folder ask for."""
        folder = posixpath.dirname(source.place)
        for at, found in self._by_source.items():
            if posixpath.dirname(at.place) == folder:
                yield from found

    def _uses(self, name: str) -> bool:
        """True if the project imports what goes by that dotted name and calls it. Others' files stay unparsed."""
        package, _, word = name.rpartition(".")
        outer, _, inner = package.rpartition(".")
        ways = {(package, word), (package, None), (package, "*"), (outer, inner)}
        said = [module for module in self.project.modules.values() if word.encode() in module.source.data]
        is_imported = any(
            (one.dotted, one.name) in ways for module in self.project.modules.values() for one in module.imports
        )
        return is_imported and any(
            word in (known, module.names.aliases.get(known))
            for module in said
            if module.is_readable
            for known in module.names.calls_named
        )


def _folders(place: str) -> Iterator[str]:
    """The folders of a project that a file lies in, the nearest first."""
    while True:
        inner, place = place, posixpath.dirname(place)
        if inner == place:
            break
        yield place


def _members(term: Term) -> Collection[Expression]:
    match term:
        case ListTerm():
            return term.items
        case DictTerm():
            return term.entries.values()
    return ()


def defect(name: str, versions: Versions) -> Defect | None:
    """What is wrong with every version that is allowed; where it is not one thing for all, with the latest of them."""
    first = below = ""
    for broken in packages.broken(name):
        first = first if broken.first == below != "" else broken.first
        below = broken.below
        if versions.is_within(first, below) if first else versions.is_below(below):
            codes = tuple(int(code) for code in broken.ret_codes.split(",") if code)
            return Defect(broken.concern, broken.effect, broken.floor, codes)
    return None
