"""The plan of a migration: what becomes of each place of an older client, and the files as they are then."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from bybit_lint.analysis.bounds import deep_stack
from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.project import Module, Project
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.clients import ccxt
from bybit_lint.fixing.editing.edits import Edit, Refused, overlaps, splice
from bybit_lint.fixing.migration import notes
from bybit_lint.fixing.migration.answers import handlers
from bybit_lint.fixing.migration.answers.answers import Answers
from bybit_lint.fixing.migration.answers.fstrings import requoted
from bybit_lint.fixing.migration.arguments.categories import UNSAID
from bybit_lint.fixing.migration.arguments.completeness import NEEDS
from bybit_lint.fixing.migration.arguments.entries import joined
from bybit_lint.fixing.migration.calls import implicit
from bybit_lint.fixing.migration.calls.calls import Calls, Rewriting, edits_of
from bybit_lint.fixing.migration.calls.clients import EXCEPTIONS, OWN, PACKAGE, PACKAGES, Imports, Makers
from bybit_lint.fixing.migration.calls.dialects import SOCKET
from bybit_lint.fixing.migration.calls.sightings import Maker, Sighting, Sightings
from bybit_lint.fixing.migration.calls.sockets import Sockets
from bybit_lint.fixing.migration.pins import raised, without_endpoints
from bybit_lint.fixing.migration.requests import readdressing, resending, sharing, signed, unsigned
from bybit_lint.fixing.migration.steps import Changes, Level, Step, Undecided
from bybit_lint.fixing.migration.streams import feeds
from bybit_lint.knowledge import migrations
from bybit_lint.tuples import NamedTuple

MADE = "HTTP"
EXCEPTIONS_OF = "the exceptions of {}"
CLIENT_LEFT = "its client is left as it is"
NO_RESULT = "a file of it could not be read any more"
ELSEWHERE = "a file that is not named uses it: name that too"
SAID_BY_OTHERS = ((UNSAID,), (NEEDS.format("symbol"),))
"""Why a call is left that may be carried over once all others were looked at."""
MODES = ("position_idx", "mode")
HEDGED = {1, 2, "1", "2", "BothSide"}


class Plan(NamedTuple):
    """What becomes of one project."""

    steps: Sequence[Step]
    changed: Sequence[tuple[Source, Source]]
    """The files that are rewritten, as they were and as they are then."""

    @property
    def is_whole(self) -> bool:
        """True if nothing is left to decide or to look at."""
        return all(step.level is Level.CERTAIN for step in self.steps)


def plan(project: Project, named: Collection[Source]) -> Plan:
    """What becomes of those files of a project that are named. Raises Unreadable if one would not parse any more."""
    steps = [*notes.noted(named)]
    changed: list[tuple[Source, Source]] = []
    for part in project.parts:
        with deep_stack():
            files = [source for source in named if source.path in part.modules]
            own = _Planning(part, files).plan()
            steps += _own_modules(part, files)
        steps += own.steps
        changed += own.changed
    if any(step.meant == MADE for step in steps) and not any(step.meant == MADE and step.is_left for step in steps):
        pins = [*raised(named)]
        steps += pins
        changed += _spliced(edits_of(pins))
    if any(not step.is_left and ccxt.path_of(step.meant) for step in steps):
        steps += without_endpoints(named)
    return Plan(sorted(steps, key=lambda step: (step.span.path, step.span.start)), changed)


def _spliced(changes: Mapping[Source, Sequence[Edit]]) -> Iterator[tuple[Source, Source]]:
    """The files that edits change, as they were and as they are then."""
    for source, edits in changes.items():
        made = joined(edits)
        after = source.edited(splice(source, requoted(source, made) if source.is_code else made))
        if after.is_code:
            try:
                after.tree  # noqa: B018  # raises where the result would not parse
            except Unreadable as error:
                raise Unreadable(f"{source.path}: {error.reason}", error.line, error.column) from error
        if after.data != source.data:
            yield source, after


def _own_modules(project: Project, named: Collection[Source]) -> Iterator[Step]:
    """The imports of modules of the bot's own that have the name of an older client."""
    for module in project.readable:
        if module.source in named and any(package.encode() in module.source.body for package in PACKAGES):
            for node, package in _own(project, module):
                span = module.source.span(node)
                yield Step(span, package, "", Level.LEFT).left(OWN.format(package))


def _own(project: Project, module: Module) -> list[tuple[ast.Import | ast.ImportFrom, str]]:
    try:
        return [*Imports(project, module).own()]
    except Undecided:  # all there is of something, which no client is seen to be made of
        return []


def _rewriting(sighting: Sighting) -> type[Rewriting]:
    """How a call is rewritten: by whom it is asked."""
    if sighting.library == ccxt.LIBRARY:
        return implicit.Rewriting
    if sighting.passage:
        return readdressing.Rewriting if sighting.passage.sender.is_signed_in_headers else resending.Rewriting
    return unsigned.Rewriting if sighting.address else Rewriting


def _given(call: ast.Call) -> Iterator[tuple[str | None, ast.expr]]:
    """The arguments of a call, and the entries of the dicts that are written in it."""
    yield from ((keyword.arg, keyword.value) for keyword in call.keywords)
    for written in (node for node in ast.walk(call) if isinstance(node, ast.Dict)):
        yield from _entries(written)


def _entries(written: ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    """The entries of a dict whose keys are written out."""
    for key, value in zip(written.keys, written.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value, value


def _changed(imports: Imports) -> list[ast.Import | ast.ImportFrom]:
    """The imports of what has moved, in a file that imports no older client beside it."""
    try:
        return [] if imports.statements else imports.changed
    except Undecided:  # all there is of something
        return []


def _untouched(sighting: Sighting, reason: str) -> Step:
    return Step(sighting.span, sighting.name, "", Level.LEFT).left(reason)


class _Planning:
    """One project on its way."""

    def __init__(self, project: Project, named: Collection[Source]) -> None:
        self.project = project
        self.named = {source.path for source in named}
        self.program = Program(project)
        clients = Sightings(self.program).all()
        self.sightings = [*clients, *self._without_client(), *implicit.sightings(self.program)]

    def _without_client(self) -> Iterator[Sighting]:
        sent = [*signed.sightings(self.program)]
        senders = {sighting.passage.sender.node for sighting in sent if sighting.passage}
        plain = (sighting for sighting in unsigned.sightings(self.program) if sighting.node not in senders)
        yield from sharing.told_apart(self.program, [*plain, *sent])

    def plan(self) -> Plan:
        broken = [module.source.path for module in self.project.modules.values() if not module.is_readable]
        if broken:
            return self._left_whole(f"{broken[0]}, which belongs to it, does not parse")
        calls = self._calls()
        made = self._without_conflicts([*self.clients.values(), *(step for _, step in sharing.together(calls))])
        own = made[len(self.clients) :]
        answers = self._answers(
            sharing.together([(sighting, step) for (sighting, _), step in zip(calls, own, strict=True)])
        )
        unnamed = sorted(s.path for s, edits in answers.changes.items() if edits and s.path not in self.named)
        if unnamed:
            return self._left_whole(f"{unnamed[0]} reads its answers: name that too")
        told = [*self._told(dict(zip(self.clients, made, strict=False)), answers)]
        steps = [step for _, step in told]
        of_clients = steps[: len(self.clients)]
        steps += self._written_elsewhere(of_clients, "the class of a client", f"{PACKAGE}.unified_trading")
        steps += self._moved_imports()
        steps += self._read_elsewhere(steps, answers.changes)
        steps += self._written_elsewhere(steps, "what is sent for others", "signed as V5 has it")
        sockets = {sighting.module.source.path for sighting in self.sightings if sighting.method == "WebSocket"}
        fed = [*feeds.steps(self.project, self.named - sockets)]
        steps += (step if not step.is_left else unsigned.without_client(step) for step in fed)
        steps += self._written_elsewhere(steps, "what is subscribed to", "the topics of V5")
        steps.sort(key=lambda step: (step.span.path, step.span.start))
        changes = self._changes(steps, told, answers.changes)
        for source, edit in signed.unneeded([*answers.known.values()]):
            changes.setdefault(source, []).append(edit)
        for node, handler in answers.handlers.items():
            source = answers.known[node][0].module.source
            changes[source] = handlers.inward(handler, changes[source])
        try:
            return Plan(steps, [*_spliced(changes)])
        except (Unreadable, Refused) as error:
            return self._left_whole(f"{NO_RESULT}: {error}")

    def _left_whole(self, reason: str) -> Plan:
        return Plan([_untouched(sighting, reason) for sighting in self.sightings], [])

    def _answers(self, calls: Sequence[tuple[Sighting, Step]]) -> Answers:
        """The readers of the answers. A request without a client whose answer is not seen whole is left."""
        answers = Answers(self.program, calls)
        while unseen := answers.unseen():
            calls = [(s, step.left(unseen[s.node]) if s.node in unseen else step) for s, step in calls]
            calls = sharing.together(calls)
            answers = Answers(self.program, calls)
        return answers

    def _told(self, clients: Mapping[Maker, Step], answers: Answers) -> Iterator[tuple[Sighting, Step]]:
        """The clients and the calls, each with what becomes of it."""
        makers = {Maker(sighting.module, sighting.node): sighting for sighting in self.sightings if sighting.is_maker}
        yield from ((makers[maker], step) for maker, step in clients.items())
        for (sighting, _), step in zip(answers.known.values(), answers.steps(), strict=True):
            yield sighting, unsigned.named(sighting, step) if sighting.address and step.is_left else step

    def _read_elsewhere(self, steps: Sequence[Step], answers: Mapping[Source, Sequence[Edit]]) -> Iterator[Step]:
        """The files that only read what others ask for."""
        named = {step.span.path for step in steps}
        for source, edits in answers.items():
            if edits and source.path not in named:
                first = min(edits)
                span = source.span_of(first.start, first.end)
                yield Step(span, "what is read of answers", "where V5 has it", Level.CERTAIN)

    def _written_elsewhere(self, steps: Sequence[Step], name: str, meant: str) -> Iterator[Step]:
        """The files that are changed by what others ask for, and ask for nothing themselves."""
        named = {step.span.path for step in steps}
        for source, edits in edits_of(steps).items():
            if edits and source.path not in named:
                first = min(edits)
                span = source.span_of(first.start, first.end)
                yield Step(span, name, meant, Level.CERTAIN)

    def _calls(self) -> list[tuple[Sighting, Step]]:
        """What becomes of the calls, apart from their answers."""
        calls = Calls(self.program, self._is_hedged())
        asked = [sighting for sighting in self.sightings if not sighting.is_maker]
        steps = [calls.step(sighting, _rewriting(sighting)) for sighting in asked]
        calls.has_seen_all = True
        made: list[tuple[Sighting, Step]] = []
        for sighting, first in zip(asked, steps, strict=True):
            step = calls.step(sighting, _rewriting(sighting)) if first.reasons in SAID_BY_OTHERS else first
            doubt = next((CLIENT_LEFT for maker in sighting.makers if self._is_client_left(maker)), "")
            if self._is_second(sighting):
                doubt = "orders of both kinds come by one stream, which pybit opens once"
            if any(source.path not in self.named for source in (sighting.module.source, *step.changes)):
                doubt = ELSEWHERE
            made.append((sighting, step.left(doubt) if doubt and not step.is_left else step))
        return made

    def _is_second(self, sighting: Sighting) -> bool:
        """True for the stream of conditional orders beside the one of all others."""
        others = [other for other in self.sightings if other.method == "order_stream"]
        return sighting.method == "stop_order_stream" and any({*o.makers} & {*sighting.makers} for o in others)

    def _is_client_left(self, maker: Maker) -> bool:
        """True for a client that stays as it is, or is made in a way that is not seen."""
        made = self.clients.get(maker)
        return made is None or made.is_left

    def _is_hedged(self) -> bool:
        """True if the bot says somewhere that it holds two positions of one symbol."""
        given = [pair for sighting in self.sightings for pair in _given(sighting.node)]
        signing = {sighting.module for sighting in self.sightings if sighting.passage}
        dicts = [node for module in signing for node in module.names.nodes() if isinstance(node, ast.Dict)]
        given += [(name, value) for held in dicts for name, value in _entries(held) if name == "position_idx"]
        return any(name in MODES and isinstance(value, ast.Constant) and value.value in HEDGED for name, value in given)

    # --- clients ------------------------------------------------------------------------------------------------------

    @cached_property
    def clients(self) -> dict[Maker, Step]:
        """What becomes of the clients, each by where it is made."""
        makers = [sighting for sighting in self.sightings if sighting.is_maker]
        found: dict[Maker, Step] = {}
        for modules in self._sharing_imports(makers):
            found |= self._of_modules(modules, [sighting for sighting in makers if sighting.module in modules])
        return found

    def _sharing_imports(self, makers: Sequence[Sighting]) -> list[set[Module]]:
        """The files that make clients, each with those that it has their class from."""
        groups: list[set[Module]] = []
        for module in dict.fromkeys(sighting.module for sighting in makers):
            called = (sighting.node.func for sighting in makers if sighting.module is module)
            made = {function.id for function in called if isinstance(function, ast.Name)}
            group = {module, *self._givers(module, made)}
            apart = [each for each in groups if not each & group]
            groups = [*apart, group.union(*(each for each in groups if each & group))]
        return groups

    def _givers(self, module: Module, names: Collection[str]) -> list[Module]:
        """The files of the bot's own that a file without a client's import has its classes from."""
        try:
            imports = Imports(self.project, module)
            return [] if imports.statements else [giver for name in names for giver in imports.givers(name)]
        except Undecided:  # all there is of something
            return []

    def _of_modules(self, modules: Collection[Module], makers: Sequence[Sighting]) -> dict[Maker, Step]:
        """All clients that files make which share an import, or none: they can import one version of their package."""
        steps = {Maker(sighting.module, sighting.node): self._client_step(sighting) for sighting in makers}
        imports: dict[Source, list[Edit]] = {}
        for module in sorted(modules, key=lambda module: module.source.path):
            edits = self._import_edits(module, is_given=len(modules) > 1)
            if isinstance(edits, str):
                return {maker: step.left(edits) for maker, step in steps.items()}
            imports[module.source] = edits
        refused = next((step for step in steps.values() if step.is_left), None)
        if refused is None:
            first = next(iter(steps))
            changes = {**steps[first].changes}
            for source, edits in imports.items():
                changes[source] = [*changes.get(source, ()), *edits]
            steps[first] = steps[first]._replace(changes=changes)
            return steps
        why = f"{refused.name} of line {refused.span.line} is left, and a file imports one pybit only"
        return {maker: step if step.is_left else step.left(why) for maker, step in steps.items()}

    def _import_edits(self, module: Module, *, is_given: bool) -> list[Edit] | str:
        """The edits of a file's imports, or why there can be none."""
        try:
            imports = Imports(self.project, module)
            if not imports.statements:
                return [] if is_given else "where it is imported is not seen in this file"
            return imports.edits() if module.source.path in self.named else ELSEWHERE
        except (Undecided, Refused) as error:
            return str(error)

    def _moved_imports(self) -> Iterator[Step]:
        """The files that make no client, and import what has moved since, once no older client is left."""
        if not self.clients or any(step.is_left for step in self.clients.values()):
            return
        making = {maker.module for maker in self.clients}
        for module in self.project.readable:
            is_of_it = PACKAGE.encode() in module.source.body and module.source.path in self.named
            imports = Imports(self.project, module) if is_of_it and module not in making else None
            if imports is not None and (changed := _changed(imports)):
                step = Step(module.source.span(changed[0]), EXCEPTIONS_OF.format(PACKAGE), EXCEPTIONS, Level.CERTAIN)
                try:
                    yield step._replace(changes={module.source: imports.edits()})
                except (Undecided, Refused) as error:
                    yield step.left(str(error))

    def _client_step(self, sighting: Sighting) -> Step:
        step = Step(sighting.call.own_span, sighting.name or sighting.method, sighting.method, Level.LEFT)
        users = [s for s in self.sightings if Maker(sighting.module, sighting.node) in s.makers and not s.is_maker]
        known = migrations.migrations()[sighting.client, sighting.method]
        if sighting.doubt or known.level == migrations.MANUAL:
            return step.left(sighting.doubt or known.because)
        if any(user.method.startswith(SOCKET) for user in users):
            return step.left("its sockets have to be made anew: V5 has one for each market")
        if any(user.module.source.path not in self.named for user in users):
            return step.left(ELSEWHERE)
        makers = Makers(Calls(self.program, False).values)
        try:
            if sighting.method == "HTTP":
                changes: Changes = {sighting.module.source: makers.edits(sighting)}
                reasons = [known.because] if known.because else []
                return step._replace(level=Level.CERTAIN, changes=changes).doubted(*reasons, *makers.doubts)
            changes = Sockets(makers, sighting, users).edits("WebSocket")
        except (Undecided, Refused) as error:
            return step.left(str(error))
        return step._replace(level=Level.CERTAIN, changes=changes).doubted(*makers.doubts)

    # --- files --------------------------------------------------------------------------------------------------------

    def _without_conflicts(self, steps: Iterable[Step]) -> list[Step]:
        """The steps that can be made together; one that is in the way of an earlier one is left."""
        taken: dict[Source, list[Edit]] = defaultdict(list)
        found = []
        for step in steps:
            is_clash = any(
                overlaps(edit, other)
                for source, edits in step.changes.items()
                for edit in edits
                for other in taken[source]
            )
            found.append(step.left("another rewriting is in its way") if is_clash else step)
            for source, edits in found[-1].changes.items():
                taken[source] += edits
        return found

    def _changes(
        self,
        steps: Collection[Step],
        told: Iterable[tuple[Sighting, Step]],
        answers: Mapping[Source, Sequence[Edit]],
    ) -> dict[Source, list[Edit]]:
        """All edits by file."""
        found = edits_of(steps)
        for source, edits in answers.items():
            found.setdefault(source, []).extend(edits)
        for sighting, step in told:
            if self._is_noted(sighting, step):
                found.setdefault(sighting.module.source, []).extend(notes.note(sighting.module, sighting.node, step))
        return found

    def _is_noted(self, sighting: Sighting, step: Step) -> bool:
        """True for what a person has to look at or to decide, where the client is that of V5 by then."""
        if sighting.address or sighting.library == ccxt.LIBRARY:
            return not step.is_left
        return bool(sighting.makers) and not any(map(self._is_client_left, sighting.makers))
