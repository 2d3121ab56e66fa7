"""What the places of a form stand for: ``{对象}``, ``{年度}``, ``{总分}``, and every fact of the object by its own name."""

import re
from calendar import monthrange
from fractions import Fraction

from perfdsl import plan as p
from perfdsl.layout import Live, Ref, Refs, Result, ToDate, Workings
from perfdsl.quantity import format_number
from perfdsl.scorecard import EXCEEDED, MET, MISSED, NOT_APPLICABLE, Scorecard

KEYS = {
    "agency": ("实施单位", "单位名称", "部门名称", "项目单位", "填报单位"), "supervisor": ("主管部门", "预算主管部门"),
    "effective": ("有效期",),
}  # fmt: skip
PERIODS = {"q1": "一季度", "half": "半年", "q3": "三季度", "full": "全年", "cycle": "实施周期"}
MOST_LIVE = 200  # a text inside a formula is at most 255 long
LIVE_TOTAL, OPEN = "{总分}", "（待定）"
LIVE = {LIVE_TOTAL: "total", "{等级}": "grade"}
KINDS = {"project": "项目", "department": "部门整体", "policy": "政策"}
MONTHS = {"q1": 3, "half": 6, "q3": 9, "full": 12}
STATUS = {MET: "达标", EXCEEDED: "超额完成", MISSED: "未达标", NOT_APPLICABLE: "不适用"}


class Words:
    """The texts of one object; ``used`` collects the facts the form has room for."""

    def __init__(self, plan: p.Plan, result: Result | None, unit: str, to_date: ToDate | None = None) -> None:
        self.plan = plan
        self.to_date = to_date
        self.card = result.card if result is not None else None
        self.facts = dict(plan.facts)
        self.used: set[str] = set()
        self.unit = unit

    def filled(self, template: str) -> str:
        """A template with its places filled; what is not known stays empty, to be written by hand."""
        return re.sub(r"\{([^{}]+)\}", lambda found: self.word(found[1].strip()), template)

    def live(self, template: str, workings: Workings) -> Live | None:
        """A text that names the total or the grade, as a formula over their cells; None for every other."""
        named = [key for place, key in LIVE.items() if place in template]
        if self.card is None or not named or any(key not in workings.live for key in named):
            return None
        said = self.filled(template)
        if template.strip() == LIVE_TOTAL:
            return Live((Ref("total"),), self.card.total)
        if len(said) > MOST_LIVE or not said.isprintable():
            return None  # a spreadsheet takes no such text inside a formula
        parts: list[str | Ref | Refs] = []
        for piece in re.split(r"(\{总分\}|\{等级\})", template):
            if piece in LIVE:
                cell = Ref(LIVE[piece])
                parts += ["&", "IF(", cell, f'="","{OPEN}",', cell, ")"]
            elif piece:
                text = self.filled(piece).replace('"', '""')
                parts += ["&", f'"{text}"']
        return Live(tuple(parts[1:]), said)

    def word(self, name: str) -> str:
        if name in self.facts:
            self.used.add(name)
            return self.facts[name]
        for key, names in KEYS.items():
            if name in names and key in self.facts:
                self.used.add(key)
                return self.facts[key]
        match name:
            case "对象" | "项目名称":
                return self.plan.object
            case "单位名称" | "部门名称" if self.plan.kind == "department":
                return self.plan.object
            case "年度":
                return str(self.plan.year) if self.plan.year is not None else "　　　"
            case "满分":
                return number(self.plan.total)
            case "用途":
                return "自评" if self.card is not None else "监控" if self.to_date is not None else "目标"
            case "种类":
                return KINDS.get(self.plan.kind, "")
            case "资金单位":
                return self.unit
            case "监控期":
                at = self.to_date or self.card
                return span_of(at.period, at.as_of) if at is not None else "监控期"
            case "评价日期" if self.to_date is not None:
                return self.to_date.as_of
            case "期间" if self.to_date is not None:
                return PERIODS.get(self.to_date.period, self.to_date.period)
        if self.to_date is not None:
            return self.to_date.words.get(name, "")
        return self.scored(name, self.card) if self.card is not None else ""

    def scored(self, name: str, card: Scorecard) -> str:
        judged = [row for row in card.indicators if row.status in (MET, EXCEEDED, MISSED)]
        match name:
            case "总分":
                return number(card.total) or OPEN
            case "等级":
                return card.grade or OPEN
            case "期间":
                return PERIODS.get(card.period, card.period)
            case "评价日期":
                return card.as_of
            case "指标数":
                return str(len(judged))
            case "达标数":
                return str(sum(row.status != MISSED for row in judged))
            case "未达标指标":
                return "、".join(row.path[-1] for row in judged if row.status == MISSED)
            case "偏差原因":
                return "\n".join(f"{row.path[-1]}：{row.explanation}" for row in card.indicators if row.explanation)
        return ""


def span_of(period: str, as_of: str) -> str:
    """The months a form of monitoring is about: up to the day of evaluation, without a day up to the end of the period."""
    if not as_of and period not in MONTHS:
        return PERIODS.get(period, period)
    year, month, day = map(int, as_of.split("-")) if as_of else (2001, MONTHS[period], 0)
    if as_of and day != monthrange(year, month)[1]:
        return f"1月1日—{month}月{day}日"
    return "1月" if month == 1 else f"1—{month}月"


def number(value: Fraction | None) -> str:
    """An exact decimal; nothing where it is not known."""
    return format_number(value) if value is not None else ""
