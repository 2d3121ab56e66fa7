"""Whole files as hurried officers write them: gaps, falls, awards out of bounds, in every sort of row the language has.

Every text of ``files`` is a project that can be proved (most are refuted); ``pasted`` puts a test of a refutation
into one, ``mended`` gives one of its rows a sound rubric.
"""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise

from hypothesis import strategies as st

OPENINGS = (">", ">=", "<", "<=", "=")
SCALE = "scale 健全度 { 健全, 完善 -> 100%; 较健全 -> 80%; 不健全 -> 0% }"
AWARDS = ("0", "2", "3", "4", "5", "6", "-1", "100%", "60%", "completion", "completion - 10%", "points - 2 * completion * points",
          "points * round(completion, 1)", "completion * 99.9%", "min(points, 2 * completion * points)")  # fmt: skip
COUNTED = (
    ("件", (0, 1, 3, 50, 52)),
    ("万件", (0, 1, 5)),
    ("席", (0, 2, 7)),
    ("万元", (0, 3, 28)),
    ("小时", (1, 24, 48)),
    ("%", (0, 30, 60, 90, 100)),
)
SIGNS = ("≥{}", "≤{}", ">{}", "<{}", "={}")


@st.composite
def bands(draw: st.DrawFn, conditions: Iterable[str], awards: Iterable[str] = AWARDS) -> str:
    """A rubric of one to four cases, closed or not."""
    conditions, awards = tuple(conditions), tuple(awards)
    lines = [
        f"{draw(st.sampled_from(conditions))} -> {draw(st.sampled_from(awards))}"
        for _ in range(draw(st.integers(1, 4)))
    ]
    if draw(st.integers(0, 3)) == 0:
        lines.insert(draw(st.integers(0, len(lines))), f"missing -> {draw(st.sampled_from(('0', '2', '5')))}")
    if draw(st.booleans()):
        lines.append(f"otherwise -> {draw(st.sampled_from(awards))}")
    return "{ " + "\n  ".join(lines) + " }"


def compared(unit: str, limits: Iterable[int]) -> list[str]:
    """Conditions against numbers of a unit, one-sided and from-to."""
    ends = sorted(limits)
    found = [f"{op} {end}{unit}" for op in OPENINGS for end in ends]
    return found + [f">{a} {low}{unit} and <{b} {high}{unit}" for a in ("", "=") for b in ("", "=") for low, high in pairwise(ends)]  # fmt: skip


@st.composite
def number(draw: st.DrawFn, name: str) -> str:
    """A number of things, money, hours or a rate."""
    unit, limits = draw(st.sampled_from(COUNTED))
    limit = draw(st.sampled_from([x for x in limits if x]))
    sign = draw(st.sampled_from(SIGNS))
    target = sign.format(f"{limit}{unit}")
    half = draw(st.sampled_from(("", f'half "{target}"', f'half "≥{max(1, limit // 2)}{unit}"')))
    unclear = sign == "={}" and unit == "万元"  # money says by itself neither that more nor that less is better
    more = draw(st.sampled_from(("higher", "lower", "exact") if unclear else ("", "", "higher", "lower", "exact")))
    values = draw(st.sampled_from(("", "", "values whole 0 ..", f"values 0{unit} .. {limit * 2}{unit}")))
    if unit == "%" and "whole" in values:
        values = "values whole 0% .. 100%"
    words = ("met", "completion > 50%", "completion >= 80%", "gap > 0" + unit.replace("件", "件"), "excess > 0" + unit)
    rubric = draw(bands([*compared(unit, limits), *words]))
    over = draw(st.sampled_from(("", "", "up to 6")))
    return f'{name} {half} full "{target}" {more} {values} points 5 {over} by {rubric}'


@st.composite
def dated(draw: st.DrawFn, name: str) -> str:
    rubric = draw(bands(("met", "gap > 30天", "gap < 30天", "gap >= 10天", "excess > 5天"),
                        ("0", "2", "5", "6", "points - gap / 10天", "100%")))  # fmt: skip
    return f'{name} full "6月30日前完成" points 5 by {rubric}'


@st.composite
def worded(draw: st.DrawFn, name: str) -> str:
    target = draw(st.sampled_from(("健全", "较健全", "是", "有所提升")))
    rubric = draw(
        bands(
            ('"健全"', '"较健全"', '"不健全"', '"是"', '"否"', "met"),
            ("0", "2", "5", "6", "80%", "completion", "2 .. 4", "5 .. 6"),
        )
    )
    return f'{name} full "{target}" points 5 by {rubric}'


@st.composite
def marked(draw: st.DrawFn, name: str) -> str:
    """What assessors award."""
    how = draw(st.sampled_from(("", "mean", "trimmed mean over 5", "best")))
    return f"{name} points 5 by {how} {{ otherwise -> {draw(st.sampled_from(('0 .. 5', '0 .. 6', '0 .. 4', '-1 .. 5')))} }}"


@st.composite
def several(draw: st.DrawFn, name: str) -> str:
    a, b = (draw(st.sampled_from(("-1", "0", "2", "3", "5", "6"))) for _ in range(2))
    how = draw(
        st.sampled_from(("check", "sum from 100%", "sum from 2", "sum", "best", "mean", "best per 事项", "best from 1"))
    )
    return f'{name} points 5 by {how} {{ "甲项" -> {a}  "乙项" -> {b} }}'


@st.composite
def rated(draw: st.DrawFn, name: str) -> str:
    """Several entries or several units, each a number."""
    way = draw(st.sampled_from(("by mean", "by best", "gather mean by", "gather weighted 资金 by", "gather sum by")))
    rubric = draw(bands(compared("%" if "sum" not in way else "件", (30, 60, 90)), ("0", "2", "5", "6", "completion")))
    return f'{name} full "≥90{"%" if "sum" not in way else "件"}" points 5 {way} {rubric}'


@st.composite
def grown(draw: st.DrawFn, name: str) -> str:
    if draw(st.booleans()):
        rubric = draw(
            bands(
                ("met", "actual > 0%", "actual < 0%", "actual >= 2%", "completion >= 50%"),
                ("0", "2", "5", "6", "completion"),
            )
        )
        return f'{name} full "同比增长≥5%" points 5 by {rubric}'
    rubric = draw(
        bands(
            ("met", "actual > prior", "actual < prior", "actual >= prior * 2", "actual = prior"), ("0", "2", "5", "6")
        )
    )
    return f'{name} full "≥100件" points 5 by {rubric}'


@st.composite
def computed(draw: st.DrawFn, name: str) -> str:
    """A rate or a sum worked out from inputs, money or another row."""
    formula, unit = draw(st.sampled_from((
        ("数 / 30件", "%"), ("数 / 总数", "%"), ("数 + 总数", "件"), ("max(0件, 总数 - 数)", "件"), ("100% - 数 / 30件", "%"),
        ("spent(支一) / budget(支一)", "%"), ("他数 / 100件", "%"), ('{ 类 = "x" -> 数 / 30件  otherwise -> 数 / 60件 }', "%"),
        ("min(100%, 数 / 总数)", "%"), ("(数 + 他数) / 总数", "%"),
    )))  # fmt: skip
    limits = (30, 60, 90) if unit == "%" else (10, 50)
    rubric = draw(bands([*compared(unit, limits), "met", "completion > 50%"]))
    values = draw(st.sampled_from(("", "", f"values 0{unit} .. 100{unit}", "values 0% .. 120%" if unit == "%" else "")))
    return f'{name} = {formula} full "≥90{unit}" {values} points 5 by {rubric}'


@st.composite
def beside(draw: st.DrawFn, name: str) -> str:
    """A row that also looks at inputs, money and other rows."""
    conditions = ("met", '类 = "x"', '类 = "y"', "数 > 10件", "数 <= 10件 and met", "met(他行)", "not met(他行)", "score(他行) >= 2", "lost(他行) > 0",
                  "他数 >= 5件", "spent(支一) > 50万元", "actual > 数", "actual < 数", "actual >= 5件")  # fmt: skip
    return f'{name} full "≥9件" points 5 by {draw(bands(conditions, ("0", "2", "5", "6", "completion", "-1")))}'


@st.composite
def applying(draw: st.DrawFn, name: str) -> str:
    rubric = draw(bands(compared("件", (1, 3, 9)), ("0", "2", "5", "6")))
    return f'{name} full "≥9件" points 5 applies {draw(st.sampled_from(("类 = “x”", "数 > 3件"))).replace("“", chr(34)).replace("”", chr(34))} by {rubric}'


KINDS: tuple[Callable[[str], st.SearchStrategy[str]], ...] = (
    number, number, dated, worded, marked, several, rated, grown, computed, computed, beside, applying,
)  # fmt: skip
SURROUNDINGS = """input 数 : 件 values 0 ..
input 总数 : 件 values 1 ..
input 类 values "x", "y"
funds 万元 { spend 支一 full 100   income 收一 full 100 }"""
OTHERS = """他行 full "≥1件" points 5 by { met -> 5   otherwise -> 0 }
他数 full "≥5件" points 5 by { met -> 5   completion >= 50% -> 2   otherwise -> 0 }"""


@st.composite
def grades(draw: st.DrawFn) -> str:
    """Grades with and without holes."""
    lines = []
    for name, high in (("优", 90), ("良", 80), ("中", 60)):
        upper = draw(st.sampled_from(("", f" and <= {high + 9}", f" and < {high + 10}", f" and < {high + 9.5}")))
        lines.append(f"{name} {draw(st.sampled_from(('>=', '>')))} {high}{upper}")
    last = draw(st.sampled_from(("otherwise 差", "差 < 60", "差 <= 59", "差 <= 60", "差 >= 1 and < 60")))
    return f"grades {{ {'   '.join([*lines, last])} }}"


@st.composite
def files(draw: st.DrawFn) -> str:
    """A project with all that may go wrong."""
    head = ["year 2024", f"rounding {draw(st.sampled_from((0, 1, 2)))}", "not_applicable full"]
    rows = [draw(draw(st.sampled_from(KINDS))(f"行{n}")) for n in range(draw(st.integers(1, 2)))]
    how = draw(st.sampled_from(("flat", "group", "either", "weight", "bonus")))
    body, worth = "\n".join([*rows, OTHERS]), 5 * len(rows) + 10
    if how == "group":
        body = f"甲组 {{ 乙组 points {worth} {{\n{body}\n}} }}"
    elif how == "either":
        body, worth = f"择组 points 5 either {{\n{body.replace(' points 5', '')}\n}}", 5
    elif how == "weight":
        body, worth = f"甲组 weight 100% {{\n{body}\n}}", 100
    elif how == "bonus":
        plain = [
            row.replace(" points 5", "")
            for row in rows
            if "%" not in row.partition(" by ")[2]
            and "points" not in row.partition(" by ")[2]
            and "completion" not in row
        ]
        body, worth = OTHERS + ("\n加分 bonus -3 .. 5 {\n" + "\n".join(plain) + "\n}" if plain else ""), 10
    total = draw(st.sampled_from(("", "", f"total {worth}", f"total {worth} up to {worth + 3}")))
    lead = [draw(grades())] if draw(st.booleans()) else []
    return "\n".join([SCALE, 'project "P" {', *head, total, *lead, SURROUNDINGS, body, "}"])


def pasted(text: str, test: str) -> str:
    """``text`` with a test as the last thing of its project."""
    return f"{text.removesuffix('}')}{test}\n}}"


CASE = re.compile(r"->[^\n}]*?(?=\n|  |\s*}$)")


def mended(text: str, name: str, low: str, high: str) -> str:
    """``text`` with a sound rubric for a row: every case, and ``otherwise``, awards ``low``, or leaves it to a mark up to ``high``."""
    start = text.index(f"{name} ")
    by = text.index(" by ", start) + len(" by ")
    opening = text.index("{", by)
    end = text.index("}", opening) + 1
    head, rubric = text[by:opening], text[opening:end]
    ranged = " .. " in rubric
    rubric = CASE.sub(f"-> {low} .. {high}" if ranged else f"-> {low}", rubric)
    if "check" in head:
        return text[:by] + f'check {{ "甲项" -> {low}  "乙项" -> 0 }}' + text[end:]
    only_less = head.strip() == "sum" and not re.search(r"-> *[0-9]", text[opening:end])
    if "sum from" in head or only_less:
        head = f"sum from {low} "
    elif "best from" in head:
        head = "best "
    if "otherwise" not in rubric and "sum" not in head:
        rubric = f"{rubric[:-1].rstrip()}\n  otherwise -> {low} }}"
    return text[:by] + head + rubric + text[end:]
