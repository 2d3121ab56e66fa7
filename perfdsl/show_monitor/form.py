"""A monitoring as what the official form is filled from; the form is Chinese, and what is not known stays blank."""

from fractions import Fraction

from perfdsl import monitoring as m
from perfdsl.layout import ToDate
from perfdsl.show_monitor import words as w
from perfdsl.show_monitor.summary import money, output, schedule

TICK = "√"
LIKELY = {"certain": "确定能", "possible": "有可能", "impossible": "完全不可能"}


def monitor_form(made: m.Monitoring) -> ToDate:
    """The cells, places and amounts of one object, by the words forms have for them (docs/forms.md)."""
    lines = {"/".join((line.side, *line.path)): line for line in made.money}
    planned = {key: line.planned for key, line in lines.items() if line.planned is not None}
    spent = {key: line.spent for key, line in lines.items() if line.spent is not None}
    forecasts = {
        key: (best.value, _method(best))
        for key, line in lines.items()
        if (best := line.forecast) is not None and isinstance(best.value, Fraction)
    }
    return ToDate(
        period=made.period, as_of=made.as_of, cells={row.path: _cells(row) for row in made.indicators}, words=_words(made),
        planned=planned, spent=spent, forecasts=forecasts,
    )  # fmt: skip


def _cells(row: m.Progress) -> dict[str, str]:
    said = {
        "完成值": row.actual, "应完成": row.due, "完成率": w.percent(row.completion) if row.completion is not None else "",
        "是否达标": w.STATUSES[row.status][0], "预警灯": row.light.name if row.light is not None else "",
        "全年预计": _forecast(row.forecast), "监控结论": _verdict(row), "偏差原因": row.remarks.explanation, "证据": row.remarks.evidence,
    }  # fmt: skip
    said |= {w.CAUSES[cause][0]: text or TICK for cause, text in row.remarks.causes}
    if row.remarks.likelihood:
        said[LIKELY[row.remarks.likelihood]] = TICK
    return said


def _forecast(best: m.Forecast | None) -> str:
    """As the unit states it; what is reckoned names its method."""
    if best is None:
        return ""
    method = _method(best)
    return f"{best.shown}（{method}）" if method else best.shown


def _method(best: m.Forecast) -> str:
    return w.METHODS[best.method][0] if best.method != m.STATED else ""


def _verdict(row: m.Progress) -> str:
    """What was compared with what, without the value that stands in a column of its own, and the light."""
    said = row.reason_zh.removesuffix(f"；现在{row.actual}")
    if row.actual and said.startswith(row.actual):
        said = said.removeprefix(row.actual).lstrip("，；")
    return "，".join(filter(None, (said, row.light.name if row.light is not None else "")))


def _words(made: m.Monitoring) -> dict[str, str]:
    """The place of a form for the sentences above all."""
    day = f"截至 {made.as_of}" if made.as_of else ""
    at = "，".join(filter(None, (day, schedule(made, "zh"))))
    said = (f"{at}。" if at else "", output(made, "zh"), money(made, "spend", "zh"), money(made, "income", "zh"))
    return {"监控说明": "\n".join(filter(None, said))}
