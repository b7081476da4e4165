"""Reading terms as text: every text an expression may be, with NUL in the place of what is not known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from itertools import islice, product

from bybit_lint.analysis import bounds
from bybit_lint.analysis.domains import samples
from bybit_lint.analysis.values.terms import (
    Access,
    Constant,
    External,
    Formatted,
    Invocation,
    ListTerm,
    Operation,
    Term,
    Union,
    alternatives,
    children,
    qualified_name,
)
from bybit_lint.vocabulary.values import UNKNOWN

HOLE = UNKNOWN

JOINERS = {"urllib.parse.urljoin", "os.path.join", "posixpath.join"}
SAME = {"builtins.str", "builtins.repr", "yarl.URL", "httpx.URL"}
SAME_METHODS = (".strip", ".rstrip", ".lstrip", ".lower", ".upper", ".encode", ".decode", ".value")

EDITS: Mapping[tuple[str, int], Callable[..., str]] = {
    (".replace", 2): str.replace,
    (".removeprefix", 1): str.removeprefix,
    (".removesuffix", 1): str.removesuffix,
}
"""What makes another text of one, by its name and by how many texts it is told."""

ENVIRONMENTS = {"os.environ", "os.environ.copy()", "dotenv.dotenv_values()"}
PARSERS = {f"configparser.{name}()" for name in ("ConfigParser", "RawConfigParser", "SafeConfigParser")}
"""What reads ini files, of which every option is text."""
READERS = {"os.getenv", "builtins.str", "builtins.input", *(f"{held}.get" for held in (*ENVIRONMENTS, *PARSERS))}
READERS |= {"argparse.Namespace.get", "click.Context.get", "decouple.config"}
"""What gives text, if it gives anything: environment variables and their like."""
SECTIONED = {f"{parser}.get" for parser in PARSERS}
"""What is told a section before the name of a setting."""
POSITIONS = {"builtins.getattr": 2, "pydantic.Field": 0}
"""Where the default stands in what reads a setting, if not behind its name."""
SETTINGS = {"os.getenv", "decouple.config", *POSITIONS}


def texts(term: Term) -> tuple[str, ...]:
    """The texts a term may be, without those of which nothing is known."""
    return tuple(text for text in dict.fromkeys(_texts(term)) if text.strip(HOLE))[: bounds.MAX_TEXTS]


def defaults(term: Term) -> tuple[str, ...]:
    """The texts a term may be where no setting says otherwise; with them those of which it is one all the same."""
    found = dict.fromkeys(_texts(term, _by_default))
    return tuple(text for text in found if text.strip(HOLE))[: bounds.MAX_TEXTS]


def shortest(term: Term) -> tuple[str, ...]:
    """The texts that a text may be that is put together, as short as it gets: an id or a moment is one of them."""
    return tuple(dict.fromkeys(_texts(term, _sampled)))


def ways(term: Term) -> tuple[tuple[str, ...], ...]:
    """The texts that get there for certain, each a way; those of which the code picks one are one way together."""
    found = tuple(dict.fromkeys(_texts(term)))[: bounds.MAX_TEXTS]
    return (found,) if _is_picked(term) else tuple((text,) for text in found)


def _is_picked(term: Term) -> bool:
    """True if something in a term is one of several, of which some may never get there."""
    return (isinstance(term, Union) and not term.is_certain) or any(map(_is_picked, children(term)))


def is_text(term: Term) -> bool:
    """True if a term is text wherever it is anything, or the truth of such a term."""
    options = [option for option in alternatives(term) if not _is_nothing(option)]
    return bool(options) and all(map(_is_text, options))


def _is_nothing(term: Term) -> bool:
    return isinstance(term, Constant) and term.value in (None, False)


def _is_text(term: Term) -> bool:
    match term:
        case Constant(value=value):
            return isinstance(value, str)
        case Formatted():
            return True
        case Access(base=base, key=key) if key.startswith("["):
            return qualified_name(base) in (*ENVIRONMENTS, "sys.argv") or _is_section(base)
        case Invocation(callee=External(name="builtins.bool"), positional=[only]):
            return is_text(only.term)
        case Invocation(callee=Access(base=base, key=key)) if key in SAME_METHODS:
            return is_text(base)
        case Invocation(callee=Access(base=base, key=".get")) if _is_section(base):
            return True
        case Invocation(callee=callee, keywords=keywords):
            return qualified_name(callee) in READERS and "cast" not in keywords
    return False


def _is_section(term: Term) -> bool:
    """True for a section of an ini file."""
    return isinstance(term, Access) and term.key.startswith("[") and qualified_name(term.base) in PARSERS


Reading = Callable[[Term], "list[str] | None"]
"""What is known of a term that is no text in itself; None where that is nothing."""


def _nothing(_: Term) -> None:
    return None


def _by_default(term: Term) -> list[str] | None:
    """What a setting is where nobody has set it."""
    default = _default(term) if isinstance(term, Invocation) else None
    return None if default is None else _texts(default, _by_default)


def _sampled(term: Term) -> list[str] | None:
    """A text of the shape that a call always gives; a text in capitals or small letters as what it is then."""
    match term:
        case Invocation(callee=Access(base=base, key=".upper")):
            return [text.upper() for text in _texts(base, _sampled)]
        case Invocation(callee=Access(base=base, key=".lower")):
            return [text.lower() for text in _texts(base, _sampled)]
        case Operation(operands=operands) if any(map(samples.is_number, operands)):
            return [samples.text(term) or HOLE]
    sample = samples.text(term)
    return None if sample is None else [sample]


def _texts(term: Term, read: Reading = _nothing) -> list[str]:
    match term:
        case _ if (found := read(term)) is not None:
            return found
        case Constant(value=str() as value):
            return [value]
        case Constant(value=bytes() as value):
            return [value.decode("utf-8", "replace")]
        case Constant(value=bool() | None):
            return [HOLE]
        case Constant(value=value):
            return [str(value)]
        case Union(terms=terms):
            return [text for option in terms for text in _texts(option, read)][: bounds.MAX_TEXTS]
        case Formatted(spec=spec) if spec:
            return [HOLE]
        case Formatted(parts=parts):
            return _concatenated(*(_texts(part, read) for part in parts))
        case Operation(operator=ast.Add, operands=operands) if any(map(samples.is_number, operands)):
            return [HOLE]  # a sum
        case Operation(operator=ast.Add, operands=(left, right)):
            return _concatenated(_texts(left, read), _texts(right, read))
        case Operation(operator=ast.Mod, operands=(left, right)):
            given = [e.term for e in right.items] if isinstance(right, ListTerm) else [right]
            fields = {str(number): _texts(term, read) for number, term in enumerate(given)}
            return [text for template in _texts(left, read) for text in _filled(_braced(template), fields)]
        case Invocation(callee=Access(base=base, key=".format"), positional=positional, keywords=keywords):
            named = {**{str(number): held for number, held in enumerate(positional)}, **keywords}
            fields = {name: _texts(held.term, read) for name, held in named.items()}
            return [text for template in _texts(base, read) for text in _filled(template, fields)]
        case Invocation(callee=Access(base=base, key=key), positional=told) if (key, len(told)) in EDITS:
            return _edited(EDITS[key, len(told)], _texts(base, read), *(_texts(held.term, read) for held in told))
        case Invocation(callee=callee, positional=arguments):
            return _called(callee, [argument.term for argument in arguments], read)
        case Access(base=base, key=key) if key in SAME_METHODS:
            return _texts(base, read)
    return [HOLE]


def _called(callee: Term, arguments: list[Term], read: Reading) -> list[str]:
    name = qualified_name(callee)
    if name in JOINERS and len(arguments) == 2:
        return _concatenated(*(_texts(argument, read) for argument in arguments))
    if name in SAME and arguments:
        return _texts(arguments[0], read)
    if isinstance(callee, Access) and callee.key in SAME_METHODS:
        return _texts(callee.base, read)
    return [HOLE]


def _edited(edit: Callable[..., str], *parts: list[str]) -> list[str]:
    """What is made of whole texts; of one with a gap nothing is known, because what is sought may begin there."""
    calls = islice(product(*parts), bounds.MAX_TEXTS)
    return _concatenated([edit(*call) if HOLE not in "".join(call) else HOLE for call in calls])


def _default(call: Invocation) -> Term | None:
    """What a call that reads a setting gives where nobody has set it: `os.getenv("URL", default)`."""
    name = qualified_name(call.callee)
    is_reading = name in SETTINGS or (isinstance(call.callee, Access) and call.callee.key == ".get")
    position = POSITIONS.get(name or "", 1)
    if name in SECTIONED:
        return call.keywords["fallback"].term if "fallback" in call.keywords else None
    named = call.keywords.get("default")
    given = call.positional[position] if len(call.positional) > position else named
    return given.term if is_reading and given is not None else None


def _concatenated(*parts: list[str]) -> list[str]:
    joined = ("".join(texts) for texts in islice(product(*parts), bounds.MAX_TEXTS))
    return [text if bounds.is_bounded(text) else HOLE for text in joined]


def _filled(template: str, fields: Mapping[str, list[str]]) -> list[str]:
    """The texts that `template.format(...)` may be; its gaps go by the numbers and names of what they are filled with.

    What is formatted, or taken out of what is given, is not known.
    """
    from string import Formatter

    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return [HOLE]
    parts, count = [], 0
    for literal, field, spec, conversion in pieces:
        parts.append([literal])
        if field is not None:
            name, count = (field, count) if field else (str(count), count + 1)
            parts.append([HOLE] if spec or conversion else fields.get(name) or [HOLE])
    return _concatenated(*parts)


def _braced(template: str) -> str:
    """A template of the operator `%` as one of `format`."""
    doubled = template.replace("{", "{{").replace("}", "}}")
    return doubled.replace("%s", "{}").replace("%d", "{:d}").replace("%%", "%")
