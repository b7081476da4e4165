"""The words everything else is said in: places, values, the trading nouns, findings and fixes.

Checks see only these nouns; they never see syntax. A property called `is_...` is True only if it is proven from the
code itself: unknown is False, and so is the proven opposite.
"""

from __future__ import annotations

from typing import TypeAlias

from bybit_lint.vocabulary.answers import CandleUse, Dead, ErrorTest, Reading, Response
from bybit_lint.vocabulary.arguments import Break, BrokenCall, Misnamed, Missing, Misvalued
from bybit_lint.vocabulary.coroutines import Blocking
from bybit_lint.vocabulary.credentials import Credential
from bybit_lint.vocabulary.dependencies import Defect, Dependency, Pinning
from bybit_lint.vocabulary.findings import Finding, Repair, Severity
from bybit_lint.vocabulary.fixes import (
    Bind,
    CallFirst,
    Fix,
    RemoveArgument,
    RemoveStatement,
    Rename,
    Replace,
    Rewrite,
    SetArgument,
    Unwrap,
    Verb,
    Wrap,
)
from bybit_lint.vocabulary.grids import OffGrid
from bybit_lint.vocabulary.instruments import FilterField
from bybit_lint.vocabulary.legacy import Legacy, LegacyUse
from bybit_lint.vocabulary.orders import Order, Request
from bybit_lint.vocabulary.payloads import Difference, Payload
from bybit_lint.vocabulary.places import Related, Span
from bybit_lint.vocabulary.resends import Resend
from bybit_lint.vocabulary.ret_codes import of_categories
from bybit_lint.vocabulary.retries import Retry
from bybit_lint.vocabulary.roundings import Misrounding, Rounding
from bybit_lint.vocabulary.sessions import Flaw, Misfit, Mixture, Named, Network, Session, TextFlag
from bybit_lint.vocabulary.settings import AccountSetting, Misuse, RetrySetting
from bybit_lint.vocabulary.signatures import Signature
from bybit_lint.vocabulary.sockets import Socket
from bybit_lint.vocabulary.streams import Dispatch, Handler, Setting, Stream, Subscription
from bybit_lint.vocabulary.swallows import Swallow
from bybit_lint.vocabulary.timestamps import TIMES, Reuse, Timestamp
from bybit_lint.vocabulary.trust import Unchecked
from bybit_lint.vocabulary.values import Argument, Kind, Literal, Origin, Value
from bybit_lint.vocabulary.versions import Versions
from bybit_lint.vocabulary.windows import Window, WindowPlace

Noun: TypeAlias = (
    Session
    | Dependency
    | LegacyUse
    | Request
    | Order
    | Misnamed
    | Misvalued
    | Missing
    | BrokenCall
    | Socket
    | Retry
    | Signature
    | ErrorTest
    | Reading
    | CandleUse
    | Response
    | Blocking
    | Credential
    | Stream
    | Subscription
    | Handler
    | Dispatch
    | Resend
    | Timestamp
    | Window
    | Unchecked
    | FilterField
    | OffGrid
    | Rounding
    | Payload
    | Mixture
    | Swallow
    | RetrySetting
    | AccountSetting
)

__all__ = [
    "TIMES",
    "AccountSetting",
    "Argument",
    "Bind",
    "Blocking",
    "Break",
    "BrokenCall",
    "CallFirst",
    "CandleUse",
    "Credential",
    "Dead",
    "Defect",
    "Dependency",
    "Difference",
    "Dispatch",
    "ErrorTest",
    "FilterField",
    "Finding",
    "Fix",
    "Flaw",
    "Handler",
    "Kind",
    "Legacy",
    "LegacyUse",
    "Literal",
    "Misfit",
    "Misnamed",
    "Misrounding",
    "Missing",
    "Misuse",
    "Misvalued",
    "Mixture",
    "Named",
    "Network",
    "Noun",
    "OffGrid",
    "Order",
    "Origin",
    "Payload",
    "Pinning",
    "Reading",
    "Related",
    "RemoveArgument",
    "RemoveStatement",
    "Rename",
    "Repair",
    "Replace",
    "Request",
    "Resend",
    "Response",
    "Retry",
    "RetrySetting",
    "Reuse",
    "Rewrite",
    "Rounding",
    "Session",
    "SetArgument",
    "Setting",
    "Severity",
    "Signature",
    "Socket",
    "Span",
    "Stream",
    "Subscription",
    "Swallow",
    "TextFlag",
    "Timestamp",
    "Unchecked",
    "Unwrap",
    "Value",
    "Verb",
    "Versions",
    "Window",
    "WindowPlace",
    "Wrap",
    "of_categories",
]
