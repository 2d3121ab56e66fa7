"""Headings of columns: which row is one, and the role of each of its columns."""

import re
from collections.abc import Sequence

import attrs

from perfdsl.importers.clean import bracket, key
from perfdsl.importers.lexicon import CAUSES, GROUPS, LAYOUTS, LIKE, ROLES, TARGETS
from perfdsl.importers.records import Bit, Row
from perfdsl.importers.shapes import is_caption
from perfdsl.quantity import is_unit

BESIDE = "~"
_OF_LEVEL = {
    "名称": "name",
    "指标名称": "name",
    "内容": "name",
    "指标": "name",
    "权重": "points",
    "分值": "points",
    "权重%": "points",
}
_LEVEL_POINTS = {"g1": "points1", "g2": "points2", "name": "points", "g3": "points3"}


@attrs.frozen
class Column:
    """One column: its role, the heading as printed, where it stands and how many places it covers."""

    role: str
    heading: str
    at: int
    wide: int = 1


def role_of(text: str) -> str:
    """The role of a heading, empty when the words are none."""
    word = key(text)
    return ROLES.get(word, "") or ROLES.get(re.sub(r"^(?:20\d\d年?度?|本年度?|项目)", "", word), "")


def role_like(text: str) -> str:
    """The role of a heading that no list has, by its wording; for rows that are headings anyhow."""
    word = key(text)
    if not 2 <= len(word) <= 24 or is_caption(text):
        return ""
    return role_of(text) or next((role for role, wording in LIKE if re.search(wording, word)), "")


def columns_of(row: Row) -> tuple[Column, ...]:
    """The columns a row of headings declares; none when the row is not one.

    It is one when it names the indicator or two levels of groups, and nearly all its cells are headings.
    """
    roles = [role_of(bit.text) for bit in row.bits]
    known = {role for role in roles if role}
    levels = len(known & {"g1", "g2", "name"})
    like = [role or role_like(bit.text) for role, bit in zip(roles, row.bits, strict=True)]
    if levels < 2 and not ("name" in known and len({role for role in like if role}) >= 3):
        return ()
    if sum(not role for role in like) > max(2, len(like) // 3):
        return ()
    made: list[Column] = []
    ends = [bit.column for bit in row.bits[1:]] + [row.width]
    for bit, role, end in zip(row.bits, like, ends, strict=True):
        wide = bit.columns if row.fixed else end - bit.column
        role = _by_neighbours(role, bit, made) or ("" if is_caption(bit.text) else f"+{bit.text}")
        made.append(Column(role, bit.text, bit.column, wide))
    return _levels(tuple(_only_one(_beside(_four_levels(made)))))


def base(role: str) -> str:
    """The role of a column without the mark that it belongs to the right one of two tables side by side."""
    return role.removesuffix(BESIDE)


def _four_levels(columns: list[Column]) -> list[Column]:
    """With 四级指标 the third level is one of groups."""
    if not any(key(column.heading).startswith("四级") for column in columns):
        return columns
    return [
        attrs.evolve(c, role="g3") if c.role == "name" and key(c.heading).startswith("三级") else c for c in columns
    ]


def _beside(columns: list[Column]) -> list[Column]:
    """``… 三级指标 指标值 二级指标 三级指标 指标值``: from the level that stands a second time on, a table beside the first."""
    roles = [column.role for column in columns]
    if roles.count("name") != 2 or sum(role in TARGETS for role in roles) < 2:
        return columns
    first = roles.index("name")
    second = roles.index("name", first + 1)
    start = next((at for at in range(first + 1, second) if roles[at] in GROUPS), second)
    if not any(role in TARGETS for role in roles[first:start]) or not any(role in TARGETS for role in roles[second:]):
        return columns
    return [attrs.evolve(c, role=c.role + BESIDE) if at >= start and c.role else c for at, c in enumerate(columns)]


def _by_neighbours(role: str, bit: Bit, before: list[Column]) -> str:
    """权重 or 分值 right after a level of groups is about that group."""
    last = before[-1].role if before else ""
    if role in ("points", "weight") and last in ("g1", "g2"):
        return "points1" if last == "g1" else "points2"
    return role


def _only_one(columns: list[Column]) -> list[Column]:
    """A role stands once: a second column of the same role is a remark with its own heading."""
    seen: set[str] = set()
    made = []
    for column in columns:
        role = column.role
        if role in seen and role != "":
            measured = role == "full" and "actual" not in seen and bool(seen & {"data1", "data2"})
            role = (
                "actual"
                if measured
                else f"+{column.heading}"
                if f"+{column.heading}" not in seen
                else f"+{column.heading}{column.at}"
            )
        seen.add(role)
        made.append(attrs.evolve(column, role=role))
    return made


def _levels(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Without a column of names the deepest level is the name."""
    roles = [column.role for column in columns]
    if "name" in roles:
        return columns
    deepest = "g2" if "g2" in roles else "g1"
    return tuple(attrs.evolve(c, role="name") if c.role == deepest else c for c in columns)


def is_second_row(row: Row, columns: tuple[Column, ...]) -> bool:
    """Is the row the lower half of a heading in two rows: nothing but headings below other headings?"""
    fresh = [bit for bit in row.bits if not bit.below]
    return bool(fresh) and all(_lower(bit, columns) for bit in fresh)


def _lower(bit: Bit, columns: tuple[Column, ...]) -> bool:
    return (
        bool(role_of(bit.text))
        or key(bit.text) in CAUSES
        or key(bit.text) in _OF_LEVEL
        or bool(_of_period(bit.text, next((c for c in columns if c.at <= bit.column < c.at + c.wide), None)))
        or bool(re.fullmatch(r"[(（]?[A-Za-z][)）]?|[①-⑩]|\d{1,2}", bit.text) and len(columns) < 3)
    )


def with_second_row(columns: tuple[Column, ...], row: Row) -> tuple[Column, ...]:
    """The columns with what the lower row says of them: 指标值 above 半年 and 全年 become two."""
    made = {column.at: column for column in columns}
    for bit in row.bits:
        if bit.below:
            continue
        over = next((c for c in columns if c.at <= bit.column < c.at + c.wide), None)
        level = over or next((c for c in reversed(columns) if c.at < bit.column), None)
        role = of_level(bit.text, level) or role_of(bit.text) or _of_period(bit.text, over)
        if over is not None and key(bit.text) in CAUSES:
            role = "reason" if over.role == "reason" else over.role
        if over is not None and over.at in made and made[over.at] is over:
            del made[over.at]
        heading = f"{over.heading}·{bit.text}" if over is not None else bit.text
        made[bit.column] = Column(role or (over.role if over else f"+{bit.text}"), heading, bit.column, bit.columns)
    return tuple(made[at] for at in sorted(made))


def of_level(text: str, level: Column | None) -> str:
    """The role of 名称 or 权重 below a level of groups: its names or its points; empty for other words."""
    if level is None or level.role not in _LEVEL_POINTS:
        return ""
    word = _OF_LEVEL.get(key(text), "")
    return level.role if word == "name" else _LEVEL_POINTS[level.role] if word else ""


def _of_period(text: str, over: Column | None) -> str:
    word = key(text)
    if over is None or over.role not in TARGETS:
        return ""
    return {
        "半年": "half",
        "上半年": "half",
        "全年": "full",
        "年度": "full",
        "实施周期": "cycle",
        "一季度": "q1",
        "三季度": "q3",
    }.get(word, "")


def unit_in(column: Column) -> str:
    """The unit a heading carries: 金额（万元）."""
    inside = bracket(column.heading)
    return inside if inside and is_unit(inside) else ""


def layout_of(columns: Sequence[Column]) -> str:
    """The name of the form whose roles are nearest to these columns."""
    if not columns:
        return ""
    own = {column.role for column in columns if column.role[:1] not in ("", "+")}
    best, name = -1.0, ""
    for layout in LAYOUTS:
        roles = {word.split("=")[1] for word in layout.columns.split()}
        roles = {"early" if layout.name == "monitoring" and role == "actual" else role for role in roles}
        score = len(own & roles) / len(own | roles)
        if score > best:
            best, name = score, layout.name
    return name
