"""A table of costs (指标, 每单位成本, 可否改动) to prices."""

import csv
from collections.abc import Iterable
from fractions import Fraction

from perfdsl.advice import Prices
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, closest, finding
from perfdsl.quantity import fold_width, parse_number
from perfdsl.text import Source, Span

HEADS = {
    "name": ("指标", "名称", "indicator", "name"),
    "rate": ("每单位成本", "单位成本", "成本", "cost"),
    "may": ("可否改动", "可改动", "may change"),
}
YES, NO = ("", "是", "可", "可以", "yes"), ("否", "不可", "不可以", "no")


def read_costs(source: Source, known: Iterable[str]) -> tuple[Prices | None, list[Diagnostic]]:
    """The prices of a table whose names must be among ``known``; None where something in it is wrong."""
    try:
        rows = list(csv.reader(source.text.splitlines(), skipinitialspace=True))
    except csv.Error:  # a cell without an end, or characters no table has
        rows = []
    starts = _starts(source.text)
    heads = [fold_width(cell.strip()).lower() for cell in rows[0]] if rows else []
    at = {key: next((i for i, head in enumerate(heads) if head in words), -1) for key, words in HEADS.items()}
    if at["name"] < 0 or (at["rate"] < 0 and at["may"] < 0):
        return None, [finding(NO_HEADS, Span(0, starts[1] if len(starts) > 1 else len(source.text), source))]
    names = list(known)
    rates: dict[str, Fraction] = {}
    fixed: set[str] = set()
    found: list[Diagnostic] = []
    for number, row in enumerate(rows[1:], 1):
        cells = {key: row[i].strip() if 0 <= i < len(row) else "" for key, i in at.items()}
        span = Span(starts[number], starts[number] + len(source.text[starts[number] :].split("\n")[0]), source)
        name = cells["name"]
        if not any(row):
            continue
        if name not in names:
            found.append(finding(UNKNOWN_NAME, span, name=name, known=closest(name, names) or "、".join(names[:5])))
        elif fold_width(cells["may"]).lower() in NO:
            fixed.add(name)
        elif fold_width(cells["may"]).lower() not in YES:
            found.append(finding(BAD_CELL, span, name=name, text=cells["may"], column="可否改动", wanted="是、否"))
        elif at["rate"] >= 0:
            rate = parse_number(cells["rate"])
            if rate is None or rate < 0:
                found.append(
                    finding(BAD_CELL, span, name=name, text=cells["rate"], column="每单位成本", wanted="不小于0的数")
                )
            else:
                rates[name] = rate
    made = Prices(rates=rates if at["rate"] >= 0 else None, fixed=frozenset(fixed))
    return (None if found else made), found


def _starts(text: str) -> list[int]:
    """Where each line begins."""
    found = [0]
    for line in text.splitlines(keepends=True):
        found.append(found[-1] + len(line))
    return found


UNKNOWN_NAME = Kind(
    "E180", ERROR, "成本表里的“{name}”不是可以改动的指标、输入项或资金行", "“{name}” in the table of costs is no indicator, input or line of money that may change",
    "可以写：{known}", "known: {known}",
)  # fmt: skip
BAD_CELL = Kind(
    "E181", ERROR, "“{name}”的{column}“{text}”读不懂", "{column} of “{name}” is not understood: “{text}”", "这里要写{wanted}", "write {wanted}",
)  # fmt: skip
NO_HEADS = Kind(
    "E182", ERROR, "成本表的第一行要有“指标”，以及“每单位成本”或“可否改动”", "the first line of the table of costs needs 指标, and 每单位成本 or 可否改动",
    "第一行写：指标,每单位成本,可否改动", "first line: 指标,每单位成本,可否改动",
)  # fmt: skip
