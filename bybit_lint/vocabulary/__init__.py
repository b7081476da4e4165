"""The words everything else is said in: places, values, the trading nouns, findings and fixes.

Checks see only these nouns; they never see syntax. A property called `is_...` is True only if it is proven from the
code itself: unknown is False, and so is the proven opposite.
"""

from typing import TYPE_CHECKING

from bybit_lint.vocabulary.findings import Finding as Finding
from bybit_lint.vocabulary.findings import Repair as Repair
from bybit_lint.vocabulary.findings import Severity as Severity
from bybit_lint.vocabulary.fixes import Bind as Bind
from bybit_lint.vocabulary.fixes import CallFirst as CallFirst
from bybit_lint.vocabulary.fixes import Fix as Fix
from bybit_lint.vocabulary.fixes import RemoveArgument as RemoveArgument
from bybit_lint.vocabulary.fixes import RemoveStatement as RemoveStatement
from bybit_lint.vocabulary.fixes import Rename as Rename
from bybit_lint.vocabulary.fixes import Replace as Replace
from bybit_lint.vocabulary.fixes import Rewrite as Rewrite
from bybit_lint.vocabulary.fixes import SetArgument as SetArgument
from bybit_lint.vocabulary.fixes import Unwrap as Unwrap
from bybit_lint.vocabulary.fixes import Verb as Verb
from bybit_lint.vocabulary.fixes import Wrap as Wrap
from bybit_lint.vocabulary.nouns import Noun as Noun
from bybit_lint.vocabulary.places import Related as Related
from bybit_lint.vocabulary.places import Span as Span

if TYPE_CHECKING:
    from bybit_lint.vocabulary.trading import *  # noqa: F403  # whatever it names
else:

    def __getattr__(name):
        """A trading noun. The first that is asked for brings all others: a run that finds all in the cache needs none.

        https://peps.python.org/pep-0562/
        """
        import bybit_lint.vocabulary.trading as trading  # `from ... import` would ask here for it again

        return getattr(trading, name)
