"""Sentences that list points: ①有制度得2分；②有记录得1分; ①……②……，每符合一项得1分."""

import re
from fractions import Fraction

from perfdsl.quantity import format_number
from perfdsl.sentences import atoms as a
from perfdsl.sentences.fold import plain
from perfdsl.sentences.gather import Talk
from perfdsl.sentences.phrases import canonical, plain_words
from perfdsl.sentences.rule import Checklist

_MARK = re.compile(
    r"[①②③④⑤⑥⑦⑧⑨⑩⑪⑫]|(?<![0-9.])\(?(?P<number>[1-9]|1[0-2])[)、](?![0-9])|(?<![0-9.])(?P<point>[1-9]|1[0-2])\.(?![0-9])|(?<![一-龥])\((?P<chinese>[一二三四五六七八九十])\)|(?P<is>[一二三四五六七八九])是"
)
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
_CHINESE = "一二三四五六七八九十"
_N = r"(?:[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十半])"
_NONE = r"(?:,?(?:否则|反之|(?P<no>[^,;。]{0,8}?))的?,?(?:不得分|得?0分))?"
_TAIL = r"(?:(?:以上)?(?:各项|每项)?(?:均|都)?不(?:符合|满足|达标)的?,?不得分|否则不得分|其(?:他|余)不得分)?[,;。]*"
_ENDS = re.compile(rf"(?P<text>.*?)(?:的)?[,:]?(?:得|计|\()?(?P<n>{_N})分\)?{_NONE}[,;。、]*{_TAIL}")
_EACH = re.compile(
    rf"(?P<text>.*?)[,;。]*(?:以上|上述)?(?:{_N}[项个]要点)?(?:每|满足其中|符合其中)?(?:有|符合|满足|达到|具备|完成|做到)?(?:1|一)[项个条点](?:要求|条件|要点|内容)?(?:的)?(?:得|计|加)?(?P<n>{_N})分(?:,?(?:最高|共)(?:得)?(?P<total>{_N})分)?[,;。]*{_TAIL}"
)
_LADDER = re.compile(
    rf"(?P<text>.*?)[,;。]*(?:{_N}[项个条点])?(?:全部|均|都)(?:符合|满足|达到|具备)的?,?得(?P<top>{_N})分(?P<rungs>(?:[,;、](?:符合|满足|达到|具备)?(?:其中)?{_N}[项个条点]的?,?得{_N}分)+)[,;。]*{_TAIL}"
)
_RUNG = re.compile(rf"(?P<of>{_N})[项个条点]的?,?得(?P<n>{_N})分")
_EACH_SHORT = re.compile(rf"(?P<text>.*?)[,;。]*每[项个条点](?:得|计)?(?P<n>{_N})分[,;。]*")
_LACK = re.compile(
    rf"(?P<text>.*?)[,;。]*(?:全部(?:符合|满足|达到)的?得满分[,;。]*)?(?:每)?(?:有)?(?:缺少?|少|有|不符合|不满足|未达到)(?:1|一)[项个条点](?:不符合(?:要求)?|不满足|未达到|未完成|要求|不达标)?(?:的)?扣(?P<n>{_N})分(?:[,;。]*扣完为止)?[,;。]*"
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
    if ladder := _laddered(text, parts, talk):
        return ladder
    for words in (_EACH, _EACH_SHORT, _LACK):
        if (
            not any(_ENDS.fullmatch(text[start:end]) for start, end in parts[:-1])
            and (found := words.fullmatch(last)) is not None
        ):
            names = [*(text[start:end] for start, end in parts[:-1]), found["text"]]
            each = _amount(found["n"])
            if words is _EACH and "每" not in last and "其中" not in last and each * len(names) != talk.aim.points:
                continue
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
        if found is None or not _opposite(found["no"], found["text"]):
            talk.stop("I200", piece)
        items.append((_label(found["text"], talk, piece), _amount(found["n"])))
    return _checked(tuple(items), talk, everything)


def _opposite(no: str | None, name: str) -> bool:
    """Is 不健全 the opposite of 制度健全, so that it adds nothing?"""
    if not no:
        return True
    bare = re.sub(r"^(?:未能?|没有?|不|无)", "", no)
    return bare != no and (bare in name or bare in ("符合", "满足", "达到", "达标", "具备"))


def _laddered(text: str, parts: list[tuple[int, int]], talk: Talk) -> Checklist | None:
    """全部符合得3分，符合两项得2分，符合一项得1分: as much for each."""
    found = _LADDER.fullmatch(text[parts[-1][0] : parts[-1][1]])
    if found is None or any(_ENDS.fullmatch(text[start:end]) for start, end in parts[:-1]):
        return None
    everything = a.Strange(start=0, end=len(text))
    names = [*(text[start:end] for start, end in parts[:-1]), found["text"]]
    each = _amount(found["top"]) / len(names)
    rungs = {_amount(rung["of"]): _amount(rung["n"]) for rung in _RUNG.finditer(found["rungs"])}
    if rungs != {Fraction(count): each * count for count in range(1, len(names))}:
        talk.stop("I213", everything)
    return _checked(tuple((_label(name, talk, everything), each) for name in names), talk, everything)


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
    if not label or _SCORED.search(label) or not plain_words(label):
        talk.stop("I200", at)
    return canonical(label)


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
