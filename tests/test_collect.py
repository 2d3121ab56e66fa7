"""Many filled sheets into one table: nothing lost, nothing picked silently, nothing written over."""

import json
from collections.abc import Sequence
from pathlib import Path

import attrs
import jsonschema
import openpyxl
import pytest
from click.testing import CliRunner
from gate import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from test_template import RULES, made, names_of, opened, plans_of, saved, says, typed_into, within

import perfdsl.cli.collect as command_module
from perfdsl.actuals import Row
from perfdsl.blank_xlsx import write_table
from perfdsl.cli.main import perfdsl
from perfdsl.cli.score import score_all, shared_out
from perfdsl.collect import collect
from perfdsl.diagnostics import has_errors
from perfdsl.fill import Rules
from perfdsl.plan import Plan
from perfdsl.tables import Names, read_table
from perfdsl.testing import actuals, rulesets
from perfdsl.text import NOWHERE
from perfdsl.write_actuals import csv_bytes, headings, lines

SCHEMA = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parent.parent / "docs" / "collect.schema.json").read_text("utf-8"))
)
PLANS = plans_of(RULES)
EMPTY = made(PLANS, renamed=True)[1]


def sheet_of(name: str, **values: object) -> bytes:
    """A sheet of one object; rows by their names, or 规则指纹 and 期间 above them."""
    book, sheet, at = opened(EMPTY)
    sheet["B2"].value = name
    for cell in sheet[2]:
        for mark in ("规则指纹", "期间"):
            if str(cell.value).startswith(mark) and mark in values:
                cell.value = f"{mark}：{values[mark]}"
    for row in range(4, sheet.max_row + 1):
        typed = values.get(str(sheet.cell(row, at["指标"]).value))
        if typed is not None:
            sheet.cell(row, at["实际值"]).value = typed
            values.pop(str(sheet.cell(row, at["指标"]).value))
    return saved(book)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("规则.perf").write_text(RULES, encoding="utf-8")
    Path("收回").mkdir()
    hand_in("甲", 开放天数=288, 读者满意度=0.912)
    hand_in("乙", 开放天数=301, 读者满意度=0.9)
    return tmp_path


def hand_in(name: str, file: str = "", **values: object) -> None:
    path = Path("收回") / f"{file or name}.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(sheet_of(name, **values))


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(perfdsl, ["collect", *words])
    return done.exit_code, done.stdout, done.stderr


def reported(*words: str) -> tuple[int, dict[str, object], list[str]]:
    status, out, _ = run(*words, "--format", "json")
    made = json.loads(out)
    SCHEMA.validate(made)
    return status, made, sorted(d["code"] for d in made["diagnostics"])


def test_the_table_scores_as_the_sheets_do(desk: Path) -> None:
    status, out, _ = run("收回", "--rules", "规则.perf", "-o", "汇总.csv")
    assert status == 0 and "收到 2 个对象" in out

    def cards(*actuals: str) -> list[tuple[object, ...]]:
        words = [word for name in actuals for word in ("--actuals", name)]
        done = CliRunner().invoke(perfdsl, ["score", "规则.perf", *words, "--format", "json"])
        made = json.loads(done.stdout)
        return [(o["object"], o["total"], [(i["path"], i["score"], i["status"]) for i in o["indicators"]])
                for o in (made if isinstance(made, list) else [made])]  # fmt: skip

    apart = [*cards("收回/乙.xlsx"), *cards("收回/甲.xlsx")]
    assert sorted(cards("汇总.csv"), key=str) == sorted(apart, key=str) and len(apart) == 2
    assert run("收回", "--rules", "规则.perf", "-o", "汇总.xlsx")[0] == 0
    assert cards("汇总.xlsx") == cards("汇总.csv")


def test_who_is_missing(desk: Path) -> None:
    Path("名单.txt").write_text("甲\n乙\n丙\n丁\n", encoding="utf-8")
    status, made, codes = reported("收回", "--rules", "规则.perf", "--expected", "名单.txt", "-o", "汇总.csv")
    assert (status, made["missing"], codes) == (1, ["丙", "丁"], ["A166"])
    assert made["output"] == "汇总.csv" and Path("汇总.csv").exists()
    Path("名单.txt").write_text("甲\n乙乡\n", encoding="utf-8")
    assert reported("收回", "--rules", "规则.perf", "--expected", "名单.txt")[2] == ["A164", "A166"]


def test_objects_of_the_rules_are_expected(desk: Path) -> None:
    several = "".join(f'project "{name}" {{ a full "≥1件" }}\n' for name in ("甲", "乙", "丙"))
    Path("几个.perf").write_text(several, encoding="utf-8")
    assert CliRunner().invoke(perfdsl, ["template", "几个.perf", "-o", "发放/"]).exit_code == 0
    Path("发放/乙.xlsx").unlink()
    status, made, codes = reported("发放", "--rules", "几个.perf")
    assert (status, made["missing"], codes) == (1, ["乙"], ["A166"])


@pytest.mark.parametrize(
    ("values", "code"),
    [({"制度健全性": "很健全"}, "A153"), ({"开放天数": "没有统计"}, "A154"), ({"规则指纹": "000000000000"}, "A150"),
     ({"期间": "半年"}, "A167"), ({"期间": "从前"}, "A152")],
)  # fmt: skip
def test_what_does_not_fit_is_a_warning_and_the_table_is_written(
    desk: Path, values: dict[str, object], code: str
) -> None:
    hand_in("丙", **values)
    status, _made, codes = reported("收回", "--rules", "规则.perf", "-o", "汇总.csv")
    assert status == 0 and code in codes and Path("汇总.csv").exists()


@pytest.mark.parametrize(("name", "file", "values", "code"), [
    ("甲", "甲（新）", {}, "A163"), ("", "无名", {}, "A162"), ("丙", "丙", {"开放天数": "=1/0"}, "D221"), ("丙", "丙", {"开放天数": "#DIV/0!"}, "D211"),
])  # fmt: skip
def test_with_an_error_nothing_is_written(
    desk: Path, name: str, file: str, values: dict[str, object], code: str
) -> None:
    hand_in(name, file, **values)
    Path("汇总.csv").write_bytes(b"old")
    status, made, codes = reported("收回", "--rules", "规则.perf", "-o", "汇总.csv", "--force")
    assert status == 1 and code in codes and made["output"] is None
    assert Path("汇总.csv").read_bytes() == b"old"


def test_files_that_are_no_sheets_are_left_aside_and_damaged_ones_stop(desk: Path) -> None:
    Path("收回/名册.csv").write_text("指标,实际值\n开放天数,3\n", encoding="utf-8")
    Path("收回/~$甲.xlsx").write_bytes(b"lock")
    Path("收回/.隐藏.xlsx").write_bytes(b"x")
    status, made, codes = reported("收回", "--rules", "规则.perf")
    assert (status, made["left_aside"], codes) == (0, ["收回/名册.csv"], ["A161"])
    Path("收回/坏.xlsx").write_bytes(EMPTY[: len(EMPTY) // 2])
    status, made, codes = reported("收回", "--rules", "规则.perf", "-o", "汇总.csv")
    assert status == 1 and "D302" in codes and not Path("汇总.csv").exists()


def test_without_rules_sheets_are_compared_with_each_other(desk: Path) -> None:
    assert reported("收回")[2] == []
    hand_in("丙", 规则指纹="000000000000")
    assert reported("收回")[2] == ["A168"]


def test_never_over_an_input_nor_over_what_is_there(desk: Path) -> None:
    before = Path("收回/甲.xlsx").read_bytes()
    for name in ("收回/甲.xlsx", "./收回/../收回/甲.xlsx"):
        status, _, said = run("收回", "--rules", "规则.perf", "-o", name, "--force")
        assert status == 2 and "输入文件" in said
    assert Path("收回/甲.xlsx").read_bytes() == before
    Path("汇总.csv").write_bytes(b"old")
    assert run("收回", "-o", "汇总.csv")[0] == 2
    assert Path("汇总.csv").read_bytes() == b"old"
    assert run("收回", "-o", "汇总.csv", "--force")[0] == 0
    assert run("收回", "-o", "汇总.docx")[0] == 2
    assert run("没有")[0] == 2


def test_a_folder_in_a_folder_and_english(desk: Path) -> None:
    Path("收回/远").mkdir()
    Path("收回/甲.xlsx").rename("收回/远/甲.xlsx")
    status, _out, _ = run("收回", "--lang", "en", "--rules", "规则.perf")
    assert status == 0
    done = reported("收回", "--rules", "规则.perf")[1]
    assert [sheet["object"] for sheet in done["sheets"]] == ["乙", "甲"]  # type: ignore[attr-defined]


def test_progress_is_shown_for_many(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    class Told:
        def __init__(self, total: int) -> None:
            assert total == 2

        def step(self, done: int, name: str) -> None:
            seen.append(done)

        def end(self) -> None:
            seen.append(0)

    monkeypatch.setattr(command_module, "Progress", Told)
    assert run("收回")[0] == 0
    assert seen == [1, 2, 0]


def test_counts_leave_out_what_is_computed() -> None:
    table, found = read_table("甲.xlsx", sheet_of("甲", 开放天数=288), names_of(PLANS))
    made, _ = collect([(table, found)], Rules(PLANS), ())
    (one,) = made.handed
    assert (one.filled, one.findings) == (1, 0)
    assert one.empty == len(table.rows) - 1 - 2 - 5  # two rates are computed, five spare rows are not used


# ---- the table that is written

TEXT = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="'"), max_size=12).map(str.strip)
CELL = TEXT | st.sampled_from(
    ["=48%", "+1", "@SUM(1)", "-3.5%", "-甲", "1,125.16", '他说"好"', "第一行\n第二行", "；", "0.10", "95.00%"]
)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    some = st.fixed_dictionaries(
        {"value": CELL, "unit": CELL, "mark": CELL, "item": CELL, "explanation": CELL, "evidence": CELL}
    )
    named = TEXT.filter(lambda text: bool(text) and text == " ".join(text.split()) and "\n" not in text)
    made = []
    for _ in range(draw(st.integers(1, 6))):
        made.append(Row(name=draw(named), object=draw(named), period="全年", span=NOWHERE, **draw(some)))
    return made


def fields(row: Row) -> tuple[str, ...]:
    return tuple(
        " ".join(getattr(row, f).split())
        for f in ("object", "period", "name", "value", "unit", "mark", "item", "explanation", "evidence")
    )


@settings(max_examples=examples(150), deadline=None)
@given(rows())
def test_what_is_gathered_reads_back_as_the_same_rows(given_rows: list[Row]) -> None:
    titles = {"对象", "期间", "指标", "实际值", "单位"}
    given_rows = [
        row for row in given_rows if not titles & {row.name, row.object, row.value, row.unit} and row.value[:1] != "#"
    ]
    if not given_rows:
        return
    for name, data in (
        ("汇总.csv", csv_bytes(given_rows)),
        ("汇总.xlsx", write_table(headings(given_rows), lines(given_rows))),
    ):
        table, found = read_table(name, data, Names())
        assert not has_errors(found), (name, [d.message() for d in found])
        assert [fields(row) for row in table.rows] == [fields(row) for row in given_rows]


def test_a_gathered_workbook_holds_texts_alone() -> None:
    row = Row(name="=1+1", object="@SUM(1)", value="=48%", unit="+1", span=NOWHERE)
    path = write_table(headings([row]), lines([row]))
    import io

    sheet = openpyxl.load_workbook(io.BytesIO(path)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == ["@SUM(1)", None, "=1+1", "=48%", "+1"]
    assert all(cell.data_type == "s" for cell in sheet[2] if cell.value)
    assert all(cell.quotePrefix for cell in sheet[2] if cell.value)


def test_every_filled_sheet_of_a_workbook_is_collected(desk: Path) -> None:
    book = openpyxl.load_workbook("收回/甲.xlsx")
    for name, days in (("丙", 250), ("甲", 1)):
        copy = book.copy_worksheet(book["填报"])
        copy.title, copy["B2"].value, copy["H4"].value = f"{name}的", name, days
    book.save("收回/甲.xlsx")
    status, made, codes = reported("收回", "--rules", "规则.perf", "-o", "汇总.csv")
    sheets = [(one["object"], one["file"]) for one in made["sheets"]]  # type: ignore[attr-defined]
    assert sheets == [
        ("乙", "收回/乙.xlsx"),
        ("甲", "收回/甲.xlsx"),
        ("丙", "收回/甲.xlsx#丙的"),
        ("甲", "收回/甲.xlsx#甲的"),
    ]
    assert (status, codes) == (1, ["A163"])
    done = CliRunner().invoke(perfdsl, ["score", "规则.perf", "--actuals", "收回/甲.xlsx"])
    assert done.exit_code == 1 and "D316" in done.output
    done = CliRunner().invoke(perfdsl, ["score", "规则.perf", "--actuals", "收回/甲.xlsx#丙的"])
    assert "D316" not in done.output and "丙" in done.output


def test_a_changed_signature_or_comment_hinders_nothing(desk: Path) -> None:
    book = openpyxl.load_workbook("收回/甲.xlsx")
    sheet = book["填报"]
    sheet.cell(sheet.max_row + 2, 1).value = "填报人：某某"
    sheet.cell(sheet.max_row, 4).value = "审核人：某某"
    sheet["H4"].comment = Comment("估计数", "某某")
    book.save("收回/甲.xlsx")
    status, _, codes = reported("收回", "--rules", "规则.perf", "-o", "汇总.csv")
    assert (status, codes) == (0, ["D213", "D315"])


def test_spare_rows_count_nowhere_without_rules_either(desk: Path) -> None:
    data = sheet_of("丙", 满意率=0.95)
    for rules in (None, Rules(PLANS)):
        gathered, _ = collect([read_table("丙.xlsx", data, names_of(PLANS))], rules, ())
        assert [row.value for row in gathered.rows if row.name == "满意率"] == ["95%"]
        assert [row.value for row in gathered.rows if row.name == "工单"] == [""]


def outcomes(plan: Plan, given_rows: Sequence[Row]) -> dict[str, object]:
    """The scores of every object that has rows."""
    shared = shared_out([plan], list(given_rows), [])
    cards, _ = score_all(shared, "full", None, "")
    return {
        card.object: (card.total, [(i.path, i.score, i.low, i.high, i.status) for i in card.indicators])
        for card in cards
    }


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=rulesets(), data=st.data(), with_rules=st.booleans())
def test_many_sheets_score_as_all_their_rows_do(text: str, data: st.DataObject, with_rules: bool) -> None:
    (plan,) = plans_of(text)
    read, everything = [], []
    for name in ("甲", "乙"):
        sheet, empty = made([attrs.evolve(plan, object=name)], spare=4)
        workbook, placed = typed_into(empty, sheet, [r for r in data.draw(actuals(plan)) if within(sheet, r)])
        told = [attrs.evolve(row, object=name) for row in placed if says(plan, row)]
        everything += told or [Row(name=sheet.rows[0].name, value="", object=name, span=NOWHERE)]
        read.append(read_table(f"{name}.xlsx", workbook, names_of([plan])))
    gathered, _ = collect(read, Rules([plan]) if with_rules else None, ("甲", "乙"))
    assert [one.object for one in gathered.handed] == ["甲", "乙"] and gathered.missing == ()
    table, _ = read_table("汇总.csv", csv_bytes(gathered.rows), names_of([plan]))
    given_table, _ = read_table("给的.csv", csv_bytes(everything), names_of([plan]))
    assert outcomes(plan, table.rows) == outcomes(plan, given_table.rows)
