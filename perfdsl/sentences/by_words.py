"""Sentences whose conditions are words: 优得10分，良得8分; 决策程序科学合理的得2分，否则不得分; 有制度得1分，有台账得1分."""

from collections.abc import Sequence
from fractions import Fraction

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.branches import Given, Pair, award_of, limits_kept, within
from perfdsl.sentences.gather import Award, Gathered, Head, Talk
from perfdsl.sentences.heads import LEVELS, PLAIN
from perfdsl.sentences.phrases import TAIL, canonical
from perfdsl.sentences.rule import FULL, NIL, Amount, Between, Branches, Checklist, Otherwise, Pro, Rule, When, Word

GRADED = frozenset(["优秀", "优良", "优", "良好", "良", "中等", "中", "一般", "较差", "差", "较好", "好", "基本合格", "基本健全", "较健全"])  # fmt: skip
SHORT = 8


def in_words(made: Gathered, talk: Talk) -> bool:
    """Are the conditions words, and not values or the target?"""
    heads = [head for head, _ in made.branches]
    if any(isinstance(head, a.Level | a.Phrase) for head in heads):
        return True
    judged = [head for head in heads if isinstance(head, a.Reached) and not head.rest]
    return (
        talk.aim.kind == "none"
        and bool(judged)
        and all(isinstance(head, a.Reached) for head in heads)
        and not any(head.aimed for head in judged)
        and not any(isinstance(award, a.Ratio) for _, award in made.branches)
    )


def by_words(gathered: Gathered, talk: Talk) -> Rule:
    """Each word and what it is worth; a list where they add up to the points."""
    branches = gathered.branches
    limits_kept(gathered, talk)
    made: list[tuple[When, Given]] = []
    for head, award in branches:
        if head is None:
            talk.stop("I213", award)
        when = _when(head, branches, talk)
        given = award_of(award, talk)
        if (
            isinstance(given, Pro)
            or any(when == seen for seen, _ in made)
            or any(isinstance(x, Otherwise) for x, _ in made)
        ):
            talk.stop("I213", award)
        made.append((when, given))
    if items := _adding(made, branches, talk):
        return items
    made = _paired(_completed(made, branches, talk))
    within(made, branches[0][1], talk)
    return Branches(tuple(made))


def _when(
    head: "a.Condition | a.Reached | a.Level | a.Phrase", branches: Sequence[tuple[Head, Award]], talk: Talk
) -> When:
    match head:
        case a.Reached(rest=True):
            return Otherwise()
        case a.Level(word=word):
            made = word
        case a.Phrase(text=text):
            if talk.aim.kind not in ("none", "level"):
                talk.stop("I200", head)
            made = text if talk.aim.kind == "none" else _level_of(text, head, branches, talk)
        case a.Reached() if _text(head, talk) in PLAIN or talk.aim.kind == "none":
            made = _text(head, talk)
        case _:
            talk.stop("I213", head)
    if talk.aim.kind not in ("none", "level"):
        talk.stop("I207", head)
    return Word(made)


def _text(head: a.Reached, talk: Talk) -> str:
    return canonical(TAIL.sub("", talk.folded.text[head.start : head.end].removeprefix("若").removeprefix("如")))


def _level_of(text: str, head: a.Phrase, branches: Sequence[tuple[Head, Award]], talk: Talk) -> str:
    """管理制度健全 is 健全 on the row 管理制度健全性; other words must be one of several short ones."""
    name = canonical(talk.aim.folded_name)
    for word in sorted({*LEVELS, talk.aim.word}, key=len, reverse=True):
        before = text.removesuffix(word)
        if word and before != text and (not before or (name and before in name)):
            return word
    words = [each for each, _ in branches if isinstance(each, a.Phrase | a.Level)]
    if len(words) < 2 or len(text) > SHORT:
        talk.stop("I212", head, words=text)
    return text


def _adding(made: Sequence[tuple[When, Given]], branches: Sequence[tuple[Head, Award]], talk: Talk) -> Checklist | None:
    """有制度得1分，有台账得1分 on two points: each counts by itself."""
    each = [(when.text, given) for when, given in made if isinstance(when, Word)]
    rest = [given for when, given in made if isinstance(when, Otherwise)]
    amounts = [given.value for _, given in each if isinstance(given, Amount) and not given.share and given.value > 0]
    if len(each) < 2 or len(amounts) < len(each) or rest not in ([], [NIL]):
        return None
    if not all(isinstance(head, a.Phrase | a.Reached) for head, _ in branches):
        return None
    points, total = talk.aim.points, sum(amounts, Fraction(0))
    if points is None:
        talk.stop("I210", branches[0][1])
    if total == points:
        return Checklist(tuple((text, given.value) for text, given in each if isinstance(given, Amount)))
    if max(amounts) != points:
        talk.stop("I206", branches[0][1], said=format_number(total), points=format_number(points))
    return None


def _completed(made: list[Pair], branches: Sequence[tuple[Head, Award]], talk: Talk) -> list[Pair]:
    """What is not named: full marks where everything named costs points, nothing where one thing is worth them."""
    awards = [award for _, award in branches]
    deducting = [isinstance(x, a.Gets) and x.deducts and x.award != FULL for x in awards]
    if any(isinstance(when, Otherwise) for when, _ in made):
        if all(deducting):
            talk.stop("I213", awards[0])
        return made
    if all(deducting) or (len(made) == 1 and made[0][1] == NIL and _bad(made[0][0])):
        if len(made) > 1:
            talk.stop("I213", awards[-1])
        if positive := _positive(branches[0][0], talk):
            return [(Word(positive), FULL), *made]
        talk.note("I220", awards[0], rest="不扣分")
        return [*made, (Otherwise(), FULL)]
    if len(made) > 1:
        return made
    head = branches[0][0]
    if isinstance(made[0][1], Between) and not (isinstance(awards[0], a.Gets) and awards[0].deducts):
        talk.stop("I210", awards[0])
    if made[0][1] == NIL or any(deducting) or (isinstance(head, a.Level) and head.word in GRADED):
        talk.stop("I210", awards[0])
    if isinstance(head, a.Reached) and not head.yes:
        talk.stop("I210", awards[0])
    talk.note("I220", awards[0], rest="不得分")
    return [*made, (Otherwise(), NIL)]


def _paired(made: list[Pair]) -> list[Pair]:
    """Of a thing and its opposite, the opposite is everything else: 合规 and 不合规."""
    if len(made) != 2 or not all(isinstance(when, Word) for when, _ in made):
        return made
    words = [when.text if isinstance(when, Word) else "" for when, _ in made]
    for yes, no in ((0, 1), (1, 0)):
        bare = next((words[no].removeprefix(x) for x in _NOT if words[no].startswith(x)), "")
        if words[no] in ("没有", "无") and words[yes].startswith("有"):
            bare = "有"
        if bare and (
            words[yes] in (bare, "有" + bare) or (len(bare) > 1 and words[yes].endswith(bare)) or bare == "有"
        ):
            named, rest = (no, yes) if made[no][1] == FULL and words[yes] == bare else (yes, no)
            return [made[named], (Otherwise(), made[rest][1])]
    return made


def _bad(when: When) -> bool:
    return isinstance(when, Word) and when.text.startswith(_BAD)


def _positive(head: Head, talk: Talk) -> str:
    """完成, for 未完成."""
    if not isinstance(head, a.Reached) or head.yes:
        return ""
    text = _text(head, talk)
    return next((text.removeprefix(x) for x in _NOT if text.startswith(x)), "")


_NOT = ("未能", "未", "没有", "没能", "没", "不能", "不", "无")
_BAD = (
    "发现",
    "存在",
    "出现",
    "发生",
    "有违",
    "未",
    "不",
    "没有",
    "没",
    "无",
    "违反",
    "违规",
    "违法",
    "违纪",
    "挪用",
    "截留",
    "虚报",
    "弄虚作假",
    "超",
    "逾期",
    "缺",
)
