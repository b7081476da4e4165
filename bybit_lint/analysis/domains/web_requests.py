"""What a web framework hands to a bot: requests, the parameters of its handlers, and what is read out of either.

What is parsed out of a message in a chat is such a request, too: a program wrote it. A number that somebody types there
is as that of a prompt.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from bybit_lint.analysis.domains.chats import Chats
from bybit_lint.analysis.project import Module
from bybit_lint.analysis.syntax.argument_binding import defaults
from bybit_lint.analysis.syntax.nodes import FunctionNode, access_path, arguments, called_name, parameters, walk
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import (
    Access,
    Class,
    Element,
    Instance,
    Invocation,
    Parameter,
    Term,
    functions_among,
    qualified_name,
    spine,
)

REQUESTS = (
    "flask.request",
    "fastapi.Request()",
    "starlette.requests.Request()",
    "aiohttp.web.Request()",
    "django.http.HttpRequest()",
    "quart.request",
    "sanic.",
    "http.server.BaseHTTPRequestHandler().rfile",
    "http.server.BaseHTTPRequestHandler().path",
    "http.server.SimpleHTTPRequestHandler().rfile",
    "http.server.SimpleHTTPRequestHandler().path",
    "aiohttp.web.View().request",
    "tornado.web.RequestHandler().request",
    "tornado.web.RequestHandler().get_argument()",
    "tornado.web.RequestHandler().get_body_argument()",
    "tornado.web.RequestHandler().get_query_argument()",
)
"""What is sent to the bot: of a class, what its objects have of the request that each of them answers."""
ROUTERS = (
    "fastapi.FastAPI()",
    "fastapi.APIRouter()",
    "fastapi.applications.FastAPI()",
    "fastapi.routing.APIRouter()",
    "flask.Flask()",
    "flask.Blueprint()",
    "quart.Quart()",
    "quart.Blueprint()",
    "aiohttp.web.RouteTableDef()",
    "ariadne.MutationType()",
    "ariadne.QueryType()",
    "ariadne.ObjectType()",
    "sanic.Sanic()",
    "sanic.Blueprint()",
)
ROUTES = {".post", ".get", ".put", ".patch", ".delete", ".route", ".api_route", ".websocket", ".field"}
"""Methods of a router that give it the function they decorate."""
REGISTRARS = ("add_post", "add_put", "add_get", "add_route", "add_api_route", "add_url_rule", "set_field")
"""Methods that give a router the function among their arguments; aiohttp has functions for it, too."""
PLACED = {f"aiohttp.web.{verb}" for verb in ("post", "put", "get", "route")}
PLACING = "starlette.routing.Route"
"""What is made of a path and the function that answers there."""
DECORATORS = (
    "strawberry.mutation",
    "strawberry.field",
    "rest_framework.decorators.api_view",
    "django.views.decorators.csrf.csrf_exempt",
)
"""Decorators of functions that are given what somebody sends, with no router in sight."""
PARSERS = {f"{module}.{name}" for module in ("json", "orjson", "ujson", "simplejson") for name in ("loads", "load")} | {
    "builtins.dict",
    "ast.literal_eval",
    "builtins.eval",
    "urllib.parse.parse_qs",
    "urllib.parse.parse_qsl",
    "urllib.parse.urlparse",
    "urllib.parse.urlsplit",
}
READERS = {".get", ".pop", ".json", ".post", ".body", ".form", ".read", ".text", ".copy", ".decode", ".strip"}
READERS |= {".get_json", ".get_data", ".dict", ".model_dump"}
"""Methods by which something is read out of what a request brings."""
KEPT = {".app", ".state", ".scope", ".config_dict", ".client", ".user", ".session"}
"""What a request has that nobody sent."""
OWN = {"self", "cls", "info", "root"}
"""Parameters of a handler that are no part of what somebody sends."""
INJECTED = {"Depends", "Security", "BackgroundTasks"}
WRITTEN = {"float", "str", "Decimal", "dict", "Dict", "Any", "Optional", "Union", "Annotated", "list", "List", "typing"}
WRITTEN |= {"Body", "Query", "Form", "Path", "Header", "fastapi", "decimal", "int"}
"""Names in the annotations of what a request brings."""
MODELS = ("pydantic.BaseModel", "pydantic.main.BaseModel", "sqlmodel.SQLModel")
CHECKING = {"validator", "field_validator", "root_validator", "model_validator", "computed_field", "field_serializer"}
"""Decorators in a model whose functions may put its numbers right."""
MEASURED = {"multiple_of", "decimal_places", "default_factory"}


class WebRequests:
    """Answers whether something comes out of a request that somebody sends to the bot."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.chats = Chats(evaluator)

    def bring(self, term: Term) -> bool:
        """True for a request, for what a handler gets of it, and for all that is read out of them."""
        if (qualified_name(term) or "").startswith(REQUESTS):
            return not any(isinstance(part, Access) and part.key in KEPT for part in spine(term))
        match term:
            case Access(base=base, key=key) if key.startswith(".") and (model := self._model(base)) is not None:
                return self.bring(base) and self._is_field(model, key[1:])
            case Access(base=base, key=key):
                return key not in KEPT and self.bring(base)
            case Element(base=base) | Invocation(callee=Access(base=base, key=(".items" | ".values"))):
                return self.bring(base)
            case Invocation(callee=Access(base=base, key=key)) if key in READERS:
                return self.bring(base)
            case Invocation(callee=callee, positional=[first, *_]) if qualified_name(callee) in PARSERS:
                return self.bring(first.term) or self.chats.write(first.term)
            case Parameter():
                return self._is_handed(term)
        return False

    # Parameters -------------------------------------------------------------------------------------------------------

    def _is_handed(self, parameter: Parameter) -> bool:
        """True for a parameter that a framework fills with what it reads out of a request."""
        written = [a for a in parameters(parameter.function) if a.arg == parameter.name]
        if not written or parameter.name in OWN or not self._is_handler(parameter.module, parameter.function):
            return False
        default = defaults(parameter.function.args).get(parameter.name)
        if isinstance(default, ast.Call) and called_name(default.func) in INJECTED:
            return False
        model = self._model(parameter)
        return _is_data(written[0].annotation) if model is None else not self._is_checking(model)

    def _is_handler(self, module: Module, function: FunctionNode) -> bool:
        if isinstance(function, ast.Lambda):
            return False
        return function in self._registered or any(self._is_route(module, d) for d in function.decorator_list)

    def _is_route(self, module: Module, decorator: ast.expr) -> bool:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if qualified_name(self.evaluator.evaluate(module, named)) in DECORATORS:
            return True
        if not isinstance(decorator, ast.Call):
            return False
        way = self.evaluator.evaluate(module, decorator.func)
        return isinstance(way, Access) and way.key in ROUTES and (qualified_name(way) or "").startswith(ROUTERS)

    @cached_property
    def _registered(self) -> set[FunctionNode]:
        """The functions that are given to a router by name."""
        return functions_among(self._given())

    def _given(self) -> Iterator[Term]:
        project, at = self.evaluator.project, self.evaluator.at
        for name in REGISTRARS:
            for module, call in project.calls_of(name):
                yield from (at(module, node).term for node in arguments(call))
        for module, call in project.calls_of("Route") if project.says(b"starlette") else ():
            if len(call.args) > 1 and qualified_name(at(module, call.func).term) == PLACING:
                yield at(module, call.args[1]).term
        if not project.says(b"aiohttp"):
            return
        for module, call in (found for name in ("post", "put", "get", "route") for found in project.calls_of(name)):
            is_foreign = len(call.args) > 1 and _is_imported(module, call.func)  # most are `get` of a dict
            if is_foreign and qualified_name(at(module, call.func).term) in PLACED:
                yield from (at(module, node).term for node in call.args)

    # Models -----------------------------------------------------------------------------------------------------------

    def _model(self, term: Term) -> Class | None:
        """The class of the model that a handler gets, or that is a part of one."""
        match term:
            case Parameter():
                held = self.evaluator.annotations.instance(term)
                return held.of if isinstance(held, Instance) and self._is_model(held.of) else None
            case Access(base=Parameter() | Access() as base, key=key) if key.startswith("."):
                owner = self._model(base)
                field = owner and self.evaluator.hierarchy.field(owner, key[1:])
                found = self.evaluator.evaluate(owner.module, field.annotation) if owner and field else None
                return found if isinstance(found, Class) and self._is_model(found) else None
        return None

    def _is_model(self, of: Class) -> bool:
        return self.evaluator.hierarchy.foreign_base(of) in MODELS

    def _is_checking(self, of: Class) -> bool:
        """True for a model that may put right what it is given."""
        bodies = (node for each in self.evaluator.hierarchy.lineage(of) for node in each.node.body)
        methods = (node for node in bodies if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
        decorators = [d.func if isinstance(d, ast.Call) else d for method in methods for d in method.decorator_list]
        names = {called_name(decorator) for decorator in decorators}
        return not names.isdisjoint(CHECKING)

    def _is_field(self, of: Class, name: str) -> bool:
        """True for a field that is what was sent, not measured by the model and no whole number."""
        field = self.evaluator.hierarchy.field(of, name)
        if field is None or self._is_checking(of):
            return False
        said = field.value.keywords if isinstance(field.value, ast.Call) else []
        is_measured = any(keyword.arg in MEASURED for keyword in said)
        nested = self.evaluator.evaluate(of.module, field.annotation)
        is_model = isinstance(nested, Class) and self._is_model(nested)
        return is_model or (not is_measured and _is_data(field.annotation))


def _is_imported(module: Module, callee: ast.expr) -> bool:
    """True for what is taken out of an import of the file."""
    root = (access_path(callee) or "").partition(".")[0]
    return any(binding.how == "import" for binding in module.names.module.bindings.get(root, ()))


def _is_data(annotation: ast.expr | None) -> bool:
    """True for what a request is read into, if it may have decimals."""
    if annotation is None:
        return True
    nodes = [node for node in walk(annotation) if isinstance(node, (ast.Name, ast.Attribute))]
    names = {called_name(node) for node in nodes}
    return names <= WRITTEN and names - {"Optional", "Union", "Annotated", *INJECTED} != {"int"}
