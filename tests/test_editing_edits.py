"""Edits are put in without another byte of the file changing."""

from __future__ import annotations

import pytest
from marks import Asked, jittered, marked, ping_behind, ping_inside, rounded, to_testnet

from bybit_lint.analysis.source import BOM, Source
from bybit_lint.fixing.editing.edits import difference
from bybit_lint.fixing.editor import Edit, Refused, edits, overlaps, splice
from bybit_lint.vocabulary import Fix, Wrap

BOT = (
    "import os\n"
    "s = «HTTP(\n"
    "\tk=b,\n"
    ")»\n"
    "if s:\n"
    "\t«with c() as ws:\n"
    "\t\t# é\n"
    "\t\torder('é', «str(\n"
    "\t\t\tq)»)»\n"
    "\t«ws = 1»"
)
FIXED_BOT = (
    "import os\n"
    "from bybit_lint.shim import heartbeat, round_qty\n"
    "s = HTTP(\n"
    "\tk=b,\n"
    "\ttestnet=True,\n"
    ")\n"
    "if s:\n"
    "\twith c() as ws:\n"
    "\t\theartbeat(ws)\n"
    "\t\t# é\n"
    "\t\torder('é', "
    'round_qty(session, "linear", q))\n'
    "\tws = 1\n"
    "\theartbeat(ws)"
)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("head", "encoding", "bom"),
    [("", "utf-8", b""), ("", "utf-8", BOM), ("# coding: utf-8\n", "utf-8", BOM)]
    + [(f"# -*- coding: {encoding} -*-\n", encoding, b"") for encoding in ("latin-1", "cp1252", "utf8", "koi8-r")],
)
def test_encoding_bom_line_ends_and_tabs_stay(head: str, encoding: str, bom: bytes, end: str) -> None:
    letter = "ж" if encoding == "koi8-r" else "é"
    before, after = ((head + text).replace("\n", end).replace("é", letter) for text in (BOT, FIXED_BOT))
    source, spans = marked(before, encoding, bom)
    asked: list[Asked] = [to_testnet, ping_inside, rounded, ping_behind]
    verbs = [verb(span) for verb, span in zip(asked, spans, strict=True)]
    assert splice(source, edits(source, Fix("all", tuple(verbs)))) == bom + after.encode(encoding)


def test_a_text_that_the_encoding_lacks_is_refused() -> None:
    source, [span] = marked("# coding: latin-1\nx = «1»\n", "latin-1")
    fix = Fix("wrap", (Wrap(span, "jitter", ("'→'",)),))
    with pytest.raises(Refused, match="the result cannot be written in the file's encoding, iso-8859-1"):
        edits(source, fix)


def test_an_encoding_that_would_write_other_bytes_elsewhere_is_refused() -> None:
    data = b"# coding: iso2022_jp\nx = '\x1b(B\x1b(B'\ny = 1\n"  # to ASCII, and again to ASCII
    source = Source("bot.py", data)
    place = source.body.index(b"1\n")
    with pytest.raises(Refused, match="cannot be written back in iso2022_jp byte for byte"):
        splice(source, [Edit(place, place + 1, "2")])


def test_edits_are_put_in_from_any_order() -> None:
    source = Source("bot.py", b"abcdef")
    assert splice(source, [Edit(4, 5, "E"), Edit(0, 1, ""), Edit(2, 2, "--"), Edit(4, 5, "E")]) == b"b--cdEf"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Edit(0, 2, "a"), Edit(2, 4, "b"), False),
        (Edit(0, 3, "a"), Edit(2, 4, "b"), True),
        (Edit(0, 9, "a"), Edit(2, 4, "b"), True),
        (Edit(0, 9, "a"), Edit(0, 9, "a"), False),
        (Edit(0, 9, "a"), Edit(0, 9, "b"), True),
        (Edit(3, 3, "a"), Edit(3, 3, "b"), True),
        (Edit(3, 3, "a"), Edit(3, 3, "a"), False),
        (Edit(3, 3, "a"), Edit(3, 5, "b"), False),
        (Edit(3, 3, "a"), Edit(1, 3, "b"), False),
        (Edit(3, 3, "a"), Edit(1, 5, "b"), True),
    ],
)
def test_edits_overlap_if_only_one_can_be_made(one: Edit, other: Edit, expected: bool) -> None:
    assert overlaps(one, other) is overlaps(other, one) is expected
    if expected:
        with pytest.raises(ValueError, match=r"bot\.py: edits overlap"):
            splice(Source("bot.py", b"0123456789"), [one, other])


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("é(a  # ü\n)", "é(a, b  # ü\n)", Edit(9, 9, ", b")),
        ("éa", "ab", Edit(5, 8, "ab")),
        ("aa", "aaa", Edit(7, 7, "a")),
        ("a é b", "a ü b", Edit(7, 9, "ü")),
    ],
)
def test_a_difference_leaves_what_both_texts_begin_and_end_with(old: str, new: str, expected: Edit) -> None:
    assert difference(5, old, new) == expected


def test_the_edits_of_a_fix_are_as_small_as_they_can_be() -> None:
    source, spans = marked("import é\ns = «HTTP(k=b)»\nx = «qty»\n")
    fix = Fix("two", (to_testnet(spans[0]), jittered(spans[1])))
    assert edits(source, fix) == [
        Edit(9, 9, "\nfrom bybit_lint.shim import jitter"),
        Edit(22, 22, ", testnet=True"),
        Edit(28, 31, "jitter(qty)"),
    ]
