"""Whether what a project sends is sent as its HTTP library sends it."""

from __future__ import annotations

import pytest
from evaluating import Written

from bybit_lint.analysis.traffic import http_clients

GIVEN = "import requests\nfrom requests.adapters import HTTPAdapter\nfrom outside import Adapter, mount, x\n"


@pytest.mark.parametrize(
    ("code", "is_plain"),
    [
        ("requests.get(x)", True),
        ("session = requests.Session()\nsession.mount('https://', HTTPAdapter())", True),
        ("session = requests.Session()\nsession.mount('https://', requests.adapters.HTTPAdapter(5))", True),
        ("session = requests.Session()\nsession.mount('https://', Adapter())", False),
        ("x.mount('http://', HTTPAdapter())\nx.mount('https://', Adapter())", False),
        ("x.mount('http://', Adapter())\nx.mount('https://', HTTPAdapter())", False),
        ("x.mount(Adapter())", True),
        ("x.mount('https://', Adapter(), 5)", True),
        ("mount('https://', x)", False),
        ("session = requests.Session()\nsession.request = x", False),
        ("session = requests.Session()\nsession.post = x", False),
        ("requests.Session.send = x", False),
        ("session = requests.Session()\nsession.headers = x", True),
        ("x.other = 1\nx.get = 2", False),
    ],
)
def test_nothing_changes_what_is_sent(code: str, is_plain: bool) -> None:
    assert http_clients.is_plain(Written(GIVEN + code).program.evaluator) is is_plain
