"""预警灯: bands of a ratio of progress, checked: percents, every ratio in one of them, none that nothing reaches."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from operator import eq, ge, gt, le, lt, ne

from perfdsl import model as m
from perfdsl import syntax as s
from perfdsl.diagnostics import ERROR, WARNING, Diagnostic, Kind, Label, finding
from perfdsl.keywords import SETTINGS
from perfdsl.quantity import format_number

KINDS = ("output", "money")
WORDS = {word: kind for kind in KINDS for word in (kind, SETTINGS[kind])}
HOLDS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {"=": eq, "!=": ne, "<": lt, ">": gt, "<=": le, ">=": ge}


def about(item: s.Lights) -> tuple[str, ...]:
    """What the lights are for: output, money, both, or nothing when the word is not known."""
    if item.about is None:
        return KINDS
    return (WORDS[item.about.text],) if item.about.text in WORDS else ()


def check_lights(item: s.Lights, found: list[Diagnostic]) -> None:
    """Say what is wrong with one declaration."""
    if not about(item) and item.about is not None:
        found.append(finding(UNKNOWN, item.about.span, text=item.about.text))
    bands = [band for band in item.bands if isinstance(band, s.Band)]
    plain = [number for band in bands for _, number in band.limits if number.unit != "%"]
    found.extend(finding(NOT_PERCENT, number.span, text=number.span.text) for number in plain)
    if plain or len(bands) < len(item.bands):
        return
    taken = [_band_of(ratio, bands) for ratio in _places(bands)]
    if None in taken:
        found.append(finding(NOT_ALL, item.span, ratio=_percent(_places(bands)[taken.index(None)])))
    for at, band in enumerate(bands):
        if at not in taken:
            found.append(finding(DEAD, band.span, name=band.name.text))


def check_twice(items: list[s.Lights], found: list[Diagnostic]) -> None:
    """One object has one declaration for output and one for money."""
    first: dict[str, s.Lights] = {}
    for item in items:
        key = item.about.text if item.about is not None else ""
        key = WORDS.get(key, key)
        if key in first:
            label = Label(first[key].span, "已在这里写了", "already written here")
            found.append(finding(TWICE, item.span, labels=[label]))
        first.setdefault(key, item)


def lights(own: list[s.Lights], known: Mapping[str, s.Lights]) -> tuple[m.Lights, ...]:
    """The lights of one object: its own before those in scope, a particular one before one for both."""
    made = []
    for kind in KINDS:
        choice = [item for item in own if kind in about(item)] or [
            x for k in (kind, "") if (x := known.get(k)) is not None
        ]
        choice.sort(key=lambda item: item.about is None)
        if choice:
            made.append(m.Lights(kind, _bands(choice[0])))
    return tuple(made)


def _bands(item: s.Lights) -> tuple[m.Band, ...]:
    return tuple(
        m.Band(b.name.text, tuple((op, number.value / 100) for op, number in b.limits), b.span)
        for b in item.bands
        if isinstance(b, s.Band)
    )


def _places(bands: list[s.Band]) -> list[Fraction]:
    """Ratios on, between and beyond all limits: what holds for them holds for every ratio from zero on."""
    limits = {max(Fraction(0), number.value / 100) for band in bands for _, number in band.limits}
    edges = sorted({Fraction(0), *limits})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return sorted([*edges, *between, edges[-1] + 1])


def _band_of(ratio: Fraction, bands: list[s.Band]) -> int | None:
    holds = (all(HOLDS[op](ratio, number.value / 100) for op, number in band.limits) for band in bands)
    return next((at for at, true in enumerate(holds) if true), None)


def _percent(ratio: Fraction) -> str:
    return f"{format_number(ratio * 100)}%"


UNKNOWN = Kind(
    "M120", ERROR, "预警灯不分“{text}”", "there are no lights for “{text}”",
    "写 output（产出）、money（资金），或不写（两种都用）", "write output, money, or nothing for both",
)  # fmt: skip
NOT_PERCENT = Kind(
    "M121", ERROR, "预警灯的界限“{text}”不是百分比", "the limit “{text}” of a light is not a percent",
    "界限是完成进度的百分比，写成 90%", "a limit is a percent of what is due to date: write 90%",
)  # fmt: skip
NOT_ALL = Kind(
    "M122", ERROR, "进度是{ratio}时没有灯", "a progress of {ratio} has no light",
    "最后写 otherwise（否则），接住其余的", "end with otherwise",
)  # fmt: skip
DEAD = Kind(
    "M123", WARNING, "“{name}”永远不会亮：前面的已经占了它的全部界限", "“{name}” never lights: those before it take all of its limits",
    "按从好到差的次序写，或改界限", "list the lights from best to worst, or change the limits",
)  # fmt: skip
TWICE = Kind(
    "M124", ERROR, "同一种预警灯写了两次", "the same lights are declared twice", "保留一个", "keep one",
)  # fmt: skip
