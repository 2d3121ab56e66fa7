"""The words of a monitoring in both languages, and how its numbers are printed."""

from fractions import Fraction

from perfdsl import monitoring as m
from perfdsl.quantity import format_number, round_half_up

Pair = tuple[str, str]

KINDS: dict[str, Pair] = {
    "project": ("项目", "project"),
    "department": ("部门整体", "department"),
    "policy": ("政策", "policy"),
}
PERIODS: dict[str, Pair] = {
    "q1": ("一季度", "first quarter"), "half": ("半年", "half year"), "q3": ("三季度", "three quarters"), "full": ("全年", "year"),
}  # fmt: skip
SCHEDULES: dict[str, Pair] = {
    "months": ("按月", "by months"),
    "days": ("按日", "by days"),
    "table": ("按表", "by the table"),
}
STATUSES: dict[str, Pair] = {
    m.LAGGING: ("滞后", "behind"), m.MISSING: ("没有完成值", "no actual value"), m.UNJUDGED: ("无法判断", "cannot be judged"),
    m.REACHED: ("达到进度", "on schedule"), m.NOT_DUE: ("未到期", "not due yet"), m.NOT_APPLICABLE: ("不适用", "not applicable"),
    m.NO_TARGET: ("没有指标值", "no target"), "": ("", ""),
}  # fmt: skip
METHODS: dict[str, Pair] = {
    m.STATED: ("单位填报", "as stated"), m.BY_PLAN: ("按计划", "by the plan"), m.BY_RATE: ("按进度", "by the rate so far"),
    m.LEVEL: ("按现状", "as it stands"),
}  # fmt: skip
CAUSES: dict[str, Pair] = {
    "funds": ("经费保障", "funds"), "rules": ("制度保障", "rules"), "staff": ("人员保障", "staff"),
    "equipment": ("硬件条件保障", "equipment"), "other": ("其他", "other"),
}  # fmt: skip
LIKELY: dict[str, Pair] = {
    "certain": ("确定能完成", "certain"), "possible": ("有可能完成", "possible"), "impossible": ("完全不可能完成", "impossible"), "": ("", ""),
}  # fmt: skip
SIDES: dict[str, Pair] = {"income": ("收入", "income"), "spend": ("支出", "spending")}


def percent(ratio: Fraction | None) -> str:
    """Two decimals, exactly where two would hide on which side of 100% it lies; — where there is none."""
    if ratio is None:
        return "—"
    short = round_half_up(ratio * 100, 2)
    hidden = (short >= 100) != (ratio >= 1) or (short == 100) != (ratio == 1)
    return f"{format_number(ratio * 100 if hidden else short)}%"


def amount(value: Fraction | None, scale: Fraction) -> str:
    """Money in the unit of its table, two decimals at most; — where it is not known."""
    return "—" if value is None else format_number(round_half_up(value / scale, 2))
