"""Actual values as Python has them, as the rows a table of them would give: the same headings, the same reading."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Union

from perfdsl.actuals import Row
from perfdsl.tables import Column, Names, header_columns
from perfdsl.text import Source, Span

Scalar = Union[str, int, float, Decimal, Fraction, date, bool, None]
Actuals = Mapping[str, Scalar]
NAMED = "<actuals>"
MOST_DIGITS = 400


def text_of(value: object) -> str:
    """A value as it would be written in a cell; nothing for None.

    Raises ``TypeError`` for what no cell holds, ``ValueError`` for a number that no decimal writes (1/3, infinity).
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "是" if value else "否"
        case int():
            return str(value)
        case float() if value - value == 0:
            return format(Decimal(f"{value:.15g}"), "f")
        case Decimal() if value.is_finite():
            return format(value, "f")
        case Fraction():
            return _decimal(value)
        case datetime() if not (value.hour or value.minute or value.second or value.microsecond):
            return value.date().isoformat()
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case float() | Decimal() | datetime():
            raise ValueError(f"{value!r} is no actual value: only finite numbers and whole days are")
    numpy = sys.modules.get("numpy")  # who has such a number has loaded it
    if numpy is not None and isinstance(value, numpy.datetime64):
        return text_of(value.astype("datetime64[us]").item())
    if numpy is not None and isinstance(value, numpy.floating):
        double = float(value)
        short = value.itemsize < 8 and not double.is_integer()  # the decimal it is shown as
        return text_of(Decimal(str(value)) if short else double)
    if (
        numpy is not None
        and isinstance(value, numpy.integer | numpy.bool_)
        and not isinstance(value, numpy.timedelta64)
    ):
        return text_of(value.item())
    raise TypeError(f"an actual value is a text, a number, a day or None, not {type(value).__name__}: {value!r}")


def _decimal(value: Fraction) -> str:
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest //= 10
        places += 1
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
            places += 1
    if rest != 1 or places > MOST_DIGITS:
        raise ValueError(f"{value} has no finite decimal; give it as a text or rounded")
    whole = int(value * 10**places)
    return format(Decimal(f"{whole}E-{places}"), "f")  # as written: ``scaleb`` would round to 28 digits


def rows_of_one(given: Mapping[str, object], names: Names) -> list[Row]:
    """One object: the keys are what the headings of a wide table would be (接通率, 费用（万元）, 满意度.评分)."""
    for key in given:
        if not isinstance(key, str):
            raise TypeError(f"the names of actual values are texts, not {type(key).__name__}: {key!r}")
    whole: dict[str, str] = {}
    fields: dict[str, dict[str, str]] = {}
    for key, value in given.items():
        text = text_of(value)
        ((column,), _) = header_columns([key], names)
        if column.field == "object" and not column.target:
            whole = {"object": text}
        elif column.target and text:
            row = fields.setdefault(column.target, {})
            row[column.field] = text
            if column.unit and column.field == "value":
                row["unit"] = column.unit
        elif not column.target and text:
            fields.setdefault(key, {})["value"] = text
    return list(_placed([{"name": name, **whole, **more} for name, more in fields.items()]))


def rows_of_many(given: Iterable[object], names: Names) -> list[Row]:
    """Observations: rows as they are, or mappings whose keys are the headings of a long table (指标, 实际值, 单位…)."""
    made: list[Row] = []
    plain: list[dict[str, str]] = []
    for one in given:
        if isinstance(one, Row):
            made.append(one)
        elif isinstance(one, Mapping):
            plain.append(_long(one, names))
        else:
            raise TypeError(f"a row of actual values is a Row or a mapping, not {type(one).__name__}: {one!r}")
    return [*made, *_placed(plain)]


def _long(given: Mapping[object, object], names: Names) -> dict[str, str]:
    headings = [str(key) for key in given]
    columns, rank = header_columns(headings, names)
    fields = {x.field: text_of(given[key]) for key, x in zip(given, columns, strict=True) if x.field and not x.target}
    if rank < 3 or not fields.get("name"):
        raise ValueError(f"a row needs 指标 and 实际值; it has {'、'.join(headings)}")
    unit = next((x.unit for x in columns if x.field == "value"), "")
    return {**({"unit": unit} if unit else {}), **{k: v for k, v in fields.items() if v}, **_extras(given, columns)}


def _extras(given: Mapping[object, object], columns: Iterable[Column]) -> dict[str, str]:
    """Columns of the user's own, under their headings."""
    return {f"extra:{x.header}": text_of(given[key]) for key, x in zip(given, columns, strict=True) if not x.field}


def _placed(fields: list[dict[str, str]]) -> Iterator[Row]:
    """Rows with their places in a text that shows them, one a line."""
    shown = [" ".join(f"{x['name']},{x.get('value', '')}".split()) for x in fields]
    source = Source(NAMED, "\n".join(shown))
    at = 0
    for line, one in zip(shown, fields, strict=True):
        extras = tuple((k.removeprefix("extra:"), v) for k, v in one.items() if k.startswith("extra:"))
        known = {k: v for k, v in one.items() if not k.startswith("extra:")}
        yield Row(**{"value": "", **known}, extras=extras, span=Span(at, at + len(line), source))  # type: ignore[arg-type]
        at += len(line) + 1
