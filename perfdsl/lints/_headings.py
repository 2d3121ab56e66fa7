"""The headings of official tables: what a heading is about, whatever suffix it is printed with."""

from perfdsl import model as m
from perfdsl.lints._table import Table

OUTPUT, BENEFIT, SATISFACTION, COST, EXECUTION = "产出", "效益", "满意度", "成本", "预算执行"


def plain(heading: str) -> str:
    """产出指标 as 产出, 预算执行情况 as 预算执行, 满意度指标 as 满意度."""
    short = heading.strip().removesuffix("指标").removesuffix("情况")
    return {"预算执行率": EXECUTION, "满意": SATISFACTION, "产出绩效": OUTPUT, "效益绩效": BENEFIT}.get(short, short)


def is_standard(table: Table) -> bool:
    """Is it a table of outputs and benefits, with nothing of it left out as broken?"""
    firsts = {plain(row.path[0]) for row in table.thing.rows}
    return {OUTPUT, BENEFIT} <= firsts and not table.thing.broken


def headings(rows: tuple[m.Row, ...]) -> set[str]:
    """Every heading and every name of ``rows``."""
    found: set[str] = set()
    stack = list(rows)
    while stack:
        row = stack.pop()
        found.add(row.path[-1])
        if isinstance(row, m.Group):
            stack.extend(row.children)
    return found


_OFFICIAL = frozenset({
    OUTPUT, BENEFIT, SATISFACTION, COST, "产出与效益", "效果", "数量", "质量", "时效", "经济成本", "社会成本", "生态环境成本", "生态成本",
    "经济效益", "社会效益", "生态效益", "可持续影响", "可持续发展", "服务对象满意度", "社会公众满意度", "受益对象满意度", "群众满意度",
})  # fmt: skip


def is_official(heading: str) -> bool:
    """Is it a heading of the official frame of outputs and benefits?"""
    return plain(heading) in _OFFICIAL
