"""Advice as text for a terminal and as JSON (docs/advise.md)."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfdsl import advice as model
from perfdsl.advice import Advice, Change, ChangeSet, Single
from perfdsl.quantity import format_number, round_half_up
from perfdsl.width import pad, width, wrap

GAP = "  "
MOST, LEAST = 120, 40
STATUS = {
    model.REACHED: ("已经达到", "reached"),
    model.FOUND: ("有办法达到", "can be reached"),
    model.IMPOSSIBLE: ("达不到", "out of reach"),
    model.INCOMPLETE: ("还定不了", "cannot be decided yet"),
}
WHY = {
    model.STRUCTURE: (
        "它还决定别的指标适不适用、系数是多少，没有单独试",
        "it also decides what applies or a factor; not tried",
    ),
    model.PLACES: ("它会改变与别的对象相比的名次，没有单独试", "it moves places among the objects; not tried"),
    model.CURVED: ("它和得分的关系有一段不能精确求逆，没有单独试", "its effect cannot be inverted exactly; not tried"),
    model.TANGLED: ("它同时影响几个分开计算的组", "it moves several groups that are counted apart"),
    model.UNKNOWN_MOVES: (
        "各条记录不能逐条试（没有定分、由每条的数值算分，或同一事项有几条），没有试",
        "its entries cannot be tried one by one (not decided, worth computed from numbers, or several of one item); not tried",
    ),
    model.SHARES: (
        "各家填的是等级词，合成的值不是哪一家能定的，没有试",
        "its units give words, and no one of them settles what they come to; not tried",
    ),
    model.GIVEN: (
        "是对象的类别，不当作可以改的，没有试",
        "it says what sort of object this is; not taken to change; not tried",
    ),
    model.FIXED: ("有复核分，得分已定", "its score is set by a review"),
    model.NOT_REPLAYED: ("重新打分核对不上，没有给出", "scoring again did not confirm it; not given"),
}
NO_SET = {
    model.TOO_LONG: (
        "要比较的组合超过计算量的限度，没有算出最省的组合",
        "more combinations than the budget allows; no cheapest set was worked out",
    ),
    model.TANGLED: (
        "封顶条件牵涉几个指标，没有算出最省的组合",
        "a ceiling looks at several indicators; no cheapest set was worked out",
    ),
    model.NOT_REPLAYED: ("重新打分核对不上，没有给出最省的组合", "scoring again did not confirm a set; none is given"),
    model.INCOMPLETE: (
        "有的缺失项补不上，总分定不了",
        "something missing cannot be filled in by one change; the total stays open",
    ),
    model.IMPOSSIBLE: ("能改的都改好也达不到", "all that may change together is not enough"),
}
MEASURES = {
    "gap": ("改动 ÷ 到满分的差距，各项相加", "change over the gap to full marks, added up"),
    "target": ("改动 ÷ 指标值，各项相加", "change over the target, added up"),
    "count": ("改几项", "how many change"),
    "rates": ("按成本表", "by the table of costs"),
}


def as_text(made: Sequence[Advice], lang: str, columns: int) -> str:
    """All advice, one object after the other."""
    page = _Page(lang, min(max(columns, LEAST), MOST))
    return "\n\n".join("\n".join(page.advice(one)) for one in made)


NO_GAIN = "no gain"
IDLE = {
    NO_GAIN: ("再好也不增加总分", "cannot add to the total"),
    model.OTHERS_MISSING: ("要等别的完成值填了才算得出", "cannot be told before the missing values are there"),
}


class _Page:
    """The words of one run."""

    def __init__(self, lang: str, columns: int) -> None:
        self.lang, self.columns = lang, columns

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def advice(self, made: Advice) -> Iterator[str]:
        """One object: where it stands, what is in the way, each change alone, the cheapest set."""
        yield from wrap(self.head(made), self.columns)
        for line in self.obstacles(made):
            yield from wrap(line, self.columns)
        if made.singles:
            yield ""
            yield self.say("单独改一项", "One change alone")
            yield from self.ones(made)
        if made.fill is not None and made.fill != made.cheapest:
            yield ""
            yield from self.set_of(
                made.fill, made, self.say("只补缺的，至少要到", "Only what is missing, at the least")
            )
        if made.cheapest is not None:
            yield ""
            yield from self.set_of(made.cheapest, made, self.say("最省的组合", "The cheapest set"))

    def ones(self, made: Advice) -> Iterator[str]:
        """What reaches the goal alone, what at least helps, and how many do not."""
        kinds = Counter(self.kind(made, x) for x in made.singles)
        shown = [x for x in made.singles if self.kind(made, x) not in IDLE]
        shown.sort(key=lambda x: (x.change is None, -(x.highest or 0) if x.change is None else 0))
        if shown:
            yield from self.table(
                self.say("指标 现在 改到 总分", "indicator now to total").split(), [self.single(x) for x in shown]
            )
        for idle, (zh, en) in IDLE.items():
            if kinds[idle]:
                more = self.say("另有 ", "") if shown else ""
                yield from wrap(
                    more + self.say(f"{kinds[idle]} 项{zh}。", f"{kinds[idle]} of them {en}."), self.columns
                )

    @staticmethod
    def kind(made: Advice, single: Single) -> str:
        """Its status; a change that adds nothing to the total is a kind of its own."""
        if single.change is None and single.status == model.FALLS_SHORT and single.highest == made.total:
            return NO_GAIN
        return "" if single.change is not None else single.status

    def head(self, made: Advice) -> str:
        """Where the object stands."""
        grade = self.say(f"（{made.grade}）", f" ({made.grade})") if made.grade else ""
        now = self.say("还不完整", "incomplete") if made.total is None else format_number(made.total) + grade
        need = "" if made.need is None else format_number(made.need)
        aim = self.say(f"总分 {need}", f"a total of {need}")
        if made.goal.grade:
            aim = (
                self.say(f"{made.goal.grade}（总分不低于 {need}）", f"{made.goal.grade} (a total of at least {need})")
                if need
                else made.goal.grade
            )
        zh, en = STATUS[made.status]
        text = self.say(f"{made.object}：总分 {now}；目标 {aim}：{zh}", f"{made.object}: total {now}; goal {aim}: {en}")
        if made.margin is not None:
            lost = format_number(made.margin)
            text += self.say(f"，还可以再失 {lost} 分", f"; {lost} points may still be lost")
        elif made.total is not None and made.need is not None and made.total < made.need:
            short = format_number(made.need - made.total)
            text += self.say(f"，还差 {short} 分", f"; {short} points short")
        return text + self.say("。", ".")

    def obstacles(self, made: Advice) -> Iterator[str]:
        """What is in the way."""
        if made.highest is not None:
            best = format_number(made.highest)
            yield self.say(
                f"能改的都改好，总分最高 {best}。", f"All changes together lead to a total of {best} at most."
            )
        for line, text in made.ceilings:
            lasts = (line, text) in made.lasting
            more = (
                self.say("，没有哪项改动能解除", "; no change lifts it")
                if lasts
                else self.say("，要先解除", "; it has to be lifted")
            )
            yield self.say(
                f"规则第{line}行的封顶条件不允许：{text}{more}。",
                f"The ceiling at line {line} of the rules forbids it: {text}{more}.",
            )
        if made.missing:
            names = self.say("、", ", ").join(made.missing)
            yield self.say(f"缺完成值：{names}。", f"No value yet: {names}.")
        if made.why:
            yield self.say(*NO_SET[made.why]) + self.say("。", ".")
        for name, why in made.held:
            if why == model.TANGLED:
                yield self.say(f"“{name}”没有列入组合：{WHY[why][0]}。", f"“{name}” is in no set: {WHY[why][1]}.")

    def set_of(self, made: ChangeSet, advice: Advice, title: str) -> Iterator[str]:
        """Changes with their costs, and what they come to."""
        grade = self.say(f"（{made.grade}）", f" ({made.grade})") if made.grade else ""
        total, cost = format_number(made.total), _short(made.cost)
        measure = self.say(*MEASURES[advice.measure])
        yield from wrap(self.say(f"{title}：总分 {total}{grade}，代价 {cost}（{measure}）",
                                 f"{title}: total {total}{grade}, cost {cost} ({measure})"), self.columns)  # fmt: skip
        rows = [[self.label(x), x.before or "—", self.change(x), self.scores(x), _short(x.cost)] for x in made.changes]
        yield from self.table(self.say("指标 现在 改到 得分 代价", "indicator now to score cost").split(), rows)

    def label(self, made: Single | Change) -> str:
        """The name of what changes, and what of it where that is not its own value."""
        words = {model.MARK: ("评分", "mark"), model.INPUT: ("输入项", "input"), model.SPENT: ("实际支出", "spent")}
        zh, en = words.get(made.kind, ("", ""))
        return made.name + (self.say(f"（{zh}）", f" ({en})") if zh else "")

    def single(self, made: Single) -> list[str]:
        """One row of the table of single changes."""
        total = "" if made.total is None else format_number(made.total)
        return [self.label(made), made.before or "—", self.alone(made), total]

    def alone(self, made: Single) -> str:
        """What one change alone can do."""
        best = "" if made.highest is None else format_number(made.highest)
        if made.change is not None:
            return self.change(made.change)
        match made.status:
            case model.FALLS_SHORT:
                return self.say(f"单改它不够，总分最高 {best}", f"not enough alone: a total of {best} at most")
            case model.CEILING:
                return self.say("单改它不够，封顶条件还在", "not enough alone: a ceiling stays")
            case model.OTHERS_MISSING:
                return self.say("还缺别的完成值", "other values are missing")
        return self.say(*WHY[made.why])

    def change(self, made: Change) -> str:
        """How far a change has to go."""
        comma = self.say("、", ", ")
        match made.kind:
            case model.WORD:
                return self.say(f"改为“{made.value}”", f"“{made.value}”")
            case model.MARK:
                return self.say(f"评分不少于 {made.value}", f"a mark of at least {made.value}")
            case model.ENTRIES:
                added = comma.join(x[1:] for x in made.moves if x[0] == "+")
                taken = comma.join(x[1:] for x in made.moves if x[0] == "-")
                other = comma.join(x[1:] for x in made.moves if x[0] == "=")
                parts = [
                    self.say(f"改 {other}", f"change {other.replace('：', ': ')}") if other else "",
                    self.say(f"增加 {added}", f"add {added}") if added else "",
                    self.say(f"去掉 {taken}", f"without {taken}") if taken else "",
                ]
                return self.say("，", "; ").join(x for x in parts if x) or self.say("填“无”", "write 无")
        if made.bound is None:
            return self.say(f"填上就行，如 {made.value}", f"any value, such as {made.value}")
        words = {("same", True): ("等于", "exactly"), ("up", True): ("不低于", "at least"), ("up", False): ("任意略高于", "anything above"), ("down", True): ("不高于", "at most"),
                 ("down", False): ("任意略低于", "anything below")}  # fmt: skip
        limit = f"{self.say(*words[made.side, made.attained])} {made.bound_text}"
        return (
            limit
            if made.value == made.bound_text
            else limit + self.say(f"，可填 {made.value}", f", such as {made.value}")
        )

    def scores(self, made: Change) -> str:
        """The points before and after."""
        if made.score is None and made.after is None:
            return "—"
        return f"{_points(made.score)} → {_points(made.after)}"

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
        """Columns that line up; the third one gives way where the page is narrow."""
        sizes = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
        inset = width("  ")
        others = sum(size for i, size in enumerate(sizes) if i != 2) + len(GAP) * (len(sizes) - 1) + inset
        sizes[2] = max(min(sizes[2], self.columns - others), 12)
        sizes[0] = min(sizes[0], max(self.columns - others + sizes[0] - 12, 12))
        for row in [heads, *rows]:
            cells = [wrap(text, size) or [""] for text, size in zip(row, sizes, strict=True)]
            for i in range(max(map(len, cells))):
                parts = [pad(cell[i] if i < len(cell) else "", size) for cell, size in zip(cells, sizes, strict=True)]
                yield ("  " + GAP.join(parts)).rstrip()


def _points(score: Fraction | None) -> str:
    return "—" if score is None else format_number(score)


def _short(cost: Fraction) -> str:
    """Two decimals, with a sign where that is not all of it."""
    short = round_half_up(cost, 2)
    return format_number(short) if short == cost else f"≈{format_number(short)}"


# ---- JSON


def as_json(made: Sequence[Advice]) -> str:
    """All advice; every number is an exact text."""
    return json.dumps(
        {"format": "perfdsl-advise", "version": 1, "objects": [_object(one) for one in made]},
        ensure_ascii=False,
        indent=1,
    )


def _object(made: Advice) -> dict[str, object]:
    return {
        "object": made.object, "period": made.period, "goal": {"grade": made.goal.grade or None, "total": _number(made.goal.total)},
        "status": made.status, "total": _number(made.total), "points": _number(made.points), "grade": made.grade or None,
        "need": _number(made.need), "margin": _number(made.margin), "highest": _number(made.highest),
        "ceilings": [{"line": line, "condition": text, "lasting": (line, text) in made.lasting} for line, text in made.ceilings],
        "missing": list(made.missing), "alone": [_single(x) for x in made.singles],
        "measure": made.measure, "fill": _set(made.fill), "cheapest": _set(made.cheapest), "why": made.why or None,
        "held": [{"name": name, "why": why} for name, why in made.held],
    }  # fmt: skip


def _single(made: Single) -> dict[str, object]:
    return {"kind": made.kind, "key": made.key, "name": made.name, "status": made.status, "before": made.before or None, "total": _number(made.total),
            "highest": _number(made.highest), "change": None if made.change is None else _change(made.change), "why": made.why or None}  # fmt: skip


def _set(made: ChangeSet | None) -> dict[str, object] | None:
    if made is None:
        return None
    return {
        "cost": _number(made.cost),
        "total": _number(made.total),
        "grade": made.grade or None,
        "changes": [_change(x) for x in made.changes],
    }


def _change(made: Change) -> dict[str, object]:
    return {
        "kind": made.kind, "key": made.key, "name": made.name, "before": made.before or None, "value": made.value, "unit": made.unit,
        "bound": _number(made.bound), "side": made.side or None, "attained": made.attained, "moves": list(made.moves),
        "score": _number(made.score), "after": _number(made.after), "cost": _number(made.cost),
    }  # fmt: skip


def _number(value: Fraction | None) -> str | None:
    return None if value is None else format_number(value)
