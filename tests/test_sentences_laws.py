"""Laws of the reader of sentences: a rule that is written reads back, and nothing in a sentence is passed over."""

import re
from fractions import Fraction
from itertools import pairwise

import pytest
from gate import some
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sentences import EACH, ROWS, Row, inline, read

from perfdsl import syntax as s
from perfdsl.differ import SAME, compare
from perfdsl.format import format_file
from perfdsl.pipeline import understand
from perfdsl.read_target import read_target
from perfdsl.sentences import read_sentence, write_sentence
from perfdsl.text import Refusal, Source

READABLE = [row for row in ROWS if not row.expected.startswith(("open", "unread"))]
TARGETS = {
    "up": "≥90%",
    "whole": "=100%",
    "down": "≤20%",
    "count": "≥1200件",
    "money": "≤350万元",
    "day": "2023年12月31日前",
    "none": "",
}
EDGE = st.integers(0, 2000).map(lambda n: Fraction(n, 10))
POINTS = Fraction(10)


# ---- nothing is passed over


@pytest.mark.parametrize("row", READABLE, ids=[row.place for row in READABLE])
def test_a_word_put_anywhere_is_never_passed_over(row: Row) -> None:
    """Only what describes an occurrence (``sum``), the bracket around both ends of a band, and 扣除 for 扣 may take one."""
    before = read(row).rubric
    assert before is not None
    if before.head is not None and before.head.how == "sum":
        return
    for at in some(range(len(row.text) + 1)):
        for word in ("不", "除", "非", "未", "约", "仅", "3", "9", "原则上", "上年", "且"):
            changed = row.text[:at] + word + row.text[at:]
            if word == "约" and row.text[at : at + 1] not in tuple("0123456789≥≤<>大小不超低"):
                continue  # 节约率 is a name
            if "扣除" in changed or (word == "且" and _joins(row.text, at)):
                continue
            again = read_sentence(changed, row.points, row.target, name=row.name).rubric
            assert again != before, changed


def _joins(text: str, at: int) -> bool:
    """Does 且 stand between the two ends of one band (80%以上且90%以下)?"""
    return 0 < at < len(text) and text[at - 1] in "上%下" and text[at] in "0123456789小大低高不且超"


@pytest.mark.parametrize("row", READABLE, ids=[row.place for row in READABLE])
def test_every_digit_counts(row: Row) -> None:
    before = read(row).rubric
    for at, char in enumerate(row.text):
        if char.isdecimal() and "制度" not in row.text:
            changed = row.text[:at] + str((int(char) + 1) % 10) + row.text[at + 1 :]
            assert read_sentence(changed, row.points, row.target, name=row.name).rubric != before, changed


@EACH
def test_width_and_blanks_change_nothing(row: Row) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "\"'" else c for c in row.text)
    spaced = " ".join(row.text)
    assert read_sentence(wide, row.points, row.target, name=row.name).rubric == read(row).rubric
    assert read_sentence(spaced, row.points, row.target, name=row.name).rubric == read(row).rubric


PIECES = st.sampled_from([
    "每", "低", "超", "1", "90", "%", "个百分点", "扣", "得", "满分", "0.5", "分", "，", "；", "以上", "以下", "（含）", "-", "达到目标值", "未完成", "否则",
    "酌情", "按比例", "不足", "①", "②", "扣完为止", "≥", "<", "优", "完成率", "一", "百分之", "[", ")", "×", "分值", "件", "万元", "最多", "\n", "不", "合规", "有制度", "决策科学的", "部分", "全部差距", "每完成", "每缺", "项",
    "以", "为标准", "扣至", "低于80%的", "超过", "0", "其他", "分值的5%", "加", "“", "符合", "全部符合", "、",
])  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30), st.sampled_from(sorted(TARGETS.values())))
@settings(max_examples=400, deadline=None)
def test_any_text_is_answered(text: str, target: str) -> None:
    """Never an exception; a rule only with a sentence that says it."""
    aim = read_target(target)[0] if target else None
    reading = read_sentence(text, POINTS, aim)
    assert (reading.rubric is None) == bool(reading.open or reading.unread)
    if reading.rubric is not None:
        assert read_sentence(reading.said, POINTS, aim).rubric == reading.rubric


# ---- what is written reads back


def number(value: Fraction) -> str:
    text = f"{float(value):.4f}".rstrip("0").rstrip(".")
    assert Fraction(text) == value
    return text


amounts = st.integers(1, 20).map(lambda n: Fraction(n, 2))
shares = st.integers(1, 99).map(lambda n: f"{n}%")
partials = st.sampled_from(["floor({})", "ceil({})", "({})"])


@st.composite
def bands(draw: st.DrawFn) -> tuple[str, str]:
    """Two to six bands that follow each other, edges closed on either side, sometimes with a gap and a rest."""
    target = draw(st.sampled_from(["up", "down", "count", "money", "none"]))
    unit = {"count": "件", "money": "万元"}.get(target, "%")
    edges = sorted(draw(st.sets(EDGE, min_size=1, max_size=5)), reverse=draw(st.booleans()))
    falling = len(edges) > 1 and edges[0] > edges[-1]
    over, under = (">", "<") if falling or len(edges) == 1 else ("<", ">")
    cases, closed = [], draw(st.booleans())
    cases.append(f"{over}{'=' if closed else ''} {number(edges[0])}{unit}")
    for high, low in pairwise(edges):
        also = draw(st.booleans())
        first, second = (
            f"{over}{'=' if also else ''} {number(low)}{unit}",
            f"{under}{'' if closed else '='} {number(high)}{unit}",
        )
        cases.append(f"{first} and {second}" if falling else f"{second} and {first}")
        closed = also
    if draw(st.booleans()):
        cases.append("otherwise")
    else:
        cases.append(f"{under}{'' if closed else '='} {number(edges[-1])}{unit}")
    awards = [
        "100%",
        *(
            draw(st.one_of(amounts.map(number), shares, st.just("0"), st.just("0 .. 3"), st.just("points - 2")))
            for _ in cases[1:]
        ),
    ]
    return "{ " + "\n".join(f"{a} -> {b}" for a, b in zip(cases, awards, strict=True)) + " }", target


@st.composite
def stepped(draw: st.DrawFn) -> tuple[str, str]:
    """Deductions by step, from the target or from a value of their own, with or without a limit and a cut."""
    target = draw(st.sampled_from(["up", "whole", "down", "count", "money", "day"]))
    unit = {"count": "件", "money": "万元", "day": "天"}.get(target, "%")
    size = f"{number(draw(amounts)) if target != 'day' else draw(st.integers(1, 30))}{unit}"
    each, how = number(draw(amounts)), draw(partials)
    away = "gap / " + size
    start, origin = "met", draw(st.booleans()) and target != "day"
    if origin:
        edge = f"{number(draw(EDGE))}{unit}"
        above = target in ("down", "money")
        start = f"{'<=' if above else '>='} {edge}"
        away = f"(actual - {edge}) / {size}" if above else f"({edge} - actual) / {size}"
    elif target in ("up", "count", "money") and draw(st.booleans()):
        away = f"gap / target / {number(draw(amounts))}%"
    limit = draw(st.sampled_from(["0", "points - 3", "points - 4.5"]))
    return f"{{ {start} -> 100%   otherwise -> max({limit}, points - {each} * {how.format(away)}) }}", target


PLAIN = st.tuples(
    st.sampled_from(["met -> 100%   otherwise -> {}", "met -> 80%   otherwise -> {}", '"健全" -> 100%   "较健全" -> {}   "不健全" -> 0',
                     "completion >= 100% -> 100%   completion >= 60% -> {}   otherwise -> 0"]),
    st.one_of(amounts.map(lambda n: number(min(n, Fraction(7)))), shares, st.sampled_from(["0", "points - 3", "0 .. 100%", "points - 3 .. points - 1", "60% .. 80%", "0 .. 4"])),
)  # fmt: skip


PHRASES = ["决策程序科学合理", "按规定的内容和时限公开", "建立制度，配备人员", "“三公”经费使用超支", "12345热线按年初目标推进", "较上年有所提高",
           "存在截留、挪用等情况", "有管理制度", "未按规定公开", "优秀", "基本合格", "符合", "每季度开展检查"]  # fmt: skip
WORDS = st.sampled_from(PHRASES)
WORTH = st.one_of(
    amounts.map(lambda n: number(min(n, Fraction(7)))),
    shares,
    st.sampled_from(
        ["0", "points - 3", "0 .. 100%", "points - 3 .. points - 1", "60% .. 80%", "0 .. 4", "points - 3 .. 100%"]
    ),
)


@st.composite
def things(draw: st.DrawFn) -> str:
    """Things that are so or not, each with its worth, with or without a rest."""
    names = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    cases = [
        f'"{name}" -> {worth}' for name, worth in zip(names, ["100%", *(draw(WORTH) for _ in names[1:])], strict=True)
    ]
    if len(names) == 1 or draw(st.booleans()):
        cases.append(f"otherwise -> {draw(WORTH)}")
    return "{ " + "\n".join(cases) + " }"


@st.composite
def segments(draw: st.DrawFn) -> tuple[str, str]:
    """Two prices of a step, for the part beyond an edge or for the whole gap."""
    target, start, unit = draw(
        st.sampled_from([("up", 90, "%"), ("count", 1200, "件"), ("down", 20, "%"), ("money", 350, "万元")])
    )
    step = draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 2)]))
    steps, first, second = draw(st.integers(1, 15)), draw(amounts), draw(amounts)
    above = target in ("down", "money")
    edge = number(start + step * steps if above else start - step * steps) + unit
    size, how = f"{number(step)}{unit}", draw(partials)
    near = f"{'<=' if above else '>='} {edge} -> max(0, points - {number(first)} * {how.format('gap / ' + size)})"
    if draw(st.booleans()):
        away = f"(actual - {edge}) / {size}" if above else f"({edge} - actual) / {size}"
        rest = f"max(0, points - {number(first * steps)} - {number(second)} * {how.format(away)})"
    else:
        rest = f"max(0, points - {number(second)} * {how.format('gap / ' + size)})"
    return "{ met -> 100%\n" + near + "\notherwise -> " + rest + " }", target


EARNED = st.tuples(amounts.map(number), st.sampled_from([("up", "%"), ("count", "件")]), amounts.map(number), partials)


def round_trip(rubric: str, target: str) -> str:
    written = inline(rubric)
    aim = read_target(TARGETS[target])[0] if TARGETS[target] else None
    sentence = write_sentence(written, POINTS, aim)
    assert sentence is not None, rubric
    assert read_sentence(sentence, POINTS, aim).rubric == written, sentence
    return sentence


@given(bands())
@settings(max_examples=250, deadline=None)
def test_bands_are_written_and_read_back(made: tuple[str, str]) -> None:
    round_trip(*made)


@given(stepped())
@settings(max_examples=250, deadline=None)
def test_steps_are_written_and_read_back(made: tuple[str, str]) -> None:
    round_trip(*made)


@given(PLAIN)
@settings(max_examples=150, deadline=None)
def test_plain_rules_are_written_and_read_back(made: tuple[str, str]) -> None:
    shape, award = made
    round_trip("{ " + shape.format(award).replace("   ", "\n") + " }", "none")


@given(things())
@settings(max_examples=250, deadline=None)
def test_things_that_are_so_or_not_are_written_and_read_back_or_refused(rubric: str) -> None:
    """A rule that has a sentence is what the sentence says; what would be another rule when read is not written."""
    written = inline(rubric)
    sentence = write_sentence(written, POINTS, None)
    if sentence is not None:
        assert read_sentence(sentence, POINTS, None).rubric == written, sentence
        return
    assert rubric.count("->") > 2 or " - 3" in rubric or "0 .. 4" in rubric or "%" in rubric.split("\n")[-1], rubric


@given(segments())
@settings(max_examples=150, deadline=None)
def test_two_prices_of_a_step_are_written_and_read_back(made: tuple[str, str]) -> None:
    rubric, target = made
    written = inline(rubric)
    aim = read_target(TARGETS[target])[0]
    sentence = write_sentence(written, POINTS, aim)
    if sentence is None:  # more than the points for one step
        assert any(price > POINTS for price in prices(rubric)), rubric
        return
    assert read_sentence(sentence, POINTS, aim).rubric == written, sentence


@given(segments(), st.sampled_from(["points -", "80%", "- 1 *", "before"]))
@settings(max_examples=100, deadline=None)
def test_a_rule_with_another_edge_or_start_is_refused_or_said_exactly(made: tuple[str, str], where: str) -> None:
    """A number that no sentence gives is not rounded to one that some sentence gives."""
    rubric, target = made
    changed = re.sub(
        r"(max\(0, points - )([0-9.]+)( - )", lambda m: f"{m[1]}{number(Fraction(m[2]) + Fraction(1, 2))}{m[3]}", rubric
    )
    changed = (
        re.sub(r"(>=|<=) ([0-9.]+)", lambda m: f"{m[1]} {number(Fraction(m[2]) + Fraction(1, 4))}", changed)
        if where != "before"
        else changed
    )
    written, aim = inline(changed), read_target(TARGETS[target])[0]
    sentence = write_sentence(written, POINTS, aim)
    assert sentence is None or read_sentence(sentence, POINTS, aim).rubric == written


def prices(rubric: str) -> list[Fraction]:
    return [Fraction(found) for found in re.findall(r"- ([0-9.]+) \*", rubric)]


@given(EARNED)
@settings(max_examples=100, deadline=None)
def test_points_earned_are_written_and_read_back(made: tuple[str, tuple[str, str], str, str]) -> None:
    each, (target, unit), size, how = made
    round_trip(f"{{ otherwise -> min(points, {each} * {how.format(f'actual / {size}{unit}')}) }}", target)
    round_trip(f"sum {{ otherwise -> {each} }}", "none")
    round_trip(f"sum from 100% {{ otherwise -> -{each} }}", "none")


@given(
    st.lists(
        st.sampled_from(["有制度", "制度健全", "执行有效", "有台账", "定期检查", "资料完整", "公开及时", "人员到位"]),
        unique=True,
        min_size=2,
    ),
    st.data(),
)
@settings(max_examples=80, deadline=None)
def test_points_listed_are_written_and_read_back(names: list[str], data: st.DataObject) -> None:
    alike = data.draw(st.booleans())
    worth = [data.draw(amounts) for _ in names]
    worth = [worth[0]] * len(names) if alike else worth
    written = inline("check { " + "   ".join(f'"{n}" -> {number(w)}' for n, w in zip(names, worth, strict=True)) + " }")
    sentence = write_sentence(written, sum(worth), None)
    assert sentence is not None
    assert read_sentence(sentence, sum(worth), None).rubric == written


# ---- rubrics written otherwise


class Alone:
    """A reader that finds no other files."""

    def library(self, name: str) -> Source | None:
        return None

    def local(self, beside: Source, path: str) -> Source | Refusal:
        return Refusal("absent")

    def library_names(self) -> list[str]:
        return []


def plan(rubric: str) -> object:
    checked = understand(Source("规则", f'project "甲" {{ 率 full "≥90%" points 10 by {rubric} }}'), Alone())
    assert checked.usable, [d.message() for d in checked.found]
    return checked.plans()


@pytest.mark.parametrize("row", READABLE, ids=[row.place for row in READABLE])
def test_a_reading_compiles_on_its_row(row: Row) -> None:
    """On a row with the target it was read against; one that needs a target and has none says so (I221)."""
    if row.points is None:
        return
    reading = read(row)
    assert reading.rubric is not None
    target = f' full "{row.target.text}"' if row.target else ""
    node = s.Node(s.Ident("本行"), (s.ByClause(reading.rubric),))
    body = format_file(s.File((node,))).strip().removeprefix("本行")
    text = f'project "甲" {{ year 2024\n 本行{target} points {number(row.points)}{body} }}'
    errors = {d.code for d in understand(Source("规则", text), Alone()).found if d.severity == "error"}
    assert errors == ({"R234"} if any(note.code == "I221" for note in reading.notes) else set())


@pytest.mark.parametrize(
    "rubric",
    [
        "{ met -> points   otherwise -> 0% }",
        "{ met -> 10   otherwise -> points * 60% }",
        "{ met -> 100%   otherwise -> max(0, points - floor(gap / 1%)) }",
        "{ met -> 100%   otherwise -> max(0, points - 0.5 * (floor(gap / 1%))) }",
        "{ (met) -> (100%)   otherwise -> (0) }",
        "{ actual >= 90% -> 10   actual >= 80% and actual < 90% -> 8   otherwise -> 0 }",
    ],
)
def test_a_rubric_written_otherwise_has_a_sentence_that_scores_the_same(rubric: str) -> None:
    target = read_target("≥90%")[0]
    sentence = write_sentence(inline(rubric), POINTS, target)
    assert sentence is not None
    again = read_sentence(sentence, POINTS, target).rubric
    assert again is not None
    node = s.Node(s.Ident("率"), (s.ByClause(again),))
    body = format_file(s.File((node,))).strip().removeprefix("率 by ")
    assert compare(plan(rubric), plan(body)).effect == SAME


@pytest.mark.parametrize(
    "rubric",
    [
        "{ met -> 100%   otherwise -> min(0, points - 0.5 * floor(gap / 1%)) }",
        "{ met -> 100%   otherwise -> max(0, points - 0.5 * floor(excess / 1%)) }",
        "{ met -> 100%   otherwise -> points - 0.5 * floor(gap / 1%) }",
        "{ met and > 95% -> 100%   otherwise -> 0 }",
        "{ met or > 80% -> 100%   otherwise -> 0 }",
        "{ != 90% -> 100%   otherwise -> 0 }",
        "{ missing -> 0   met -> 100%   otherwise -> 0 }",
        "{ completion >= 100% -> 100%   otherwise -> completion * 0.5 }",
        "{ otherwise -> interpolate(actual, 60%: 0, 90%: 10) }",
        'best { "甲" -> 3   "乙" -> 2 }',
        "{ >= 90% -> 100%   >= 80% and <= 95% -> 5   otherwise -> 0 }",
    ],
)
def test_a_rubric_without_a_sentence_gets_none(rubric: str) -> None:
    assert write_sentence(inline(rubric), POINTS, read_target("≥90%")[0]) is None
