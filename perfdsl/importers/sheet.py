"""The actuals of an imported table, as the CSV that ``score`` reads."""

import csv
import io
import re
from collections import Counter

from perfdsl.importers.clean import key
from perfdsl.importers.lexicon import CATEGORIES
from perfdsl.importers.records import Item, Line, Object
from perfdsl.importers.tree import number_of
from perfdsl.quantity import format_number, is_unit, parse_number

FORECAST, LIKELY = "全年预计完成", "完成可能性"  # what a form of monitoring says besides
COLUMNS = (
    "指标",
    "实际值",
    "单位",
    "评分",
    FORECAST,
    LIKELY,
    *dict.fromkeys(CATEGORIES.values()),
    "偏差原因",
    "证据",
    "期间",
)


TICK, BLANK = "√", ("/", "——", "--")


def actuals_sheet(found: Object) -> str:
    """The rows of actuals as CSV, empty when the table has none."""
    rows = [row for item in found.items if (row := _item(item, found))]
    money = [row for table in found.money if not table.title for line in table.lines for row in _line(line, table.unit)]
    if not rows and not money:
        return ""
    used = [
        column for column in COLUMNS if column in ("指标", "实际值") or any(row.get(column) for row in [*money, *rows])
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(used)
    writer.writerows([_safe(row.get(column, "")) for column in used] for row in [*money, *rows])
    return out.getvalue()


def _safe(text: str) -> str:
    """A cell that a workbook would take for a formula is marked as text; the reader takes the mark away."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") and parse_number(text) is None else text


def _item(item: Item, found: Object) -> dict[str, str] | None:
    actual = item.cell("actual") or item.cell("early")
    score = number_of(item.cell("score"))
    scored = bool(item.cell("points")) or bool(item.cell("rule"))
    said = {FORECAST: item.cell("forecast"), LIKELY: item.cell("likely"), "偏差原因": item.cell("reason")}
    if not item.name or not (actual or score is not None or any(said.values())):
        return None
    if item.cell("early") or said[FORECAST] or said[LIKELY]:
        said |= _causes(said["偏差原因"])
    row = {"指标": path_of(item, found), "实际值": "" if actual in BLANK else actual} | said
    unit = item.cell("unit")
    if parse_number(actual) is not None and is_unit(unit):
        row["单位"] = unit
    if item.cell("early") and not item.cell("actual"):
        row["期间"] = "半年"
    if score is not None:
        if scored:
            row["评分"] = format_number(score)
        row["证据"] = f"表上得分{format_number(score)}"
    return row


def _causes(reason: str) -> dict[str, str]:
    """The reason, and what of it stands under a category, each in a column of its own; a category alone is ticked."""
    made: dict[str, list[str]] = {"偏差原因": []}
    for part in reason.split("；"):
        word, colon, text = part.partition("：")
        column = CATEGORIES.get(key(word if colon else part), "")
        made.setdefault(column or "偏差原因", []).append((text if colon else TICK) if column else part)
    return {column: "；".join(dict.fromkeys(texts)) for column, texts in made.items()}


def path_of(item: Item, found: Object) -> str:
    """The name of the row, with its groups where the name alone is not enough or holds a stroke."""
    count = Counter(each.name for each in found.items)
    groups = {level.name for each in found.items for level in each.path}
    return (
        "/".join([*(level.name for level in item.path), item.name])
        if count[item.name] > 1 or item.name in groups
        else item.name
    )


def _line(line: Line, unit: str) -> list[dict[str, str]]:
    made = [row for inner in line.lines for row in _line(inner, unit)]
    if line.spent or line.forecast:
        side = {"income": "收入", "spend": "支出"}[line.side]
        amount, forecast = (re.sub(r"[\s,]", "", text) for text in (line.spent, line.forecast))
        plain = any(parse_number(text) is not None for text in (amount, forecast))
        row = {"指标": f"{side}/{line.name}", "实际值": amount, "单位": unit if plain else "", FORECAST: forecast}
        made.insert(0, row)
    return made
