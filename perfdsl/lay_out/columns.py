"""What stands in each column of the table of indicators."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import evolve

from perfdsl import plan as p
from perfdsl import target as t
from perfdsl.lay_out.words import STATUS, number
from perfdsl.layout import NAME, NUMBER, TEXT, Cell, Number, ToDate, Workings
from perfdsl.quantity import format_number, round_half_up
from perfdsl.scorecard import IndicatorScore

SIGNS = {">=": "≥", "<=": "≤", "=": "=", ">": ">", "<": "<"}
PERIOD_OF = {
    "全年指标值": "full",
    "半年指标值": "half",
    "一季度指标值": "q1",
    "三季度指标值": "q3",
    "实施周期指标值": "cycle",
}
REMARK_OF = {"评分标准": "note", "指标说明": "basis", "取值依据": "source"}

CENTRED = frozenset(
    {
        *PERIOD_OF,
        "序号",
        "指标值",
        "符号",
        "数值",
        "单位",
        "性质",
        "完成值",
        "完成率",
        "分值",
        "得分",
        "扣分",
        "是否达标",
        "应完成",
        "全年预计",
        "预警灯",
    }
)
TICK = "√"
OF_PERIOD = frozenset({"应完成", "监控结论"})  # they say what the target of the period is


class Filler:
    """Cells of one object; ``sentences`` are its rubrics as texts, ``periods`` those whose targets were asked for."""

    def __init__(
        self,
        period: str,
        workings: Workings,
        scored: dict[p.Path, IndicatorScore],
        sentences: Mapping[p.Path, str],
        to_date: ToDate | None = None,
    ) -> None:
        self.sentences = sentences
        self.period = period
        self.to_date = to_date.cells if to_date is not None else {}
        self.workings = workings
        self.scored = scored
        self.periods: set[str] = set()

    def cell(self, show: str, row: p.PlanIndicator, at: tuple[int, int], count: int) -> Cell:
        """The cell of one column and one indicator at (row, column)."""
        made = self.scored.get(row.path)
        path = "/".join(row.path)
        text = self.text(show, row, made, count)
        plain = Cell(row=at[0], column=at[1], text=text, role=NAME if show in CENTRED or text == TICK else TEXT)
        match show:
            case "完成值" if made is not None:
                return self.actual(path, plain)
            case "得分" if made is not None:
                live = self.workings.live.get(f"score:{path}")
                note = live.note if live is not None else ""
                return evolve(plain, role=NUMBER, key=f"score:{path}", number=_number(made.score), note=note)
            case "分值" if row.points is not None:
                return evolve(plain, role=NUMBER, number=_number(row.points))
        return plain

    def actual(self, path: str, plain: Cell) -> Cell:
        """An actual somebody may change where scores are reckoned from it; else the words as they were given."""
        key = f"actual:{path}"
        workings = self.workings
        if key in workings.given:
            value = workings.given[key]
            shown = Number(value, workings.shapes[key]) if isinstance(value, Fraction) else None
            return evolve(plain, key=key, number=shown, open=True)
        live = workings.live.get(key)
        if live is not None:
            shown = Number(live.value, workings.shapes[key]) if isinstance(live.value, Fraction) else None
            return evolve(plain, key=key, number=shown)
        return plain

    def text(self, show: str, row: p.PlanIndicator, made: IndicatorScore | None, count: int) -> str:
        if show in PERIOD_OF or show in ("指标值", "符号", "数值"):
            return self.target(show, row)
        if show in REMARK_OF:
            said = [text for kind, text in row.remarks if kind == REMARK_OF[show]]
            return "\n".join(said) or (self.method(row) if show == "评分标准" else "")
        match show:
            case "序号":
                return str(count)
            case "单位":
                return self.unit(row)
            case "性质":
                return self.nature(row)
            case "分值":
                return number(row.points)
        return self.result(show, made) if made is not None else self.told(show, row)

    def told(self, show: str, row: p.PlanIndicator) -> str:
        """What a monitoring says."""
        if row.path in self.to_date and show in OF_PERIOD:
            self.periods.add(self.period)
        return self.to_date.get(row.path, {}).get(show, "")

    def method(self, row: p.PlanIndicator) -> str:
        """How the row is scored: as a sentence, else by the name of its method."""
        name = row.scoring.name if row.scoring is not None else ""
        return self.sentences.get(row.path, "") or (f"按“{name}”计分" if name else "")

    def result(self, show: str, made: IndicatorScore) -> str:
        match show:
            case "完成值":
                return made.actual
            case "得分":
                return number(made.score)
            case "扣分":
                return number(made.lost) if made.lost else ""
            case "完成率":
                return f"{number(round_half_up(made.completion * 100, 2))}%" if made.completion is not None else ""
            case "是否达标":
                return STATUS.get(made.status, "")
            case "偏差原因":
                return made.explanation
            case "证据":
                return made.evidence
            case "得分理由":
                return made.reason("zh")
        return ""

    def target(self, show: str, row: p.PlanIndicator) -> str:
        """A target verbatim, or split into its sign and the rest."""
        period = PERIOD_OF.get(show, self.period)
        self.periods.add(period)
        found = next((x.target for x in row.targets if x.period == period), None)
        if found is None:
            return ""
        meaning = found.meaning
        if show not in ("符号", "数值") or not isinstance(meaning, t.Bound) or meaning.qualifier or meaning.approximate:
            return "" if show == "符号" else found.text
        return SIGNS.get(meaning.op or "", "") if show == "符号" else format_number(meaning.quantity.value)

    def unit(self, row: p.PlanIndicator) -> str:
        target = next((x for x in row.targets if x.period == self.period), None)
        if (
            target is not None
            and isinstance(target.target.meaning, t.Bound)
            and target.target.meaning.quantity.unit.text
        ):
            return target.target.meaning.quantity.unit.text
        return row.unit.text if row.unit is not None else ""

    def nature(self, row: p.PlanIndicator) -> str:
        """The sign of a number, 定性 of anything else."""
        target = next((x for x in row.targets if x.period == self.period), None)
        if target is None:
            return ""
        meaning = target.target.meaning
        if isinstance(meaning, t.Bound) and not meaning.qualifier:
            return SIGNS.get(meaning.op or "", "=")
        return "定性" if isinstance(meaning, (t.Level, t.Free)) else ""


def names(path: p.Path, depth: int) -> tuple[str, ...]:
    """A path in ``depth`` columns: what is too deep is joined in the last but one."""
    if len(path) <= depth:
        return path
    if depth == 1:
        return (" / ".join(path),)
    return (*path[: depth - 2], " / ".join(path[depth - 2 : -1]), path[-1])


def name_cell(text: str, at: tuple[int, int], rows: int, columns: int) -> Cell:
    """A cell of the tree of names."""
    return Cell(row=at[0], column=at[1], text=text, role=NAME, rows=rows, columns=columns)


def _number(value: Fraction | None) -> Number | None:
    return Number(value) if value is not None else None
