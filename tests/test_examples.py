"""Every worked document: compiles with the published rows and figures, checks clean, and is scored."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pages import follow, record, surroundings

from perfdsl.cli.main import perfdsl

EXAMPLES = Path(__file__).parent.parent / "examples"
COUNTS = {
    "suzhou-2023-department": [45],
    "suzhou-2024-projects": [18, 15, 17, 23, 29, 15, 15, 15, 15, 15, 15, 20],
    "jingmen-2024": [6],
    "zengcheng": [39],
    "nanjing-2024": [34],
}
INCUMBENT = EXAMPLES / "incumbent"
NAIVE = INCUMBENT / "现行办法.perf"  # written with its defects, which are what it shows
FILES = sorted(set(EXAMPLES.glob("*/*.perf")) - {NAIVE})
# full-year spending in 万元 as published, by project in the order of the document
SPENDING = ["161.96", "24.5", "15.6", "43.5", "1663.63", "7.74", "3.2", "1.67", "10.5", "22.5", "5", "86.71"]


def run(*words: str) -> Result:
    return CliRunner().invoke(perfdsl, list(words))


def plan(file: Path) -> dict:
    result = run("compile", str(file))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def actuals(file: Path) -> Path:
    own = file.with_name(f"{file.stem}-虚构.csv")
    return own if own.exists() else next(iter(sorted(file.parent.glob("*.csv"))))


@pytest.mark.parametrize("folder", COUNTS)
def test_every_published_indicator_compiles(folder: str) -> None:
    found = [len(plan(file)["indicators"]) for file in sorted((EXAMPLES / folder).glob("*.perf"))]
    assert found == COUNTS[folder]


def test_the_five_documents_have_336_indicators() -> None:
    assert sum(sum(counts) for counts in COUNTS.values()) == 336


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_example_checks_without_error_and_stands_in_canonical_layout(file: Path) -> None:
    checked = run("check", "--no-cache", "--format", "json", str(file))
    assert checked.exit_code == 0
    assert all(d["severity"] != "error" for d in json.loads(checked.stdout)["diagnostics"])
    assert run("fmt", "--check", str(file)).exit_code == 0


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_plan_scores_as_its_source_does(file: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "plan.json"
    assert run("compile", str(file), "-o", str(compiled)).exit_code == 0
    again = tmp_path / "again.json"
    assert run("compile", str(file), "-o", str(again)).exit_code == 0
    assert compiled.read_bytes() == again.read_bytes()
    data = str(actuals(file))
    source = run("score", str(file), "--actuals", data, "--format", "json")
    from_plan = run("score", str(compiled), "--actuals", data, "--format", "json")
    first, second = json.loads(source.stdout), json.loads(from_plan.stdout)
    first["findings"], second["findings"] = [], []  # only the source can be checked again
    assert first == second


def test_nanjing_scores_99_5_and_loses_half_a_point_on_one_row() -> None:
    folder = EXAMPLES / "nanjing-2024"
    result = run(
        "score", str(next(folder.glob("*.perf"))), "--actuals", str(folder / "actuals.csv"), "--format", "json"
    )
    assert result.exit_code == 0
    card = json.loads(result.stdout)
    assert (card["total"], card["points"], card["grade"], card["complete"]) == ("99.5", "100", "优", True)
    lost = [i for i in card["indicators"] if i["points"] and i["score"] != i["points"]]
    assert [(i["path"][-1], i["score"]) for i in lost] == [("工作开展情况", "0.5")]
    assert "0.5分" in lost[0]["reason"]
    published = {
        "部门决策": "15",
        "部门管理": "19.5",
        "部门履职": "40",
        "履职绩效": "20",
        "可持续发展能力": "5",
        "加减分项": "0",
    }
    assert {g["path"][0]: g["score"] for g in card["groups"] if len(g["path"]) == 1} == published


def test_nanjing_keeps_its_gap_at_exactly_90_percent_in_sight() -> None:
    file = next((EXAMPLES / "nanjing-2024").glob("*.perf"))
    found = json.loads(run("check", "--no-cache", "--format", "json", str(file)).stdout)["diagnostics"]
    gap = [d for d in found if d["code"] == "V101"]
    assert [d["witness"] for d in gap] == [{"actual": "90%"}]
    assert gap[0]["accepted"]


def test_suzhou_2024_money_is_as_published() -> None:
    files = sorted((EXAMPLES / "suzhou-2024-projects").glob("*.perf"))
    for file, published in zip(files, SPENDING, strict=True):
        lines = plan(file)["funds"][0]["lines"]
        spent = [line for line in lines if line["side"] == "spend" and len(line["path"]) == 1]
        whole = [line for line in lines if line["path"] == ["资金总额"]]
        assert sum(float(line["amounts"]["full"]) for line in spent) == pytest.approx(float(published) * 10000)
        assert float(whole[0]["amounts"]["full"]) == pytest.approx(float(published) * 10000)


def test_zengcheng_money_differs_by_a_hundredth_and_only_warns() -> None:
    file = next((EXAMPLES / "zengcheng").glob("*.perf"))
    found = json.loads(run("check", "--no-cache", "--format", "json", str(file)).stdout)["diagnostics"]
    assert [(d["code"], d["severity"]) for d in found if d["code"].startswith("R50")] == [("R507", "warning")]


def test_jingmen_misses_exactly_the_row_it_missed() -> None:
    folder = EXAMPLES / "jingmen-2024"
    result = run(
        "score", str(next(folder.glob("*.perf"))), "--actuals", str(folder / "actuals.csv"), "--format", "json"
    )
    statuses = {i["path"][-1]: i["status"] for i in json.loads(result.stdout)["indicators"]}
    assert [name for name, status in statuses.items() if status == "missed"] == ["坐席人员服务满意率"]
    assert list(statuses.values()).count("met") == 5


# ---- the rules of an incumbent, as a story

DEFECTS = [
    ("R310", "除数“target”可能为零", {}),
    ("V106", "没有评价等级", {"total": "90"}),
    ("V102", "预算执行率", {"actual": "101%"}),
    ("V103", "设备台数", {"actual": "100台"}),
    ("V102", "平均响应时间", {"actual": "61分钟"}),
    ("V101", "培训场次", {"actual": "8场"}),
    ("V102", "按时办结率", {"actual": "0%"}),
    ("V102", "成本变动率", {"actual": "-100%"}),
    ("V103", "成本变动率", {"worse": "-53%", "better": "-52%"}),
    ("V111", "投诉件数", {"actual": "6件"}),
]


def test_every_defect_of_the_incumbent_is_found_with_its_witness() -> None:
    result = run("check", "--no-cache", "--format", "json", str(NAIVE))
    assert result.exit_code == 1
    found = json.loads(result.stdout)["diagnostics"]
    assert [(d["code"], d.get("witness") or {}) for d in found] == [(code, witness) for code, _, witness in DEFECTS]
    for d, (_, name, _) in zip(found, DEFECTS, strict=True):
        assert d["severity"] == ("warning" if d["code"] == "V111" else "error")
        assert name in d["message"]


def test_the_story_of_the_incumbent_fits_a_page_and_stands_in_canonical_layout() -> None:
    mended = INCUMBENT / "改好.perf"
    assert sum(len(file.read_text(encoding="utf-8").splitlines()) for file in (NAIVE, mended)) <= 150
    assert run("fmt", "--check", str(NAIVE)).exit_code == 0
    clean = run("check", "--no-cache", "--format", "json", str(mended))
    assert json.loads(clean.stdout)["diagnostics"] == []


def test_points_and_targets_of_the_mended_rules_are_those_of_the_incumbent() -> None:
    texts = [" ".join(file.read_text(encoding="utf-8").split()) for file in (NAIVE, INCUMBENT / "改好.perf")]
    naive, mended = (
        re.findall(r'(\S+) full "([^"]+)" (?:[a-z]+ )*(?:values \S+ \.\. (?:\S+% )?)?points (\d+)', text)
        for text in texts
    )
    assert len(naive) == 10
    assert naive == mended[:10]


def test_the_page_of_the_story_prints_what_it_says(tmp_path: Path, update: bool) -> None:
    folder = tmp_path / "here"
    shutil.copytree(INCUMBENT, folder)
    page = INCUMBENT / "README.md"
    steps = list(follow(page, folder, surroundings(folder), once=False))
    if update:
        record(page, steps)
        return
    assert "\n\n".join(step.made for step in steps) == "\n\n".join(step.fence.body for step in steps)
