"""The table of docs/lints.md: every id of the official list once, what has a page of its own, and what another code finds."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from perfdsl.cli.main import perfdsl
from perfdsl.lints import members

PAGE = (Path(__file__).parent.parent / "docs" / "lints.md").read_text("utf-8")
IDS = [
    f"L{n:03}"
    for first, last in ((1, 13), (20, 37), (40, 48), (50, 56), (60, 66), (70, 84))
    for n in range(first, last + 1)
]
OURS = {"L049", "L057", "L058", "L059", "L067"}  # beyond the official list
SEVERITY = {"error": "E", "warning": "W", "info": "I"}
ROWS = {m[1]: (m[2], m[4]) for m in re.finditer(r"^\| (L\d{3}) \| ([EWI]) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.M)}
HAND = " by { met -> points   otherwise -> 0 }"
BANDS = 'project "甲" {\n total 10\n 率 full "≥90%" points 10 by { '
GRADES = 'project "甲" { total 100\n a full "≥1件" points 100 by { otherwise -> min(points, points * completion) }\n grades { '
MONEY = 'project "甲" { funds 万元 { income 拨款 full 10\n spend 甲项 full '
ROW = 'project "甲" { 率 full "≥90%" points 10 by { >= 90% -> 10   otherwise -> 0 } }'

# id: (code, file, completion values)
COVERED = [
    ("L001", "R222", f'project "甲" {{ total 10\n 组 points 10{HAND} {{ a full "≥1件" points 4\n b full "≥1件" points 5 }} }}', ""),
    ("L001", "R223", f'project "甲" {{ total 100\n a full "≥1件" points 10{HAND} }}', ""),
    ("L003", "V102", 'project "甲" { a full "≥1件" points 10 by { otherwise -> 10 * completion } }', ""),
    ("L003", "E104", 'project "甲" { a full "≥1件" points 10 by { otherwise -> 10 * completion } }', "指标,实际值\na,3件\n"),
    ("L004", "E101", ROW, "指标,实际值,评分\n率,96%,9\n"),
    ("L004", "E107", ROW, "指标,实际值,复核分\n率,96%,8\n"),
    ("L007", "R255", f'project "甲" {{ 组 points 10{HAND} {{ }} }}', ""),
    ("L009", "E112", f'project "甲" {{ a half "≥1件" points 10{HAND}\n b full "≥1件" points 10{HAND} }}', "指标,实际值\na,3件\nb,3件\n"),
    ("L011", "R210", 'project "甲" { 组 { a full "≥1件"\n a full "≥2件" } }', ""),
    ("L020", "R310", 'project "甲" { a full "≤0件" points 10 by { otherwise -> max(0, 10 * (1 - gap / target)) } }', ""),
    ("L026", "T115", 'project "甲" { 办理量 full "≥5万" }', ""),
    ("L027", "T105", 'project "甲" { 办理量 full "≥5件" unit "人" }', ""),
    ("L027", "T135", 'project "甲" { 验收合格率 full "≥80" unit "万元" }', ""),
    ("L028", "T106", 'project "甲" { 办理时长 full "咨询类工单2个工作日内完成；非咨询类工单10个工作日内完成。" lower }', ""),
    ("L029", "T107", 'project "甲" { 办理时长 full "约30分钟/件" lower }', ""),
    ("L030", "T111", 'project "甲" { 资金拨付 full "按月安排" unit "%" }', ""),
    ("L031", "T103", 'project "甲" { 满意度 full "290%" }', ""),
    ("L031", "T132", 'project "甲" { 满意度 full "≥290%" }', ""),
    ("L033", "T123", 'project "甲" { 考评结果 full "优良中差" }', ""),
    ("L035", "T113", 'project "甲" { 业务量占总业务量比率 full "业务量占总业务量比率达40%。" }', ""),
    ("L035", "T114", 'project "甲" { 应用推广 full "提升电子证明在镇街应用推广达80%。" }', ""),
    ("L035", "T102", 'project "甲" { 可网上申请比例 full "政务服务事项100%可网上申请" }', ""),
    ("L035", "T117", 'project "甲" { "座席资源个数≥52席" full "" }', ""),
    ("L037", "T110", ROW, "指标,实际值\n率,≥90%\n"),
    ("L037", "A105", ROW, "指标,实际值\n率,九成左右吧\n"),
    ("L050", "R504", MONEY + '10 { 乙 full 3\n 丙 full 4 } } }', ""),
    ("L050", "R505", MONEY + '10 { 乙 full 3.01\n 丙 full 7 } } }', ""),
    ("L050", "R506", MONEY + "12 } }", ""),
    ("L050", "R507", MONEY + "10.01 } }", ""),
    ("L056", "R310", 'project "甲" { input 数\n 比 = 1 / 数 full "≥1" }', ""),
    ("L065", "E115", 'project "甲" { 培训人次 full "≥100人次" }', "指标,实际值\n培训人次,150人次\n"),
    ("L070", "V101", BANDS + "> 90% -> 10   < 90% -> 5 } }", ""),
    ("L070", "V106", GRADES + "优 >= 90\n 良 >= 60 and <= 89 } }", ""),
    ("L070", "V108", GRADES + "优 >= 90 and <= 100\n 良 >= 80 and <= 89\n otherwise 差 } }", ""),
    ("L071", "V105", BANDS + ">= 80% -> 10   >= 90% -> 8   otherwise -> 0 } }", ""),
    ("L071", "V110", GRADES + "优 >= 60 and <= 100\n 良 >= 0 and <= 60 } }", ""),
    ("L072", "V103", BANDS + ">= 90% -> 5   >= 80% -> 10   otherwise -> 0 } }", ""),
    ("L073", "V104", BANDS + ">= 90% -> 8   otherwise -> 0 } }", ""),
    ("L074", "V105", BANDS + ">= 80% -> 10   >= 90% -> 8   otherwise -> 0 } }", ""),
    ("L075", "V101", BANDS + "> 90% -> 10 } }", ""),
    ("L081", "R249", f'project "甲" {{ input 类别 values 甲类, 乙类\n a full "≥1件" points 10 applies 类别 = "甲类"{HAND} }}', ""),
    ("L081", "E111", f'project "甲" {{ a full "≥1件" points 10{HAND}\n b full "≥1件" points 10{HAND} }}', "指标,实际值\na,不适用\nb,3件\n"),
    ("L082", "R286", 'project "甲" { 投诉率 full "≤5%"\n 名次 = rank(投诉率) points 10 by { <= 3 -> 10  otherwise -> 5 } }', ""),
]  # fmt: skip


def reported(text: str, values: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The codes ``check``, or ``score`` where there are values, reports."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PERFDSL_CACHE", str(folder / "cache"))
    (folder / "甲.perf").write_text(text, encoding="utf-8")
    (folder / "值.csv").write_text(values, encoding="utf-8")
    words = ["score", "甲.perf", "--actuals", "值.csv"] if values else ["check", "甲.perf"]
    made = CliRunner().invoke(perfdsl, [*words, "--format", "json"])
    assert made.exception is None or isinstance(made.exception, SystemExit)
    return set(re.findall(r"\b[A-Z]\d{3}\b", made.stdout + made.stderr))


def test_every_official_id_stands_in_the_table_once() -> None:
    assert sorted(ROWS) == sorted({*IDS, *OURS})
    assert len(re.findall(r"^\| L\d{3} \| [EWI] \|", PAGE, re.M)) == len(ROWS)


def test_a_row_says_own_page_where_there_is_one_and_its_severity() -> None:
    kinds = {kind.code: kind for member in members() for kind in member.KINDS}
    assert {code for code, (_, how) in ROWS.items() if how.startswith("本页")} == set(kinds)
    assert {code: SEVERITY[kind.severity] for code, kind in kinds.items()} == {code: ROWS[code][0] for code in kinds}


def test_every_other_code_a_row_names_has_an_example_here() -> None:
    named = {(code, other) for code, (_, how) in ROWS.items() for other in re.findall(r"\b[A-KM-Z]\d{3}\b", how)}
    named |= {("L050", "R505"), ("L050", "R507")}
    assert named == {(code, other) for code, other, _, _ in COVERED}


@pytest.mark.parametrize(("code", "other", "text", "values"), COVERED, ids=lambda x: x if len(str(x)) == 4 else "")
def test_what_is_covered_by_another_code_is_found_by_it(
    code: str, other: str, text: str, values: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert other in reported(text, values, tmp_path, monkeypatch), f"{code} is said to be found by {other}"


def test_a_sign_in_words_is_read_as_the_sign() -> None:
    for words, sign in (
        ("90%以上", "≥"),
        ("不少于80个", "≥"),
        ("不超过3次", "≤"),
        ("达15000条", "≥"),
        ("超过90%", "＞"),
    ):
        assert sign in CliRunner().invoke(perfdsl, ["target", words]).stdout, words


def test_a_printed_total_that_is_not_the_sum_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = ROW[:-1] + '\n test "公布的" { given 率 95%\n expect total 9 } }'
    monkeypatch.chdir(tmp_path)
    (tmp_path / "甲.perf").write_text(text, encoding="utf-8")
    assert CliRunner().invoke(perfdsl, ["test", "甲.perf"]).exit_code == 1
    (tmp_path / "甲.perf").write_text(text.replace("total 9 ", "total 10 "), encoding="utf-8")
    made = CliRunner().invoke(perfdsl, ["test", "甲.perf"])
    assert made.exit_code == 0, json.dumps(made.output, ensure_ascii=False)
