"""Comparisons with numbers: 90%以上, 不低于80%且小于90%, [80%,90%), 80%≤完成率<90%."""

import re

import attrs

from perfdsl.sentences.atoms import Condition, Limit
from perfdsl.sentences.fold import value_at
from perfdsl.sentences.lexemes import THEM

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
_DASH = re.compile(r"[-至到](?![0-9.]*分(?!钟|(?:\(不?含\))?的?,?[得计]))")
_BETWEEN = re.compile(r"之间|区间|范围内?")
_IN = re.compile(r"在|为|介于|处于|达到?|是")
_SUBJECT = re.compile(r'[^,;。、:()\[\]≥≤><="每扣得]{1,24}?(?=[0-9零一二两三四五六七八九十百]|≥|≤|>|<|=|大于|高于|超过|多于|小于|低于|少于|不[足到满低高少多大小超]|未达|没|等于|达|在|为|介于|处于|控制在|至少|百分之|\[)')  # fmt: skip
_GIVEN = re.compile(r"(?:的|时|者)?,?(?:得|计(?!算)|给|不得分|不扣分)")
_TAIL = re.compile(THEM)


def condition(text: str, at: int) -> Condition | None:
    """A comparison with its subject, or without."""
    first = _limits(text, at)
    if first is not None:
        return attrs.evolve(first, start=at)
    for end in range(at + 1, min(len(text), at + 25)):
        if text[end - 1] in ",;。:()[]≥≤><=每扣得":
            return None
        made = _limits(text, end)
        if (
            made is not None
            and not made.subject
            and not text[at:end].endswith(("得", "扣", "计", "于", "不", "未", "超", "、", "最高", "最多", "最低"))
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
    limit = Limit(value=value, closed=included if included is not None else True if firm else None, worded=True)
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
    if first is not None and last is None and over is None and not (high.value == 100 and high.unit in ("%", "分")):
        last = not first  # one end is marked, so the other one is the opposite
    elif last is not None and first is None and over is None:
        first = not last
    low = attrs.evolve(low, unit=low.unit or high.unit)
    worded = over is not None
    ends = Limit(value=low, closed=first, worded=worded), Limit(value=high, closed=last, worded=worded)
    if low.value > high.value:
        ends = ends[1], ends[0]
    return Condition(low=ends[0], high=ends[1], end=end)


def _exactly(text: str, at: int) -> Condition | None:
    """100%得满分: the value itself."""
    value = value_at(text, _skip(_IN, text, at))
    if value is None or not value.unit or value.unit == "分" or not _GIVEN.match(text, value.end):
        return None
    limit = Limit(value=value, closed=True)
    return Condition(low=limit, high=limit, bare=True, end=value.end)


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
