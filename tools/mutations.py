"""What is done to the bots of this repository to try the tool out: mutations of expressions, statements, bytes, files.

They are made in the text and not in the tree, so that comments and layout are there to be lost.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from random import Random
from typing import TypeAlias

from bybit_lint.analysis.source import Source, Unreadable
from bybit_lint.inputs.filenames import manifest
from bybit_lint.report import pages
from bybit_lint.report.pages.markdown import Fence, parts, split

Bot: TypeAlias = dict[str, bytes]
"""The files of a project, by their path in it."""
Mutation: TypeAlias = Callable[[Random, str, "Corpus"], str]

TESTS = Path(__file__).parent.parent / "tests"
EXTREMES = (
    *("0", "-1", "1e999", "-1e999", "float('nan')", "10**400", "9**9**9", "1 << 10**9", "0x" + "f" * 5000, "1e-320"),
    *("None", "True", "...", "1j", "[]", "{}", "()", "''", "b''", "'\\ud800'", "'\\0'", "'x' * 10**9", "'9' * 5000"),
    *("*a", "**a", "lambda: 0", "f'{1:999999999}'", "'%999999999d' % 1", "range(10**12)", "[0] * 10**9", "1 / 0"),
    *(
        "d[1e999]",
        "d[...]",
        "x[-(10**30) : 10**30 : 10**9]",
        "(yield)",
        "(await a)",
        "(a := a)",
        "chr(10**9)",
        "0 ** -1",
    ),
)
NESTS = (
    "({})",
    "[{}]",
    "-{}",
    "f({})",
    "(lambda: {})()",
    "({} + {})",
    "[{}, {}]",
    "f'{{{}}}{{{}}}'",
    "({} if c else 0)",
)
NESTS += (
    "({} or {})",
    "{{'a': {}}}['a']",
    "round({}, 2)",
    "{} / 3",
    "str({})",
    "{}.a",
    "{}[0]",
    "{}()",
    "[{} for a in a]",
)
WRAPS = (
    *(
        "if {}:",
        "while True:",
        "while {}:",
        "for a in {}:",
        "try:",
        "with {} as a:",
        "def f(a):",
        "async def f(a, *b):",
    ),
    *("class A:", "class A(A):", "@a\ndef f(self, a=f):", "else:", "finally:", "except Exception:", "match {}:"),
)
ODDITIES = (
    *(
        "global a",
        "nonlocal a",
        "return {}",
        "yield {}",
        "await {}",
        "break",
        "continue",
        "del {}",
        "a = {}; a = a + a",
    ),
    *("*a, *b = {}", "def f(a, a): return f(f)(f)", "from __future__ import nonsense", "from . import *", "import a.a"),
    *(
        "a = b = c = {}\na, b, c = b, c, a",
        "class A(B): pass\nclass B(A): pass",
        "x = [x]\nx.append(x)",
        "d = {}\nd['d'] = d",
    ),
    *("f = lambda x: f(f(x))\nf({})", "while True:\n    try:\n        a = {}\n    except Exception:\n        continue"),
    *("__all__ = [{}]", "assert {}, f'{{a!r:>{{a}}}}'", "raise {} from a", "a: {} = 1", "a @= {}", "print({})  # noqa"),
)
BYTES = (
    *(
        b"\r",
        b"\r\n",
        b"\n",
        b"\f",
        b"\v",
        b"\t",
        b"\0",
        b"\x1a",
        b"\xa0",
        b"\xff",
        b"\xe9",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
    ),
    *(
        b"\\\n",
        b'"""',
        b"'",
        b"(",
        b"]",
        b"}",
        b"#",
        b"# bybit-lint: ignore[BYB201]",
        b";",
        b":",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
)
ENCODINGS = (
    "latin-1",
    "cp1252",
    "utf-16",
    "utf-8-sig",
    "utf-7",
    "koi8-r",
    "shift_jis",
    "ascii",
    "hex",
    "rot13",
    "nonsense",
)
MANIFESTS = ("requirements.txt", "pyproject.toml", "Pipfile", "poetry.lock", "setup.cfg", "Dockerfile")
LINES = (
    *(
        "pybit==5.2.0",
        "pybit>=2,<99999999999999999999",
        "pybit [a] ; python_version<'3'",
        "-r requirements.txt",
        "certifi",
    ),
    *(
        "FROM python",
        "RUN pip install pybit==5.3 \\",
        "[project]",
        "dependencies = ['pybit<5',",
        "[tool.poetry.dependencies]",
    ),
    *(
        'pybit = "^5.6"',
        "[[package]]",
        'name = "pybit"',
        'version = "5.6.2"',
        "[packages]",
        "install_requires =",
        "  ccxt",
    ),
)
NAME = re.compile(r"\b[A-Za-z_][A-Za-z_0-9]*\b")


class Corpus:
    """The bots, and what they are made of."""

    @cached_property
    def bots(self) -> Sequence[Bot]:
        """The bots of the pages, of the facts' examples, and the seeded ones: each file, and each as a whole."""
        return [bot for bot in chain(_of_pages(), _of_facts(), _seeded()) if bot]

    @cached_property
    def expressions(self) -> Sequence[str]:
        """Expressions of the bots."""
        return sorted({text for _, text in self._nodes(ast.expr) if len(text) < 200})

    @cached_property
    def statements(self) -> Sequence[str]:
        """Statements of the bots, those in a function without its indentation."""
        return sorted(
            {textwrap.dedent(" " * column + text) for column, text in self._nodes(ast.stmt) if len(text) < 2000}
        )

    def _nodes(self, kind: type[ast.expr | ast.stmt]) -> Iterator[tuple[int, str]]:
        sources = (Source(path, data) for bot in self.bots for path, data in bot.items() if path.endswith(".py"))
        for source in sources:
            for node in nodes(source, kind):
                yield node.col_offset, source.text(node)


def _of_pages() -> Iterator[Bot]:
    for page in pages.all():
        for case in page.cases:
            for kind in pages.KINDS:
                yield {block.path: block.source.encode() for block in case.files(kind)}


def _of_facts() -> Iterator[Bot]:
    for path in sorted((TESTS / "facts").glob("*.md")):
        _, sections = split(parts(path.read_text("utf-8"), path.name), 2)
        for section in sections:
            fences = [part for part in section.parts if isinstance(part, Fence)]
            yield {fence.path: "\n".join([*fence.lines, ""]).encode() for fence in fences}


def _seeded() -> Iterator[Bot]:
    for name in ("naive", "sound"):
        files = {path.name: path.read_bytes() for path in sorted((TESTS / "seeded" / name).iterdir()) if path.is_file()}
        yield from ({path: data} for path, data in files.items())
        yield files


def nodes(source: Source, kind: type[ast.expr | ast.stmt]) -> list[ast.expr | ast.stmt]:
    """The nodes of a kind in the order of the tree; none if the file does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [node for node in ast.walk(source.tree) if isinstance(node, kind) and hasattr(node, "lineno")]
    except Unreadable:
        return []


def mutated(random: Random, corpus: Corpus, *, is_gentle: bool = False) -> Bot:
    """A bot that something was done to; gently means that it parses still, as far as one can tell."""
    bot = dict(random.choice(corpus.bots))
    if random.random() < 0.15:
        bot = _joined(random, bot, corpus)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        path = random.choice(sorted(bot))
        if manifest(path):
            bot[path] = _spoilt(random, bot[path])
        elif is_gentle or random.random() < 0.85:
            bot[path] = _rewritten(random, bot[path], corpus, is_gentle)
        else:
            bot[path] = random.choice((_spoilt, _cut, _ended, _encoded))(random, bot[path])
    if random.random() < 0.1:
        bot[random.choice(MANIFESTS)] = "\n".join(random.choices(LINES, k=random.randrange(12))).encode()
    return bot


# --- expressions and statements ---------------------------------------------------------------------------------------


def _rewritten(random: Random, data: bytes, corpus: Corpus, is_gentle: bool) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data
    for _ in range(5):
        new = random.choice(MUTATIONS)(random, text, corpus)
        if not is_gentle or (new != text and _parses(new)):
            return new.encode("utf-8", "surrogatepass")
    return data


def _parses(text: str) -> bool:
    try:
        Source("bot.py", text.encode()).tree  # noqa: B018  # it raises
    except (Unreadable, UnicodeEncodeError):
        return False
    return True


def _picked(random: Random, text: str, kind: type[ast.expr | ast.stmt]) -> tuple[bytes, int, int, int] | None:
    """The body, where one of its nodes begins and ends, and how far that is indented."""
    source = Source("bot.py", text.encode())
    found = nodes(source, kind)
    if not found:
        return None
    node = random.choice(found)
    span = source.span(node)
    return source.body, span.start, span.end, node.col_offset


def _expression(work: Callable[[Random, str, Corpus], str]) -> Mutation:
    """A mutation that makes another one of an expression."""

    def mutate(random: Random, text: str, corpus: Corpus) -> str:
        if (picked := _picked(random, text, ast.expr)) is None:
            return text
        body, start, end, _ = picked
        return (body[:start] + work(random, body[start:end].decode(), corpus).encode() + body[end:]).decode()

    return mutate


def _statement(work: Callable[[Random, str, Corpus], str]) -> Mutation:
    """A mutation that makes other ones of a statement, from which the indentation is taken."""

    def mutate(random: Random, text: str, corpus: Corpus) -> str:
        if (picked := _picked(random, text, ast.stmt)) is None:
            return text + work(random, "pass", corpus) + "\n"
        body, start, end, column = picked
        old = textwrap.dedent(" " * column + body[start:end].decode())
        new = textwrap.indent(work(random, old, corpus), " " * column).lstrip(" ")
        return (body[:start] + new.encode() + body[end:]).decode()

    return mutate


def _nested(random: Random, code: str, _: Corpus) -> str:
    nest = random.choice(NESTS)
    for _ in range(random.choice((1, 2, 10, 30))):
        code = nest.format(*[code] * nest.count("{}")) if len(code) < 4000 else code
    return code


def _doubled(random: Random, code: str, corpus: Corpus) -> str:
    """Names that stand for one another, each for twice the last one."""
    joined = random.choice(
        ("{} + {}", "f'{{{}}}{{{}}}'", "[{}, {}]", "{} or {} + 'a'", "f({}, {})", "{} * {}", "{}({})")
    )
    chain = [f"v0 = {random.choice(corpus.expressions)}".replace("\n", " ")]
    chain += [f"v{i + 1} = {joined.format(f'v{i}', f'v{i}')}" for i in range(random.choice((3, 20, 40)))]
    return "\n".join([*chain, _renamed_one(random, code, f"v{len(chain) - 1}")])


def _branched(random: Random, code: str, corpus: Corpus) -> str:
    name = random.choice(NAME.findall(code) or ["a"])
    ways = [f"if c{i}:\n    {name} = {random.choice(corpus.expressions)}" for i in range(random.choice((2, 20)))]
    return "\n".join([*(way.replace("\n ", "\n    ") for way in ways), code])


def _wrapped(random: Random, code: str, corpus: Corpus) -> str:
    head = random.choice(WRAPS).format(random.choice(corpus.expressions).replace("\n", " "))
    tail = (
        "\nexcept Exception:\n    " + random.choice(("pass", "raise", "continue", "return")) if head == "try:" else ""
    )
    return f"{head}\n{textwrap.indent(code, '    ')}{tail}"


def _renamed_one(random: Random, code: str, name: str) -> str:
    found = list(NAME.finditer(code))
    if not found:
        return code
    match = random.choice(found)
    return code[: match.start()] + name + code[match.end() :]


def _renamed(random: Random, text: str, _: Corpus) -> str:
    """One name becomes another one of the file, or one that is not ASCII, wherever it stands."""
    names = sorted(set(NAME.findall(text))) or ["a"]
    old, new = (
        random.choice(names),
        random.choice([*random.choices(names, k=6), "größe", "\uff51ty", "self", "session"]),
    )
    return re.sub(rf"\b{old}\b", new, text)


def _swapped(random: Random, text: str, _: Corpus) -> str:
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _tabbed(random: Random, text: str, _: Corpus) -> str:
    return re.sub(r"(?m)^(?: {4})+", lambda match: "\t" * (len(match[0]) // 4), text, count=random.choice((0, 3)))


def _odd(random: Random, code: str, corpus: Corpus) -> str:
    odd = random.choice(ODDITIES)
    code_of = random.choice(corpus.expressions).replace("\n", " ")
    return "\n".join(random.sample([code, odd.replace("{{", "{").replace("}}", "}").replace("{}", code_of)], 2))


MUTATIONS: Sequence[Mutation] = (
    *[_expression(lambda random, _, corpus: random.choice(corpus.expressions))] * 4,
    *[_expression(lambda random, *_: random.choice(EXTREMES))] * 4,
    *[_expression(_nested)] * 2,
    _expression(lambda *_: ""),
    _statement(lambda *_: "pass"),
    _statement(lambda _, code, __: f"{code}\n{code}"),
    *[_statement(lambda random, code, corpus: f"{random.choice(corpus.statements)}\n{code}")] * 3,
    _statement(lambda random, code, corpus: f"{code}\n{random.choice(corpus.statements)}"),
    *[_statement(_wrapped)] * 3,
    *[_statement(_odd)] * 2,
    *[_statement(_doubled), _statement(_branched)],
    *[_renamed] * 2,
    _swapped,
    _tabbed,
)


# --- bytes and files --------------------------------------------------------------------------------------------------


def _cut(random: Random, data: bytes) -> bytes:
    start, end = sorted(random.randrange(len(data) + 1) for _ in range(2))
    return data[:start] if random.random() < 0.5 else data[:start] + data[end:]


def _spoilt(random: Random, data: bytes) -> bytes:
    for _ in range(random.choice((1, 1, 5))):
        place = random.randrange(len(data) + 1)
        data = data[:place] + random.choice(BYTES) * random.choice((1, 1, 1, 300)) + data[place + random.randrange(3) :]
    return data


def _ended(random: Random, data: bytes) -> bytes:
    ends = [random.choice((b"\r\n", b"\r", b"\n\f", b" \\\n", b"\n", b"")) for _ in range(2)]
    return b"".join(line + random.choice((ends[0], *ends)) for line in data.split(b"\n"))


def _encoded(random: Random, data: bytes) -> bytes:
    declared, real = random.choice(ENCODINGS), random.choice(ENCODINGS[:5])
    text = f"# -*- coding: {declared} -*-\n# é\n" + data.decode("utf-8", "replace")
    return text.encode(real, "replace")


def _joined(random: Random, bot: Bot, corpus: Corpus) -> Bot:
    """Several bots in one project, which import one another, in circles and by star."""
    joined = dict(bot)
    for number in range(random.choice((1, 2, 3))):
        for path, data in random.choice(corpus.bots).items():
            joined[path if random.random() < 0.5 else random.choice(("a", f"b{number}", "pybit")) + "/" + path] = data
    modules = [path.removesuffix(".py").replace("/", ".") for path in sorted(joined) if path.endswith(".py")][:20]
    for path in [path for path in sorted(joined) if path.endswith(".py")][:20]:
        module = random.choice(modules)
        line = random.choice(
            ("from {} import *", "import {}", "from {} import session", "from .{} import a as session", "")
        )
        joined[path] = line.format(module).encode() + b"\n" + joined[path]
    return joined
