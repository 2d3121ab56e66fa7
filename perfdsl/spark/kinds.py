"""How a cell of each type of Spark is read: the plain numbers as they are, of everything else its text for ``observe``.

A plain number is one that every reader takes for the same decimal; whatever may be read otherwise is left to ``observe``.
"""

from collections.abc import Mapping
from typing import NamedTuple

from perfdsl.spark.text import blank

PLACES = (0, 2, 4, 6)  # how many decimals plain numbers are looked at with
MOST_PLACES = 6
SHORT = 10**15  # doubles hold decimals of fifteen digits apart
SHORT_DECIMAL = 18  # Spark holds decimals of so many digits as 64 bits
# what is written otherwise (095), or may be a month (2024.06), is read by perfdsl
PLAIN = "^(?!-?(19|20)[0-9]{2}[.][0-9]{1,4}$)-?(0|[1-9][0-9]{0,11})([.][0-9]{1,6})?$"


class Kind(NamedTuple):
    """A type: what a cell ``{x}`` is as a plain number (NULL: none), as text, how many of PLACES it needs, times ``10**p``."""

    plain: str
    text: str
    places: str
    whole: str
    filled: str = "{x} IS NOT NULL"


def _decimal_places(scale: int = MOST_PLACES) -> str:
    told = " ".join(f"WHEN {{v}} = CAST({{v}} AS DECIMAL(18,{n})) THEN {n}" for n in PLACES if n < scale)
    last = next(n for n in PLACES if n >= scale)
    return f"CASE {told} ELSE {last} END" if told else str(last)


def _double_at(places: int) -> str:
    size = f"{10**places}D"
    return f"(ABS({{x}} * {size}) < {SHORT}D AND RINT({{x}} * {size}) / {size} = {{x}})"


def _whole_double(p: int) -> str:
    """A double as a whole number of ``10**-p``: by the least places at which it is whole."""
    told = []
    for n in (x for x in PLACES if x <= p):
        made = f"CAST(RINT({{v}} * {10**n}D) AS BIGINT)"
        told.append(f"WHEN {_double_at(n).replace('{x}', '{v}')} THEN CAST({made} AS {{type}}) * {10 ** (p - n)}")
    return f"CASE {' '.join(told)} ELSE RAISE_ERROR('perfdsl: the data have changed') END"


DECIMAL_PLACES = _decimal_places()
DECIMAL_WHOLE = "CAST({v} * {size}BD AS {type})"
DOUBLE = Kind(
    plain=f"CASE WHEN {' OR '.join(_double_at(n) for n in PLACES)} THEN {{x}} END",
    text="CAST({x} AS STRING)",
    places="CASE " + " ".join(f"WHEN {_double_at(n).replace('{x}', '{v}')} THEN {n}" for n in PLACES) + " END",
    whole="",
)
WHOLE = Kind(
    plain=f"CASE WHEN ABS(CAST({{x}} AS DECIMAL(19,0))) < {SHORT} THEN CAST({{x}} AS BIGINT) END",
    text="CAST({x} AS STRING)", places="0", whole="CAST({v} AS {type}) * {size}",
)  # fmt: skip
STRING = Kind(
    plain=f"CASE WHEN {{x}} RLIKE '{PLAIN}' THEN CAST({{x}} AS DECIMAL(18,6)) END",
    text="{x}", places=DECIMAL_PLACES, whole=DECIMAL_WHOLE, filled=f"NOT {blank('{x}')}",
)  # fmt: skip
DECIMAL = Kind(
    plain="CASE WHEN {x} = TRY_CAST({x} AS DECIMAL(18,6)) THEN TRY_CAST({x} AS DECIMAL(18,6)) END",
    text="CAST({x} AS STRING)", places=DECIMAL_PLACES, whole=DECIMAL_WHOLE,
)  # fmt: skip


def _words(text: str, filled: str = "{x} IS NOT NULL") -> Kind:
    return Kind(plain="CAST(NULL AS BIGINT)", text=text, places="0", whole="{v}", filled=filled)


DAY = "CAST(CAST({x} AS DATE) AS STRING)"
KINDS: Mapping[str, Kind] = {
    "string": STRING, "double": DOUBLE, "float": DOUBLE, "tinyint": WHOLE, "smallint": WHOLE, "int": WHOLE, "bigint": WHOLE, "decimal": DECIMAL,
    "boolean": _words("CASE WHEN {x} THEN '是' ELSE '否' END"), "date": _words("CAST({x} AS STRING)"), "void": _words("CAST(NULL AS STRING)"),
    "timestamp": _words(f"CASE WHEN {{x}} = DATE_TRUNC('DAY', {{x}}) THEN {DAY} ELSE CAST({{x}} AS STRING) END"),
    "timestamp_ntz": _words(f"CASE WHEN {{x}} = DATE_TRUNC('DAY', {{x}}) THEN {DAY} ELSE CAST({{x}} AS STRING) END"),
}  # fmt: skip


def kind_of(type_name: str) -> Kind | None:
    """How cells of a type are read; None for types no table of ours has."""
    name, _, size = type_name.lower().partition("(")
    if name == "decimal":
        digits, scale = (int(x) for x in size.rstrip(")").split(","))
        if digits <= SHORT_DECIMAL and scale <= MOST_PLACES:  # as it is
            return DECIMAL._replace(plain="{x}", places=_decimal_places(scale))
    return KINDS.get(name)


def whole(kind: Kind, value: str, places: int, type_name: str) -> str:
    """The plain number ``value`` as a whole number of ``10**-places``."""
    if kind is DOUBLE:
        return _whole_double(places).replace("{v}", value).replace("{type}", type_name)
    return kind.whole.format(v=value, size=10**places, type=type_name)


def as_written(type_name: str, text: str) -> str:
    """The text of a cell as ``perfdsl.batch`` writes it: a double with fifteen digits."""
    if type_name in ("double", "float"):
        from perfdsl.batch import texts

        return texts([float(text)])[0]
    return text
