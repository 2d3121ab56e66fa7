"""What is wrong with grades, as findings with a total that shows it."""

from fractions import Fraction

from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, finding
from perfdsl.model import Band, Object
from perfdsl.prove.bands import Dropped, Overlap, Uncovered
from perfdsl.prove.wording import DEAD
from perfdsl.quantity import format_number
from perfdsl.text import Span


def describe_gap(gap: Uncovered, thing: Object) -> Diagnostic:
    """A total without a grade."""
    at, above = format_number(gap.total), gap.above or thing.grades[-1].name
    made = finding(GRADE_GAP, _place(thing), total=at, above=above)
    return made._replace(witness=(("total", at),), repro=_repro(gap.total, gap.below, thing))


def describe_drop(drop: Dropped, thing: Object) -> Diagnostic:
    """A total that has a worse grade than a smaller one."""
    at, last = format_number(drop.total), format_number(drop.last)
    if not drop.rest:
        made = finding(OUT_OF_ORDER, _place(thing), total=at, band=drop.band, below=drop.below)
        return made._replace(witness=(("total", at),))
    reach = (at, at) if at == last else (f"{at} 至 {last}", f"{at} to {last}")
    made = finding(FALLS_THROUGH, _place(thing), reach=reach[0], reach_en=reach[1], band=drop.band, below=drop.below)
    return made._replace(witness=(("total", at),), repro=_repro(drop.total, drop.meant, thing))


def describe_overlap(both: Overlap, thing: Object) -> Diagnostic:
    """A total two grades claim."""
    at, span = format_number(both.total), both.second.span if both.second.span.end else thing.span
    made = finding(OVERLAP, span, total=at, first=both.first.name, second=both.second.name)
    return made._replace(witness=(("total", at),))


def describe_dead(band: Band, thing: Object) -> Diagnostic:
    """A grade nobody can have."""
    how, how_en = "等级得不到，前面各级已经包括它或总分到不了", "can never be given"
    span = band.span if band.span.end else thing.span
    return finding(DEAD, span, name="评价等级", case=band.name, how=how, how_en=how_en)


def _place(thing: Object) -> Span:
    first, last = thing.grades[0].span, thing.grades[-1].span
    return first.to(last) if first.end else thing.span


def _repro(total: Fraction, grade: str, thing: Object) -> str:
    """A test whose only row has all the points and is awarded the total; its grades are those of the object it stands in."""
    at, full = format_number(total), format_number(thing.total or Fraction(100))
    most = f" up to {at}" if total > (thing.total or 100) else ""
    return "\n".join([
        f'test "总分 {at} 的等级" {{', f"  total {full}{most}", f"  rounding {thing.rounding}",
        f'  "合计" full "≥1件" points {full}{most} by {{ otherwise -> {at} }}',
        '  given "合计" 1件', f"  expect grade {grade}", "}",
    ])  # fmt: skip


GRADE_GAP = Kind(
    "V106", ERROR, "总分 {total} 没有评价等级", "a total of {total} has no grade",
    "各级只写下限（>=），从高到低排列，最后写“otherwise 等级”；这里“{above}”与下一级之间有空隙",
    "write lower limits only (>=), from high to low, and end with “otherwise GRADE”; there is a gap below “{above}”",
)  # fmt: skip
FALLS_THROUGH = Kind(
    "V108", ERROR, "总分 {reach} 落到“{band}”，而更低的总分能得“{below}”", "a total of {reach_en} falls to “{band}”, while lower totals are “{below}”",
    "两级之间有空隙，由 otherwise 接住了；各级只写下限（>=），从高到低排列", "there is a gap between two grades, and otherwise takes it; write lower limits only (>=), from high to low",
)  # fmt: skip
OUT_OF_ORDER = Kind(
    "V109", WARNING, "总分 {total} 的等级“{band}”排在更低总分的“{below}”后面", "the grade “{band}” of a total of {total} stands after “{below}” of lower totals",
    "等级从最好到最差排列：等级封顶按次序比高低", "list the grades from best to worst: ceilings go by this order",
)  # fmt: skip
OVERLAP = Kind(
    "V110", WARNING, "总分 {total} 既在“{first}”又在“{second}”里，按写在前面的算", "a total of {total} is named by “{first}” and by “{second}”; the first decides",
    "让分界只归一级：例如 >= 90 与 >= 80 and < 90", "give the border to one of them, as in >= 90 and >= 80 and < 90",
)  # fmt: skip
