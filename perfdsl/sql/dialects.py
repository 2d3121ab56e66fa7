"""What a database is told differently from the others: a dialect is one record here, and one case in ``tests/cases/sql``.

``most`` is the size up to which a type holds whole numbers exactly; whatever may be larger is refused, never tried.
``divide`` is only ever given a left side of at least 0 and a right side above 0, so that it need not round down.
"""

import attrs

NARROW = 1 << 62


@attrs.frozen(kw_only=True)
class Integer:
    """A type of whole numbers: its name in ``CAST``, up to which size it is exact, its division and the greatest quotient."""

    name: str
    most: int
    divide: str
    quotient: int


@attrs.frozen(kw_only=True)
class Dialect:
    """One database.

    ``kept`` is ``{x}`` with ``{places}`` decimals and ``{digits}`` digits, ``whole`` that times ``{size}`` as a whole number of ``{type}``,
    ``day`` a date ``{x}`` as days since 2000-01-01, ``points`` a whole number ``{n}`` of 1/``{size}`` as a decimal one, ``word`` the words ``{x}`` without spaces and full stop.
    ``strange`` says of ``{x}`` that it is no number, where the database would otherwise make one of any word.
    ``small`` are types of 16 and 32 bits, where results that fit go back to an engine in them.
    ``fence`` and ``hint`` keep a layer from being written into the next one, which would repeat its expressions there.
    """

    name: str
    title: str
    narrow: Integer
    wide: Integer | None = None
    quote: str = '"'
    backslash: bool = False
    decimal: str = "DECIMAL"
    kept: str = "CAST({x} AS {decimal}({digits}, {places}))"
    whole: str = "CAST({kept} * {size} AS {type})"
    strange: str = ""
    digits: int = 28
    day: str
    points: str = "{n} * {unit}"
    least: str = "LEAST"
    greatest: str = "GREATEST"
    concat: str = ""
    word: str = "RTRIM(REPLACE(REPLACE({x}, ' ', ''), '　', ''), '。.')"
    text: str = "VARCHAR(4000)"
    small: tuple[str, str] | None = None
    fence: str = ""
    hint: str = ""
    name_bytes: int = 120
    columns: int


def _integer(name: str, divide: str, most: int = NARROW, quotient: int | None = None) -> Integer:
    return Integer(name=name, most=most, divide=divide, quotient=most if quotient is None else quotient)


# NUMBER keeps 38 digits: a quotient that is not whole is farther from the next whole number than that rounds, below 10**36.
ORACLE_NUMBER = _integer("NUMBER(38)", "(({a} - MOD({a}, {b})) / {b})", 10**36)

DIALECTS = {
    x.name: x
    for x in (
        Dialect(
            name="duckdb", title="DuckDB", columns=10_000, small=("SMALLINT", "INTEGER"),
            narrow=_integer("BIGINT", "{a} // {b}"), wide=_integer("HUGEINT", "{a} // {b}", 10**38),
            day="date_diff('day', DATE '2000-01-01', CAST({x} AS DATE))",
        ),
        Dialect(
            name="spark", title="Spark SQL", columns=10_000, small=("SMALLINT", "INT"), quote="`", backslash=True, text="STRING",
            word="TRIM(TRAILING '。.' FROM REPLACE(REPLACE({x}, ' ', ''), '　', ''))",
            narrow=_integer("BIGINT", "{a} div {b}"), wide=_integer("DECIMAL(38,0)", "{a} div {b}", 10**37, NARROW),
            day="datediff(CAST({x} AS DATE), DATE '2000-01-01')",
        ),
        Dialect(
            name="postgres", title="PostgreSQL", columns=1_600, fence="MATERIALIZED ", name_bytes=60, decimal="NUMERIC",
            narrow=_integer("BIGINT", "{a} / {b}"), wide=_integer("NUMERIC", "div({a}, {b})", 10**200),
            day="(CAST({x} AS DATE) - DATE '2000-01-01')",
        ),
        Dialect(
            name="sqlite", title="SQLite", columns=2_000, fence="MATERIALIZED ", text="TEXT",
            narrow=_integer("INTEGER", "{a} / {b}"), least="MIN", greatest="MAX", digits=15,
            strange="TYPEOF({x}) NOT IN ('integer', 'real')",
            kept="(ROUND({x} * {size}) / {size}.0)", whole="CAST(ROUND({x} * {size}) AS INTEGER)",
            day="CAST(julianday(date({x})) - 2451544.5 AS INTEGER)", points="{n} / {size}.0",
        ),
        Dialect(
            name="mysql", title="MySQL 8", columns=4_000, quote="`", backslash=True, name_bytes=60, text="CHAR(4000)",
            narrow=_integer("SIGNED", "{a} DIV {b}"),
            wide=_integer("DECIMAL(65,0)", "(({a} - MOD({a}, {b})) DIV {b})", 10**60, NARROW),
            strange="{x} NOT REGEXP '^-?[0-9]+([.][0-9]+)?(e[-+]?[0-9]+)?$'",
            concat="CONCAT", word="TRIM(TRAILING '.' FROM TRIM(TRAILING '。' FROM REPLACE(REPLACE(CONVERT({x} USING utf8mb4), ' ', ''), '　', ''))) COLLATE utf8mb4_bin",
            hint="/*+ NO_MERGE({before}) */ ", day="DATEDIFF({x}, DATE '2000-01-01')",
        ),
        Dialect(
            name="oracle", title="Oracle", columns=1_000, decimal="NUMBER", narrow=ORACLE_NUMBER,
            hint="/*+ NO_MERGE({before}) */ ", text="VARCHAR2(4000)", day="(TRUNC({x}) - DATE '2000-01-01')",
        ),
    )
}  # fmt: skip
