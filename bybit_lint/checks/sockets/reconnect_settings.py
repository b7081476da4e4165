"""A stream is left its own retries, restarts and pings."""

from collections.abc import Iterator

from bybit_lint.rule import Rule
from bybit_lint.vocabulary import Finding, Stream

RULE = Rule("BYB508", __name__, severity="warning")


@RULE.on(Stream)
def check(stream: Stream) -> Iterator[Finding]:
    for setting in stream.harmful:
        yield Finding(
            setting.written,
            f"{setting.effect}; leave it out",
            fix=stream.by_default(setting),
            not_fixed="" if stream.by_default(setting) else "the setting is not written in the call",
        )
