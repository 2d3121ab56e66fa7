"""Why something is scored by the exact engine, and how much: said in Chinese and in English (docs/batch.md)."""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from perfdsl.text import counted

ASKED, ROOM = "asked for", "room"
WORDS = {
    ASKED: ("命令要求", "asked for"),
    ROOM: ("数太长，要 {need} 位的整数，引擎最多装 {most} 位", "whole numbers of {need} digits, more than {most}"),
    "columns": ("要 {count} 列，引擎最多 {most} 列", "{count} columns, more than {most}"),
    "entries look aside": ("逐行计分的“{rows}”要看别的格", "the entries of {rows} look at other cells"),
    "entries look at places": ("逐行计分的“{rows}”要看名次", "the entries of {rows} look at places among all objects"),
    "places unknown": ("“{name}”的名次还不知道", "{name}: the places among all objects are not known yet"),
    "words compared": ("有两列文字互相比较", "two columns of words compared with each other"),
    "word chosen": ("有按条件取的文字或真假", "a word or a truth by a condition"),
    "formulas": ("算式绕成圈，或套得太深", "formulas in a circle, or too long a chain"),
    "scores": ("得分绕成圈", "scores in a circle"),
    "comparisons": ("比较绕成圈", "comparisons in a circle"),
    # of plans in a store of many
    "comparisons with other objects": ("与别的对象比较", ""),
    "points moved to another group": ("不适用的分值移到别组", ""),
    "points in many different fractions": ("分值的分母太多", ""),
    "several entries": ("由几行、或与上年的数合起来评", "made of several entries, or compared with the year before"),
    "compared with the year before": ("与上年相比，又看别的格", ""),
    "another row, an input or the day of evaluation": ("看别的指标的得分", "looks at the score of another row"),
    "a number too long to be a column": ("有大于 10¹⁵ 的常数，或分母很大的分数", ""),
    "words that differ only in spaces or width": ("有只差空格或全半角的词", ""),
    "a stroke in the name of a line of money": ("资金行的名称里有“/”", ""),
    "a long formula": ("算式太长", ""),
    "very many words": ("比较的词太多", ""),
    "ceilings": ("封顶看得分", "a ceiling looks at scores"),
    "factors": ("有系数", ""),
}  # fmt: skip


@attrs.frozen
class Why:
    """A reason: its kind (a key of ``WORDS``, or words that stand for themselves), and the facts its words need."""

    kind: str
    facts: tuple[tuple[str, str | int], ...] = ()

    def text(self, lang: str) -> str:
        """In ``zh`` or ``en``."""
        chinese, english = WORDS.get(self.kind, (self.kind, self.kind))
        return (chinese if lang == "zh" else english or self.kind).format(**dict(self.facts))


@attrs.frozen
class Fallback:
    """``count`` objects of which the exact engine scored these indicators, by path (none: everything)."""

    why: Why
    count: int
    indicators: tuple[str, ...] = ()

    def text(self, lang: str) -> str:
        """A line in ``zh`` or ``en``."""
        why = self.why.text(lang)
        if not self.indicators:
            return (
                f"精确引擎逐个打分 {self.count} 个：{why}"
                if lang == "zh"
                else f"{counted(self.count, 'object')} scored one by one by the exact engine: {why}"
            )
        names = "、".join(self.indicators) if lang == "zh" else ", ".join(self.indicators)
        return (
            f"精确引擎算指标 {names}（{self.count} 个对象）：{why}"
            if lang == "zh"
            else f"{names} scored by the exact engine ({counted(self.count, 'object')}): {why}"
        )

    @property
    def alike(self) -> tuple[object, ...]:
        """The same for those that are told together: figures do not part them."""
        return self.why.kind, self.indicators, tuple(x for x in self.why.facts if isinstance(x[1], str))


def told_together(found: Iterable[Fallback]) -> list[Fallback]:
    """Those that are alike as one: counts added, of figures the largest."""
    made: dict[tuple[object, ...], Fallback] = {}
    for one in found:
        known = made.get(one.alike)
        if known is not None:
            facts = dict(known.why.facts)
            larger = {k: max(v, x) for k, v in one.why.facts if isinstance(v, int) and isinstance(x := facts[k], int)}
            why = Why(one.why.kind, tuple((facts | larger).items()))
            one = attrs.evolve(one, why=why, count=known.count + one.count)
        made[one.alike] = one
    return sorted(made.values(), key=lambda x: (x.indicators, x.why.kind, x.why.facts))


def fallback_json(one: Fallback) -> dict[str, Any]:
    """As it is told and kept."""
    facts = dict(one.why.facts)
    return {"kind": one.why.kind, "facts": facts, "indicators": list(one.indicators), "count": one.count}


def fallback_of(data: Mapping[str, Any]) -> Fallback:
    """The same back."""
    return Fallback(Why(data["kind"], tuple(data["facts"].items())), data["count"], tuple(data["indicators"]))
