"""Read one sentence: its pieces, the rule they make, and what is open; or print a rule as a sentence."""

from collections.abc import Collection
from fractions import Fraction
from itertools import product

import attrs

from perfdsl import syntax as s
from perfdsl.sentences import atoms as a
from perfdsl.sentences.aim import ANSWERS, Aim, chosen
from perfdsl.sentences.branches import by_branches
from perfdsl.sentences.by_words import by_words, in_words
from perfdsl.sentences.cases import inline
from perfdsl.sentences.findings import Choice, Reading
from perfdsl.sentences.fold import Folded, fold
from perfdsl.sentences.gather import Talk, Unclear, gather
from perfdsl.sentences.listed import by_points, is_list
from perfdsl.sentences.recognise import recognise
from perfdsl.sentences.rule import Rule, needs_target
from perfdsl.sentences.stepped import by_steps
from perfdsl.sentences.take_apart import take_apart
from perfdsl.sentences.wording import wordings
from perfdsl.target import Finding, Target

LONGEST = 600
MOST_CHOICES = 6


def read_sentence(
    text: str, points: Fraction | None, target: Target | None, *, name: str = "", answers: Collection[str] = ()
) -> Reading:
    """What a sentence of a rubric says of a row with these ``points``, this ``target`` and this ``name``; never raises.

    ``points`` None: not known, nothing is checked against them.  ``target`` None: the row has none.  ``name`` lets the
    sentence speak of the indicator by its name; without it any one rate or number named in the sentence is taken for the
    row's own.  ``answers`` settle what sentences leave open: ``floor`` ``ceil`` ``exact`` (a started step), ``point``
    ``relative`` (每低1%), ``upper`` ``lower`` (an edge in two bands), ``actual`` ``completion`` (完成率), ``zero`` ``full``
    ``pro`` ``mark`` (what is scored otherwise), ``part`` ``whole`` (a second price of a step).
    Another word in ``answers`` is a mistake of the caller and raises ``ValueError``.
    """
    aim = Aim(points=points, target=target, name=name, answers=chosen(answers))
    if len(text) > LONGEST:
        return Reading(text=text, unread=(Finding("I215", 0, len(text), (("count", str(len(text))),)),))
    folded = fold(text)
    try:
        rule, talk = _attempt(folded, aim)
    except Unclear as unclear:
        return Reading(text=text, unread=(unclear.found,))
    if talk.open:
        return Reading(text=text, open=tuple(talk.open), notes=tuple(talk.notes), choices=_choices(folded, aim, talk))
    if target is None and needs_target(rule):
        talk.note("I221", a.Strange(start=0, end=len(folded.text)))
    said = _said(rule, aim)
    if not said:  # what cannot be said again was not understood
        return Reading(text=text, unread=(talk.finding("I213", a.Strange(start=0, end=len(folded.text))),))
    return Reading(text=text, rubric=inline(rule), said=said, notes=tuple(talk.notes))


def write_sentence(rubric: s.Inline, points: Fraction | None, target: Target | None, *, name: str = "") -> str | None:
    """The official sentence of a rubric on a row with these ``points``, ``target`` and ``name``; None where there is none.

    Reading the sentence back, with the same points, target and name, gives the same cases: it is read before it is given.
    """
    rule = recognise(rubric)
    return None if rule is None else _said(rule, Aim(points=points, target=target, name=name)) or None


def _said(rule: Rule, aim: Aim) -> str:
    """The first wording that reads back as the same rule; empty when none does."""
    aim = attrs.evolve(aim, answers=frozenset())
    for sentence in wordings(rule, _verbs(aim), aim.name):
        try:
            again, talk = _attempt(fold(sentence), aim)
        except Unclear:
            continue
        if again == rule and not talk.open:
            return sentence
    return ""


def _attempt(folded: Folded, aim: Aim) -> tuple[Rule, Talk]:
    """The rule under the answers there are, and what was asked on the way."""
    talk = Talk(folded, aim)
    if is_list(folded.text):
        return by_points(talk), talk
    pieces = take_apart(folded.text)
    if not pieces:
        talk.stop("I216", a.Strange(start=0, end=len(folded.text)))
    made = gather(pieces, talk)
    if made.steps:
        return by_steps(made, talk), talk
    return (by_words(made, talk) if in_words(made, talk) else by_branches(made, talk)), talk


def _choices(folded: Folded, aim: Aim, talk: Talk) -> tuple[Choice, ...]:
    """The rule under each answer to what is open; none where the answers are too many or one leads nowhere."""
    codes = dict.fromkeys(found.code for found in talk.open)
    made: list[Choice] = []
    for picked in product(*([word for word, code in ANSWERS.items() if code == asked] for asked in codes)):
        given = Aim(points=aim.points, target=aim.target, name=aim.name, answers=aim.answers | set(picked))
        try:
            rule, again = _attempt(folded, given)
        except Unclear:
            continue
        if not again.open:
            zh, en = ("，".join(_MEANING[word][0] for word in picked), ", ".join(_MEANING[word][1] for word in picked))
            made.append(Choice("+".join(picked), zh, en, _said(rule, given), inline(rule)))
    return tuple(made) if len(made) <= MOST_CHOICES else ()


def _verbs(aim: Aim) -> tuple[str, ...]:
    """The words for being short of this target, the fitting one first."""
    if aim.kind == "none":
        return "差", "延迟"
    if aim.kind == "range":
        return ("偏离",)
    return {"up": ("低", "差"), "down": ("超过", "延迟", "差")}.get(aim.side, ("延迟", "差"))


_MEANING = {
    "floor": ("不足一步的不算", "a started step does not count"),
    "ceil": ("不足一步的按一步算", "a started step counts in full"),
    "exact": ("不足一步的按比例算", "a started step counts pro rata"),
    "upper": ("归较高的一档", "it belongs to the upper band"),
    "lower": ("归较低的一档", "it belongs to the lower band"),
    "point": ("是百分点", "percentage points"),
    "relative": ("是指标值的百分之几", "percent of the target"),
    "actual": ("比的是完成值本身", "the actual itself"),
    "zero": ("其他情况不得分", "otherwise nothing"),
    "full": ("其他情况得满分", "otherwise full marks"),
    "pro": ("其他情况按完成比例得分", "otherwise pro rata"),
    "mark": ("其他情况由评分人定分", "otherwise the assessor decides"),
    "part": ("只管那以下（以上）的部分", "it counts for the part beyond"),
    "whole": ("全部差距都这样扣", "it counts for the whole gap"),
    "completion": ("比的是完成值与指标值之比", "the actual over the target"),
}
