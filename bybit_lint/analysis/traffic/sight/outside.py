"""What comes from outside by its nature: what somebody sets, types in, keeps in a file or sends. No code says more."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from bybit_lint.analysis.callgraph.program import Program
from bybit_lint.analysis.domains.frames import Frames
from bybit_lint.analysis.domains.number_sources import ENVIRONMENT, QT, TYPED
from bybit_lint.analysis.domains.web_requests import PARSERS
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.nodes import FunctionNode, arguments, called_name
from bybit_lint.analysis.values.terms import (
    Function,
    Invocation,
    Parameter,
    Term,
    alternatives,
    qualified_name,
    spine,
)
from bybit_lint.knowledge import exchanges

SETTING = "by a setting"
SOURCES: dict[str, tuple[str, ...]] = {
    SETTING: (
        *(*ENVIRONMENT, *TYPED, "streamlit.", "tkinter.", "customtkinter.", *(f"{of}.QtWidgets." for of in QT)),
        *("pydantic_settings.", "pydantic.BaseSettings"),
    ),
    "in a file": (
        *("json.load()", "orjson.load()", "pickle.load()", "joblib.load()", "builtins.open()", "pathlib.Path()."),
        *("csv.", "tomllib.", "openpyxl.", "gspread.", "pandas.read_", "polars.read_", "numpy.load"),
    ),
    "in a database": (
        *("sqlite3.", "aiosqlite.", "psycopg", "asyncpg.", "pymongo.", "motor.", "redis.", "sqlalchemy.", "sqlmodel."),
        *(
            "supabase.",
            "boto3.resource().Table()",
            "peewee.",
            "tortoise.",
            "mysql.",
            "pymysql.",
            "firebase_admin.",
            "tinydb.",
            "influxdb",
        ),
    ),
    "by the web": ("requests.", "httpx.", "aiohttp.", "urllib.request.", "urllib3.", "websocket.", "websockets."),
    "in a chat": ("telegram.", "telebot.", "telethon.", "aiogram.", "pyrogram.", "discord."),
    "by a model": ("openai.", "anthropic.", "google.generativeai.", "google.genai.", "groq.", "ollama."),
    "by another market": ("yfinance.", "tvDatafeed.", "tradingview_ta.", "MetaTrader5.", "oandapyV20."),
}
"""How values from outside are told, by what their names begin with."""
OTHERS = {name.lower() for name in exchanges.names()}
SETTINGS_FILES = {
    *("config", "configs", "configuration", "constants", "credentials", "env", "key", "keys", "secret", "secrets"),
    *("settings", "local_settings", "api_keys", "apikeys"),
}
"""Files that stay with whoever runs the bot."""


class Outside:
    """Answers how a value is told to a bot, where it is from outside of it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._handled: dict[FunctionNode, bool] = {}

    def word(self, term: Term) -> str | None:
        """How a term is told to the bot; None where it is the bot that knows it, or ought to."""
        for part in spine(term):
            match part:
                case Invocation(callee=callee, positional=[first, *_]) if (name := qualified_name(callee)) in PARSERS:
                    return self.word(first.term) or self._named(f"{name}()")
        cell = self.program.evaluator.helper(Frames).cell(term)
        if cell is not None:
            return self.word(cell.data.term)
        *_, root = spine(term)
        if isinstance(root, Parameter):
            return "in a message" if self._is_handler(root) else None
        return self._named(next(filter(None, map(qualified_name, spine(term))), ""))

    def _named(self, name: str) -> str | None:
        found = next((word for word, roots in SOURCES.items() if name.startswith(roots)), None)
        root = name.partition(".")[0]
        if found is None and root.lower() in OTHERS:
            return "by another market"
        is_kept_out = root.lower() in SETTINGS_FILES and not self.program.project.has_file(root)
        return SETTING if found is None and is_kept_out else found

    def _is_handler(self, parameter: Parameter) -> bool:
        """True for a parameter that a library fills with what it hears."""
        function = parameter.function
        if function not in self._handled:
            self._handled[function] = any(map(self._is_foreign, self._given_to(parameter)))
        return self._handled[function] and not self.program.callers.of(function)

    def _is_foreign(self, term: Term) -> bool:
        name = qualified_name(term)
        root = (name or "").partition(".")[0]
        return name is not None and root != "builtins" and not self.program.project.has_file(root)

    def _given_to(self, parameter: Parameter) -> Iterator[Term]:
        """What a function is decorated with or given to."""
        function, evaluator = parameter.function, self.program.evaluator
        if isinstance(function, ast.Lambda):
            yield from self._written_in(parameter.module, function)
            return
        for decorator in function.decorator_list:
            yield evaluator.evaluate(parameter.module, decorator.func if isinstance(decorator, ast.Call) else decorator)
        for module in self.program.project.readable:
            for call in module.names.calls:
                given = arguments(call)
                if any(called_name(node) == function.name and self._means(module, node, function) for node in given):
                    yield evaluator.evaluate(module, call.func)

    def _written_in(self, module: Module, function: ast.Lambda) -> Iterator[Term]:
        """The call among whose arguments a lambda stands."""
        around = module.names.parents.get(function)
        call = module.names.parents.get(around) if isinstance(around, ast.keyword) else around
        if isinstance(call, ast.Call) and function in arguments(call):
            yield self.program.evaluator.evaluate(module, call.func)

    def _means(self, module: Module, node: ast.expr, function: FunctionNode) -> bool:
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return False
        found = alternatives(self.program.evaluator.evaluate(module, node))
        return any(isinstance(option, Function) and option.node is function for option in found)
