"""The pieces a sentence is made of: conditions, awards, steps, limits.

Every character of the sentence lands in exactly one piece; what fits none is kept as ``Strange``, so that nothing is dropped.
"""

import re
from collections.abc import Callable
from fractions import Fraction

import attrs

from perfdsl.sentences.fold import Value, plain, value_at
from perfdsl.sentences.rule import EXACT, FULL, NIL, Amount, Between, Minus


@attrs.frozen(kw_only=True)
class Atom:
    """A piece and where it stands in the folded text."""

    start: int = 0
    end: int = 0


@attrs.frozen(kw_only=True)
class Limit:
    """One end of a condition; ``closed`` None where the words leave it to the other band (90%以上, 80%-90%)."""

    value: Value
    closed: bool | None


@attrs.frozen(kw_only=True)
class Condition(Atom):
    """``subject`` within limits; ``subject`` is as written, empty where left out; ``joined``: 且 stands before it."""

    subject: str = ""
    low: Limit | None = None
    high: Limit | None = None
    joined: bool = False


@attrs.frozen(kw_only=True)
class Reached(Atom):
    """达到指标值, 按时完成, 符合; ``timely`` where the words speak of time, ``word`` where they may also be a level."""

    yes: bool
    timely: bool = False
    rest: bool = False
    side: str = ""
    loose: str = ""


@attrs.frozen(kw_only=True)
class Level(Atom):
    """A word of a scale."""

    word: str


@attrs.frozen(kw_only=True)
class Gets(Atom):
    """An award; ``said`` are the full marks when their number is named."""

    award: Amount | Minus | Between
    said: Fraction | None = None
    free: bool = False
    deducts: bool = False


@attrs.frozen(kw_only=True)
class Ratio(Atom):
    """Points in proportion; ``way`` is up (actual/target), down (target/actual), both, loss, or unsaid."""

    way: str
    subject: str = ""


@attrs.frozen(kw_only=True)
class Step(Atom):
    """每…扣…分: ``side`` is below, above, late or event; ``of`` what the step is measured by; ``what`` is counted."""

    side: str
    of: str
    value: Value
    each: Fraction
    down: bool
    what: str = ""
    who: str = ""
    share: bool = False


@attrs.frozen(kw_only=True)
class Cap(Atom):
    """``kind`` is floor (扣完为止), down (最多扣), up (最多加), full (最高不超过分值)."""

    kind: str
    amount: Fraction | None = None


@attrs.frozen(kw_only=True)
class Started(Atom):
    """What a started step counts."""

    partial: str
    value: Value | None = None


@attrs.frozen(kw_only=True)
class FullMarks(Atom):
    """本项满分10分."""

    points: Fraction


@attrs.frozen(kw_only=True)
class Inclusive(Atom):
    """以上含本数，以下不含本数."""


@attrs.frozen(kw_only=True)
class Refused(Atom):
    """Words that are understood and still are no rule of one row; ``code`` says why."""

    code: str


@attrs.frozen(kw_only=True)
class Strange(Atom):
    """Words that were not understood."""


_N = r"(?:[0-9]+(?:\.[0-9]+)?|[零一二两三四五六七八九十百半]+(?:点[一二三四五六七八九零]+)?)"
_GIVE = r"(?:可以?|则|应|即|就)?(?:该项|本项|此项|该指标|本指标|指标)?(?:可?得|计|记|给|赋|获得?|评|打|为|予以)?"
_WHOLE = r"(?:该项|本项|此项|该指标|本指标|指标|全部|权重)?(?:满分|全分|全部分值|全部分数|分值|权重分)"
_OWN = r"(?:年度|年初|预期|既定|全部|计划|绩效|规定|设定|考核|相关|各项|标准|当年|本年|预定|约定|合同|目标|指标|任务)*"
_AIM = _OWN + r"(?:指标值|目标值|目标|指标|要求|标准|任务|预期|计划|规定|约定|条件|计划数|目标数|水平)"
_THEM = r"(?:的|时|者|情形的|情况的|部分)?"
_SEPARATORS = ",;。、:"
_HEADING = re.compile(
    r"(?:评价要点|评分标准|评分办法|评分规则|评分细则|计分方法|计分标准|扣分标准|评价标准|赋分规则|得分标准|评分要点)(?::|为:?)"
)


@attrs.frozen
class Sentence:
    """A folded text to be taken apart."""

    text: str

    def atoms(self) -> tuple[Atom, ...]:
        """All pieces in order, without separators."""
        made: list[Atom] = []
        at = 0
        while at < len(self.text):
            heading = _HEADING.match(self.text, at)
            if heading or self.text[at] in _SEPARATORS:
                at = heading.end() if heading else at + 1
                continue
            found = self._longest(at)
            if found is None:
                end = self._next(at + 1)
                if made and isinstance(made[-1], Strange) and made[-1].end == at:
                    made[-1] = Strange(start=made[-1].start, end=end)
                else:
                    made.append(Strange(start=at, end=end))
                at = end
                continue
            made.append(found)
            at = found.end
        return tuple(made)

    def _next(self, at: int) -> int:
        while at < len(self.text) and self.text[at] not in _SEPARATORS:
            at += 1
        return at

    def _longest(self, at: int) -> Atom | None:
        found = [piece for read in _READERS if (piece := read(self.text, at)) is not None and piece.end > at]
        return max(found, key=lambda piece: piece.end, default=None)


# ---- conditions

_BEFORE = (
    (">=", "大于或?等于|高于或?等于|等于或(?:大|高)于|不低于|不少于|不小于|不足?少于|达到或超过|达到|达|至少|≥"),
    ("<=", "小于或?等于|低于或?等于|等于或(?:小|低)于|不超过|不高于|不大于|不多于|控制在|≤"),
    (">", "大于|高于|超过|多于|超出|>"),
    ("<", "小于|低于|少于|不足|不到|不满|未达到?|没有达到|没达到|<"),
    ("=", "等于|恰好为|正好为|=|为"),
)
_OP = re.compile("|".join(f"(?P<o{at}>{words})" for at, (_, words) in enumerate(_BEFORE)))
_SIGN = re.compile(r"[≥≤><]")
_INCLUDED = re.compile(
    r"\((?P<no>不)?(?:包?含|包括)(?:本数|本级|(?P<same>[0-9.]+)%?)?\)|(?P<no2>不)?含(?=[-至到]|$|[,;。以及])"
)
_AFTER = re.compile(r"(?P<up>及?以上|或以上|及其以上)|(?P<down>及?以下|或以下|及其以下|以内|之内)")
_DASH = re.compile(r"[-至到](?![0-9.]*分(?!钟))")
_BETWEEN = re.compile(r"之间|区间|范围内?")
_IN = re.compile(r"在|为|介于|处于|达到?|是")
_SUBJECT = re.compile(r'[^,;。、:()\[\]≥≤><="每扣得]{1,24}?(?=[0-9零一二两三四五六七八九十百]|≥|≤|>|<|=|大于|高于|超过|多于|小于|低于|少于|不[足到满低高少多大小超]|未达|没|等于|达|在|为|介于|处于|控制在|至少|百分之|\[)')  # fmt: skip
_GIVEN = re.compile(r"(?:的|时|者)?,?(?:得|计(?!算)|给|不得分|不扣分)")
_TAIL = re.compile(_THEM)


def _condition(text: str, at: int) -> Condition | None:
    """A comparison with its subject, or without."""
    first = _limits(text, at)
    if first is not None:
        return attrs.evolve(first, start=at)
    for end in range(at + 1, min(len(text), at + 25)):
        if text[end - 1] in ',;。、:()[]≥≤><="每扣得':
            return None
        made = _limits(text, end)
        if (
            made is not None
            and not made.subject
            and not text[at:end].endswith(("得", "扣", "计", "于", "不", "未", "超"))
        ):
            joined = text[at:end] in ("且", "并且", "同时", "并")
            return attrs.evolve(made, start=at, subject="" if joined else text[at:end], joined=joined)
    return None


def _limits(text: str, at: int) -> Condition | None:
    for read in (_chained, _bracketed, _signed, _ranged, _worded, _exactly):
        made = read(text, at)
        if made is not None:
            tail = _TAIL.match(text, made.end)
            return attrs.evolve(made, end=tail.end() if tail else made.end)
    return None


def _chained(text: str, at: int) -> Condition | None:
    """80%≤完成率<90%"""
    low = value_at(text, at)
    if low is None or text[low.end : low.end + 1] not in tuple("≤<≥>"):
        return None
    subject = re.compile(r"[^,;。≤<≥>0-9]{1,20}").match(text, low.end + 1)
    if subject is None or text[subject.end() : subject.end() + 1] not in tuple("≤<≥>"):
        return None
    signs = text[low.end], text[subject.end()]
    high = value_at(text, subject.end() + 1)
    if high is None or (signs[0] in "≤<") != (signs[1] in "≤<"):
        return None
    ends = [Limit(value=low, closed=signs[0] in "≤≥"), Limit(value=high, closed=signs[1] in "≤≥")]
    if signs[0] in "≥>":
        ends.reverse()
    name = "" if subject.group() in "xXAXS" else subject.group()
    return Condition(subject=name, low=ends[0], high=ends[1], end=high.end)


def _bracketed(text: str, at: int) -> Condition | None:
    """[80%,90%)"""
    start = _skip(_IN, text, at)
    if text[start : start + 1] not in ("[", "("):
        return None
    low = value_at(text, start + 1)
    if low is None or text[low.end : low.end + 1] not in (",", "-", "、"):
        return None
    high = value_at(text, low.end + 1)
    if high is None or text[high.end : high.end + 1] not in ("]", ")"):
        return None
    low = attrs.evolve(low, unit=low.unit or high.unit)
    return Condition(low=Limit(value=low, closed=text[start] == "["), high=Limit(value=high, closed=text[high.end] == "]"),
                     end=high.end + 1)  # fmt: skip


def _signed(text: str, at: int) -> Condition | None:
    """大于90%, 不低于80%且小于90%"""
    start = _skip(re.compile("在"), text, at)
    sign = _OP.match(text, start)
    if sign is None:
        return None
    value = value_at(text, sign.end())
    if value is None:
        return None
    op = next(op for number, (op, _) in enumerate(_BEFORE) if sign.group(f"o{number}"))
    end, included = _inclusion(text, value.end)
    after = _AFTER.match(text, end)
    if after is not None:
        up = after.group("up") is not None
        if op not in ((">=", "=") if up else ("<=", "=")):
            return None
        op, end = (">=" if up else "<="), after.end()
        if sign.group() == "为":
            return None  # 为90%以上: read as worded, with its soft edge
        end, more = _inclusion(text, end)
        included = included if more is None else more
    elif _DASH.match(text, end) and op in ("=", ">=") and value_at(text, end + 1):
        return None  # 达到80%-90%: a range
    if op == "=" and sign.group() == "为" and _TAIL.match(text, end) is None:
        return None
    if included is not None:
        if op in (">", "<") and included:
            return None
        closed = included
    else:
        closed = op in (">=", "<=", "=")
    limit = Limit(value=value, closed=closed)
    if op == "=":
        return Condition(low=limit, high=limit, end=end)
    return Condition(low=limit, end=end) if op[0] == ">" else Condition(high=limit, end=end)


def _worded(text: str, at: int) -> Condition | None:
    """90%以上, 90%（含）以下, 以内"""
    value = value_at(text, _skip(_IN, text, at))
    if value is None:
        return None
    end, included = _inclusion(text, value.end)
    after = _AFTER.match(text, end)
    if after is None:
        return None
    firm = "及" in after.group() or "或" in after.group() or "内" in after.group()
    end, more = _inclusion(text, after.end())
    included = included if more is None else more
    limit = Limit(value=value, closed=included if included is not None else True if firm else None)
    end = _skip(_BETWEEN, text, end)
    return Condition(low=limit, end=end) if after.group("up") else Condition(high=limit, end=end)


def _ranged(text: str, at: int) -> Condition | None:
    """80%-90%, 80%（含）至90%之间, 80%以上90%以下"""
    low = value_at(text, _skip(_IN, text, at))
    if low is None:
        return None
    end, first = _inclusion(text, low.end)
    over = re.compile(r"(?P<soft>以上)|(?P<firm>及以上)").match(text, end)
    if over is not None:
        end, more = _inclusion(text, over.end())
        first = more if more is not None else True if over.group("firm") else first
        high = value_at(text, _skip(re.compile("[,、至到-]|且|并且"), text, end))
    elif _DASH.match(text, end):
        high = value_at(text, end + 1)
    else:
        return None
    if high is None:
        return None
    end, last = _inclusion(text, high.end)
    under = re.compile("以下|以内").match(text, end)
    if (over is None) != (under is None):
        return None
    if under is not None:
        end, more = _inclusion(text, under.end())
        last = more if more is not None else last
    end = _skip(_BETWEEN, text, end)
    end, more = _inclusion(text, end)
    last = more if more is not None else last
    if first is not None and last is None and over is None:
        last = not first  # one end is marked, so the other one is the opposite
    elif last is not None and first is None and over is None:
        first = not last
    low = attrs.evolve(low, unit=low.unit or high.unit)
    ends = Limit(value=low, closed=first), Limit(value=high, closed=last)
    if low.value > high.value:
        ends = ends[1], ends[0]
    return Condition(low=ends[0], high=ends[1], end=end)


def _exactly(text: str, at: int) -> Condition | None:
    """100%得满分: the value itself."""
    value = value_at(text, _skip(_IN, text, at))
    if value is None or not value.unit or value.unit == "分" or not _GIVEN.match(text, value.end):
        return None
    limit = Limit(value=value, closed=True)
    return Condition(low=limit, high=limit, end=value.end)


def _inclusion(text: str, at: int) -> tuple[int, bool | None]:
    found = _INCLUDED.match(text, at)
    if found is None or (
        found.group("same") and not re.search(rf"(?<![0-9.]){re.escape(found.group('same'))}%?$", text[:at])
    ):
        return at, None
    return found.end(), not (found.group("no") or found.group("no2"))


def _skip(words: re.Pattern[str], text: str, at: int) -> int:
    found = words.match(text, at)
    return found.end() if found else at


# ---- reached or not, levels

_DO = r"(?:达到|完成|实现|符合|满足|达成)"
_TIMELY = r"(?:按时|及时|按期|如期|准时|在?(?:规定|约定|计划|要求)的?(?:时间|时限|期限|工期)内)"
_HOW = r"(?:按要求|全部|全面|均|已|都|完全|按计划|按规定|足额)"
_WHO = r"(?:目标任务|工作任务|指标|目标|任务|工作|项目)?"
_YES = re.compile(rf"{_WHO}{_HOW}?(?P<timely>{_TIMELY})?{_HOW}?(?:{_DO}了?{_AIM}?|达标|到位){_THEM}(?![率数值量情程])")
_NO = re.compile(
    rf"(?:如|若)?{_WHO}(?:未能?|没有?|没能|不能?)(?:够)?{_HOW}?(?P<timely>{_TIMELY})?(?:{_DO}{_AIM}?|达标|到位){_THEM}(?![率数值量情程])"
)
_LATE = re.compile(
    rf"(?P<timely>逾期|不及时|超期|延期|延迟|未及时|未按时|未按期)(?:完成)?{_THEM}(?![0-9一二两三四五六七八九十])"
)
_REST = re.compile(r"否则|反之|其他(?:情况|情形)?(?:的|时)?|其它(?:情况|情形)?(?:的|时)?|其余(?:情况|情形)?(?:的|时)?")
_NONE = re.compile(r"(?:未|无|没有)(?:发生|出现|发现|存在)[^,;。0-9得扣每]{0,16}?(?:的|者|时)?(?=得|计|给|不扣)")
_AT_TARGET = re.compile(rf"(?P<sign>≥|≤|大于或?等于|小于或?等于|不低于|不高于|不少于|不超过|不大于|不小于|低于|高于|超过|超出|小于|大于|少于|多于|未达到?)(?P<what>{_AIM}|预算数?|预算金额|控制数)(?:(?P<and>及以上|以上|及以下|以下))?{_THEM}")  # fmt: skip


def _reached(text: str, at: int) -> Reached | None:
    if rest := _REST.match(text, at):
        return Reached(yes=False, rest=True, start=at, end=rest.end())
    for words, yes in ((_YES, True), (_NO, False), (_LATE, False)):
        if found := words.match(text, at):
            return Reached(yes=yes, timely=bool(found.group("timely")), start=at, end=found.end())
    if found := _NONE.match(text, at):
        return Reached(yes=True, side="event", start=at, end=found.end())
    return _against_target(text, at)


def _against_target(text: str, at: int) -> Reached | None:
    found = _AT_TARGET.match(text, at)
    if found is None or found.group("and"):
        return None
    sign = found.group("sign")
    yes = sign[0] == "不" or "等于" in sign or sign in "≥≤"
    up = sign in ("≥", "大于等于", "大于或等于", "不低于", "不少于", "不小于", "低于", "小于", "少于", "未达", "未达到")
    loose = found.group("what") if found.group("what") in ("预算", "预算数", "预算金额", "控制数") else ""
    return Reached(yes=yes, side="up" if up else "down", loose=loose, start=at, end=found.end())


_LEVELS = ["优秀", "优良", "优", "良好", "良", "中等", "中", "一般", "较差", "差", "基本合格", "不合格", "合格", "较好", "好", "较健全", "不健全", "基本健全", "健全", "较完善", "不完善", "基本完善", "完善", "全部完成", "基本完成", "部分完成", "完成", "未完成", "基本合规", "不合规", "合规", "基本规范", "较规范", "不规范", "规范", "不明显", "较明显", "较显著", "明显", "显著", "非常满意", "基本满意", "较满意", "不满意", "满意", "基本符合", "部分符合", "不符合", "符合", "基本达标", "部分达标", "不达标", "达标", "基本达到", "部分达到", "是", "否", "有", "无", "不及时", "较及时", "及时", "不真实", "真实", "不完整", "完整", "不准确", "准确", "不合理", "较合理", "合理", "达成预期", "部分达成", "未达成", "好"]  # fmt: skip
_LEVEL = re.compile(r"(?:评价|评定|考核|等次|结果|评级)*(?:为|是)?(?:\"(?P<quoted>[^\"]{1,12})\"|(?P<word>" + "|".join(sorted(_LEVELS, key=len, reverse=True)) + r"))(?:等次|等级|档)?(?:的|者|时)?(?=[:,]?(?:可|则)?(?:得|计|给|赋|记|不得分|不扣分|扣|0分|[0-9]+(?:\.[0-9]+)?(?:-[0-9]+(?:\.[0-9]+)?)?分|满分|酌情))")  # fmt: skip


def _level(text: str, at: int) -> Level | None:
    found = _LEVEL.match(text, at)
    return Level(word=found.group("quoted") or found.group("word"), start=at, end=found.end()) if found else None


# ---- awards

_FULL = re.compile(rf"(?:的,?)?{_GIVE}{_WHOLE}(?P<said>{_N}分|\({_N}分\))?(?!的|[0-9]|×)")
_NOTHING = re.compile(r"(?:的,?)?(?:则|均|该项|本项|指标|一律)?(?:不得分|不给分|不计分|不予计分|不赋分|得?零分|(?:得|计|记|为)?0分|无分|扣(?:除|完)?(?:该项|本项|此项)?(?:全部分值|全部分数|全分|全部分|满分|所有分值)|全扣)(?![0-9.-])")  # fmt: skip
_NONE_OFF = re.compile(r"不扣分|不予扣分")
_POINTS = re.compile(rf"(?:的,?)?{_GIVE}(?P<n>{_N})分(?!钟|值|以|之|为)")
_OFF = re.compile(rf"(?:则|应)?(?:扣减|扣除|扣|减)(?:去|掉)?(?P<n>{_N})分(?!钟|之|以)")
_SHARE = re.compile(rf"(?:的,?)?{_GIVE}(?:按)?{_WHOLE}的?(?P<n>[0-9.]+)%(?:得分|计分|计算|给分|赋分|计)?")
_SHARE_AFTER = re.compile(rf"(?:的,?)?{_GIVE}(?P<n>[0-9.]+)%的?(?:分值|分数|满分|权重分?|分)(?!值)?")
_SHARE_OFF = re.compile(rf"扣(?:除|减)?(?:{_WHOLE}的?(?P<n>[0-9.]+)%|(?P<m>[0-9.]+)%的?(?:分值|分数|满分|分))")
_RANGE = re.compile(
    rf"(?:的,?)?{_GIVE}(?:在|按)?(?P<a>{_N})分?[-至到](?P<b>{_N})分(?:之间|范围内|内)?(?:酌情)?(?:给分|打分|评分|赋分|计分|得分)?"
)
_SHARE_RANGE = re.compile(
    rf"(?:的,?)?{_GIVE}(?:{_WHOLE}的?)(?P<a>[0-9.]+)%?[-至到](?P<b>[0-9.]+)%(?:之间|范围内|内)?(?:酌情)?(?:给分|打分|评分|赋分|计分|得分)?"
)
_RANGE_OFF = re.compile(rf"(?:酌情|视情况?|视情节|视程度)?(?:扣减|扣除|扣)(?P<a>{_N})分?[-至到](?P<b>{_N})分(?:之间)?")
_FREELY = r"(?:酌情|(?:视|根据|依据|按照|按)(?:具体|实际)?(?:完成)?(?:情况|情节轻重|情节|程度|严重程度|完成程度)酌情|视情况?|视情节(?:轻重)?|酌)"
_FREE = re.compile(
    rf"(?:的,?)?(?:由(?:专家|评分人|评价组|评审组)|专家)?{_FREELY}(?:给分|得分|计分|打分|赋分|评分|扣减|扣分|扣除)"
)
_FREE_UP_TO = re.compile(rf"{_FREELY}(?:扣分,?(?:最多|最高)?扣|扣|扣除)(?P<n>{_N})分(?:以内|之内)")
_WITHIN = re.compile(
    rf"(?:由(?:专家|评分人|评价组|评审组)|专家)?(?:在)?(?P<n>{_N})分(?:以内|之内)(?:酌情)?(?:给分|打分|评分|赋分|计分|得分)"
)


def _gets(text: str, at: int) -> Gets | None:
    made = [award for read in _AWARDS if (award := read(text, at)) is not None]
    return max(made, key=lambda each: each.end, default=None)


def _of(words: re.Pattern[str], make: Callable[[re.Match[str]], Gets | None]) -> Callable[[str, int], Gets | None]:
    def read(text: str, at: int) -> Gets | None:
        found = words.match(text, at)
        made = make(found) if found else None
        if made is None or found is None or not all(amount.value >= 0 for amount in _amounts(made.award)):
            return None  # 一半分: a numeral that is no number
        return attrs.evolve(made, start=at, end=found.end())

    return read


def _amounts(award: Amount | Minus | Between) -> tuple[Amount, ...]:
    match award:
        case Minus(amount):
            return (amount,)
        case Between(low, high):
            return (*_amounts(low), *_amounts(high))
    return (award,)


def _number(text: str) -> Fraction:
    """The number of a text; -1 where its numerals make none."""
    found = plain(text.strip("()分"), 0)
    return found[0] if found else Fraction(-1)


def _points(value: Fraction) -> Amount:
    return NIL if value == 0 else Amount(value)


def _share(value: Fraction) -> Amount:
    return NIL if value == 0 else Amount(value, True)


def _both(found: re.Match[str]) -> tuple[Fraction, Fraction]:
    low, high = sorted((_number(found["a"]), _number(found["b"])))
    return low, high


_AWARDS = (
    _of(_FULL, lambda m: Gets(award=FULL, said=_number(m["said"]) if m["said"] else None)),
    _of(_NOTHING, lambda m: Gets(award=NIL)),
    _of(_NONE_OFF, lambda m: Gets(award=FULL, deducts=True)),
    _of(_POINTS, lambda m: Gets(award=_points(_number(m["n"])))),
    _of(_OFF, lambda m: Gets(award=Minus(Amount(_number(m["n"]))), deducts=True)),
    _of(_SHARE, lambda m: Gets(award=Amount(Fraction(m["n"]), True))),
    _of(_SHARE_AFTER, lambda m: Gets(award=Amount(Fraction(m["n"]), True))),
    _of(_SHARE_OFF, lambda m: Gets(award=Amount(100 - Fraction(m["n"] or m["m"]), True), deducts=True)),
    _of(_RANGE, lambda m: Gets(award=Between(_points(_both(m)[0]), _points(_both(m)[1])))),
    _of(_SHARE_RANGE, lambda m: Gets(award=Between(*(_share(x) for x in sorted((Fraction(m["a"]), Fraction(m["b"]))))))),
    _of(_RANGE_OFF, lambda m: Gets(award=Between(Minus(Amount(_both(m)[1])), Minus(Amount(_both(m)[0]))), deducts=True)),
    _of(_FREE, lambda m: Gets(award=Between(NIL, FULL), free=True, deducts="扣" in m.group())),
    _of(_FREE_UP_TO, lambda m: Gets(award=Between(Minus(Amount(_number(m["n"]))), FULL), free=True, deducts=True)),
    _of(_WITHIN, lambda m: Gets(award=Between(NIL, Amount(_number(m["n"]))), free=True)),
)  # fmt: skip

# ---- proportions

_DONE = r"(?:实际)?(?:完成值|实现值|实际值|完成数|实际数|实现数|完成量|实际完成)"
_PLAN = r"(?:年度|计划)?(?:目标值|指标值|计划值|计划数|目标数|计划量|计划)"
_TIMES = r"[×xX](?:该项|本项|此项|指标|该指标)?(?:分值|满分|权重分值|权重|权重分|标准分|分数)"
_UP = re.compile(rf"(?:得分=|得分为|按)?\(?{_DONE}/{_PLAN}\)?(?:[×xX]100%)?{_TIMES}(?:计算得分|计分|得分)?")
_DOWN = re.compile(rf"(?:得分=|得分为|按)?\(?{_PLAN}/{_DONE}\)?(?:[×xX]100%)?{_TIMES}(?:计算得分|计分|得分)?")
_RATE = re.compile(rf"(?:得分=|得分为|按)?(?P<rate>[一-龥]{{0,8}}(?:率|比例|程度)){_TIMES}(?:计算得分|计算|计分|得分)?")
_BY_RATE = re.compile(r"(?:则|应|的,?)?(?:按照|按|依|根据|依据)(?:其|相应|实际|目标|指标|任务)*(?:完成)?(?:的)?(?:比例|完成率|完成比例|完成程度|完成百分比)(?:折算|相应|计算)?(?P<do>得分|计分|给分|赋分|记分|计算得分|扣分|扣减|扣减分值|扣除分值|折算得分|计算)")  # fmt: skip
_VAGUE = re.compile(r"(?:按照|按|依据?|根据)(?:实际|完成情况|实际完成情况|实际情况|实际完成|完成|执行情况|实际执行情况|考核结果|实际得分)(?:据实)?(?:得分|计分|给分|赋分|评分|打分)|按实际得分|据实(?:得分|计分)|相应(?:得分|扣分|给分)")  # fmt: skip


def _ratio(text: str, at: int) -> Ratio | None:
    made: list[Ratio] = []
    for words, way in ((_UP, "up"), (_DOWN, "down")):
        if found := words.match(text, at):
            made.append(Ratio(way=way, start=at, end=found.end()))
    if found := _RATE.match(text, at):
        made.append(Ratio(way="rate", subject=found["rate"].removeprefix("得分"), start=at, end=found.end()))
    if found := _BY_RATE.match(text, at):
        made.append(Ratio(way="loss" if "扣" in found["do"] else "both", start=at, end=found.end()))
    if found := _VAGUE.match(text, at):
        made.append(Ratio(way="unsaid", start=at, end=found.end()))
    return max(made, key=lambda each: each.end, default=None)


# ---- steps, limits, and what else there is

_SIDES = (
    ("below", "低于|少于|低|少|降低|下降|减少|不足|欠"),
    ("short", "相差|差"),
    ("above", "超过|超出|超支|超|高于|高出|多于|高|多|增加|增长|提高|上升|提升|上浮"),
    ("late", "延迟|延期|逾期|推迟|超期|滞后|拖延|迟延|晚|迟"),
    ("event", "发现|出现|发生|存在|查出|缺少|缺失|缺|漏|错|有"),
    ("off", "偏离|偏差"),
)
_SIDE = "|".join(f"(?P<{name}>{words})" for name, words in _SIDES)
_OF = r"(?P<of>指标值|目标值|目标|指标|预算数?|控制数|计划数?|计划时间|规定时间|规定时限|时限|期限)?(?P<share>的)?"
_WHO_STEP = r"(?:(?:比|较|与|同)(?:指标值|目标值|目标)(?:相比)?,?)?(?P<who>[一-龥]{1,14}?(?:率|度|比例|比重|值|数|量|金额|时间|时长|成本|支出))?"
_STEP = re.compile(
    rf"{_WHO_STEP}(?:每再?|再每)(?P<subject>[^,;。每0-9扣加]{{0,12}}?)(?:{_SIDE})?(?:了)?{_OF}(?=[0-9零一二两三四五六七八九十百千半])"
)
_QUALIFIED = re.compile(
    "除|但|若|如果|同时|且|累计|超过|以上|以下|以内|(?:不|未|非|免|仅|才|可|再|只|另|也|约|酌情|予)$"
)
_EVENT = re.compile(r"(?P<event>发现|出现|发生|存在|查出|有)(?=[0-9一二两三四五六七八九十])")
_MOVE = re.compile(
    rf"(?P<what>[^,;。0-9扣减加得每]{{0,20}}?)(?:的|者|时)?,?(?:相应)?(?:倒)?(?P<sign>扣减|扣除|扣|减|加|增加|得)(?P<n>{_N})分(?!钟|值|以|之)"
)
_FLOOR = re.compile(r"(?:直至|直到)?(?:扣完|扣光|减完|扣至0分|扣至零分|扣到0分)(?:该项|本项|此项)?(?:分值|分数|满分|全部分值)?为止|(?:该项|本项|此项)?(?:分值|分数|满分)(?:扣完|扣光)为止|直至扣完(?:分值)?|扣完即?止|(?:该项|本项)?最低(?:得|为)?(?:0|零)分|不得负分|不计负分|不倒扣分?|扣至0分")  # fmt: skip
_MOST_OFF = re.compile(
    rf"(?:累计|合计|总共)?(?:最多|最高|至多)(?:可|共)?(?:扣减|扣除|扣|减)(?P<n>{_N})分|扣分(?:上限|最高)为?(?P<m>{_N})分|(?:累计|合计)?扣分(?:最多|最高)?不超过(?P<k>{_N})分"
)
_MOST_UP = re.compile(
    rf"(?:累计|合计)?(?:最多|最高|至多)(?:可|共)?加(?P<n>{_N})分|加分(?:上限|最高)为?(?P<m>{_N})分|(?:累计|合计)?加分(?:最多|最高)?不超过(?P<k>{_N})分"
)
_MOST = re.compile(rf"(?:得分)?(?:最高|最多)?(?:不超过|不得超过|以|得|为)(?:该项|本项|此项|指标)?(?:满分|分值|满分分值|标准分|权重分?|(?P<n>{_N})分)(?:为限)?|最高(?:得)?(?:满分|(?P<m>{_N})分)|(?:超过|超出)(?:的|部分)?(?:按满分计(?:算)?|不加分|不另加分)|超额完成的?(?:不加分|按满分计(?:算)?|得满分)")  # fmt: skip
_STARTED = re.compile(r"不足(?P<at>)")
_STARTED_END = re.compile(
    r"(?:的|部分|者)?,?(?:(?P<floor>不扣分?|不予扣分|不计扣分|不计分?|不计算|不加分?|忽略不计|舍去)"
    r"|(?P<exact>按比例(?:扣分|计算|折算|扣减|计分|加分))|按(?P<ceil>))"
)
_STARTED_CEIL = re.compile(r"(?:计算|计|算|扣分|扣减|扣)")
_FULL_MARKS = re.compile(
    rf"(?:\()?(?:本项|该项|此项|指标|该指标|本指标)?(?:满分|分值|共计|共|总分|标准分)(?:为|是)?(?P<n>{_N})分(?:\))?|\((?P<m>{_N})分\)"
)
_INCLUSIVE = re.compile(
    r'\(?(?:本(?:表|标准|办法|细则)(?:所称|中)?的?)?"?以上"?(?:均)?(?:包含|含)本(?:数|级),?"?以下"?(?:均)?不(?:包含|包|含)(?:含)?本(?:数|级)\)?'
)
_VETO = re.compile(r"[^,;。]{0,24}一票否决(?:制)?")
_COHORT = re.compile(
    r"[^,;。]{0,20}(?:第一名|第[一二三四五1-9]名|排名|名次|排位|末位|平均水平|最高的单位|全市平均|全省平均)[^,;。]{0,16}"
)
_SAME = re.compile(r"[^,;。]{0,6}(?:以此类推|依此类推|依次类推|类推)")


def _step(text: str, at: int) -> Step | None:
    head = _STEP.match(text, at) or _EVENT.match(text, at)
    if head is None:
        return None
    value = value_at(text, head.end())
    if value is None:
        return None
    move = _MOVE.match(text, value.end)
    if move is None:
        return None
    groups = head.groupdict()
    if _QUALIFIED.search(move["what"]) or groups.get("subject"):
        return None
    side = next((name for name, _ in _SIDES if groups.get(name)), "")
    return Step(side=side, of=groups.get("of") or "", value=value, each=_number(move["n"]), down=move["sign"][0] in "扣减",
                what=move["what"], who=groups.get("who") or "",
                share=bool(groups.get("of") and groups.get("share")), start=at, end=move.end())  # fmt: skip


def _cap(text: str, at: int) -> Cap | None:
    if found := _FLOOR.match(text, at):
        return Cap(kind="floor", start=at, end=found.end())
    for words, kind in ((_MOST_OFF, "down"), (_MOST_UP, "up")):
        if found := words.match(text, at):
            return Cap(kind=kind, amount=_number(next(x for x in found.groups() if x)), start=at, end=found.end())
    if found := _MOST.match(text, at):
        said = next((x for x in found.groups() if x), None)
        if said is not None and _number(said) < 0:
            return None
        return Cap(kind="full", amount=_number(said) if said else None, start=at, end=found.end())
    return None


def _started(text: str, at: int) -> Started | None:
    head = _STARTED.match(text, at)
    value = value_at(text, head.end()) if head else None
    tail = _STARTED_END.match(text, value.end) if value else None
    if value is None or tail is None:
        return None
    if tail.group("floor"):
        return Started(partial="floor", value=value, start=at, end=tail.end())
    if tail.group("exact"):
        return Started(partial=EXACT, value=value, start=at, end=tail.end())
    again = value_at(text, tail.end())
    done = _STARTED_CEIL.match(text, again.end) if again else None
    if again is None or done is None or (again.value, again.unit) != (value.value, value.unit):
        return None
    return Started(partial="ceil", value=value, start=at, end=done.end())


def _other(text: str, at: int) -> Atom | None:
    if (found := _FULL_MARKS.match(text, at)) and (said := found["n"] or found["m"]):
        return FullMarks(points=_number(said), start=at, end=found.end())
    if found := _INCLUSIVE.match(text, at):
        return Inclusive(start=at, end=found.end())
    for words, code in ((_VETO, "I209"), (_COHORT, "I214"), (_SAME, "I200")):
        if found := words.match(text, at):
            return Refused(code=code, start=at, end=found.end())
    return None


_READERS: tuple[Callable[[str, int], Atom | None], ...] = (
    _other, _condition, _reached, _level, _gets, _ratio, _step, _cap, _started,
)  # fmt: skip
