"""Cells without a number: none, schedule, growth in words, levels, statements."""

import re
from typing import NamedTuple

from perfdsl.quantity import WORDS
from perfdsl.read_target.around import merged_sign
from perfdsl.read_target.clause import Doubt
from perfdsl.read_target.lexer import NUMBER_LIKE
from perfdsl.read_target.words import (
    AFTER_NUMBER,
    BEFORE_NUMBER,
    NOTHING,
    SCALES,
    SCHEDULE_WORDS,
    UNSETTLED,
)
from perfdsl.target import Free, Growth, Level, Meaning, Nothing, Schedule

LONGEST_LEVEL = 12
_NO_DOUBTS: tuple[Doubt, ...] = ()


class Words(NamedTuple):
    """What a cell of words means."""

    meaning: Meaning
    doubts: tuple[Doubt, ...] = _NO_DOUBTS
    label: str = ""


def read_words(clean: str) -> Words | None:
    """The reading of a squeezed cell that holds nothing like a number; None when it does."""
    if clean in NOTHING or not clean.strip(_EDGES + "/\\"):
        return _NOTHING
    if NUMBER_LIKE.search(clean) or DIGITS.search(clean):
        return None
    return worded(clean)


def worded(clean: str) -> Words:
    """A cell whose numerals, if any, belong to its words."""
    start, end = core(clean)
    word = clean[start:end].strip(_EDGES)
    if word in NOTHING or not word:
        return _NOTHING
    if word in UNSETTLED or _ELSEWHERE.match(word):
        return Words(Free(clean), (Doubt("T130", 0, len(clean), {"text": word}),))
    if _BEFORE_SOMETHING.fullmatch(word) or (word in WORDS and word not in _GOOD) or word in _LIKE_DIGITS:
        return Words(Free(clean), (Doubt("T112", 0, len(clean), {"text": clean}),))
    if word in SCALES or "□" in word or "☐" in word:
        return Words(Level(word), (Doubt("T123", 0, len(clean), {"text": word}),))
    if len(word) <= 20:
        found = _schedule(word) or _growth(word)
        if found is not None:
            return Words(found)
    if _leans(word) or not _WRITTEN.search(word):
        return Words(Free(clean), (Doubt("T112", 0, len(clean), {"text": clean}),))
    atleast = _AT_LEAST.fullmatch(word)
    if atleast is not None:
        return Words(Level(atleast[1]))
    sign = _SIGN.search(word)
    if sign is not None:
        return _signed(clean, word)
    if len(word) <= LONGEST_LEVEL and not DIGITS.search(word) and not _SENTENCE.search(word):
        return Words(Level(word))
    return Words(Free(clean))


def _leans(word: str) -> bool:
    """Is the cell a relation word that lost its number (不低于, 以上)?"""
    after, before = AFTER_NUMBER.get(word), BEFORE_NUMBER.get(word)
    if after is not None and after.kind == "POST":
        return True
    return before is not None and before.kind == "OP" and before.value[-1] != "~"


def clean_label(text: str) -> str:
    """A subject without its separators, quotes and running number."""
    while True:
        cleaned = text.strip(_LABEL_EDGES).rstrip(_OPEN)
        listed = _RUNNING.match(cleaned)
        cleaned = cleaned[listed.end() :] if listed else cleaned
        if cleaned and cleaned[0] + cleaned[-1] in _QUOTES and cleaned.count(cleaned[0]) == 1:
            cleaned = cleaned[1:-1]
        if cleaned == text:
            return text
        text = cleaned


def core(clean: str) -> tuple[int, int]:
    """Where a cell begins and ends without separators, lonely quotes, brackets around it all and 定性 before it."""
    start, end = 0, len(clean)
    for _ in range(_LAYERS):
        while start < end and clean[start] in _FRONT:
            start += 1
        while end > start and clean[end - 1] in _BACK:
            end -= 1
        if start == end or (clean[start] not in _LAYERED and clean[end - 1] not in _LAYERED):
            break
        cut = _outer(clean[start:end])
        if cut == (0, 0):
            break
        start, end = start + cut[0], end - cut[1]
    return start, end


def _outer(text: str) -> tuple[int, int]:
    """How many characters of the outermost layer are to be left off in front and behind."""
    if len(text) < 2:
        return 0, 0
    first, last = text[0], text[-1]
    if _PAIRS.get(first) == last and text.count(first) == (2 if first == last else 1) and "," not in text:
        return 1, 1
    if first in _LONELY and not any(c in text[1:] for c in _LONELY[first]):
        return 1, 0
    if last in _LONELY and not any(c in text[:-1] for c in _LONELY[last]):
        return 0, 1
    listed = QUALITY.match(text)
    return (listed.end(), 0) if listed else (0, 0)


def _schedule(word: str) -> Schedule | None:
    return Schedule() if any(name in word for name in SCHEDULE_WORDS) else None


def _growth(word: str) -> Growth | None:
    found = _BASE_VERB.fullmatch(word) or _VERB_BASE.fullmatch(word)
    if found is not None:
        return Growth(None, None, found["base"], "up" if found["up"] else "down")
    found = _AGAINST.fullmatch(word)
    if found is None:
        return None
    entry = BEFORE_NUMBER.get(found["op"])
    op = entry.value.rstrip("~") if entry else merged_sign(found["op"])
    return Growth(op, None, found["base"]) if op else None


def _signed(clean: str, word: str) -> Words:
    """A sign before words (≥良好): the words stay, the sign is reported."""
    bare = word.lstrip("≥≤<>=±").strip(_EDGES)
    doubts = (Doubt("T112", 0, len(clean), {"text": clean}),)
    if (
        bare
        and not bare.startswith("定性")
        and not _LATIN.search(bare)
        and word[0] in "≥=>"
        and len(bare) <= 4
        and not _SIGN.search(bare)
    ):
        level = read_words(bare)
        if level is not None and isinstance(level.meaning, Level):
            return Words(level.meaning, doubts)
    return Words(Free(clean), doubts)


DIGITS = re.compile(r"[\d①-⓿Ⅰ-ⅿ½¼¾²³¹❶-➓㈠-㈩㊀-㊉]+(?:[.,]\d+)*")
_NOTHING = Words(Nothing())
_EDGES = " ;。.,、；!！“”\"'"
_LABEL_EDGES = " ;。.,、:：-—\"'★●■◆▲*·|"
_OPEN = "(【[“‘「《"
_QUOTES = frozenset({"“”", "‘’", "()", "【】", "[]", "「」"})
_RUNNING = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2}|[①-⑳])(?:[、.)]|是)|[①-⑳]")
QUALITY = re.compile(r"(?:[;。,、: ]*定性(?:指标)?[:、,\-]?)+(?=.)")
_WRITTEN = re.compile(r"[A-Za-z一-鿿]")
_SIGN = re.compile(r"[≥≤<>=±%‰]")
_LATIN = re.compile(r"[A-Za-z]")
_ELSEWHERE = re.compile(
    r"详见|参见|另见|见(?:备注|附|表|方案|说明|文件|明细|下|上|正文|项目|合同)|同(?:上|左|右|前|下)(?!级|年|期|游)|〃|附后|若干"
)
_LAYERS = 6
_FRONT = frozenset(" ;。,、；，!！")
_BACK = frozenset(" ;。.,、；，!！")
_PAIRS = {"(": ")", "“": "”", "‘": "’", "[": "]", '"': '"', "'": "'"}
_LONELY = {"“": "”", "”": "“", "‘": "’", "’": "‘", '"': '"', "'": "'", "(": ")", ")": "("}
_LAYERED = frozenset({*_LONELY, *_PAIRS, "]", "定", ":"})
FAULT = re.compile(r"#[A-Z/0-9]+[!?]?|#+|#名称[?!]?")
_AT_LEAST = re.compile(
    r"(优秀?|良好?|中等?|合格|及格|达标|(?:基本|较|比较|非常)?满意|较好|好|较高|一般|称职|较强)(?:(?:及其?|或)?以上)(?:等次|等级|水平|标准|档次)?"
)
_BEFORE_SOMETHING = re.compile(
    r"(?:[每当次本各上下]?(?:个)?(?:年度?|季度?|月度?|周|旬|学期))+(?:[底末初终](?:之?前|以前)?|之?前|以前)(?:完成|办结|支付|发放|报送)?"
    r"|.{1,8}(?<![提超目空生当])(?:之|以)?前(?:完成|办结|支付|到位|竣工|投入使用)?|[A-Z]日?(?:之?内|前|后)|[TNn]\+?.{0,3}日.{0,3}"
)
_LIKE_DIGITS = frozenset("OoIl")
_GOOD = frozenset({"优", "良", "好", "高", "中", "有", "无", "是", "否", "平台", "数据", "系统", "A", "B", "C"})
_SENTENCE = re.compile(r"[,;。:!?]")
_PAST = r"(?:上一?年度?|去年|往年|前一?年|上期|基期|期初|年初|基准年|实施前|项目实施前)(?:同期|实际)?(?:水平|实际值?|数|值)?"
_UP = r"(?:增长|提高|提升|上升|增加|递增|上涨|改善|好转)"
_DOWN = r"(?:下降|降低|减少|递减|压减|压缩|缩短|缩减)"
_BASE_VERB = re.compile(
    rf"(?P<base>(?:较|比|与|同|相比|相较)于?{_PAST}(?:相比|比)?|逐年|逐步逐年|逐季|逐月|同比|环比|每年|年均)"
    rf",?(?:均|略|稳步|持续|不断|明显|显著|有所|有|有一定|有较大|有明显|大幅|逐步)*(?:(?P<up>{_UP})|{_DOWN})(?:幅度)?"
)
_VERB_BASE = re.compile(rf"(?:(?P<up>{_UP})|{_DOWN})(?P<base>逐年)")
_AGAINST = re.compile(
    rf"(?P<op>[≥≤<>=]+|不低于|不高于|不超过|高于|低于|超过|不少于|大于|小于|大于等于|小于等于|等于|不大于|不小于)"
    rf"(?P<base>{_PAST})"
)
