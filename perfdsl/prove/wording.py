"""Verdicts as findings: values in the printed unit, the place to look at, and a test that shows the failure."""

from fractions import Fraction

from perfdsl.core import COHORT_KINDS
from perfdsl.diagnostics import ERROR, INFO, WARNING, Diagnostic, Kind, finding
from perfdsl.model import Indicator
from perfdsl.prove import curves as cv
from perfdsl.prove.contract import Doubt, Verdict
from perfdsl.prove.direction import NO_ORDER
from perfdsl.prove.entries import NOT_CONSTANT
from perfdsl.prove.repro import repro
from perfdsl.prove.subject import Subject
from perfdsl.prove.worlds import World
from perfdsl.quantity import format_number


def describe(verdict: Verdict, subject: Subject, whole: bool = False) -> Diagnostic:
    """The finding a verdict becomes, waived where the row accepts it; ``whole``: it is gone where only whole numbers count."""
    row = subject.row
    how, how_en = _how(verdict, subject)
    case = subject.scoring.cases[verdict.case].text if verdict.case is not None else ""
    made = finding(
        KINDS[verdict.code], subject.place(verdict.case), name=row.path[-1], how=how + _given(verdict.world, subject),
        how_en=how_en + _given(verdict.world, subject), case=case, points=_points(row.points), low=format_number(subject.scoring.low),
        high=format_number(subject.scoring.high), whole=WHOLE[0] if whole else "", whole_en=WHOLE[1] if whole else "",
    )  # fmt: skip
    two = ("actual", "meeting") if verdict.code == "V104" else ("worse", "better")
    names = two if len(verdict.actuals) == 2 else ("actual",)
    witness = tuple((n, subject.shown(a)) for n, a in zip(names, verdict.actuals, strict=False))
    inputs = tuple((input_name(name), subject.other(name, value)) for name, value in verdict.world)
    return waive(made._replace(witness=witness + inputs, repro=repro(verdict, subject)), row)


def doubt(doubts: tuple[Doubt, ...], subject: Subject) -> Diagnostic:
    """One finding for all that could not be decided."""
    codes = "、".join(sorted({d.code for d in doubts}))
    why = sorted(frozenset().union(*(d.why for d in doubts)))
    zh = "、".join(REASONS[w][0] if w in REASONS else f"取决于“{input_name(w)}”" for w in why)
    en = ", ".join(REASONS[w][1] if w in REASONS else f"it depends on “{input_name(w)}”" for w in why)
    made = finding(NOT_PROVED, subject.row.name_span, name=subject.row.path[-1], codes=codes, how=UNPROVED[0], how_en=UNPROVED[1],
                   why=zh, why_en=en)  # fmt: skip
    return waive(made, subject.row)


def proved_by(codes: list[str], subject: Subject) -> Diagnostic:
    """One finding for all that was proved by z3 and not by this program itself."""
    from perfdsl.prove.solver import version

    made = finding(NOT_PROVED, subject.row.name_span, name=subject.row.path[-1], codes="、".join(codes), how="由 z3 证明",
                   how_en="proved by z3", why=f"（z3 {version()}；程序自己的推理证明不了）",
                   why_en=f" (z3 {version()}; not by this program's own reasoning)")  # fmt: skip
    return waive(made, subject.row)


def waive(found: Diagnostic, row: Indicator) -> Diagnostic:
    """Accepted where the row says so."""
    for waiver in row.waivers:
        if waiver.code == found.code:
            return found._replace(accepted=waiver.reason)
    return found


def _how(verdict: Verdict, subject: Subject) -> tuple[str, str]:
    at = [subject.shown(value) for value in verdict.actuals]
    awards = [_points(award) for award in verdict.awards]
    match verdict.code, verdict.why:
        case "V101", _:
            return f"完成值为 {at[0]} 时没有任何一档适用", f"no case applies to an actual of {at[0]}"
        case "V102", "base":
            return f"没有记录时得 {awards[0]} 分", f"no entry at all is awarded {awards[0]}"
        case "V102", "entry":
            return f"一项得 {awards[0]} 分", f"one entry is awarded {awards[0]}"
        case "V102", _:
            return f"完成值为 {at[0]} 时得 {awards[0]} 分", f"an actual of {at[0]} is awarded {awards[0]}"
        case "V103", "one-sided":
            return f"要求等于目标，完成值为 {at[0]} 仍得满分", f"the target is two-sided, yet {at[0]} gets full points"
        case "V103", _:
            return (f"完成值 {at[0]} 得 {awards[0]} 分，更好的 {at[1]} 只得 {awards[1]} 分",
                    f"{at[0]} is awarded {awards[0]}, the better {at[1]} only {awards[1]}")  # fmt: skip
        case "V104", "sum":
            return f"各项合计最多得 {awards[0]} 分", f"the entries give at most {awards[0]}"
        case "V104", "missed":
            return f"未达标的完成值（{at[0]}）才能得到", f"only an actual that misses the target gets them ({at[0]})"
        case "V104", _:
            best = "、".join(f"完成值为 {a} 时得 {b} 分" for a, b in zip(at, awards, strict=True))
            return f"得不到（{best}）", "nothing gets them" + "".join(
                f"; {a} is awarded {b}" for a, b in zip(at, awards)
            )
        case "V105", "impossible":
            return "的条件不可能成立", "has a condition that never holds"
    return "永远用不到，前面各档已经包括它", "is never used: earlier cases take all of it"


def _given(world: World, subject: Subject) -> str:
    known = "、".join(f"{input_name(name)}={subject.other(name, value)}" for name, value in world)
    return f"（{known}）" if known else ""


def input_name(name: str) -> str:
    """What another input is called in a finding."""
    kind, _, text = name.partition(":")
    if kind in COHORT_KINDS:
        return f"{kind}({text})"
    return {"prior": "上年值", "schedule": "序时进度", "mark": "评分"}.get(name, text or name)


def _points(value: Fraction | None) -> str:
    return "" if value is None else format_number(value)


WHOLE = (
    "；只取整数的写“values whole 0 ..”，这个空隙就没有了",
    "; for whole numbers only, “values whole 0 ..” closes it",
)
NOT_SHOWN, GAVE_UP = "not replayed", "z3 gave up"
UNPROVED = ("未能证明：", "not proved: ")
REASONS = {
    GAVE_UP: ("z3 在限定的步数内也没有结论", "z3 did not decide it within its limit of steps"),
    cv.CURVED: ("不是一次式或一次分式", "it is not linear-fractional"),
    cv.MANY: (f"取整的级数超过 {cv.STEPS}", f"it has more than {cv.STEPS} steps"),
    NO_ORDER: ("目标没有一致的方向", "the target has no one direction"),
    NOT_SHOWN: ("反例没有重现", "its witness did not replay"),
    NOT_CONSTANT: ("各项得分不是定值", "the awards of entries vary"),
}
TOTAL = Kind(
    "V101", ERROR, "“{name}”{how}", "“{name}”: {how_en}",
    "让相邻两档的分界归入其中一档，或在最后写“otherwise -> 得分”{whole}",
    "give the border to one of the two cases, or end with “otherwise -> award”{whole_en}",
)  # fmt: skip
BOUNDED = Kind(
    "V102", ERROR, "“{name}”{how}，超出 {low} 到 {high} 分", "“{name}”: {how_en}, outside {low} to {high}",
    "用 min(points, …) 或 max(0, …) 限定得分，允许超过分值时写“up to”",
    "limit the award with min(points, …) or max(0, …), or write “up to” where it may exceed the points",
)  # fmt: skip
MONOTONE = Kind(
    "V103", ERROR, "“{name}”{how}", "“{name}”: {how_en}",
    "改各档的得分，使更好的完成值不少得分；“等于为好”的目标，超出的另写一档、低于满分，多多益善的不写 exact；确有依据时写“accept V103 \"依据\"”",
    "let a better actual score no less; of a two-sided target give what lies beyond less, or drop exact; where a rule wants it so, write “accept V103 \"reason\"”",
)  # fmt: skip
REACHABLE = Kind(
    "V104", ERROR, "“{name}”的 {points} 分{how}", "the {points} points of “{name}”: {how_en}",
    "让达标的完成值得到 {points} 分，或把分值改为能得到的最高分",
    "award {points} to an actual that meets the target, or lower the points to what can be had",
)  # fmt: skip
DEAD = Kind(
    "V105", WARNING, "“{name}”的“{case}”一档{how}", "the case “{case}” of “{name}” {how_en}",
    "删去这一档，或检查各档的次序和界限", "remove it, or look at the order and the limits of the cases",
)  # fmt: skip
NOT_PROVED = Kind(
    "V190", INFO, "“{name}”的 {codes} {how}{why}", "{codes} of “{name}” {how_en}{why_en}",
    "不表示有错；各代码的意思见 perfdsl explain，要紧的取值用 test（测试）各测一次", "nothing may be wrong; perfdsl explain tells what a code means; write tests for the values that matter",
)  # fmt: skip
KINDS = {kind.code: kind for kind in (TOTAL, BOUNDED, MONOTONE, REACHABLE, DEAD, NOT_PROVED)}
