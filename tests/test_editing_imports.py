"""A helper's import goes where a person would have put it, under a name that is free."""

from __future__ import annotations

import pytest
from marks import fixed, jittered, refusal

from bybit_lint.vocabulary import Replace, Span

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


@pytest.mark.parametrize(("before", "after"), IMPORTED.values(), ids=IMPORTED)
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


@pytest.mark.parametrize("other", TAKEN.values(), ids=TAKEN)
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
