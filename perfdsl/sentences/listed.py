"""Sentences that list points: ①有制度得2分；②有记录得1分; ①……②……，每符合一项得1分."""

import re
from fractions import Fraction

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.fold import plain
from perfdsl.sentences.gather import Talk
from perfdsl.sentences.rule import Checklist

_MARK = re.compile(
    r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫]|(?<![0-9.])\(?(?P<number>[1-9]|1[0-2])[)、](?![0-9])|(?<![0-9.])(?P<point>[1-9]|1[0-2])\.(?![0-9])|(?<![一-龥])\((?P<chinese>[一二三四五六七八九十])\)|(?P<is>[一二三四五六七八九])是"
)
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
_CHINESE = "一二三四五六七八九十"
_N = r"(?:[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十半])"
_ENDS = re.compile(rf"(?P<text>.*?)(?:的)?[,:]?(?:得|计|\()?(?P<n>{_N})分\)?[,;。、]*")
_EACH = re.compile(
    rf"(?P<text>.*?)[,;。]*(?:以上|上述)?(?:{_N}[项个]要点)?(?:每|满足其中|符合其中)?(?:有|符合|满足|达到|具备|完成|做到)?(?:1|一)[项个条点](?:要求|条件|要点|内容)?(?:的)?(?:得|计|加)?(?P<n>{_N})分(?:,?(?:最高|共)(?:得)?(?P<total>{_N})分)?[,;。]*"
)
_EACH_SHORT = re.compile(rf"(?P<text>.*?)[,;。]*每[项个条点](?:得|计)?(?P<n>{_N})分[,;。]*")
_LACK = re.compile(
    rf"(?P<text>.*?)[,;。]*(?:全部(?:符合|满足|达到)的?得满分[,;。]*)?(?:每)?(?:缺少?|少|有|不符合|不满足|未达到)(?:1|一)[项个条点](?:不符合|不满足|未达到|未完成|要求|不达标)?(?:的)?扣(?P<n>{_N})分(?:[,;。]*扣完为止)?[,;。]*"
)
_HEAD = re.compile(r"(?:评价要点|评分标准|评价内容|主要考核|考核内容|要点|包括|评分要点|评价标准|具体)?(?::|为:)?")
_SCORED = re.compile(r"[得扣加减]|[0-9一二两三四五六七八九十]分|否则|不得|满分|酌|比例|%")


def is_list(text: str) -> bool:
    """Are there at least two numbered points, in order?"""
    return len(_marks(text)) >= 2


def by_points(talk: Talk) -> Checklist:
    """The points and what each is worth; their sum is the points of the row."""
    text = talk.folded.text
    marks = _marks(text)
    head, parts = text[: marks[0][0]], _parts(text, marks)
    if not _HEAD.fullmatch(head):
        talk.stop("I200", a.Strange(start=0, end=marks[0][0]))
    last = text[parts[-1][0] : parts[-1][1]]
    everything = a.Strange(start=0, end=len(text))
    for words in (_EACH, _EACH_SHORT, _LACK):
        if (
            not any(_ENDS.fullmatch(text[start:end]) for start, end in parts[:-1])
            and (found := words.fullmatch(last)) is not None
        ):
            if words is _EACH and "每" not in last and "其中" not in last:
                continue
            names = [*(text[start:end] for start, end in parts[:-1]), found["text"]]
            each = _amount(found["n"])
            total = found.groupdict().get("total")
            if total and _amount(total) != each * len(names):
                talk.stop("I206", everything, said=total, points=format_number(each * len(names)))
            made = tuple((_label(name, talk, everything), each) for name in names)
            if words is _LACK and talk.aim.points is None:
                talk.stop("I210", everything)
            return _checked(made, talk, everything)
    items = []
    for start, end in parts:
        found = _ENDS.fullmatch(text[start:end])
        piece = a.Strange(start=start, end=end)
        if found is None:
            talk.stop("I200", piece)
        items.append((_label(found["text"], talk, piece), _amount(found["n"])))
    return _checked(tuple(items), talk, everything)


def _marks(text: str) -> list[tuple[int, int]]:
    """Where the numbered points begin: numbers of one sort from one upwards."""
    found: list[tuple[int, int]] = []
    sort = ""
    for mark in _MARK.finditer(text):
        kind = next((name for name in ("number", "point", "chinese", "is") if mark[name]), "circle")
        said = mark[kind] if kind != "circle" else mark.group()
        number = (
            int(said)
            if said.isdigit() and said not in _CIRCLES
            else (_CIRCLES.find(said) if kind == "circle" else _CHINESE.find(said)) + 1
        )
        if number == len(found) + 1 and sort in ("", kind):
            found.append(mark.span())
            sort = kind
    return found


def _parts(text: str, marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    ends = [*(start for start, _ in marks[1:]), len(text)]
    return [(start, end) for (_, start), end in zip(marks, ends, strict=True)]


def _label(name: str, talk: Talk, at: a.Atom) -> str:
    label = name.strip(",;。、: ")
    if not label or _SCORED.search(label) or '"' in label:
        talk.stop("I200", at)
    return label


def _amount(text: str) -> Fraction:
    found = plain(text, 0)
    assert found is not None  # the pattern has only numbers
    return found[0]


def _checked(items: tuple[tuple[str, Fraction], ...], talk: Talk, at: a.Atom) -> Checklist:
    total = sum((each for _, each in items), Fraction(0))
    if talk.aim.points is not None and total != talk.aim.points:
        talk.stop("I206", at, said=format_number(total), points=format_number(talk.aim.points))
    if len({name for name, _ in items}) < len(items) or any(each <= 0 for _, each in items):
        talk.stop("I213", at)
    return Checklist(items)
