"""A monitoring in a few sentences: the schedule, the output, the money of each side."""

from collections.abc import Iterator

from perfdsl import monitoring as m
from perfdsl.show_monitor import words as w


def summary(made: m.Monitoring, lang: str) -> Iterator[str]:
    """A sentence on output, one on each side of the money, and one where the rules have no lights."""
    yield output(made, lang)
    for side in ("spend", "income"):
        said = money(made, side, lang)
        if said:
            yield said
    if not made.output_lights and not made.money_lights:
        yield _say(
            lang,
            "规则里没有写预警灯的界限（lights），不亮灯。",
            "The rules set no limits for lights, so there are none.",
        )


def schedule(made: m.Monitoring, lang: str) -> str:
    """序时进度 and how it is counted; empty where the table has none for the period."""
    if made.share is None:
        return ""
    by = _say(lang, *w.SCHEDULES[made.schedule_by])
    return _say(lang, f"序时进度 {w.percent(made.share)}（{by}）", f"schedule {w.percent(made.share)} ({by})")


def output(made: m.Monitoring, lang: str) -> str:
    """How many indicators are where, and their lights."""
    counts = [f"{_say(lang, *w.STATUSES[status])} {len(made.of(status))}" for status in m.STATUSES if made.of(status)]
    lit = [f"{name} {n}" for name in made.output_lights
           if (n := sum(row.light is not None and row.light.name == name for row in made.indicators))]  # fmt: skip
    said = _say(lang, "产出：", "Output: ") + _say(lang, "，", ", ").join(counts)
    return said + (_say(lang, "。", ". ") + " · ".join(lit) if lit else "")


def money(made: m.Monitoring, side: str, lang: str) -> str:
    """One side of the money; income of which nothing is known is not spoken of."""
    whole = made.whole(side)
    if whole is None or (side == "income" and whole.spent is None):
        return ""
    name = _say(lang, *w.SIDES[side])
    if whole.spent is None:
        if all(line.spent is None for line in made.money if line.side == side):
            return _say(lang, f"资金：没有填已执行的{name}。", f"Money: no {name} is filled in.")
        return _say(lang, f"资金：{name}没有填全，合计未知。", f"Money: {name} is not filled in completely.")
    scale = made.money_scale
    spent, planned, budget = (w.amount(x, scale) + made.money_unit for x in (whole.spent, whole.planned, whole.budget))
    due = _say(lang, *(("本期计划", "plan to date") if whole.basis == m.FROM_TARGET else ("按序时进度应执行", "due by the schedule")))  # fmt: skip
    parts = [_say(lang, f"资金：{name}已执行{spent}", f"Money: {name} {spent}")]
    if whole.planned is not None:
        rate = w.percent(whole.of_plan)
        parts.append(_say(lang, f"{due}{planned}，完成{rate}", f"{due} {planned}: {rate}"))
    if whole.budget is not None:
        rate = w.percent(whole.of_budget)
        parts.append(_say(lang, f"全年预算{budget}，执行{rate}", f"budget {budget}: {rate}"))
    text = _say(lang, "；", "; ").join(parts) + _say(lang, "。", ". ")
    return text + (whole.light.name if whole.light else "")


def _say(lang: str, zh: str, en: str) -> str:
    return en if lang == "en" else zh
