"""The eight profiles: rulesets that bundle what one kind of unit needs, and a complete invented object of each."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from perfdsl import model as m
from perfdsl.cli.main import perfdsl
from perfdsl.prove import Proofs, prove
from perfdsl.replay import run as run_test
from tests.scoring import Library
from tests.test_methods import cases_of, played, rubrics, ruleset

ROOT = Path(__file__).parent.parent
FOLDERS = ROOT / "examples" / "profiles"
PAGE = (ROOT / "docs" / "profiles.md").read_text(encoding="utf-8")
PROFILES = (
    "central-2020", "central-2021-cost", "hubei", "hunan-dept", "sichuan-dept", "suzhou-targets", "nanjing-2024", "sasac",
)  # fmt: skip


def run(*words: str) -> Result:
    return CliRunner().invoke(perfdsl, list(words))


def score(name: str, *words: str) -> dict:
    folder = FOLDERS / name
    result = run(
        "score", str(folder / "规则.perf"), "--actuals", str(folder / "actuals.csv"), "--format", "json", *words
    )
    return json.loads(result.stdout)


def table(heading: str) -> list[list[str]]:
    part = PAGE.split(f"## {heading}")[1].split("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.split("\n") if line.startswith("| `")
    ]


def scores(card: dict) -> dict[str, str | None]:
    return {row["path"][-1]: row["score"] for row in (*card["indicators"], *card["groups"])}


# ---- the rulesets


@pytest.mark.parametrize("name", PROFILES)
def test_profile_says_what_it_rests_on_and_how_it_is_laid_out(name: str) -> None:
    source = Library().library(name)
    assert source is not None
    assert f'ruleset "{name}"' in source.text or f"ruleset {name}" in source.text
    head = source.text.split("  rubric ")[0].split("  test ")[0]
    assert "basis " in head
    assert "note " in head


@pytest.mark.parametrize("name", PROFILES)
def test_tests_of_the_profile_pass_and_its_rubrics_are_proved(name: str) -> None:
    model = ruleset(name)
    assert model.tests
    assert [x.test.title for x in (run_test(t, model, lambda *_: ([], [])) for t in model.tests) if not x.passed] == []
    proofs = Proofs()
    for test in model.tests:
        assert test.own is not None
        waived = {w.code for row in m.indicators(test.own.rows) for w in row.waivers}
        assert {d.code for d in prove(test.own, proofs)} == waived, test.title


@pytest.mark.parametrize(("name", "rubric"), [(name, rubric) for name in PROFILES for rubric in rubrics(name)])
def test_every_case_of_a_rubric_of_a_profile_decides_a_tested_row(name: str, rubric: str) -> None:
    rows = [p for p in played(name) if p.got.rubric == rubric]
    scoring = next(p.row.scoring for p in rows if p.row.scoring)
    assert len(scoring.cases) == cases_of(rubrics(name)[rubric].text)
    if scoring.entries is not None:
        written = "、".join(text for p in rows for text in p.entries)
        assert [word for word in scoring.entries.words if word not in written] == []
    else:
        assert {p.got.case_number for p in rows} >= set(range(1, len(scoring.cases) + 1))


# ---- the examples


@pytest.mark.parametrize("name", PROFILES)
def test_example_uses_its_profile_alone_checks_without_error_and_is_laid_out(name: str) -> None:
    file = FOLDERS / name / "规则.perf"
    assert re.findall(r"^use (.+)$", file.read_text(encoding="utf-8"), re.M) == [f'"{name}"']
    assert "虚构" in file.read_text(encoding="utf-8")
    checked = run("check", "--no-cache", "--format", "json", str(file))
    assert checked.exit_code == 0, checked.output
    found = json.loads(checked.stdout)["diagnostics"]
    assert [d for d in found if d["severity"] != "info"] == []
    assert run("fmt", "--check", str(file)).exit_code == 0


def test_every_example_has_its_row_on_both_pages_and_no_folder_is_left_over() -> None:
    assert sorted(p.name for p in FOLDERS.iterdir() if p.is_dir()) == sorted(PROFILES)
    for heading in ("对照", "抄什么、定什么"):
        assert [cells[0].strip("`") for cells in table(heading)] == list(PROFILES)
    readme = (FOLDERS / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)`", readme, re.M) == list(PROFILES)


@pytest.mark.parametrize("cells", table("对照"), ids=lambda cells: cells[0].strip("`"))
def test_points_on_the_page_are_those_of_the_example_and_make_100(cells: list[str]) -> None:
    written = re.findall(r"(\S+) (\d+)(?:、|$)", cells[2])
    card = score(cells[0].strip("`"))
    groups = [
        (g["path"][0], g["points"]) for g in card["groups"] if len(g["path"]) == 1 and g["points"] not in (None, "0")
    ]
    bonus = {"加减分项"}
    if not written:
        assert card["points"] is None
        return
    moved = {"效益指标": "20", "满意度指标": "10"} if cells[0] == "`central-2021-cost`" else {}
    shown = {name: moved.get(name, points) for name, points in groups if name not in bonus} | moved
    assert shown == dict(written)
    assert sum(int(points) for _, points in written) == 100


def test_central_2020() -> None:
    # 285 ÷ 300 × 10 = 9.5；20 ÷ 20 → 15；超额四成 → 10；验收95% → 0；120 ÷ 150 × 8 = 6.4；15 → 7；评分14、9；85.5 ÷ 90 × 10 = 9.5
    card = score("central-2020")
    assert (card["total"], card["grade"], card["complete"]) == ("80.4", "良", True)
    found = scores(card)
    assert (found["预算执行"], found["产出指标"], found["效益指标"], found["满意度指标"]) == (
        "9.5",
        "38.4",
        "23",
        "9.5",
    )
    assert [r["path"][-1] for r in card["indicators"] if r["status"] == "exceeded"] == ["服务老人人次"]


def test_central_2021_cost() -> None:
    # 98% × 10 = 9.8；380 ÷ 392 × 12 = 11.63，480 ≤ 500 → 8；58.75%不及格 → 0，12，12；(11 + 6) ÷ 20 × 30 = 25.5
    card = score("central-2021-cost")
    assert (card["total"], card["grade"]) == ("78.93", "中")
    found = scores(card)
    assert (found["成本指标"], found["产出指标"], found["效益指标"]) == ("19.63", "24", "25.5")
    assert next(r["status"] for r in card["indicators"] if r["path"][-1] == "车主满意度") == "not applicable"


def test_hubei() -> None:
    # 95% × 20 = 19；27 ÷ 30 × 20 = 18；(95% × 500 + 80% × 300) ÷ 800 = 89.375%，÷ 90% × 10 = 9.93；90 ÷ 100 × 10 = 9；13；受益村庄缺 0至20
    card = score("hubei")
    assert (card["total"], card["lowest"], card["highest"], card["complete"]) == (None, "68.93", "88.93", False)
    found = scores(card)
    assert (found["预算执行率"], found["清淤长度"], found["工程合格率"], found["平均工期"]) == ("19", "18", "9.93", "9")
    assert next(r["status"] for r in card["indicators"] if r["path"][-1] == "受益村庄数") == "missing"


def test_hunan_dept() -> None:
    # 145 ÷ 143 超1.40个百分点 → 8 - 0.5；-10% → 8；85% → 4；92%差8个百分点，一步 → 6；12% → 4；20 ≤ 25 → 2；
    # 超2.5个百分点，两步 → 4；两个要点 → 2；两例 → 1；是 → 2；不适用 → 5；95% × 20 = 19；21
    card = score("hunan-dept")
    assert (card["total"], card["complete"]) == ("85.5", True)
    found = scores(card)
    assert (found["投入"], found["过程"], found["产出与效果"]) == ("19.5", "26", "40")
    assert (found["楼堂馆所面积控制率"], found["资金使用合规性"], found["预算控制率"]) == ("5", "1", "4")


def test_sichuan_dept() -> None:
    # 五项做到三项（53场超过40场三成，59次不足60次）→ 20 × 3 ÷ 5 = 12；(1 - 10 × 4%) × 10 = 6；196 ÷ 208 × 30 = 28.27；
    # 采购不适用，(2 + 2) ÷ 5 × 40 = 32
    card = score("sichuan-dept")
    assert (card["total"], card["complete"]) == ("78.27", True)
    found = scores(card)
    assert (found["目标实现"], found["预算编制"], found["预算执行"], found["综合管理"]) == ("12", "6", "28.27", "32")
    assert (found["培训人次"], found["演出场次"], found["辅导次数"]) == ("1", "0", "0")


def test_suzhou_targets() -> None:
    card = score("suzhou-targets")
    assert card["points"] is None
    assert {r["path"][-1]: r["status"] for r in card["indicators"]} == {
        "资金到位率": "met", "预算执行率": "met", "管理制度": "met", "座席资源个数": "missed", "接听来电数": "exceeded",
        "业务培训次数": "met", "工单质量": "missed", "培训开展及时性": "met", "市民诉求响应能力": "met",
        "来电人满意度": "missing",
    }  # fmt: skip


def test_nanjing_2024() -> None:
    # 4 + 4 + 4 + 3 × 50% = 13.5；3 + 5 + 4 ÷ 5 × 10 = 16；40；10 + 10；5 = 94.5；加减分 2 + 0.5 - 1 = 1.5；一票否决 → 良
    card = score("nanjing-2024")
    assert (card["total"], card["grade"]) == ("96", "良")
    found = scores(card)
    assert (found["部门决策"], found["部门管理"], found["加减分项"], found["受嘉奖情况"]) == (
        "13.5",
        "16",
        "1.5",
        "2.5",
    )


def test_sasac() -> None:
    # 目标偏低 (375 - 300) ÷ 375 = 20% → 最多加5分：35；13.5% → 20 + 3.5；超2.4个百分点，两步 → 20 - 1；
    # (96.9 - 95) ÷ 95 = 2%，按1%两步 → 32；(19 + 32) × 难度系数1.05 = 53.55；合计 58.5 + 53.55 = 112.05；违规投资 → 不超过B
    card = score("sasac")
    assert (card["total"], card["grade"]) == ("112.05", "B")
    found = scores(card)
    assert (found["基本指标"], found["分类指标"]) == ("58.5", "53.55")
    assert (found["利润总额"], found["营业收入增长率"], found["成本费用率"], found["账款回收率"]) == (
        "35",
        "23.5",
        "19",
        "32",
    )


def test_the_eight_together_show_what_happens_to_the_unusual() -> None:
    cards = [score(name) for name in PROFILES]
    statuses = {row["status"] for card in cards for row in card["indicators"]}
    assert statuses >= {"met", "missed", "exceeded", "missing", "not applicable"}
    assert [c["complete"] for c in cards].count(False) == 2


@pytest.mark.parametrize("name", PROFILES)
def test_plan_of_the_example_scores_as_its_source_does(name: str, tmp_path: Path) -> None:
    compiled = tmp_path / "plan.json"
    assert run("compile", str(FOLDERS / name / "规则.perf"), "-o", str(compiled)).exit_code == 0
    again = json.loads(
        run("score", str(compiled), "--actuals", str(FOLDERS / name / "actuals.csv"), "--format", "json").stdout
    )
    card = score(name)
    assert [(r["path"], r["score"], r["reason"]) for r in again["indicators"]] == [
        (r["path"], r["score"], r["reason"]) for r in card["indicators"]
    ]
    assert again["total"] == card["total"]
