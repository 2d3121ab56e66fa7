"""Things counted one by one: 每发现一例扣1分 takes from full marks, 每完成1项得1分 earns points."""

from fractions import Fraction

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.aim import counts, dims_of
from perfdsl.sentences.branches import award_of
from perfdsl.sentences.gather import Gathered, Head, Talk, full_marks
from perfdsl.sentences.rule import (
    FULL,
    Amount,
    Branches,
    Earned,
    Earning,
    Occurrences,
    Otherwise,
    Rule,
)
from perfdsl.sentences.started import partial_steps


def happens(step: a.Step, talk: Talk) -> bool:
    """Is it a price of each occurrence, which the row's value does not count?"""
    if step.side == "below" and talk.aim.kind in ("none", "level") and counts(step.value.unit) and not step.of:
        return not step.who
    if step.side not in ("event", "") or step.who:
        return False
    if step.side == "" and not step.what:
        return False
    return not (talk.aim.kind == "count" and dims_of(step.value.unit) == talk.aim.unit.dims)


def occurrences(made: Gathered, found: tuple[Head, a.Step], talk: Talk) -> Occurrences:
    head, step = found
    if talk.aim.kind not in ("none", "level"):
        talk.stop("I207", step)
    if head is not None or step.value.value != 1 or not counts(step.value.unit):
        talk.stop("I213", step)
    for before, award in made.branches:
        if not _clean(before, step, talk) or award_of(award, talk) not in (
            FULL,
            Amount(talk.aim.points or Fraction(0)),
        ):
            talk.stop("I213", award)
    for cap in made.caps:
        if cap.kind != "floor" and not (cap.kind == "down" and cap.amount == talk.aim.points is not None):
            talk.stop("I213", cap)
    if made.started:
        talk.stop("I213", made.started[0])
    if talk.aim.points is not None and step.each > talk.aim.points:
        talk.stop("I206", step, said=format_number(step.each), points=format_number(talk.aim.points))
    return Occurrences(step.each, step.what)


def _clean(before: Head, step: a.Step, talk: Talk) -> bool:
    """Is the condition of full marks that nothing of the kind happened: 未发现 beside 每发现, 合规 beside 不合规?"""
    if isinstance(before, a.Reached) and before.side == "event":
        return True
    if not isinstance(before, a.Level | a.Phrase | a.Reached) or (isinstance(before, a.Reached) and not before.yes):
        return False
    words, wrong = (talk.folded.text[x.start : x.end] for x in (before, step))
    if words.startswith(("无", "没有", "未", "不存在")):
        return True
    return any(x in words for x in _SOUND) and any(x in wrong for x in _UNSOUND)


_SOUND = (
    "合规",
    "规范",
    "健全",
    "完整",
    "完善",
    "齐全",
    "真实",
    "准确",
    "符合",
    "合理",
    "合法",
    "到位",
    "及时",
    "良好",
)
_UNSOUND = ("不", "未", "违", "缺", "少", "漏", "问题")


# ---- points earned


def earned(made: Gathered, found: tuple[Head, a.Step], talk: Talk) -> Rule:
    """每完成1项得1分: of the row's own value where it counts the same things, else of what is listed."""
    head, step = found
    aim = talk.aim
    if head is not None or made.standard is not None or step.of or step.reach or not step.value.unit:
        talk.stop("I213", step)
    for cap in made.caps:
        if cap.kind != "full":
            talk.stop("I213", cap)
        full_marks(talk, cap, cap.amount)
    if aim.points is not None and step.each > aim.points:
        talk.stop("I206", step, said=format_number(step.each), points=format_number(aim.points))
    if aim.kind in ("none", "level"):
        if made.started or step.value.value != 1 or not counts(step.value.unit) or step.who:
            talk.stop("I213", step)
        return Earned(step.each, step.what)
    if aim.kind not in ("percent", "count") or dims_of(step.value.unit) != aim.unit.dims or step.value.point:
        talk.stop("I207", step)
    if aim.side != "up":
        talk.stop("I208", step)
    if step.what and not aim.own(step.what) and not (aim.name and step.what in aim.folded_name):
        talk.stop("I212", step, words=step.what)
    if step.who and aim.subject(step.who) != "actual":
        talk.stop("I212", step, words=step.who)
    partial = partial_steps(made, step, None, talk, relative=False)
    return Branches(((Otherwise(), Earning(step.each, step.value.value, step.value.unit, partial)),))
