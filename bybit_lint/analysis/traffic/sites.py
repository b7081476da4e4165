"""What is written at a site: where it comes from in its function, whether it may be written twice, its function."""

from __future__ import annotations

import ast
from sys import intern

from bybit_lint.analysis import bounds
from bybit_lint.analysis.syntax.nodes import walk
from bybit_lint.analysis.traffic.contexts import CallingContext
from bybit_lint.analysis.values.terms import Site


def plain(site: Site) -> Site:
    """Where it is made, if it goes by a name that nothing else reads; a name that is read may be asked about."""
    names = site.module.names
    if not isinstance(site.node, ast.Name) or len(names.loads(site.scope.function.node, site.node.id)) != 1:
        return site
    return _assigned(site) or site


def is_of_a_loop(site: Site) -> bool:
    """True for the name that a loop gives to what it takes, and for a part of that."""
    root = site.node
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    name = root.id if isinstance(root, ast.Name) else ""
    holder = site.scope.holder(name)
    bound = holder.bindings[name] if holder is not None else []
    return bool(bound) and all(binding.how == "for" for binding in bound)


def base(context: CallingContext, site: Site) -> str | None:
    """The name a URL begins with, followed to where the URL is put together; globals and the object's own only."""
    here = context.frames[-1].made.site.module if context.frames else site.module
    first = _first(site)
    for _ in range(bounds.MAX_TRAIL):
        if not isinstance(first.node, ast.Name) or (value := _assigned(first)) is None:
            break
        first = _first(value)
    root = first.node
    while isinstance(root, ast.Attribute):
        root = root.value
    if not isinstance(root, ast.Name) or first.module is not here:
        return None
    is_own = root.id in ("self", "cls") and isinstance(first.node, ast.Attribute) and not context.frames
    return repeatable(first) if is_own or root.id in first.module.names.module.bindings else None


def repeatable(site: Site) -> str | None:
    """The text of an expression that may be written twice: names, attributes, items, literals."""
    for node in walk(site.node):
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Constant, ast.Subscript, ast.expr_context)):
            return None
    text = site.module.source.text(site.node)
    return intern(text) if "\n" not in text and "\r" not in text else None


def is_field_of_a_text(node: ast.AST, name: str) -> bool:
    """True for a text, or a part of one, that names a field of a query: `"category=spot&symbol="`."""
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and "?" not in text and any(part.startswith(f"{name}=") for part in text.split("&"))


def place(site: Site) -> str:
    """A name for the function a site stands in."""
    return intern(f"{site.module.source.path}:{getattr(site.scope.function.node, 'lineno', 0)}")


def _first(site: Site) -> Site:
    """The first piece of a text that is put together of several."""
    match site.node:
        case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]) | ast.BinOp(left=first, op=ast.Add()):
            return _first(Site(site.module, first, site.scope))
    return site


def _assigned(site: Site) -> Site | None:
    """The one local assignment behind a name."""
    name = site.node.id if isinstance(site.node, ast.Name) else ""
    bindings = site.scope.function.bindings.get(name, []) if site.scope.function.is_function else []
    if len(bindings) != 1 or bindings[0].how != "assign" or bindings[0].value is None or bindings[0].index:
        return None
    return Site(site.module, bindings[0].value, site.scope)
