"""What a number is that is read from outside the code: an answer, a setting, a request, a data frame."""

from __future__ import annotations

from bybit_lint.analysis.domains import frames, raw_answers
from bybit_lint.analysis.domains.frames import Cell, Frames
from bybit_lint.analysis.domains.web_requests import WebRequests
from bybit_lint.analysis.values.evaluator import Evaluator
from bybit_lint.analysis.values.terms import Access, Term, qualified_name, read_key, spine
from bybit_lint.knowledge import aggregates
from bybit_lint.tuples import NamedTuple
from bybit_lint.vocabulary import Kind

ENVIRONMENT = (
    "os.environ",
    "os.getenv",
    "configparser.",
    "dotenv.",
    "decouple.",
    "environs.",
    "argparse.",
    "yaml.",
    "toml",
    "dynaconf.",
    "hydra.",
    "omegaconf.",
)
QT = ("PyQt5", "PyQt6", "PySide2", "PySide6")
FIELDS = ("QLineEdit", "QSpinBox", "QDoubleSpinBox", "QInputDialog")
TYPED = (
    "sys.argv",
    "builtins.input()",
    "streamlit.text_input()",
    "streamlit.number_input()",
    "click.prompt()",
    "typer.prompt()",
    "docopt.docopt()",
    "tkinter.Entry()",
    "tkinter.Spinbox()",
    "tkinter.simpledialog.",
    "getpass.getpass()",
    *(f"{of}.QtWidgets.{field}()" for of in QT for field in FIELDS),
    *("customtkinter.CTkEntry()", "customtkinter.CTkInputDialog()"),
)
"""Whoever runs the bot decides on the number, as in a setting."""
EXCHANGE = ("pybit.", "ccxt.", "pybybit.", "bybit_p2p.", "bybit.bybit()")
CUT_OUT = tuple(f"re.{of}{how}()" for of in ("", "compile().") for how in ("search", "match", "fullmatch", "findall"))
"""Somebody wrote the text that a number is cut out of."""
MEANS = (".mean", ".std", ".var", ".ewm")
"""Methods of a data frame's columns that give no number of it."""
AVERAGING = ("statistics.mean", "statistics.fmean", "statistics.stdev", "numpy.mean", "numpy.average", "numpy.std")
INDICATORS = tuple(f"talib.{name}" for name in ("SMA", "EMA", "WMA", "ATR", "NATR", "STDDEV", "BBANDS", "KAMA"))


class Source(NamedTuple):
    """Where a number is read, as the kind it has from there."""

    kind: Kind
    note: str = ""


class NumberSources:
    """Answers what a number is that the code only reads."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.requests = WebRequests(evaluator)
        self.frames = evaluator.helper(Frames)

    def of(self, term: Term) -> Source:
        """The kind of a term that stands for something outside the code."""
        name = qualified_name(term) or ""
        if name.startswith(EXCHANGE) or (name.startswith(raw_answers.ROOTS) and raw_answers.are_in(term)):
            what = aggregates.what(read_key(term))
            return Source(Kind.AGGREGATE, what) if what else Source(Kind.EXCHANGE)
        if name.startswith((*ENVIRONMENT, *TYPED)):
            return Source(Kind.CONFIG)
        if name.startswith(CUT_OUT) or self.requests.bring(term):
            return Source(Kind.OUTSIDE)
        if is_mean(term, name):
            return Source(Kind.ARITHMETIC)
        cell = self.frames.cell(term) if name.startswith(frames.ROOTS) else None
        return self._in_frame(cell) if cell is not None else Source(Kind.UNKNOWN)

    def _in_frame(self, cell: Cell) -> Source:
        """What is in a frame that is made of something of Bybit's."""
        if self.of(cell.data.term).kind not in (Kind.EXCHANGE, Kind.AGGREGATE):
            return Source(Kind.UNKNOWN)
        what = aggregates.what(cell.column)
        return Source(Kind.AGGREGATE, what) if what else Source(Kind.EXCHANGE)


def is_mean(term: Term, name: str) -> bool:
    """True for a mean or a deviation that a library works out."""
    if name.startswith((*AVERAGING, *INDICATORS)):
        return True
    return any(isinstance(part, Access) and part.key in MEANS for part in spine(term))
