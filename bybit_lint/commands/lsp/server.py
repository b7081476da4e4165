"""The language server: what an editor says, and what it is told."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from bybit_lint import __version__
from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.commands.lsp import hover
from bybit_lint.commands.lsp.actions import FIX_ALL, Actions
from bybit_lint.commands.lsp.diagnostics import NAME, diagnostics
from bybit_lint.commands.lsp.places import Places, path_of, uri_of
from bybit_lint.commands.lsp.projects import Checked, Found, Projects
from bybit_lint.commands.lsp.runs import Checkpoint, Runs
from bybit_lint.commands.lsp.sheets import SYNC, Sheet
from bybit_lint.inputs.problems import crashed
from bybit_lint.inputs.selection import Misunderstood
from bybit_lint.redaction import Redactor


class Server(LanguageServer):
    """Serves one editor."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__, notebook_document_sync=SYNC)
        self.projects = Projects()
        self.runs: Runs[Found | Misunderstood]
        self.loop: asyncio.AbstractEventLoop
        self.found = Found({}, {}, (), 0, 0)
        self.shown: dict[str, list[lsp.Diagnostic]] = {}
        self.told: set[str] = set()
        self.task: asyncio.Task[None] | None = None

    # --- runs ---------------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Judge what lies in the editor's folders, and go on with what changes."""
        self.runs = Runs(self.prepared, self.tell, self.fail, self.projects.tidy)
        self.loop = asyncio.get_running_loop()
        self.task = self.loop.create_task(self.runs.go())
        self.runs.ask()

    def prepared(self) -> Callable[[Checkpoint], Found | Misunderstood]:
        """A run over what is open now."""
        folders = [path for uri in self._folders if (path := os.path.realpath(path_of(uri))) and os.path.isdir(path)]
        texts = {path: _encoded(path, doc.source) for path, doc in self.opened.items()}
        texts |= {path: sheet.data for path, sheet in self.sheets.items()}
        return partial(self._run, folders, texts)

    @property
    def opened(self) -> dict[str, TextDocument]:
        """The texts that are open and are files, by their paths."""
        documents = self.workspace.text_documents.values()
        files = [doc for doc in documents if self.workspace.get_notebook_document(cell_uri=doc.uri) is None]
        return {path: doc for doc in files if (path := path_of(doc.uri))}

    @property
    def sheets(self) -> dict[str, Sheet]:
        """The notebooks that are open, by their paths."""
        notebooks = self.workspace.notebook_documents.values()
        return {path: Sheet(each, self.workspace) for each in notebooks if (path := path_of(each.uri))}

    def path(self, uri: str) -> str:
        """The file that an open text is, or a part of."""
        notebook = self.workspace.get_notebook_document(cell_uri=uri)
        return path_of(notebook.uri if notebook else uri)

    @property
    def _folders(self) -> list[str]:
        """The addresses of the folders that are open."""
        folders = [folder.uri for folder in self.workspace.folders.values()]
        return folders or [uri for uri in [self.workspace.root_uri] if uri]

    def _run(self, folders: list[str], texts: dict[str, bytes], checkpoint: Checkpoint) -> Found | Misunderstood:
        try:
            return self.projects.run(folders, texts, checkpoint, self._early)
        except Misunderstood as error:
            return error

    def _early(self, checked: Checked, sources: Mapping[str, Source]) -> None:
        """Pass on, from the thread that judges, what is known so far."""
        self.loop.call_soon_threadsafe(self.tell_early, checked, sources)

    def tell_early(self, checked: Checked, sources: Mapping[str, Source]) -> None:
        """Show what is known so far of a file that is being edited."""
        path = os.path.abspath(checked.source.path)
        if not self.runs.is_asked:
            self.publish(path, checked.source, diagnostics(checked, sources, self.places))

    def publish(self, path: str, source: Source | None, shown: Sequence[lsp.Diagnostic]) -> None:
        """Show the findings in one file, or in its cells."""
        if path in self.sheets and source and source.notebook:
            for uri, own in self.sheets[path].diagnostics(source.notebook, shown).items():
                self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, own))
        elif source is None or source.notebook is None:
            doc = self.opened.get(path)
            uri, version = (doc.uri, doc.version) if doc else (uri_of(path), None)
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, shown, version))

    def tell(self, found: Found | Misunderstood) -> None:
        """Show what was found, where that is not shown yet."""
        if isinstance(found, Misunderstood):
            self.say(str(found), lsp.MessageType.Error)
            return
        self.found = found
        opened = {*self.opened, *self.sheets}
        shown = {path: self.diagnostics(checked) for path, checked in found.files.items()}
        for path in sorted({*opened, *self.shown, *shown}):
            new, checked = shown.get(path, []), found.files.get(path)
            if path in opened or new != self.shown.get(path, []):
                self.publish(path, checked.source if checked else None, new)
        self.shown = shown
        self.window_log_message(
            lsp.LogMessageParams(
                lsp.MessageType.Log,
                f"judged {found.judged} of {len(found.files)} files anew, of which {found.parsed} were parsed",
            )
        )
        for problem in found.problems:
            self.say(problem, lsp.MessageType.Warning)

    def fail(self, error: Exception) -> None:
        """Tell of a crash; the next change is judged all the same."""
        self.say(Redactor().hide(crashed("the run", error)), lsp.MessageType.Error)

    def say(self, message: str, kind: lsp.MessageType) -> None:
        """Tell of something that could not be done, once."""
        if message not in self.told:
            self.told.add(message)
            self.window_show_message(lsp.ShowMessageParams(kind, message))

    # --- answers ------------------------------------------------------------------------------------------------------

    @property
    def places(self) -> Places:
        return Places(self.workspace.position_codec)

    def diagnostics(self, checked: Checked) -> list[lsp.Diagnostic]:
        """What is shown of a file."""
        return diagnostics(checked, self.found.sources, self.places)

    async def checked(self, uri: str) -> Checked | None:
        """A file as it was judged after the last change."""
        await self.runs.settled()
        return self.found.files.get(self.path(uri))

    def in_module(self, checked: Checked, uri: str, where: lsp.Range) -> lsp.Range | None:
        """A range of a text as one of the file that it is a part of."""
        sheet = self.sheets.get(self.path(uri))
        notebook = checked.source.notebook
        return sheet.in_module(notebook, uri, where) if sheet and notebook else where

    async def actions(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """What is offered at a place."""
        uri = params.text_document.uri
        checked = await self.checked(uri)
        if checked is None:
            return []
        actions, shown = self.actions_in(uri, checked), self.shown.get(self.path(uri), [])
        where = self.in_module(checked, uri, params.range)
        if where is None:
            return []
        offered = await self.runs.aside(lambda: actions.at(where, shown, params.context.only))
        if not self._resolves_edits:
            offered = [await self.resolved(action) for action in offered]
        return offered

    async def resolved(self, action: lsp.CodeAction) -> lsp.CodeAction:
        """An action with its edit."""
        if action.kind == FIX_ALL and isinstance(action.data, dict):
            uri = str(action.data.get("uri", ""))
            checked = await self.checked(uri)
            if checked is not None:
                action.edit = await self.runs.aside(self.actions_in(uri, checked).all)
        return action

    def actions_in(self, uri: str, checked: Checked) -> Actions:
        """The actions in a file."""
        return Actions(uri, checked, self.places, self.sheets.get(self.path(uri)))

    @property
    def _resolves_edits(self) -> bool:
        text_document = self.client_capabilities.text_document
        support = text_document and text_document.code_action and text_document.code_action.resolve_support
        return bool(support and "edit" in support.properties)

    async def hovered(self, params: lsp.HoverParams) -> lsp.Hover | None:
        """What is known of what stands at a place."""
        checked = await self.checked(params.text_document.uri)
        if checked is None:
            return None
        where = self.in_module(checked, params.text_document.uri, lsp.Range(params.position, params.position))
        if where is None:
            return None
        try:
            text = hover.at(checked, self.places.offset(checked.source, where.start))
        except Unreadable:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text)) if text else None

    def report_server_error(self, error: Exception, source: object) -> None:  # noqa: ARG002  # as pygls calls it
        """Write down what an editor said that nobody could make sense of, as a change of a file that is not open."""
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, f"{type(error).__name__}: {error}"))


def _encoded(path: str, text: str) -> bytes:
    """The bytes of a file with a text in it, in the encoding that the text declares."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        source = Source(path, data)
        return data if source.is_utf8 else text.encode(source.encoding)
    except (Unreadable, UnicodeError):  # which is told of the file as if it were saved so
        return data
