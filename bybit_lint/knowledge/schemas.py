"""The fields of Bybit's answers: what each of them has, of which type, and which values there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from bybit_lint.knowledge import places, rows, rows_of, text, words
from bybit_lint.tuples import NamedTuple

ANY = "*"
EMPTY = "empty"
"""The type of a result that has no fields."""
NUMBERS = ("integer", "number")


class SchemaField(NamedTuple):
    """One field of an answer."""

    name: str
    type: str
    """`string`, `integer`, `number`, `boolean`, `array`, `object` or `json`."""
    values: tuple[str, ...]
    """All that it may be, besides empty; none where that is not a closed list."""

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def is_truth(self) -> bool:
        return self.type == "boolean"

    def may_be(self, value: object) -> bool:
        """Whether it may be equal to a value: a number to none but a number, and text to none but a text."""
        if value in ("", None) or isinstance(value, bool):
            return True
        if self.is_number:
            return not isinstance(value, str) and (not self.values or str(value) in self.values)
        if self.is_truth:
            return not isinstance(value, str)
        return isinstance(value, str) and (not self.values or value in self.values)


Way = tuple[str, ...]


def _schema(endpoint: str) -> Mapping[Way, Mapping[str, SchemaField]]:
    """The fields of an endpoint's answers by what they stand in; nothing where they are not known."""
    return _read("answer_schema", endpoint)


@cache
def _read(table: str, of: str) -> Mapping[Way, Mapping[str, SchemaField]]:
    found: dict[Way, dict[str, SchemaField]] = {}
    for way, kind, values, *_ in rows_of(table, of):
        *above, name = way.split(".")
        if kind == EMPTY:
            found[(*above, name)] = {}
        else:
            found.setdefault(tuple(above), {})[name] = SchemaField(name, kind, words(values))
    return found


@cache
def endpoints() -> frozenset[str]:
    """The V5 paths whose answers are known."""
    return frozenset(path for path, _ in places("answer_schema"))


def fields_at(endpoint: str, way: tuple[object, ...]) -> Mapping[str, SchemaField] | None:
    """What stands at a way in an answer, positions being `*`; None where that is not known."""
    return _schema(endpoint).get(keys(way))


def keys(way: Iterable[object]) -> Way:
    """A way as the tables write it, any position being `*`."""
    return tuple(ANY if isinstance(key, int) else str(key) for key in way)


def messages(topic: str) -> Mapping[Way, Mapping[str, SchemaField]]:
    """The fields of a topic's messages by what they stand in."""
    return _read("message_schema", topic)


@cache
def topics() -> frozenset[str]:
    """The topics whose messages are known."""
    return frozenset(topic for topic, _ in places("message_schema"))


@cache
def structures() -> Mapping[str, tuple[str, bool]]:
    """What ccxt's own methods return: the structure by its name, and whether it is a list of them."""
    return {row[0]: (row[1], row[2] == "list") for row in rows("ccxt_structures")}


@cache
def watched() -> Mapping[str, str]:
    """What the rows are that ccxt.pro's methods wait for, which all return lists, by both names of each method."""
    return {name: row[1] for row in rows("ccxt_watched") for name in row[0].split("|")}


@cache
def structure(name: str) -> Mapping[str, SchemaField]:
    """The fields of one of ccxt's structures."""
    return {
        field: SchemaField(field, kind, words(values))
        for place, kind, values, *_ in rows("ccxt_schema")
        for of, field in [place.split(" ")]
        if of == name
    }


@cache
def counterparts(name: str) -> Mapping[str, str]:
    """The fields of one of ccxt's structures by the field of Bybit's that each is made of."""
    found = ((*row[0].split(" "), row[3]) for row in rows("ccxt_schema"))
    return {bybits: field for of, field, bybits in found if of == name}


def levels(endpoint: str) -> Iterable[Mapping[str, SchemaField]]:
    """The fields that stand beside each other in an endpoint's answers."""
    return _schema(endpoint).values()


def levels_of(endpoint: str, name: str) -> tuple[str, ...]:
    """Where in an answer of an endpoint a field of that name stands."""
    return tuple(".".join(way) for way, fields in _schema(endpoint).items() if name in fields)


def rows_by(endpoint: str, name: str) -> tuple[str, ...]:
    """The rows of an endpoint's answers that are told apart by a text of that name."""
    found = _schema(endpoint).items()
    return tuple(".".join(way) for way, fields in found if name in fields and fields[name].type == "string")


@cache
def nested(endpoint: str) -> frozenset[str]:
    """The names of an endpoint's fields that are in its rows but not in what its rows have, or the other way round."""
    deep = [frozenset(fields) for way, fields in _schema(endpoint).items() if ANY in way]
    return frozenset().union(*deep) - frozenset(deep[0]).intersection(*deep) if len(deep) > 1 else frozenset()


@cache
def names_of(endpoint: str) -> frozenset[str]:
    """The names of all fields of an endpoint's answers."""
    return frozenset(name for fields in _schema(endpoint).values() for name in fields)


@cache
def names() -> frozenset[str]:
    """The names of all fields of all answers."""
    found = (line.split("\t", 2) for line in text("answer_schema").splitlines()[1:])  # to take all apart takes long
    return frozenset(place.partition(" ")[2].rpartition(".")[2] for place, kind, _ in found if kind != EMPTY)


@cache
def aliases() -> Mapping[str, str]:
    """What bots call a field that Bybit calls otherwise."""
    return {row[0]: row[1] for row in rows("answer_aliases")}
