"""Lints of periods, money and structure: what they find in the five source documents, and where each begins to speak."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import files

from perfdsl.cli.files import Library
from perfdsl.diagnostics import Diagnostic
from perfdsl.lints import _spending, lint
from perfdsl.lints._periods import same_throughout
from perfdsl.lints._table import Table
from perfdsl.pipeline import Shared, check
from perfdsl.settings import STANDARD, Settings
from perfdsl.text import Source

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
PROJECTS = sorted((EXAMPLES / "suzhou-2024-projects").glob("*.perf"))
CODES = (
    ["L005", "L006", "L007", "L008", "L009", "L010", "L012", "L013", "L032", "L040", "L041", "L042", "L043", "L044", "L045", "L046", "L047", "L048", "L051", "L055", "L056", "L049"]
)  # fmt: skip


def found(text: str, code: str = "", own: Settings = STANDARD) -> list[Diagnostic]:
    """The findings of ``code`` in one file, all of these lints by default."""
    checked = check(Source("试.perf", text), Library([str(ROOT)]), Shared(settings=own))
    assert not [d for d in checked.found if d.code[0] in "PR" and d.severity == "error"], [
        d.message() for d in checked.found
    ]
    return [d for d in checked.found if d.code == code or not code and d.code in CODES]


def in_file(path: Path, code: str = "") -> list[Diagnostic]:
    return found(path.read_text(encoding="utf-8"), code)


def facts(diagnostic: Diagnostic) -> dict[str, str]:
    return dict(diagnostic.facts)


def body(text: str) -> str:
    return 'project "甲" {\n' + text + "\n}\n"


# ---- the source documents

# project by its number: planned share, what is written, the gap in percentage points
GAPS = {
    "01": ("49.01%", "=48%", "1.01"), "02": ("100%", "=90%", "10"), "04": ("74.02%", "=70%", "4.02"),
    "05": ("48.51%", "=45%", "3.51"), "12": ("59.99%", "=58%", "1.99"),
}  # fmt: skip


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem[:2])
def test_the_execution_rate_is_below_the_plan_in_five_projects_and_exact_in_seven(path: Path) -> None:
    said = [(f["plan"], f["text"], f["gap"]) for f in map(facts, in_file(path, "L051"))]
    assert said == ([GAPS[path.stem[:2]]] if path.stem[:2] in GAPS else [])
    assert in_file(path, "L049") == []


def test_a_rate_rounded_to_the_whole_percent_is_left_alone() -> None:
    department = (
        EXAMPLES / "suzhou-2023-department" / "苏州市便民服务中心.perf"
    )  # 878.46 of 2298.67 is 38.22 %, written 38 %
    assert in_file(department, "L051") == in_file(department, "L049") == []


ROWS = {
    "L013": ["资产管理制度健全性"],
    "L032": [
        "评审评价评估报告质量合格情况", "市民开放日交流活动举办活动场次", "区及南部政务服务大厅窗口业务办理时限",
        "有利于政务应用系统建设发展、政务数据共享", "群众对增城区门户网站体验满意度",
    ],
    "L012": ["12345政务服务热线来电回复率", "市级12345平台回访率", "市级12345平台办结率", "窗口服务人员服务保障度"],
    "L041": ["尚贤热线服务外包的座席人员数量"],
    "L043": ["政府采购执行率", "结转结余率", "预算偏差率", "非税收入预算完成率"],
    "L044": ["全年开展考核次数", "微信公众号图文编排计划通过微信公众号推送信息条数或个数", "第三方督查暗访：监督检查次数"],
    "L045": ["开展党团活动次数", "宣传印刷数量", "办理法律事务件数"],
    "L048": ["资金到位率"] * 12,
}  # fmt: skip


@pytest.fixture(scope="module")
def in_sources() -> list[Diagnostic]:
    """Everything these lints say about the five source documents."""
    return [d for path in sorted(EXAMPLES.glob("*/*.perf")) if path.parent.name != "incumbent" for d in in_file(path)]


@pytest.mark.parametrize("code", ROWS)
def test_rows_found_in_the_source_documents(code: str, in_sources: list[Diagnostic]) -> None:
    assert sorted(facts(d)["name"] for d in in_sources if d.code == code) == sorted(ROWS[code])


def test_the_source_documents_give_these_counts_and_no_others(in_sources: list[Diagnostic]) -> None:
    of_rows = {code: len(names) for code, names in ROWS.items()}
    assert Counter(d.code for d in in_sources) == of_rows | {
        "L007": 10,
        "L008": 12,
        "L042": 9,
        "L046": 1,
        "L051": 5,
        "L055": 1,
    }


def test_tasks_are_four_percent_of_the_money(in_sources: list[Diagnostic]) -> None:
    (tasks,) = [facts(d) for d in in_sources if d.code == "L055"]
    assert (tasks["listed"], tasks["whole"], tasks["share"]) == ("204.31万元", "4693.61万元", "4.35%")


def test_three_quarters_of_all_rows_demand_the_same_at_mid_year() -> None:
    same = rows = 0
    for path in PROJECTS:
        checked = check(Source(path.name, path.read_text(encoding="utf-8")), Library([str(ROOT)]))
        for thing in checked.model.objects:
            one, of = same_throughout(Table(thing, STANDARD), "half")
            same, rows = same + one, rows + of
    assert (same, rows) == (164, 211)  # 212 rows, of one the full-year value is lost


# ---- where each begins to speak


def funded(half: str, full: str, rows: str) -> str:
    return body(f"funds 万元 {{ spend 热线外包 half {half} full {full} }}\n{rows}")


@pytest.mark.parametrize(("target", "codes"), [
    ("=49.5%", []), ("=49.49%", ["L051"]), ("=50.5%", []), ("=50.51%", ["L049"]), ("≥40%", ["L051"]), ("40%", ["L051"]),
    ("≤40%", []), ("约40%", []), ("序时进度", []), ("无", []),
])  # fmt: skip
def test_half_a_point_is_rounding_and_more_is_not(target: str, codes: list[str]) -> None:
    text = funded("5", "10", f'schedule months 预算执行率 half "{target}" full "=100%"')
    assert [d.code for d in found(text)] == codes


def test_a_bureau_may_set_the_tolerance_itself() -> None:
    text = funded("5", "10", '预算执行率 half "=48%" full "=100%"')
    assert found(text, "L051") and not found(text, "L051", Settings(limits=(("L051", Fraction(2)),)))


def test_a_computed_rate_is_held_against_its_own_line() -> None:
    lines = "funds 万元 { spend 甲项 half 2 full 10  spend 乙项 half 9 full 12 }"
    text = body(lines + '甲项进度 = spent(甲项) / budget(甲项) half "=50%" full "=100%"')
    assert [(d.code, facts(d)["plan"]) for d in found(text)] == [("L049", "20%")]
    assert (
        found(body(lines + '比 = spent(甲项) / budget(乙项) half "=50%" full "=100%"')) == []
    )  # no execution rate of a line


def test_a_plan_that_is_not_complete_is_no_plan() -> None:
    lines = "funds 万元 { spend 甲项 half 2 full 10  spend 乙项 full 10 }"
    assert found(body(lines + '预算执行率 half "=50%" full "=100%"')) == []
    parts = "funds 万元 { spend 甲项 full 10 { 丙 half 2 full 4  丁 half 3 full 6 } }"
    assert [facts(d)["plan"] for d in found(body(parts + '预算执行率 half "=40%" full "=100%"'), "L051")] == ["50%"]


@given(half=st.integers(0, 10**6), full=st.integers(1, 10**6), rate=st.integers(0, 10000))
@settings(max_examples=60, deadline=None)
def test_exactly_one_of_below_above_and_agreeing_holds(half: int, full: int, rate: int) -> None:
    text = funded(f"{half / 100:.2f}", f"{full / 100:.2f}", f'预算执行率 half "={rate / 100:.2f}%" full "=100%"')
    gap = Fraction(rate, 10000) - Fraction(half, full)
    assert bool(found(text, "L051")) == (gap < Fraction(-1, 200))
    assert bool(found(text, "L049")) == (gap > Fraction(1, 200))


@pytest.mark.parametrize(("half", "rows", "codes"), [
    ("6.5", '受理件数 half "≥500件" full "≥1000件"', []),  # fifteen points ahead is not far
    ("6.51", '受理件数 half "≥500件" full "≥1000件"', ["L044"]),
    ("10", '督查次数 half "≥1次" full "≥2次"', []),  # one more would be the whole year
    ("10", '督查次数 half "≥1次" full "≥3次"', ["L044"]),
    ("2", '受理件数 half "≥500件" full "≥1000件"', []),  # paid for afterwards
    ("0", '受理件数 half "≥500件" full "≥1000件"', ["L045"]),
    ("0", '受理件数 half "≥0件" full "≥1000件" accept L021 "试"', []),
    ("0", '座席人数 half "≥5人" full "≥5人"', []),  # not known to accumulate
    ("0", '座席人数 half "≥5人" full "≥9人" stock', []),
    ("0", '合格率 half "≥50%" full "≥90%"', []),
    ("0", '投诉件数 half "≤5件" full "≤9件"', []),
    ("0", '社会效益 { 带动就业 half "≥5人" full "≥9人" }', []),
])  # fmt: skip
def test_money_and_output_go_together(half: str, rows: str, codes: list[str]) -> None:
    assert [d.code for d in found(funded(half, "10", rows)) if d.code in ("L044", "L045")] == codes


def test_money_is_compared_only_with_what_it_certainly_pays_for() -> None:
    lines = "funds 万元 { spend 第三方督查 half 9 full 9  spend 其他 half 1 full 10 }"
    assert [facts(d)["line"] for d in found(body(lines + '“第三方督查”次数 half "≥1次" full "≥9次"'), "L044")] == [
        "第三方督查"
    ]
    assert found(body(lines + '考核次数 half "≥1次" full "≥9次"'), "L044") == []
    assert len("其他") < _spending.FEWEST_LETTERS  # a line of two letters names nothing


@pytest.mark.parametrize(("row", "codes"), [
    ('督查次数 half "≥9次" full "≥5次"', ["L040"]),
    ('新建数 half "≥9个" full "≥5个" flow', ["L040"]),
    ('督查次数 half "≥9次" full "≥5次" stock', ["L041"]),
    ('座席数 half "≤9人" full "≤5人"', ["L041"]),
    ('接通率 half "≥90%" full "≥80%"', ["L041"]),
    ('未办结工单 half "≤9件" full "≤5件"', []),
    ('结余率 half "≤9%" full "≤5%"', []),
    ('响应时间 half "≤9分钟" full "≤5分钟"', []),
    ('督查次数 half "≥5次" full "≥5次"', []),
    ('督查次数 half "≥9次" full "≤5次"', []),  # not to be compared
    ('座席数 half "≥9人" full "≥5个"', []),
])  # fmt: skip
def test_an_earlier_target_above_the_year(row: str, codes: list[str]) -> None:
    assert [d.code for d in found(body(row))] == codes


def test_a_year_end_ratio_is_asked_about_only_beside_a_low_execution_rate() -> None:
    ratio = '结转结余率 half "=0%" full "=0%"'
    assert found(body('预算执行率 half "=79%" full "=100%" ' + ratio), "L043")
    assert not found(body('预算执行率 half "=80%" full "=100%" ' + ratio), "L043")
    assert not found(body(ratio), "L043")
    assert found(funded("3", "10", ratio), "L043")  # the plan says it where no row does
    assert not found(body('预算执行率 half "=30%" full "=100%" 结转结余率 half "≤50%" full "≤5%"'), "L043")


@pytest.mark.parametrize(("heads", "row", "pairs"), [
    ("year 2024", '验收 full "2023年12月底前"', [("期限“2023年12月底前”", "预算年度2024年")]),
    ("year 2024", '验收 full "12月底前"', []),
    ("year 2024", '验收 cycle "2026年12月底前" full "2024年12月底前"', []),
    ('year 2024 info "开始时间" "2025年1月"', '验收 full "合格"', [("预算年度2024年", "开始时间2025年")]),
    ('info "开始时间" "2026年" info "完成时间" "2025-12"', '验收 full "合格"', [("开始时间2026年", "完成时间2025年")]),
    ('year 2024 info "开始时间" "2022年" info "完成时间" "2024年"', '验收 full "合格"', []),
    ('year 2024 info "完成时间" "长期"', '验收 full "合格"', []),
])  # fmt: skip
def test_years_that_contradict_each_other(heads: str, row: str, pairs: list[tuple[str, str]]) -> None:
    assert [(facts(d)["one"], facts(d)["other"]) for d in found(body(f"{heads}\n{row}"), "L047")] == pairs


def test_a_schedule_is_asked_for_once_and_not_where_it_is_said() -> None:
    rows = '资金到位率 half "序时进度" full "100%" 支付进度 half "序时进度" full "100%"'
    assert [facts(d)["name"] for d in found(body(rows), "L048")] == ["资金到位率"]
    for said in ("months", "days", "half 45% full 100%"):
        assert found(body(f"schedule {said}\n{rows}"), "L048") == []


SCORED = "rubric 达标 { met -> 100%   otherwise -> 0 }\n"


@pytest.mark.parametrize(("points", "share"), [
    ((59, 21, 20), ""), ((60, 20, 20), "60%"), ((60, 40), ""), ((79, 21), ""), ((80, 20), "80%"), ((90, 10), "90%"), ((100,), ""),
])  # fmt: skip
def test_one_row_with_most_of_the_points(points: tuple[int, ...], share: str) -> None:
    rows = "".join(f'项{at} full "≥1件" points {size}\n' for at, size in enumerate(points))
    assert [facts(d)["share"] for d in found(body(f"{SCORED}total 100 甲组 by 达标 {{ {rows} }}"), "L005")] == (
        [share] if share else []
    )


def test_points_are_shares_of_the_total_through_weighted_groups() -> None:
    rows = '甲组 weight 70% by 达标 { 甲 full "≥1件" points 1 } 乙组 weight 30% by 达标 { 乙 full "≥1件" points 98 丙 full "≥1件" points 1 }'
    assert [(facts(d)["name"], facts(d)["share"]) for d in found(body(SCORED + "total 100 " + rows), "L005")] == [
        ("甲", "70%")
    ]


def test_a_target_of_nothing_early_in_the_year_may_have_points() -> None:
    rows = f'{SCORED}甲 half "无" full "≥1件" points 5 by 达标'
    assert found(body(rows), "L009") == []


def test_the_official_quantity_rates_stand_well_under_quantity() -> None:
    for name, codes in (("实际完成率", []), ("接种覆盖率", []), ("来电回复率", ["L012"])):
        assert [d.code for d in found(body(f'产出指标 {{ 数量指标 {{ {name} full "≥90%" }} }}'), "L012")] == codes


def test_satisfaction_under_outputs_is_misplaced() -> None:
    assert [facts(d)["should"] for d in found(body('产出 { 质量 { 学员满意度 full "≥90%" } }'), "L012")] == [
        "满意度指标"
    ]
    assert found(body('产出与效果 { 学员满意度 full "≥90%" }'), "L012") == []


def test_weights_of_their_own_are_fine_where_their_source_is_named() -> None:
    groups = [("预算执行", 10), ("产出", 20), ("效益", 60), ("满意度", 10)]
    rows = "".join(
        f'{name} points {points} by 达标 {{ 项{at} full "≥1件" points {points} }}\n'
        for at, (name, points) in enumerate(groups)
    )
    assert len(found(body(SCORED + "total 100 " + rows), "L006")) == 1
    named = rows.replace("by 达标 {", 'by 达标 basis "市财政局2024年办法" {', 1)
    assert found(body(SCORED + "total 100 " + named), "L006") == []


@pytest.mark.parametrize(("rows", "count"), [(60, 0), (61, 1)])
def test_sixty_rows_are_enough(rows: int, count: int) -> None:
    assert len(found(body("".join(f'行{at} full "≥1件"\n' for at in range(rows))), "L010")) == count


@given(files())
@settings(max_examples=150, deadline=None)
def test_no_file_breaks_a_lint(text: str) -> None:
    checked = check(Source("随.perf", text), Library([str(ROOT)]))
    for thing in checked.model.objects:
        for diagnostic in lint(thing):
            assert diagnostic.message("en") and diagnostic.span.source.name


def test_the_cost_is_that_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is looked for by the letters of one name, however many lines and rows there are."""
    asked = 0

    class Counting(dict[str, list[object]]):
        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            nonlocal asked
            asked += 1
            return super().get(key, default)

    size = 300
    lines = "".join(f"spend 项目支出第{at:04}项 half 1 full 2\n" for at in range(size))
    rows = "".join(f'项目支出第{at:04}项件数 half "≥1件" full "≥9件"\n' for at in range(size))
    checked = check(Source("大.perf", body(f"funds 万元 {{\n{lines}}}\n{rows}")), Library([str(ROOT)]))
    table = Table(checked.model.objects[0], STANDARD)
    monkeypatch.setattr(table.spending, "_by_name", Counting(table.spending._by_name))
    for row in table.indicators:
        line = table.spending.pays_for(row.path[-1])
        assert line is not None and line.path[-1] + "件数" == row.path[-1]
    assert size <= asked <= 20 * size
