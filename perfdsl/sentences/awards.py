"""What a sentence gives or takes: 得满分, 不得分, 扣2分, 得分值的60%, 酌情扣1-3分."""

import re
from collections.abc import Callable
from fractions import Fraction

import attrs

from perfdsl.sentences.atoms import Gets
from perfdsl.sentences.lexemes import GIVE, NUMBER, WHOLE, number
from perfdsl.sentences.rule import FULL, NIL, Amount, Between, Minus

_FULL = re.compile(rf"(?:的,?)?{GIVE}加?{WHOLE}(?P<said>{NUMBER}分|\({NUMBER}分\))?(?!的|[0-9]|×)")
_NOTHING = re.compile(r"(?:的,?)?(?:则|均|该项|本项|指标|一律)?(?:不得分|不给分|不计分|不予计分|不赋分|得?零分|(?:得|计|记|为)?0分|无分|扣(?:除|完)?(?:该项|本项|此项)?(?:全部分值|全部分数|全分|全部分|满分|所有分值)|全扣)(?![0-9.-])")  # fmt: skip
_NONE_OFF = re.compile(r"(?:则|均|一律)?(?:不扣分|不予扣分)")
_POINTS = re.compile(rf"(?:的,?)?{GIVE}(?P<n>{NUMBER})分(?!钟|值|以|之|为)")
_OFF = re.compile(rf"(?:则|应)?(?:扣减|扣除|扣|减)(?:去|掉)?(?P<n>{NUMBER})分(?!钟|之|以)")
_SHARE = re.compile(rf"(?:的,?)?{GIVE}(?:按)?{WHOLE}的?(?P<n>[0-9.]+)%(?:得分|计分|计算|给分|赋分|计)?")
_SHARE_AFTER = re.compile(rf"(?:的,?)?{GIVE}(?P<n>[0-9.]+)%(?:的?(?:分值|分数|满分|权重分?|分)(?!值)|(?=[,;。、]|$))")
_SHARE_OFF = re.compile(rf"扣(?:除|减)?(?:{WHOLE}的?(?P<n>[0-9.]+)%|(?P<m>[0-9.]+)%的?(?:分值|分数|满分|分))")
_RANGE = re.compile(
    rf"(?:的,?)?(?:(?:根据|依据|视|按照?)(?:实际|具体)?(?:完成|执行|工作|落实|实际)?情况,?)?(?:酌情)?{GIVE}(?:在|按)?(?P<a>{NUMBER})分?[-至到](?P<b>{NUMBER})分(?:之间|范围内|内)?(?:酌情)?(?:给分|打分|评分|赋分|计分|得分)?"
)
_SHARE_RANGE = re.compile(
    rf"(?:的,?)?{GIVE}(?:{WHOLE}的?)(?P<a>[0-9.]+)%?[-至到](?P<b>[0-9.]+)%(?:之间|范围内|内)?(?:酌情)?(?:给分|打分|评分|赋分|计分|得分)?"
)
_RANGE_OFF = re.compile(
    rf"(?:酌情|视情况?|视情节(?:轻重)?|视程度)?(?:扣减|扣除|扣)(?P<a>{NUMBER})分?[-至到](?P<b>{NUMBER})分(?:之间)?"
)
_FREELY = r"(?:酌情|(?:视|根据|依据|按照|按)(?:具体|实际)?(?:完成)?(?:情况|情节轻重|情节|程度|严重程度|完成程度)酌情|视情况?|视情节(?:轻重)?|酌)"
_FREE = re.compile(
    rf"(?:的,?)?(?:由(?:专家|评分人|评价组|评审组)|专家)?{_FREELY}(?:给分|得分|计分|打分|赋分|评分|扣减|扣分|扣除)"
)
_SHARE_RANGE_AFTER = re.compile(
    rf"(?:的,?)?{GIVE}(?P<a>[0-9.]+)%?[-至到](?P<b>[0-9.]+)%?的?(?:该项|本项)?(?:分值|分数|满分)(?:之间)?"
)
_HALF = re.compile(r"(?:的,?)?(?:得|计|给)(?:该项|本项)?一半(?:的?(?:分值|分数|分))?")
_SOME_OFF = re.compile(r"(?:则|应|予以)?扣分(?=[,;。]|$)")
_FREE_UP_TO = re.compile(rf"{_FREELY}(?:扣分,?(?:最多|最高)?扣|扣|扣除)(?P<n>{NUMBER})分(?:以内|之内)")
_WITHIN = re.compile(
    rf"(?:由(?:专家|评分人|评价组|评审组)|专家)?(?:在)?(?P<n>{NUMBER})分(?:以内|之内)(?:酌情)?(?:给分|打分|评分|赋分|计分|得分)"
)


def gets(text: str, at: int) -> Gets | None:
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


def _points(value: Fraction) -> Amount:
    return NIL if value == 0 else Amount(value)


def _share(value: Fraction) -> Amount:
    return NIL if value == 0 else Amount(value, True)


def _both(found: re.Match[str]) -> tuple[Fraction, Fraction]:
    low, high = sorted((number(found["a"]), number(found["b"])))
    return low, high


_AWARDS = (
    _of(_FULL, lambda m: Gets(award=FULL, said=number(m["said"]) if m["said"] else None)),
    _of(_NOTHING, lambda m: Gets(award=NIL)),
    _of(_NONE_OFF, lambda m: Gets(award=FULL, deducts=True)),
    _of(_POINTS, lambda m: Gets(award=_points(number(m["n"])))),
    _of(_OFF, lambda m: Gets(award=Minus(Amount(number(m["n"]))), deducts=True)),
    _of(_SHARE, lambda m: Gets(award=Amount(Fraction(m["n"]), True))),
    _of(_SHARE_AFTER, lambda m: Gets(award=Amount(Fraction(m["n"]), True))),
    _of(_SHARE_OFF, lambda m: Gets(award=Amount(100 - Fraction(m["n"] or m["m"]), True), deducts=True)),
    _of(_RANGE, lambda m: Gets(award=Between(_points(_both(m)[0]), _points(_both(m)[1])))),
    _of(_SHARE_RANGE, lambda m: Gets(award=Between(*(_share(x) for x in sorted((Fraction(m["a"]), Fraction(m["b"]))))))),
    _of(_SHARE_RANGE_AFTER, lambda m: Gets(award=Between(*(_share(x) for x in sorted((Fraction(m["a"]), Fraction(m["b"]))))))),
    _of(_HALF, lambda m: Gets(award=Amount(Fraction(50), True))),
    _of(_SOME_OFF, lambda m: Gets(award=Between(NIL, FULL), free=True, deducts=True)),
    _of(_RANGE_OFF, lambda m: Gets(award=Between(Minus(Amount(_both(m)[1])), Minus(Amount(_both(m)[0]))), deducts=True)),
    _of(_FREE, lambda m: Gets(award=Between(NIL, FULL), free=True, deducts="扣" in m.group())),
    _of(_FREE_UP_TO, lambda m: Gets(award=Between(Minus(Amount(number(m["n"]))), FULL), free=True, deducts=True)),
    _of(_WITHIN, lambda m: Gets(award=Between(NIL, Amount(number(m["n"]))), free=True)),
)  # fmt: skip
