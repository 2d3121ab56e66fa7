"""``perfdsl compile --sql``: the statement of one object, or why there is none."""

from perfdsl.cli.main import language
from perfdsl.diagnostics import ERROR, Diagnostic, Kind, finding
from perfdsl.integers import NotCovered
from perfdsl.plan import Plan
from perfdsl.sql import DIALECTS, DoesNotFit, TooWide, Wanted, statement, to_table
from perfdsl.text import Source, Span


def statement_of(plan: Plan, dialect: str, wanted: Wanted, source: Source) -> tuple[str, list[Diagnostic]]:
    """The statement, empty where the database has no room for it or cannot say what the rules say."""
    title = DIALECTS[dialect].title
    whole = place_of(plan, "", source)
    if plan.comparisons:
        return "", [finding(COMPARED, whole, object=plan.object)]
    try:
        program, table = to_table(plan, wanted)
        return statement(program, dialect, table), []
    except DoesNotFit as wrong:
        place = place_of(plan, wrong.place, source)
        name = wrong.place.rpartition("/")[2] or plan.object
        return "", [
            finding(TOO_LONG, place, name=name, need=wrong.need, most=wrong.most, database=title, digits=wanted.digits)
        ]
    except TooWide as wrong:
        return "", [finding(TOO_WIDE, whole, count=wrong.count, most=wrong.most, database=title)]
    except NotCovered as wrong:
        return "", [finding(NOT_COVERED, whole, object=plan.object, reason=wrong.why.text(language()))]


def place_of(plan: Plan, path: str, source: Source) -> Span:
    """The name of a row or a group in the rules, for what is said about it; of the object where ``path`` is none of them."""
    lines = {"/".join(x.path): x.line for x in plan.indicators} | {"/".join(x.path): x.line for x in plan.groups}
    name = path.rpartition("/")[2] if path in lines else plan.object
    texts = source.text.split("\n")
    line = lines.get(path) or next((i for i, text in enumerate(texts, 1) if f'"{name}"' in text), 0)
    if not 0 < line <= len(texts):
        return Span(0, 0, source)
    start, text = sum(len(x) + 1 for x in texts[: line - 1]), texts[line - 1]
    if name in text:
        at = text.index(name)
        return Span(start + at, start + at + len(name), source)
    return Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()), source)


TOO_LONG = Kind(
    "B140", ERROR, "“{name}”计算时要用到{need}位的整数，{database} 只能精确到{most}位",
    "“{name}” needs whole numbers of {need} digits; {database} is exact to {most}",
    "用 --digits 或 --decimals 减少数的位数（现在是{digits}位），或换用整数更长的数据库（postgres、duckdb）",
    "give numbers fewer digits with --digits or --decimals (now {digits}), or take a database with longer whole numbers (postgres, duckdb)",
)  # fmt: skip
COMPARED = Kind(
    "B141", ERROR, "“{object}”里有和别的对象比较的项，一行一行算的 SQL 语句算不出名次",
    "“{object}” compares objects with each other; a statement that scores row by row has no places",
    "用 perfdsl score 或 perfdsl batch 一起打分", "score them together with perfdsl score or perfdsl batch",
)  # fmt: skip
NOT_COVERED = Kind(
    "B142", ERROR, "“{object}”有一处算法不能全用整数写出：{reason}", "“{object}” cannot be said in whole numbers alone: {reason}",
    "用 perfdsl score 或 perfdsl batch 打分", "score it with perfdsl score or perfdsl batch",
)  # fmt: skip
TOO_WIDE = Kind(
    "B143", ERROR, "写出来有{count}列，{database} 的一个查询最多{most}列", "{count} columns; a query of {database} has at most {most}",
    "把指标分成几份规则，或换用列数更多的数据库（duckdb、spark）", "divide the rows among several rules, or take a database with more columns (duckdb, spark)",
)  # fmt: skip
