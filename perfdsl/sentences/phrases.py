"""A thing that is so or not, in the words of the sentence: 决策程序科学合理, 按规定公开.

Such words are taken whole, so words that hide a number, an exception or another award make no phrase.
"""

import re

from perfdsl.sentences.atoms import Phrase
from perfdsl.sentences.awards import gets
from perfdsl.sentences.lexemes import NUMBER

LONGEST = 120
_LEAD = re.compile(r"若|如果|如(?!期|实)|凡是?|对于?")
_AWARD = re.compile(
    r"(?:可以?|则|应|即|就|该项|本项|此项|该指标|本指标)*"
    rf"(?:(?:得|计|记|给|加|赋|扣除?|扣减)(?:该项|本项|此项)?(?:满分|全分|零分|分值|全部分值|{NUMBER}(?:分|%|-))|不(?:得|计|给|赋|扣)分|不予计分|全扣|扣分|酌情|视情)"
)
_ENDS = re.compile(r"(?:的|者|时)?(?:,(?=[^,]))?")
TAIL = re.compile(r"(?:的|者|(?<![及按准同临定随实小限])时)?,?$")
_STOP = re.compile(r"[;。:]")
_HIDDEN = re.compile(
    r"[≥≤><=×/%\[\]]|得分|扣|加分|减分|分值|满分|打分|赋分|计分|评分|酌情|视情|比例|(?<![消解拆清排去根免])除|特殊|原则上|但|否则|反之|其他|其它|其余|其中"
    r"|下列|上述|类推|否决|名次|排名|排位|第[一二三四五六七八九十]名|末位|平均|最高|最多|最低|至多|至少|累计|合计|共计|大于|小于|高于|低于|超过|不足|不到|不满|多于|少于"
    r"|以下|以内|之内|控制在|(?<![级部省市县区处科上])以上|每(?!年|月|季|周|半年|日|天|个?季|个?月|一?年度)|[0-9]分|百分|倍|不含|仅|暂|应扣|(?:缺|少|漏|发现|出现|发生|有)[一两二三四五六七八九十](?:[项例处次起个件条])|相$|^(?:根据|依据|视|按照?)(?:[一-龥]{0,4})?情况|^[0-9一两二三四五六七八九十]+[项次处例起个件条]"
)
_SHORT = re.compile(r"(?<![0-9])[0-9]{1,3}(?![0-9])")
_JOINS = re.compile(r"且|并|而|同时|或|及|和|的|其|以及")
_REFUSED_START = re.compile(r"(?:不足|未达到?(?:指标值|目标值)|达到(?:指标值|目标值))")


def phrase(text: str, at: int) -> Phrase | None:
    """The words from ``at`` up to the nearest award, where they are one plain statement."""
    stop = _STOP.search(text, at)
    last = min(stop.start() if stop else len(text), at + LONGEST)
    if gets(text, at) is not None:
        return None
    lead = _LEAD.match(text, at)
    begin = lead.end() if lead else at
    for end in range(begin + 2, last):
        award = _AWARD.match(text, end)
        if award is None or gets(text, end) is None:
            continue
        tail = _ENDS.search(text, end)
        words = TAIL.sub("", text[begin:end])
        if tail is None or not plain_words(words):
            return None
        return Phrase(text=canonical(words), start=at, end=begin + len(words) + _them(text, begin + len(words), end))
    return None


def _them(text: str, at: int, end: int) -> int:
    """的, 者, 时 belong to the phrase; a comma does not."""
    return 1 if at < end and text[at] in "的者时" else 0


def plain_words(words: str) -> bool:
    """Is it a statement that hides no number, exception or award?"""
    return (
        len(words) >= 2
        and not _HIDDEN.search(words)
        and not _SHORT.search(words)
        and not _JOINS.match(words)
        and not _REFUSED_START.match(words)
        and words[0] not in ",、)"
        and words.count("(") == words.count(")")
        and words.count('"') % 2 == 0
    )


def canonical(words: str) -> str:
    """The words in the marks of Chinese print: one spelling however they were typed."""
    made, opened = [], False
    for char in words.translate(_PRINT):
        if char == '"':
            opened = not opened
            char = "“" if opened else "”"
        made.append(char)
    return "".join(made)


_PRINT = str.maketrans({",": "，", "(": "（", ")": "）", ";": "；", ":": "："})
