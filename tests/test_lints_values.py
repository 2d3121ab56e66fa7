"""Lints of values, signs and units: what they report, and above all what they leave alone."""

from functools import cache
from pathlib import Path

import pytest

from perfdsl.diagnostics import Diagnostic
from perfdsl.lints import lint
from perfdsl.pipeline import understand
from perfdsl.text import Source
from tests.scoring import Library

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*/*.perf"))
PROFILES = sorted((ROOT / "examples" / "profiles").glob("*/*.perf"))
VALUES = {"L022", "L023", "L024", "L026", "L027", "L028"}


def linted(text: str) -> list[Diagnostic]:
    """Everything the lints say about a file."""
    model = understand(Source("规则.perf", text), Library()).model
    return [found for thing in model.objects for found in lint(thing)]


def codes(row: str, within: str = "数量指标") -> list[str]:
    """The codes of these lints on one row."""
    return [d.code for d in linted(f'project "P" {{\n  {within} {{\n    {row}\n  }}\n}}\n') if d.code in VALUES]


@cache
def reported(file: Path) -> tuple[Diagnostic, ...]:
    return tuple(linted(file.read_text(encoding="utf-8")))


def of(file: Path, code: str) -> list[tuple[str, str]]:
    return [(dict(d.facts).get("name", ""), d.span.text) for d in reported(file) if d.code == code]


def example(start: str) -> Path:
    return next(file for file in EXAMPLES if file.stem.startswith(start))


@pytest.mark.parametrize("row", [
    '活动参与率 half "≤80%" full "≤90%"', '验收合格率 full "<95%"', '群众满意度 full "≤85%"', '重办率 full "≥3%"', '“三公经费”变动率 full ">5%"',
    '外语诉求件数 full "≤10件"', '体检人数 half "≤0人" full "≤42人"', '新增点位 half "≤0个" full "≤3个"', '投诉件数 full "≥5件"',
])  # fmt: skip
def test_a_sign_against_the_name_is_reported(row: str) -> None:
    assert codes(row) == ["L022"]


@pytest.mark.parametrize("row", [
    '产品不合格率 full "≤2%"', '不满意率 full "≤5%"', '未按期办结率 full "≤5%"', '抗菌药物使用率 full "≤60%"', '床位使用率 full "≤93%"',
    '座席资源个数 full "≤52席"', '劳动合同制座席人员数量 half "≤114人" full "≤114人"', '座席人员数量 half "≤0人" full "≤9人"',
    '网站停机次数 full "不大于3次"', '方案修改次数 full "至多两次"', '会议列席人数 full "最多5人"', '投诉件数 half "≤0件" full "≤3件"',
    '零投诉率 full "≥95%"', '灭鼠死亡率 full "≥80%"', '投诉办结率 full "≥95%"', '培训人次 full "≤80人次" lower', '活动参与率 full "≤90%" higher',
    '平均住院日 full "≤8天"', '活动参与率 full "90%"', '重办率 full "≤3%"', '安全事故 half "≤0起" full "≤1起"',
])  # fmt: skip
def test_a_limit_that_is_meant_is_left_alone(row: str) -> None:
    assert codes(row) == []


def test_a_cost_may_be_limited_whatever_it_counts() -> None:
    assert codes('培训人次 full "≤80人次"', within="成本指标") == []


@pytest.mark.parametrize("row", ['活动参与率 full "≤100%"', '投诉率 full "≥0%"'])
def test_a_bound_every_value_meets_is_only_called_that(row: str) -> None:
    found = linted(f'project "P" {{\n  {row}\n}}\n')
    assert [d.code for d in found if d.code in ("L021", "L022")] == ["L021"]


@pytest.mark.parametrize(
    "row", ['印章数量 full "≥370"', '工单总量 full "220000" higher', '通办事项 cycle "50" full "50"']
)
def test_a_count_without_a_unit_is_reported_once_a_row(row: str) -> None:
    assert codes(row) == ["L026"]


@pytest.mark.parametrize("row", [
    '培训人次 full "≥80"', '“举办展览（场）” full "≥10"', '容积率 full "≥1"', '护患比 full "≥2"', '考核得分 full "≥90"', '全省排名 full "≤5"',
    '印章数量 full "≥370" unit "枚"', '安全事故 full "=0" exact', '印章数量 full "≥370枚"', '生师比 = 3 / 2 full "≤20"', '物价指数 full "≤103"',
])  # fmt: skip
def test_numbers_that_need_no_unit_are_left_alone(row: str) -> None:
    assert codes(row) == []


@pytest.mark.parametrize("row", [
    '培训人数 full "≥80人次"', '培训人次 full "≥80人"', '维护个数 full "≥196件"', '检查次数 full "≥5万元"', '接待户数 full "≥9人"', '场次 full "≥2000人次"',
])  # fmt: skip
def test_a_unit_against_the_name_is_reported(row: str) -> None:
    assert codes(row) == ["L027"]


@pytest.mark.parametrize("row", [
    '座席资源个数 full "≥52席"', '系统用户数 full "不少于80个"', '软件数 full "≥3套"', '事件数 full "≥3次"', '检查次数 full "≥4次/年"', '参训人数 full "≥2万人"',
    '巡逻次数 full "每月不少于4次"', '志愿者人数 full "≥50名"', '开放天数 full "≥300日"', '机器人数 full "≥3台"', '推送信息条数或个数 full "≥24条"',
])  # fmt: skip
def test_a_unit_by_another_word_is_left_alone(row: str) -> None:
    assert codes(row) == []


@pytest.mark.parametrize(
    "row", ['"配发人数/套数" full "≥42套"', '满意度和知晓率 full "≥90%"', '入学率、巩固率 full "≥99%"']
)
def test_several_measures_with_one_value_are_reported(row: str) -> None:
    assert codes(row) == ["L028"]


@pytest.mark.parametrize("row", [
    '网办业务量占总业务量比率 full "≥40%"', '新建、改建学校数量 full "≥4个"', '社会参与率 full "≥90%"', '宣传和培训人次 full "≥90人次"',
    '推送信息条数或个数 full "≥24条"', '满意度和知晓率 full "高"',
])  # fmt: skip
def test_one_measure_is_left_alone(row: str) -> None:
    assert codes(row) == []


def test_signs_are_asked_for_once_a_table_and_only_beside_others() -> None:
    rows = [
        '甲率 full "=100%"',
        '乙率 full "95%"',
        '丙率 full "90%"',
        '成本 full "3元" lower',
        '丁率 full "约30%"',
        '戊 full "序时进度"',
    ]
    text = 'project "P" {\n' + "\n".join(rows) + "\n}\n"
    (found,) = [d for d in linted(text) if d.code == "L024"]
    assert found.span.text == "95%"
    assert "“乙率”、“丙率”" in found.message()
    assert [label.span.text for label in found.labels] == ["=100%"]
    assert codes('甲率 full "100%"\n乙率 full "95%"') == []
    assert codes('甲率 full "95%以上"\n乙率 full "≥95%"') == []


def test_ceilings_with_an_equals_sign() -> None:
    assert codes('在职人员控制率 half "=100%" full "=100%" lower') == ["L023"]
    assert codes('“三公经费”控制率 full "=100%" exact') == ["L023"]
    assert codes('在职人员控制率 full "≤100%"') == []
    assert codes('公用经费控制率 full "=0%" lower') == []
    assert codes('病虫害控制率 full "=100%" higher') == []


# ---- the five documents


def test_what_the_documents_are_known_for_is_found_and_nothing_else() -> None:
    assert of(example("05-"), "L022") == [("外语诉求件数", "≤5件")]
    assert of(example("06-"), "L022") == [("体检人数", "≤0人"), ("愿检尽检率", "≤0%")]
    assert of(example("09-"), "L022") == [("制服配发人数/套数", "≤0人/套")]
    assert of(example("苏州市"), "L023") == [("在职人员控制率", "=100%")]
    assert of(example("12-"), "L027") == [("办公设备维护个数", "≤196件")]
    assert [text for _, text in of(example("增城区"), "L026")] == ["50", "370", "13", "140000", "220000"]
    assert [text for _, text in of(example("09-"), "L028")] == ["≤0人/套"]
    assert [name for name, _ in of(example("增城区"), "L028")] == ["项目建设情况与目标需求吻合率，与项目验收合同率"]
    for code, count in {"L022": 4, "L023": 1, "L024": 14, "L026": 5, "L027": 1, "L028": 2}.items():
        assert sum(len(of(file, code)) for file in EXAMPLES) == count, code


@pytest.mark.parametrize("file", PROFILES, ids=lambda file: file.parent.name)
def test_profiles_are_clean(file: Path) -> None:
    assert [d.message() for d in reported(file) if d.code in VALUES] == []
