"""A helper's import goes where a person would have put it, under a name that is free."""

from __future__ import annotations

import pytest
from marks import Asked, fixed, jittered, refusal, rows

from bybit_lint.vocabulary import Replace, Span, Wrap

IMPORTED = {
    "after the imports that open the file": (
        "#!/usr/bin/env python\n# a bot\n'''Doc.'''\nimport os\nimport time  # clock\n\nsleep(«5»)\nimport late\n",
        (
            "#!/usr/bin/env python\n# a bot\n'''Doc.'''\nimport os\nimport time  # clock\n"
            "from bybit_lint.shim import jitter\n\nsleep(jitter(5))\nimport late\n"
        ),
    ),
    "after an import over several lines": (
        "from a import (\n    b,\n)  # c\nsleep(«5»)\n",
        "from a import (\n    b,\n)  # c\nfrom bybit_lint.shim import jitter\nsleep(jitter(5))\n",
    ),
    "before an import that may fail": (
        "import os\ntry:\n    import json5\nexcept ImportError:\n    json5 = None\nimport time\nsleep(«5»)\n",
        (
            "import os\nfrom bybit_lint.shim import jitter\n"
            "try:\n    import json5\nexcept ImportError:\n    json5 = None\nimport time\nsleep(jitter(5))\n"
        ),
    ),
    "after __future__ alone": (
        "from __future__ import annotations\n\nsleep(«5»)\n",
        "from __future__ import annotations\n\nfrom bybit_lint.shim import jitter\n\nsleep(jitter(5))\n",
    ),
    "after a docstring alone": (
        '"""Doc.\n\n# more"""\n\nsleep(«5»)\n',
        '"""Doc.\n\n# more"""\n\nfrom bybit_lint.shim import jitter\n\nsleep(jitter(5))\n',
    ),
    "into a file without imports": ("sleep(«5»)\n", "from bybit_lint.shim import jitter\n\nsleep(jitter(5))\n"),
    "before an expression that opens the file": ("«qty»\n", "from bybit_lint.shim import jitter\n\njitter(qty)\n"),
    "into a file of one line without an end": (
        "sleep(«5»)",
        "from bybit_lint.shim import jitter\n\nsleep(jitter(5))",
    ),
    "after what opens the file": (
        "#!/usr/bin/python\n# coding: utf-8\nsleep(«5»)\n",
        "#!/usr/bin/python\n# coding: utf-8\nfrom bybit_lint.shim import jitter\n\nsleep(jitter(5))\n",
    ),
    "after an encoding on the second line": (
        "\n# coding: utf-8\nsleep(«5»)\n",
        "\n# coding: utf-8\nfrom bybit_lint.shim import jitter\n\nsleep(jitter(5))\n",
    ),
    "above the comment of the first statement": (
        "# a bot\n\n# wait\nsleep(«5»)\n",
        "# a bot\n\nfrom bybit_lint.shim import jitter\n\n# wait\nsleep(jitter(5))\n",
    ),
    "above the decorators of the first statement": (
        "@a\n@b\ndef f():\n    sleep(«5»)\n",
        "from bybit_lint.shim import jitter\n\n@a\n@b\ndef f():\n    sleep(jitter(5))\n",
    ),
    "before a line that does more than import": (
        "import time; time.sleep(«5»)\n",
        "from bybit_lint.shim import jitter\nimport time; time.sleep(jitter(5))\n",
    ),
    "between imports and a line that does more": (
        "import os\nimport time; time.sleep(«5»)\n",
        "import os\nfrom bybit_lint.shim import jitter\nimport time; time.sleep(jitter(5))\n",
    ),
    "after a line of several imports": (
        "import os; import time\ntime.sleep(«5»)\n",
        "import os; import time\nfrom bybit_lint.shim import jitter\ntime.sleep(jitter(5))\n",
    ),
    "not at all if it is there": (
        "from bybit_lint.shim import jitter\nsleep(«5»)\n",
        "from bybit_lint.shim import jitter\nsleep(jitter(5))\n",
    ),
    "not at all if it is there under another name": (
        "from bybit_lint.shim import jitter as spread\nsleep(«5»)\n",
        "from bybit_lint.shim import jitter as spread\nsleep(spread(5))\n",
    ),
    "again if the name it has there is used otherwise": (
        "from bybit_lint.shim import jitter as spread\nsleep(«5»)\ndef f(spread): ...\n",
        "from bybit_lint.shim import jitter as spread, jitter\nsleep(jitter(5))\ndef f(spread): ...\n",
    ),
    "again if it comes too late": (
        "sleep(«5»)\nfrom bybit_lint.shim import jitter\n",
        "from bybit_lint.shim import jitter\n\nsleep(jitter(5))\nfrom bybit_lint.shim import jitter\n",
    ),
    "again if only one function has it": (
        "import os\ndef f():\n    from bybit_lint.shim import jitter\n    jitter(1)\nsleep(«5»)\n",
        (
            "import os\nfrom bybit_lint.shim import jitter\n"
            "def f():\n    from bybit_lint.shim import jitter\n    jitter(1)\nsleep(jitter(5))\n"
        ),
    ),
    "again if only a type checker sees it": (
        "import os\nif TYPE_CHECKING:\n    from bybit_lint.shim import jitter\nsleep(«5»)\n",
        (
            "import os\nfrom bybit_lint.shim import jitter\n"
            "if TYPE_CHECKING:\n    from bybit_lint.shim import jitter\nsleep(jitter(5))\n"
        ),
    ),
    "beside a star": (
        "from bybit_lint.shim import *\nsleep(«5»)\n",
        "from bybit_lint.shim import *\nfrom bybit_lint.shim import jitter\nsleep(jitter(5))\n",
    ),
    "beside another package's module of that name": (
        "from .bybit_lint.shim import round_qty\nsleep(«5»)\n",
        "from .bybit_lint.shim import round_qty\nfrom bybit_lint.shim import jitter\nsleep(jitter(5))\n",
    ),
    "in the line that imports from there": (
        "from bybit_lint.shim import heartbeat  # pings\nsleep(«5»)\n",
        "from bybit_lint.shim import heartbeat, jitter  # pings\nsleep(jitter(5))\n",
    ),
    "in the line that imports from there and does more": (
        "from bybit_lint.shim import heartbeat; f()\nsleep(«5»)\n",
        "from bybit_lint.shim import heartbeat, jitter; f()\nsleep(jitter(5))\n",
    ),
    "in the brackets that import from there": (
        "from bybit_lint.shim import (heartbeat)\nsleep(«5»)\n",
        "from bybit_lint.shim import (heartbeat, jitter)\nsleep(jitter(5))\n",
    ),
    "on a line of its own in the brackets": (
        "from bybit_lint.shim import (\n    backoff,\n    heartbeat,  # pings\n)\nsleep(«5»)\n",
        "from bybit_lint.shim import (\n    backoff,\n    heartbeat,  # pings\n    jitter,\n)\nsleep(jitter(5))\n",
    ),
    "on a line of its own behind a single name": (
        "from bybit_lint.shim import (\n    heartbeat  # pings\n)\nsleep(«5»)\n",
        "from bybit_lint.shim import (\n    heartbeat,  # pings\n    jitter\n)\nsleep(jitter(5))\n",
    ),
    "behind a backslash": (
        "from bybit_lint.shim import backoff, \\\n    heartbeat\nsleep(«5»)\n",
        "from bybit_lint.shim import backoff, \\\n    heartbeat, jitter\nsleep(jitter(5))\n",
    ),
}


@rows(IMPORTED)
def test_the_helper_is_imported(before: str, after: str) -> None:
    assert fixed(before, jittered) == after


TAKEN = {
    "a function": "def jitter(x): ...\n",
    "an async function": "async def jitter(x): ...\n",
    "a class": "class jitter: ...\n",
    "a variable": "jitter = 3\n",
    "a parameter": "def f(jitter): ...\n",
    "a keyword parameter": "def f(*, jitter=1): ...\n",
    "a loop's variable": "for jitter in x: ...\n",
    "a comprehension's variable": "x = [jitter for jitter in y]\n",
    "a walrus": "x = (jitter := 1)\n",
    "an import": "import jitter\n",
    "an import of a part": "import jitter.core\n",
    "an alias": "import random as jitter\n",
    "an import from elsewhere": "from retry import jitter\n",
    "an import from the own package": "from .bybit_lint.shim import jitter\n",
    "another of our names": "from bybit_lint.shim import backoff as jitter\n",
    "an exception": "try: ...\nexcept E as jitter: ...\n",
    "a block's name": "with c() as jitter: ...\n",
    "a pattern": "match x:\n    case jitter: ...\n",
    "a pattern's rest": "match x:\n    case {**jitter}: ...\n",
    "a name in another function beside its import there": (
        "def f():\n    from bybit_lint.shim import jitter\ndef g():\n    jitter = 3\n"
    ),
    "what a star import may have brought": "from utils import *\njitter(3)\n",
}


@rows(TAKEN, "other")
def test_a_helper_whose_name_means_something_else_gets_another_name(other: str) -> None:
    after = fixed(f"import os\nsleep(«5»)\n{other}", jittered)
    assert after == f"import os\nfrom bybit_lint.shim import jitter as bybit_jitter\nsleep(bybit_jitter(5))\n{other}"


@pytest.mark.parametrize("other", ["x.jitter = 1\n", "f(jitter=1)\n", "# jitter\n", "x = 'jitter'\n"])
def test_a_name_that_is_no_variable_is_not_in_the_way(other: str) -> None:
    assert "sleep(jitter(5))\n" in fixed(f"import os\nsleep(«5»)\n{other}", jittered)


def test_the_other_name_is_found_again() -> None:
    code = "from bybit_lint.shim import jitter as bybit_jitter\njitter = 1\nsleep({})\n"
    assert fixed(code.format("«5»"), jittered) == code.format("bybit_jitter(5)")


def test_a_fix_without_a_free_name_is_refused() -> None:
    reason = refusal("jitter = bybit_jitter = 1\nsleep(«5»)\n", jittered)
    assert reason == "the names jitter and bybit_jitter mean something else in this file"


def test_the_helper_comes_from_the_vendored_shim() -> None:
    after = fixed("import os\nsleep(«5»)\n", jittered, shim="mybot.bybit_shim")
    assert after == "import os\nfrom mybot.bybit_shim import jitter\nsleep(jitter(5))\n"


def test_a_helper_of_another_library_comes_from_there() -> None:
    def wait_random(span: Span) -> Replace:
        return Replace(span, "wait_random", "{}(1, 2)", module="tenacity")

    after = fixed("from tenacity import retry, wait_fixed\n@retry(wait=«wait_fixed(2)»)\ndef f(): ...\n", wait_random)
    expected = "from tenacity import retry, wait_fixed, wait_random\n@retry(wait=wait_random(1, 2))\ndef f(): ...\n"
    assert after == expected


# --- whole modules ----------------------------------------------------------------------------------------------------


def slept(span: Span) -> Replace:
    return Replace(span, "asyncio.sleep", "{}(1)")


def joined(span: Span) -> Replace:
    return Replace(span, "os.path.join", "{}(a)")


WHOLE = {
    "a module": ("import time\n«x»\n", slept, "import time\nimport asyncio\nasyncio.sleep(1)\n"),
    "a module that is there": ("import asyncio\n«x»\n", slept, "import asyncio\nasyncio.sleep(1)\n"),
    "a module under another name": ("import asyncio as aio\n«x»\n", slept, "import asyncio as aio\naio.sleep(1)\n"),
    "the name itself": ("from asyncio import sleep\n«x»\n", slept, "from asyncio import sleep\nsleep(1)\n"),
    "the name itself under another": (
        "from asyncio import sleep as nap\n«x»\n",
        slept,
        "from asyncio import sleep as nap\nnap(1)\n",
    ),
    "another name of the module": (
        "from asyncio import run\n«x»\n",
        slept,
        "from asyncio import run\nimport asyncio\nasyncio.sleep(1)\n",
    ),
    "the name itself, which is used otherwise": (
        "from asyncio import sleep\n«x»\ndef f(sleep): ...\n",
        slept,
        "from asyncio import sleep\nimport asyncio\nasyncio.sleep(1)\ndef f(sleep): ...\n",
    ),
    "a function's own import before it": (
        "def f():\n    import asyncio\n    if a:\n        «x»\n",
        slept,
        "def f():\n    import asyncio\n    if a:\n        asyncio.sleep(1)\n",
    ),
    "a function's own import behind it": (
        "import os\ndef f():\n    «x»\n    import asyncio\n",
        slept,
        ("import os\nimport asyncio as bybit_asyncio\ndef f():\n    bybit_asyncio.sleep(1)\n    import asyncio\n"),
    ),
    "a function's own import on another way": (
        "import asyncio\ndef f():\n    if a:\n        import asyncio\n    «x»\n",
        slept,
        (
            "import asyncio\nimport asyncio as bybit_asyncio\n"
            "def f():\n    if a:\n        import asyncio\n    bybit_asyncio.sleep(1)\n"
        ),
    ),
    "another function's import": (
        "import os\ndef f():\n    import asyncio\ndef g():\n    «x»\n",
        slept,
        "import os\nimport asyncio\ndef f():\n    import asyncio\ndef g():\n    asyncio.sleep(1)\n",
    ),
    "a class's import, which its methods do not see": (
        "import os\nclass A:\n    import asyncio\n    def f():\n        «x»\n",
        slept,
        "import os\nimport asyncio\nclass A:\n    import asyncio\n    def f():\n        asyncio.sleep(1)\n",
    ),
    "an import in a block around it": (
        "if a:\n    import asyncio\n    «x»\n",
        slept,
        "if a:\n    import asyncio\n    asyncio.sleep(1)\n",
    ),
    "an import that may have failed": (
        "import os\ntry:\n    import asyncio\nexcept E:\n    «x»\n",
        slept,
        "import os\nimport asyncio\ntry:\n    import asyncio\nexcept E:\n    asyncio.sleep(1)\n",
    ),
    "a name that means something else": (
        "import trio as asyncio\n«x»\n",
        slept,
        "import trio as asyncio\nimport asyncio as bybit_asyncio\nbybit_asyncio.sleep(1)\n",
    ),
    "a module in a package": ("import re\n«x»\n", joined, "import re\nimport os.path\nos.path.join(a)\n"),
    "a module in a package that is there": (
        "import os, os.path\n«x»\n",
        joined,
        "import os, os.path\nos.path.join(a)\n",
    ),
    "a module in a package under its own name": (
        "from os import path\n«x»\n",
        joined,
        "from os import path\npath.join(a)\n",
    ),
    "a module in a package whose name means something else": (
        "os = 1\n«x»\n",
        joined,
        "import os.path as bybit_os_path\n\nos = 1\nbybit_os_path.join(a)\n",
    ),
}


@rows(WHOLE, "before", "verb", "after")
def test_a_dotted_helper_is_reached_through_its_module(before: str, verb: Asked, after: str) -> None:
    assert fixed(before, verb) == after


def test_whole_modules_are_imported_before_single_names() -> None:
    after = fixed("import re\n«a»\nf(«b»)\n«c»\n", joined, jittered, slept)
    assert after == (
        "import re\nimport asyncio\nimport os.path\nfrom bybit_lint.shim import jitter\n"
        "os.path.join(a)\nf(jitter(b))\nasyncio.sleep(1)\n"
    )


# --- builtins ---------------------------------------------------------------------------------------------------------


def text(span: Span) -> Wrap:
    return Wrap(span, "str", module="builtins")


def test_a_builtin_needs_no_import() -> None:
    assert fixed("order(«qty»)\nprint(str(1))\n", text) == "order(str(qty))\nprint(str(1))\n"


@pytest.mark.parametrize("other", ["str = repr\n", "def f(str): ...\n", "from a import b as str\n"])
def test_a_builtin_whose_name_means_something_else_is_not_called(other: str) -> None:
    assert refusal(f"order(«qty»)\n{other}", text) == "the name str means something else in this file"
