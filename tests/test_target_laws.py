"""Laws of the target notation: what holds for every text, not for chosen cells."""

import unicodedata
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from test_targets import rows

from perfdsl.quantity import Quantity, Unit, format_number, parse_number, parse_unit, round_half_up
from perfdsl.read_target import read_actual, read_target
from perfdsl.read_target.fold import squeeze
from perfdsl.read_target.lexer import Lexer
from perfdsl.target import (
    Bound,
    Compound,
    Date,
    Deadline,
    Free,
    Growth,
    Level,
    Meaning,
    Nothing,
    Range,
    Schedule,
    Target,
    canonical,
    from_json,
    to_json,
)

UNIT_WORDS = "% ‰ 个百分点 元 万元 亿元 元/人·月 万元/人 人 席 个 件 万件 万人次 次 次/年 人/套 工作日 个工作日 分钟 分钟/件 天 个月 平方米 吨"
CELLS = [row[0] for row in rows()]
PIECE_WORDS = (
    "≥ ≤ = > < >= ≧ 不低于 不少于 不超过 超过 达到 约 ± - ~ 至 且 以上 以内 以下 左右 （含） （不含） ； ， 。 、 （ ） : % 万 元 人 次 "
    "个工作日 2 95 100 0.5 1,000 2023年 12月 31日 9月 底 前 每月 月均 合格率 完成 增长 下降 较上年 逐年 无 健全 序时进度 一次 三分之二 "
    "正负 上下浮动 .5 1E+05 ¥ 千 几 十 两 二〇二四年 十二月 [ ] “ ” /10万 季度 半年 24年 08 的增长 不突破预算 小时 2024 2024-6 2023.12 0.59 月 -5 — "
    "#REF! 次年 （优秀） = 三四 百分之 九成五 第 前 《 》 1: 7× / · \u3000 \n 年底 第三季度 每亩 定性 及以上 多 余 负 + 或"
)
PIECES = PIECE_WORDS.split(" ")
messy = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
cells = st.sampled_from(CELLS)


def meaning_of(text: str) -> tuple[Meaning, str]:
    """What a text means, with its own words left out of a compound."""
    target = read_target(text)[0]
    return bare(target)


def bare(target: Target) -> tuple[Meaning, str]:
    """The typed target without its verbatim texts."""
    meaning = target.meaning
    if isinstance(meaning, Free):
        return Free(""), ""
    if isinstance(meaning, Compound):
        meaning = Compound(tuple(Target("", *bare(part)) for part in meaning.parts))
    return meaning, target.label


def unit_of_word(word: str) -> Unit:
    """A unit that is known to exist."""
    unit = parse_unit(word)
    assert unit is not None
    return unit


units = st.sampled_from(UNIT_WORDS.split()).map(unit_of_word)
values = st.fractions(min_value=0, max_value=10**9, max_denominator=40)
quantities = st.builds(Quantity, values, units).filter(
    lambda q: q.unit.text not in ("万件", "万人次") or "/" not in format_number(q.value)
)
ops = st.sampled_from([None, ">=", "<=", ">", "<", "="])
money_free = st.sampled_from(["", "月均", "全年"])


@st.composite
def dates(draw: st.DrawFn) -> Date:
    """A full or partial date that exists."""
    year = draw(st.none() | st.integers(1990, 2049))
    month = draw(st.integers(1, 12))
    return Date(year, month, draw(st.none() | st.integers(1, 28)))


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    """A range with open or closed ends."""
    low, high = sorted((draw(values), draw(values)))
    unit = draw(units.filter(lambda unit: unit.text not in ("万件", "万人次")))
    closed = draw(st.booleans())
    return Range(low, high, unit, low_closed=closed, high_closed=closed, qualifier=draw(money_free))


meanings = st.one_of(
    st.builds(Bound, ops, quantities, money_free, st.booleans()),
    ranges(),
    st.builds(lambda q: Range(-q.value, q.value, q.unit, tolerance=True), quantities),
    st.builds(Deadline, dates(), st.none(), st.booleans(), st.sampled_from(["", "每年", "当年"])),
    st.builds(Level, st.sampled_from(["健全", "质量高", "应保尽保", "优", "是"])),
    st.just(Schedule()),
    st.just(Nothing()),
    st.builds(Growth, ops, quantities, st.sampled_from(["", "较上年", "同比"]), st.sampled_from(["up", "down"])),
    st.builds(Growth, st.none(), st.none(), st.just("逐年"), st.sampled_from(["up", "down"])),
)


@given(meanings, st.sampled_from(["", "合格率", "非咨询类工单办理时长"]))
@settings(max_examples=400, deadline=None)
def test_printing_a_typed_target_and_reading_it_gives_it_back(meaning: Meaning, label: str) -> None:
    if isinstance(meaning, Level | Schedule | Nothing) or (isinstance(meaning, Growth) and meaning.quantity is None):
        label = ""
    target = Target("", meaning, label)
    again = read_target(canonical(target))[0]
    assert (again.meaning, again.label) == (meaning, label)


@given(st.one_of(cells, messy))
@settings(max_examples=600, deadline=None)
def test_the_canonical_text_of_any_reading_means_the_same(text: str) -> None:
    target = read_target(text)[0]
    assert bare(read_target(canonical(target))[0]) == bare(target)


@given(st.one_of(cells, messy))
@settings(max_examples=300, deadline=None)
def test_json_keeps_the_target(text: str) -> None:
    target = read_target(text)[0]
    assert bare(from_json(to_json(target))) == bare(target)


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SIGNS = {
    "≥": ["≧", ">=", "＞=", "≥≥", "⩾", "=>"],
    "≤": ["≦", "<=", "＜=", "⩽"],
    "=": ["═", "﹦", "＝"],
    "%": ["％", "﹪"],
}


@given(cells)
@settings(max_examples=400, deadline=None)
def test_width_never_changes_the_reading(text: str) -> None:
    assert meaning_of(text.translate(WIDE)) == meaning_of(text)


@given(cells, st.data())
@settings(max_examples=400, deadline=None)
def test_spaces_never_change_the_reading(text: str, data: st.DataObject) -> None:
    blank = data.draw(st.sampled_from([" ", "\u3000", "\t", "\n", "\u00a0", "  ", "\u200b"]))
    at = data.draw(st.integers(0, len(text)))
    beside = unicodedata.normalize("NFKC", text[max(0, at - 1) : at + 1])
    if sum(c.isdigit() or c in ",. " for c in beside) < 2:
        assert meaning_of(text[:at] + blank + text[at:]) == meaning_of(text)


@given(cells, st.data())
@settings(max_examples=300, deadline=None)
def test_look_alike_signs_never_change_the_reading(text: str, data: st.DataObject) -> None:
    if any(
        a in text and b in text for a, b in (("≥", "="), ("≤", "="), (">", "="), ("<", "="), ("≤", "≥"), ("%", "%%"))
    ):
        return
    changed = "".join(data.draw(st.sampled_from(SIGNS[c])) if c in SIGNS else c for c in text)
    assert meaning_of(changed) == meaning_of(text)


@given(st.one_of(messy, st.text(max_size=40)))
@settings(max_examples=800, deadline=None)
def test_a_cell_with_a_digit_never_becomes_words_without_a_finding(text: str) -> None:
    target, findings = read_target(text)
    if any(c.isdigit() for c in text) and to_json(target)["kind"] in ("level", "freetext", "none", "schedule"):
        assert findings


@given(st.one_of(st.text(), messy), st.text(max_size=4), st.text(max_size=6), st.text(max_size=8))
@settings(max_examples=800, deadline=None)
def test_reading_never_raises_and_findings_stay_inside(text: str, op: str, unit: str, name: str) -> None:
    target, findings = read_target(text, op=op, unit=unit, name=name)
    reading, more = read_actual(text, unit=unit, target=target)
    assert target.text == text == reading.text
    for finding in (*findings, *more):
        assert 0 <= finding.start <= finding.end <= len(text)


def test_control_characters_surrogates_and_giants_are_read() -> None:
    for text in ("\x00≥9\x075%", "\ud800", "≥\udfff5%", "9" * 10**6, "≥" * 10**6, "一" * 1999, "(" * 1999):
        target, _ = read_target(text)
        assert target.text == text
        assert read_actual(text)[0].text == text


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join))
@settings(max_examples=300, deadline=None)
def test_work_grows_with_the_length_only(piece: str) -> None:
    def steps(count: int) -> int:
        lexer = Lexer(squeeze(piece * count)[0])
        lexer.run()
        return lexer.steps

    small, large = steps(40), steps(80)
    assert large <= 2 * small + 40
    assert small <= 40 * (len(piece) + 2) * 4


@given(st.fractions(max_denominator=10**6))
def test_printed_numbers_are_exact(value: Fraction) -> None:
    printed = format_number(value)
    assert Fraction(printed) == value
    if "/" not in printed:
        assert parse_number(printed) == value


@given(st.fractions(max_denominator=10**4), st.integers(0, 4))
def test_rounding_moves_at_most_half_a_place(value: Fraction, places: int) -> None:
    rounded = round_half_up(value, places)
    assert abs(rounded - value) * 2 <= Fraction(1, 10**places)
    assert (rounded * 10**places).denominator == 1
    assert round_half_up(-value, places) == -rounded
