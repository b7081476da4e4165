"""What a 10004 shows of the text that Bybit checked the signature against, without ever repeating it."""

from __future__ import annotations

from bybit_lint.patterns import regex

ORIGIN = "origin_string["
ENDS = ('"', "'", " sign_string", " (ErrCode", "\n")
"""What may stand behind the bracket at its end; inside of it brackets are followed by commas and braces."""
LONGEST = 10_000
SPACED = regex(r"[\"\d}\]el][,:] [\"\d{\[tfn]")
"""A blank behind a comma or a colon of JSON, as json.dumps() writes it unless told otherwise."""
BLANKS = (
    "the body that Bybit received has blanks behind its commas and colons: if another spelling was signed, sign the "
    "very text that is sent, and send it with data="
)
BEFORE_V5 = regex(r"api_key=|^symbol=|&timestamp=")


def story(text: str) -> tuple[str, str] | None:
    """What the origin_string of a text of Bybit's proves, as a sentence and a rule; None where it proves nothing."""
    _, is_told, rest = text[: 2 * LONGEST].replace('\\"', '"').partition(ORIGIN)
    if not is_told:
        return None
    origin = rest[: min(filter(None, (rest.find(f"]{end}") + 1 for end in ENDS)), default=LONGEST)]
    if BEFORE_V5.search(origin):
        return "the request is signed as before V5, with the key among the parameters", "BYB407"
    if SPACED.search(origin):
        return BLANKS, "BYB406"
    return None


def without_origin(text: str) -> str:
    """The text without what was signed, in which the key stands."""
    said, is_told, _ = text.partition(ORIGIN)
    return f"{said}{ORIGIN}...]" if is_told else said
