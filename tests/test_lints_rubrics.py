"""Lints of wording, completeness and the soundness of rubrics: what they report, and above all what they leave alone."""

from pathlib import Path

import attrs
import pytest
from hypothesis import given

from perfdsl.lints import lint
from perfdsl.pipeline import understand
from perfdsl.settings import STANDARD, Settings
from perfdsl.text import Source
from tests.scoring import Library
from tests.strategies import files
from tests.test_lints_values import EXAMPLES, PROFILES, example, linted, of, reported

CODES = {"L020", "L029", "L032", "L033", "L034", "L076", "L079", "L080", "L082"}
TEN = "points 10 by { met -> 10   otherwise -> 0 }"


def codes(body: str) -> list[str]:
    """The codes of these lints on an object with this body."""
    return [d.code for d in linted(f'use 财预2020_10号\nproject "P" {{\n{body}\n}}\n') if d.code in CODES]


def test_a_ratio_of_words_is_reported_once_a_row() -> None:
    assert codes('合规性 half "合规" full "合规" points 10 by 比例得分') == ["L020"]
    assert codes('合规性 full "合规" points 10 by 达标得满分') == []
    assert codes('接通率 full "≥90%" points 10 by 比例得分') == []
    assert codes('scale 合规程度 { 合规 -> 100%  不合规 -> 0% }\n合规性 full "合规" points 10 by 比例得分') == []


def test_averages_need_a_definition() -> None:
    assert codes('浏览量 cycle "月均105万人次以上" full "月均105万人次以上"') == ["L029"]
    assert codes('浏览量 full "月均105万人次以上" note "全年除以12"') == []
    assert codes('补助 full "人均≥300元"') == []


def test_an_empty_column_is_reported_where_most_rows_fill_it() -> None:
    rows = [f'{name} half "≥1次" full "≥2次"' for name in "甲乙丙"]
    assert codes("\n".join([*rows, '丁 half "≥1次"'])) == ["L032"]
    assert codes("\n".join([*rows, '丁 full "≥1次"'])) == []
    assert codes("\n".join([*rows, '丁 half "无" full "≥1次"'])) == []
    assert codes("\n".join([*rows[:2], '丁 half "≥1次"'])) == []
    assert codes("\n".join([*rows, "丁"])) == []


def test_vague_words_are_told_once_an_object() -> None:
    (found,) = [
        d
        for d in linted('project "P" {\n甲 full "提升"\n乙 half "较好" full "质量高"\n丙 full "健全"\n}')
        if d.code in CODES
    ]
    assert found.code == "L033"
    assert found.message().startswith("2行的指标值是“提升”、“较好”、“质量高”")
    assert codes('甲 full "提升" note "比上年多"') == []
    assert codes('scale 程度 { 提升 -> 100%  没有提升 -> 0% }\n甲 full "提升"') == []


def test_the_share_of_measurable_rows_is_a_limit_of_the_bureau() -> None:
    words = [f'{name} full "健全"' for name in "甲乙丙丁"]
    numbers = ['戊 full "≥9件"', '己 full "12月底前"']
    text = 'project "P" {\nyear 2024\n' + "\n".join(words + numbers) + "\n}"
    (thing,) = understand(Source("x", text), Library()).model.objects
    assert "L034" not in {d.code for d in lint(thing)}
    strict = Settings(limits=(("measurable", STANDARD.limit("measurable", 1) / 2),))
    assert "L034" in {d.code for d in lint(thing, strict)}
    assert codes("\n".join(words)) == []
    assert codes("\n".join([*words, '戊 full "健全"', '己 full "≥9件"'])) == ["L034"]


@pytest.mark.parametrize(("case", "expected"), [("0 .. 10", ["L076"]), ("0 .. 5", []), ("5 .. 10", []), ("3", [])])
def test_an_award_of_anything_has_no_standard(case: str, expected: list[str]) -> None:
    assert codes(f'甲率 full "≥90%" points 10 by {{ met -> 10   otherwise -> {case} }}') == expected
    assert codes("甲 points 10 by 定性三档") == []


BONUS = '{head}\n甲率 full "≥90%" points 10 by 达标得满分\n加分 bonus {limits} {{ 受奖 by {rubric} {note} }}'


@pytest.mark.parametrize(("head", "limits", "expected"), [
    ("total 10", "0 .. 5", ["L079"]), ("total 10 up to 12", "0 .. 5", []), ("total 10", "-5 .. 0", []), ("total 10 up to 10", "0 .. 5", []),
])  # fmt: skip
def test_a_bonus_needs_a_cap(head: str, limits: str, expected: list[str]) -> None:
    assert codes(BONUS.format(head=head, limits=limits, rubric='best { "省级" -> 2 }', note="")) == expected


@pytest.mark.parametrize(("how", "note", "expected"), [
    ("sum", "同一项目工作不累计加分", ["L080"]), ("sum", "同一事项取最高分", ["L080"]), ("sum", "每项加2分，最多5分", []), ("sum", "", []),
    ("best per 事项", "同一项目工作不累计加分", []), ("sum per 事项", "同一事项取最高分", []),
])  # fmt: skip
def test_what_counts_once_is_not_summed(how: str, note: str, expected: list[str]) -> None:
    text = BONUS.format(
        head="total 10 up to 15",
        limits="0 .. 5",
        rubric=how + ' { "省级" -> 2 }',
        note=f'note "{note}"' if note else "",
    )
    assert codes(text) == expected


@pytest.mark.parametrize(("when", "expected"), [
    ("rank(总分) <= 2", ["L082"]), ("rank_share(总分) <= 35%", ["L082"]), ("size() >= 5 and rank(总分) <= 2", []), ("lost(总分) = 0", []),
])  # fmt: skip
def test_an_award_by_rank_needs_a_least_number(when: str, expected: list[str]) -> None:
    assert codes(f'甲率 full "≥90%" {TEN}\naward 优 when {when}') == expected


# ---- the five documents


def test_what_the_documents_are_known_for_is_found_and_nothing_else() -> None:
    assert of(example("04-"), "L032") == [("市民开放日交流活动举办活动场次", "≥1次")]
    assert [text for _, text in of(example("增城区"), "L029")] == ["月均105万人次以上"]
    assert [name for name, _ in of(example("热线服务中心"), "L076")] == ["“三公”经费控制率", "工作开展情况"]
    assert [name for name, _ in of(example("热线服务中心"), "L079")] == ["加减分项"]
    counts = {"L020": 0, "L029": 1, "L032": 5, "L033": 12, "L034": 10, "L076": 2, "L079": 1, "L080": 0, "L082": 0}
    for code, count in counts.items():
        assert sum(len(of(file, code)) for file in EXAMPLES) == count, code


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.parent.name)
def test_profiles_are_clean(file: Path) -> None:
    assert [d.message() for d in reported(file) if d.code in CODES] == []


@given(files())
def test_lints_never_fail_and_say_everything_with_its_facts(text: str) -> None:
    for thing in understand(Source("规则.perf", text), Library()).model.objects:
        for found in lint(attrs.evolve(thing, name=thing.name or "甲")):
            for lang in ("zh", "en"):
                assert found.message(lang)
                assert "{" not in found.message(lang).replace(thing.name, "")
