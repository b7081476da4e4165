"""The script that compares our tables with Bybit's documentation sees what has come, gone and changed in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import documentation
import drift
import pytest

ERRORS = """\
## UTA
|Code |Description |
|:----:|:-----|
| 10001 |Request parameter error|
|~~10018~~|~~Exceeded the IP Rate Limit.~~ |
|[404](../pilot)|Cannot find &amp; path. <a href="x">Really</a>|

### Reward
| 10001 | **invalid** parameter|
"""
SAID = {
    "10001": "UTA: Request parameter error; Reward: invalid parameter",
    "10018": "UTA: Exceeded the IP Rate Limit. (struck out)",
    "404": "UTA: Cannot find & path. Really",
}
PARROTS = """\
<APIEndpoint method="GET" url="/v5/parrot/list" />

A span of `endTime` - `startTime` is at most 3 days.

### Request Parameters
| Parameter | Required | Type | Comments|
|:----- |:-------|:-----|------ |
|[kind](../enum#kind) |**true** |string |`grey`, `green` |
|limit |false |int |How many: [`1`, `20`] or [`1`, `50`]. Default: `20`|
|startTime |*false* |long |From when (ms), a range as [1, 9]|
|cages |false |array of objects | |
|> door |false |string | |
"""
ANSWER = """\
<APIEndpoint method="GET" url="/v5/parrot/list" />

### Response Parameters
| Parameter | Type | Comments|
|:----- |:-----|----- |
|list |array |Object |
|> [name](../enum#name) |String |What it is called |
|>> deep |int64 |Not an item of name |
|> seeds |array |Pairs |
|>> seeds[0]: kind |string | |

<table>
    <tr><th>Parameter</th><th>Type</th></tr>
    <tr><td>list</td><td>array</td></tr>
    <tr><td>> <a href="x">colour</a></td><td>array&lt;int&gt;</td></tr>
</table>

```json
{"list": [{"nickname": "Polly"}]}
```
"""
TOPICS = """\
Level 1 data, push frequency: **10ms**<br/>
Level 50 data, push frequency: **20ms**<br/>

**Topic:**<br/>
`seedbook.{depth}.{symbol}` e.g., seedbook.1.SEED
"""
INTERVALS = """\
* `1` `30` (min)
* `D` (day)

**All-In-One Topic:** `feather`<br/>
**Categorised Topic:** `feather.grey`, `moult.{interval}.{symbol}`

`other.{symbol}` is no topic.
"""
DEMO = """\
<APIEndpoint method="POST" url="/v5/parrot/feed" />
<table>
    <tr><th>Cateogory</th><th>Title</th><th>Endpoint</th></tr>
    <tr><td rowSpan="2">Market</td><td>All</td><td>all endpoints</td></tr>
    <tr><td><a href="/v5/parrots">Parrots</a></td><td>/v5/parrot/every (grey,green)</td></tr>
    <tr><td>WS Private</td><td>feather</td><td>/v5/private</td></tr>
</table>
"""
RATES = """\
<table>
    <tr><th>Method</th><th>Path</th><th colSpan="4">UTA</th><th>upgradable</th></tr>
    <tr><th>inverse</th><th>linear</th><th>option</th><th>spot</th></tr>
    <tr>
        <td rowSpan="2">POST</td><td>/v5/parrot/feed</td><td colSpan="2" align="center">10/s</td><td>-</td><td>20/s</td>
        <td>Y</td>
    </tr>
    <tr><td>/v5/order/create-batch</td><td>-</td><td>8/s</td><td>9/s</td><td>7/s</td><td>Y</td></tr>
    <tr><td>/v5/parrot/none</td><td colSpan="4">1/s</td><td>N</td></tr>
</table>
<table>
    <tr><td>GET</td><td>/v5/parrot/list</td><td>kind=grey</td><td>5/s</td><td>N</td></tr>
    <tr><td>/v5/parrot/check</td><td>60 req/min</td><td>N</td></tr>
</table>
"""
ROWS: Mapping[str, Sequence[Sequence[str]]] = {
    "documented_codes": [(code, said, "", "") for code, said in SAID.items()],
    "parameters": [
        ("/v5/parrot/list kind", "docs", "string", "grey|green", f"{documentation.SITE}v5/parrots", ""),
        ("/v5/parrot/list limit", "no", "integer", "1..50", f"{documentation.SITE}v5/parrots", ""),
        ("/v5/parrot/list startTime", "pybit", "integer", "-", f"{documentation.SITE}v5/parrots", ""),
        ("/v5/parrot/list cages", "no", "array", "-", f"{documentation.SITE}v5/parrots", ""),
        ("/v5/parrot/list >door", "no", "string", "-", f"{documentation.SITE}v5/parrots", ""),
        ("/v5/parrot/check kind", "yes", "string", "-", f"{documentation.SITE}v5/check", ""),
        ("/v5/parrot/list secret", "yes", "string", "-", "pybit 5.17.0", ""),
    ],
    "answer_schema": [
        ("/v5/parrot/list result.list", "array", "-", f"{documentation.SITE}v5/answers", ""),
        ("/v5/parrot/list result.list.*.name", "string", "-", f"{documentation.SITE}v5/answers", ""),
        ("/v5/parrot/list result.list.*.name.deep", "integer", "-", f"{documentation.SITE}v5/answers", ""),
        ("/v5/parrot/list result.list.*.seeds", "array", "-", f"{documentation.SITE}v5/answers", ""),
        ("/v5/parrot/list result.list.*.seeds.*.*", "string", "-", f"{documentation.SITE}v5/answers", ""),
        ("/v5/parrot/list result.list.*.colour", "array", "-", f"{documentation.SITE}v5/answers", ""),
        (
            "/v5/parrot/list result.list.*.nickname",
            "string",
            "-",
            f"{documentation.SITE}v5/answers{drift.EXAMPLE}",
            "",
        ),
    ],
    "demo_endpoints": [
        ("/v5/market/*", "-", "", ""),
        ("/v5/parrot/every", "grey,green", "", ""),
        ("/v5/parrot/feed", "-", "", ""),
        ("/v5/parrot/list", "grey,green", "", ""),
    ],
    "given_up": [("/v5/parrot/list", "-", "", "-", f"{documentation.SITE}v5/abandon/parrots", "")],
    "topics": [
        ("grey/seedbook", "depth", "1", "symbol", "", ""),
        ("green/seedbook", "depth", "50", "symbol", "", ""),
        ("private/feather", "-", "-", "-", "", ""),
        ("private/moult", "interval", "1,30,D", "symbol", "", ""),
    ],
    "time_ranges": [("/v5/parrot/list", "3", "", "")],
    "pages": [("/v5/parrot/list", "20", "50", "-", f"{documentation.SITE}v5/parrots", "")],
    "rate_limits": [
        ("/v5/order/create-batch", "8 orders", "9", "7 orders", "", ""),
        ("/v5/parrot/check", *["60 a minute"] * 3, "", ""),
        ("/v5/parrot/feed", "10", "-", "20", "", ""),
        ("/v5/parrot/list", *"555", "", ""),
    ],
}
PAGES = {
    "error": ERRORS,
    "parrots": PARROTS,
    "check": "### Request Parameters\nrefer to [the list](../only-kind#request-parameters)\n",
    "only-kind": "### Request Parameters\n|kind |**ture** |string | |\n",
    "answers": ANSWER,
    "demo": DEMO,
    "abandon/parrots": PARROTS.replace("(ms)", "(s)"),
    "rate-limit/rate-limit": RATES,
    "websocket/public/seedbook": TOPICS,
    "websocket/private/feather": INTERVALS,
}


PARAMETERS = "parameters: /v5/parrot/list"
FIELDS = "answer_schema: /v5/parrot/list result.list"
SAME = "{0} linear, {0} option, {0} spot"
ABANDONED = f"{documentation.SITE}v5/abandon/parrots"
CHANGES: list[tuple[str, str, str, list[str]]] = [
    (
        "error",
        "Request parameter error|\n|~~10018",
        "Bad|\n|~~10019",
        [
            f"documented_codes: 10001: {SAID['10001']} -> UTA: Bad; Reward: invalid parameter",
            f"documented_codes: 10018: {SAID['10018']} -> gone",
            f"documented_codes: 10019: new -> {SAID['10018']}",
        ],
    ),
    (
        "parrots",
        "|**true** |string |`grey`",
        "|false |string |`grey`",
        [f"{PARAMETERS} kind: required string -> optional string"],
    ),
    (
        "parrots",
        "|cages |false |array of",
        "|cages |false |object of",
        [f"{PARAMETERS} cages: optional array -> optional object"],
    ),
    (
        "parrots",
        "|> door",
        "|> gate",
        [f"{PARAMETERS} >door: optional string -> gone", f"{PARAMETERS} >gate: new -> optional string"],
    ),
    (
        "parrots",
        "[`1`, `50`]",
        "[`1`, `30`]",
        [
            f"{PARAMETERS} limit: optional integer up to 50 -> optional integer up to 30",
            "pages: /v5/parrot/list: 20 of 50 -> 20 of 30",
        ],
    ),
    ("parrots", "at most 3 days", "at most 4 days", ["time_ranges: /v5/parrot/list: 3 -> 4"]),
    (
        "only-kind",
        "kind",
        "sort",
        [
            "parameters: /v5/parrot/check kind: required string -> gone",
            "parameters: /v5/parrot/check sort: new -> required string",
        ],
    ),
    ("answers", ">> deep", "> deep", [f"{FIELDS}.*.deep: new -> integer", f"{FIELDS}.*.name.deep: integer -> gone"]),
    ("answers", '"x">colour', '"x">hue', [f"{FIELDS}.*.colour: array -> gone", f"{FIELDS}.*.hue: new -> array"]),
    ("answers", "nickname", "surname", [f"{FIELDS}.*.nickname: string -> gone"]),
    (
        "demo",
        "(grey,green)",
        "(grey)",
        [f"demo_endpoints: /v5/parrot/{end}: grey,green -> grey" for end in ("every", "list")],
    ),
    (
        "demo",
        "/v5/parrot/feed",
        "/v5/parrot/water",
        ["demo_endpoints: /v5/parrot/feed: - -> gone", "demo_endpoints: /v5/parrot/water: new -> -"],
    ),
    (
        "abandon/parrots",
        "/v5/parrot/list",
        "/v5/parrot/old",
        [f"given_up: /v5/parrot/list: {ABANDONED} -> gone", f"given_up: /v5/parrot/old: new -> {ABANDONED}"],
    ),
    (
        "rate-limit/rate-limit",
        "10/s</td><td>-",
        "12/s</td><td>1/s",
        ["rate_limits: /v5/parrot/feed: 10 linear, - option, 20 spot -> 12 linear, 1 option, 20 spot"],
    ),
    (
        "rate-limit/rate-limit",
        "<td>5/s",
        "<td>300 req/min",
        [f"rate_limits: /v5/parrot/list: {SAME.format('5')} -> {SAME.format('300 a minute')}"],
    ),
    (
        "rate-limit/rate-limit",
        "/v5/order/create-batch",
        "/v5/order/create-many",
        ["rate_limits: /v5/order/create-batch: 8 orders linear, 9 option, 7 orders spot -> gone"],
    ),
    ("websocket/public/seedbook", "Level 50", "Level 25", ["topics: seedbook: 1,50 -> 1,25"]),
    ("websocket/private/feather", "`30` (min)", "`30` `60` (min)", ["topics: moult: 1,30,D -> 1,30,60,D"]),
    (
        "websocket/private/feather",
        "`feather`<br/>\n**Categorised Topic:** `feather.grey`",
        "`plume`",
        ["topics: feather: - -> gone", "topics: plume: new -> -"],
    ),
]


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small documentation, and the tables that were made of it."""
    for name, text in PAGES.items():
        write(tmp_path, name, text)
    monkeypatch.setattr(drift, "rows", lambda table: iter(ROWS[table]))
    return tmp_path


def write(docs: Path, name: str, text: str) -> None:
    page = docs / "docs" / "v5" / f"{name}.mdx"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text)


def told(docs: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the script prints; it says by its exit code whether that is anything."""
    code = drift.main([str(docs)])
    lines = capsys.readouterr().out.splitlines()
    assert code == bool(lines)
    return lines


def test_the_documentation_that_the_tables_are_of_says_nothing(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(docs, capsys) == []
    for table in drift.COMPARED:
        assert table.now(documentation.Documentation(docs)), f"{table.name} is compared with nothing"


@pytest.mark.parametrize(("page", "old", "new", "said"), CHANGES)
def test_what_has_changed_is_told(
    page: str, old: str, new: str, said: list[str], docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in PAGES[page]
    write(docs, page, PAGES[page].replace(old, new))
    assert told(docs, capsys) == said


def test_a_page_that_is_gone_takes_its_rows_with_it(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docs / "docs/v5/only-kind.mdx").unlink()
    (docs / "docs/v5/check.mdx").unlink()
    assert told(docs, capsys) == ["parameters: /v5/parrot/check kind: required string -> gone"]


def test_what_a_page_calls_kept_is_not_given_up(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(docs, "abandon/kept", f'<APIEndpoint method="POST" url="{drift.GivenUp.kept[0]}" />')
    assert told(docs, capsys) == []


def test_one_row_of_an_endpoint_brings_in_what_its_page_says_and_old_values_stay(
    docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = f"{documentation.SITE}v5"
    stub = ("/v5/parrot/list stub", "x", "-", f"{site}/answers", "")
    valued = ("/v5/parrot/list result.list.*.name", "string", "Polly,Coco", f"{site}/answers", "")
    silent = ("/v5/parrot/hush stub", "x", "-", f"{site}/hush", "")
    write(docs, "hush", "### Response Parameters\nNone\n")
    monkeypatch.setattr(drift, "rows", lambda _: iter([stub, valued, silent]))
    monkeypatch.setattr(drift, "TABLES", docs)
    (docs / "answer_schema.tsv").write_text("field\ttype\tvalues\tsource\tdate\n")
    assert drift.main([str(docs), "--write", "answer_schema", "2026-07-24"]) == 0
    assert (docs / "answer_schema.tsv").read_text().splitlines() == [
        "field\ttype\tvalues\tsource\tdate",
        f"/v5/parrot/hush result\tempty\t-\t{site}/hush\t2026-07-24",
        f"/v5/parrot/list result.list\tarray\t-\t{site}/answers\t2026-07-24",
        f"/v5/parrot/list result.list.*.colour\tarray\t-\t{site}/answers\t2026-07-24",
        f"/v5/parrot/list result.list.*.name\tstring\tPolly,Coco\t{site}/answers\t2026-07-24",
        f"/v5/parrot/list result.list.*.name.deep\tinteger\t-\t{site}/answers\t2026-07-24",
        f"/v5/parrot/list result.list.*.seeds\tarray\t-\t{site}/answers\t2026-07-24",
        f"/v5/parrot/list result.list.*.seeds.*.*\tstring\t-\t{site}/answers\t2026-07-24",
    ]


def test_the_table_of_codes_is_made_anew(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "TABLES", docs)
    (docs / "documented_codes.tsv").write_text("code\tsaid\tsource\tdate\n")
    assert drift.main([str(docs), "--write", "documented_codes", "2026-07-24"]) == 0
    header, *lines = (docs / "documented_codes.tsv").read_text().splitlines()
    assert header == "code\tsaid\tsource\tdate"
    url = f"{documentation.SITE}v5/error"
    assert lines == [f"{code}\t{SAID[code]}\t{url}\t2026-07-24" for code in ("404", "10001", "10018")]
