"""``perfdsl export`` and ``score -o`` with a form: what is written, what is refused, and that Excel reckons a changed actual again."""

import re
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from sheets import ROOT, converted, filled, needs_office, scored, values

from perfdsl.cli.main import perfdsl
from perfdsl.writers import xlsx

RULES = """use 财预2020_10号
project "食堂" {
  year 2024
  agency "民政局"
  total 100
  funds 万元 { income 拨款 full 300
    spend 补助 full 300 }
  预算执行率 = spent(支出) / budget(支出) full "=100%" points 10 by { completion >= 100% -> 100%  otherwise -> completion }
  数量 points 60 { 食堂数 full "≥21个" points 60 by 比例得分 }
  满意度 full "≥90%" points 30 by { met -> 100%  otherwise -> max(0, points - 0.5 * floor(gap / 0.3%)) }
}
"""
DATA = "指标,实际值,偏差原因\n补助,285万元,\n食堂数,19个,选址变更\n满意度,88.2%,=48%\n"
OWN = 'title = "简表"\n[[columns]]\nshow = "一级"\n[[columns]]\nshow = "全年指标值"\n[[blocks]]\nkind = "指标"\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "规则.perf").write_text(RULES, encoding="utf-8")
    (tmp_path / "值.csv").write_text(DATA, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(perfdsl, words)


SCORE = ("score", "规则.perf", "--actuals", "值.csv")


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".html", ".md", ".pdf"])
def test_targets_and_scores_are_written_in_every_format(here: Path, suffix: str) -> None:
    done = run("export", "规则.perf", "-o", f"目标表{suffix}")
    assert done.exit_code == 0, done.output
    assert f"写好 目标表{suffix}" in done.stdout
    assert run(*SCORE, "--form", "hubei", "-o", f"自评表{suffix}").exit_code == 0
    assert (here / f"目标表{suffix}").stat().st_size and (here / f"自评表{suffix}").stat().st_size


def test_an_existing_file_is_left_alone_unless_forced(here: Path) -> None:
    for words in (
        ("export", "规则.perf", "-o", "表.md"),
        (*SCORE, "-o", "表.md"),
        (*SCORE, "-o", "表.md", "--form", "central"),
        (*SCORE, "-o", "表.json"),
    ):
        target = here / words[words.index("-o") + 1]
        target.write_text("旧", encoding="utf-8")
        refused = run(*words)
        assert refused.exit_code == 2 and "--force" in refused.output and target.read_text(encoding="utf-8") == "旧"
        assert run(*words, "--force").exit_code == 0
        assert target.read_text(encoding="utf-8") != "旧"


def test_an_input_is_never_written_over_even_when_forced(here: Path) -> None:
    (here / "我局.toml").write_text(OWN, encoding="utf-8")
    (here / "链接.md").symlink_to(here / "规则.perf")
    (here / "链接.html").symlink_to(here / "我局.toml")
    for words in (
        ("export", "规则.perf", "-o", "链接.md", "--force"),
        ("export", "规则.perf", "--form", "我局.toml", "-o", "链接.html", "--force"),
    ):
        assert run(*words).exit_code == 2
    assert (here / "规则.perf").read_text(encoding="utf-8") == RULES
    assert (here / "我局.toml").read_text(encoding="utf-8") == OWN


def test_a_page_is_a_report_unless_a_form_is_asked_for(here: Path) -> None:
    assert run(*SCORE, "-o", "报告.html").exit_code == 0
    assert run(*SCORE, "-o", "表.html", "-o", "表.json", "--form", "central").exit_code == 0
    assert "项目支出绩效自评表" in (here / "表.html").read_text(encoding="utf-8")
    assert "项目支出绩效自评表" not in (here / "报告.html").read_text(encoding="utf-8")
    assert (here / "表.json").read_text(encoding="utf-8").startswith("{")


def test_unknown_forms_formats_and_objects_are_refused_before_anything_is_written(here: Path) -> None:
    for words, said in (
        (("--form", "suzho", "-o", "表.md"), "没有叫“suzho”的表样"), (("-o", "表.odt"), ".xlsx"), (("--form", "没有.toml", "-o", "表.md"), "没有.toml"),
        (("--object", "别的", "-o", "表.md"), "别的"),
    ):  # fmt: skip
        done = run("export", "规则.perf", *words)
        assert done.exit_code == 2 and said in done.output
    assert not list(here.glob("表.*"))


def test_a_broken_form_stops_the_command_with_its_line(here: Path) -> None:
    (here / "我局.toml").write_text(OWN.replace("全年指标值", "全年目标"), encoding="utf-8")
    for words in (("export", "规则.perf"), SCORE):
        done = run(*words, "--form", "我局.toml", "-o", "表.xlsx")
        assert done.exit_code == 1 and "F104" in done.output and "我局.toml:5" in done.output
    assert not (here / "表.xlsx").exists()


@pytest.mark.parametrize(
    ("library", "suffix", "extra"),
    [
        ("xlsxwriter", ".xlsx", "excel"),
        ("docx", ".docx", "word"),
        ("typst", ".pdf", "pdf"),
        ("noto_cjk_sans_otc", ".pdf", "pdf"),
    ],
)
def test_a_missing_library_is_named_with_its_command(
    here: Path, monkeypatch: pytest.MonkeyPatch, library: str, suffix: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    for words in (("export", "规则.perf"), SCORE):
        done = run(*words, "-o", f"表{suffix}")
        assert done.exit_code == 1 and f'pip install "perfdsl[{extra}]"' in done.output
        assert run(*words, "--form", "central", "--force", "-o", "表.html", "-o", "表.md").exit_code == 0
    assert not (here / f"表{suffix}").exists()


def test_broken_rules_are_not_printed(here: Path) -> None:
    (here / "坏.perf").write_text(RULES.replace("points 60 by", "points 61 by"), encoding="utf-8")
    (here / "碎.perf").write_text(RULES.replace("比例得分", "比例的分"), encoding="utf-8")
    assert run("export", "碎.perf", "-o", "表.md").exit_code == 1
    assert not (here / "表.md").exists()


def test_the_usual_form_has_room_for_the_periods_of_the_rules(here: Path) -> None:
    for row, head in (
        ('甲 half "≥1件" full "≥2件"', "半年（程）指标值"),
        ('甲 cycle "≥1件" full "≥2件"', "实施周期指标值"),
        ('甲 full "≥2件"', "年度指标值"),
    ):
        (here / "x.perf").write_text(f'project "甲" {{ {row} }}', encoding="utf-8")
        assert run("export", "x.perf", "-o", "x.md", "--force").exit_code == 0
        assert head in (here / "x.md").read_text(encoding="utf-8")


def test_the_words_of_an_officer_are_text_in_the_workbook(here: Path) -> None:
    assert run(*SCORE, "-o", "表.xlsx").exit_code == 0
    sheet = openpyxl.load_workbook(here / "表.xlsx").worksheets[0]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "=48%")
    assert cell.data_type == "s" and cell.quotePrefix and cell.number_format == "@"


@needs_office
def test_a_changed_actual_gives_the_score_the_engine_gives(here: Path) -> None:
    """Somebody who trusts only Excel types other actuals and other money into the form."""
    tried = [
        ("20", "0.9", "300"),
        ("7", "0.8969", "123.45"),
        ("21", "0.897", "299.99"),
        ("0", "0.8", "0"),
        ("20.5", "0.891", "301"),
    ]
    files = []
    for number, (canteens, content, spent) in enumerate(tried):
        one = scored(here / "规则.perf", [here / "值.csv"])[0]
        layout = filled(one, "hubei")
        path = here / f"改{number}.xlsx"
        path.write_bytes(xlsx.write([layout]))
        book = openpyxl.load_workbook(path)
        form = book.worksheets[0]
        for key, value in (
            ("actual:数量/食堂数", canteens),
            ("actual:满意度", content),
            ("given:spent:spend/补助", spent),
        ):
            cell = next(cell for cell in layout.cells if cell.key == key)
            form.cell(cell.row + 1, cell.column + 1).value = float(value)
        book.save(path)
        files.append(path)
    for after, (canteens, content, spent) in zip(converted(files, "xlsx", here), tried, strict=True):
        text = f"指标,实际值\n补助,{spent}万元\n食堂数,{canteens}个\n满意度,{float(content) * 100:.6g}%\n"
        (here / "值.csv").write_text(text, encoding="utf-8")
        one = scored(here / "规则.perf", [here / "值.csv"])[0]
        layout = filled(one, "hubei")
        total = next(cell for cell in layout.cells if cell.key == "total")
        found = values(after)["食堂", f"{'ABCDEFGHIJ'[total.column]}{total.row + 1}"]
        assert one.card.total is not None and abs(float(one.card.total) - float(str(found))) < 1e-9, (
            canteens,
            content,
            spent,
        )


def test_a_rubric_without_a_text_is_printed_as_its_sentence(here: Path) -> None:
    """A quoted text comes first, then the sentence, then the name of the method; also from a ruleset and for a compiled plan."""
    (here / "规则.perf").write_text("""use "central-2020"
project "甲" {
  total 40
  引文 full "≥90%" points 10 by { met -> 100%  otherwise -> 0 }
    note "照录的评分标准"
  句子 full "≥90%" points 10 by { >= 90% -> 10  >= 80% and < 90% -> 8  otherwise -> 0 }
  清单 points 10 by check { "有制度" -> 5  "有台账" -> 5 }
  名称 full "≥90%" points 10 by 正向比例得分
}
""", encoding="utf-8")  # fmt: skip
    assert run("compile", "规则.perf", "-o", "规则.json").exit_code == 0
    said = {}
    for rules in ("规则.perf", "规则.json"):
        assert run("export", rules, "--form", "nanjing", "-o", f"{rules}.md").exit_code == 0
        lines = [line.split("|") for line in (here / f"{rules}.md").read_text(encoding="utf-8").splitlines()]
        said[rules] = {cells[1].strip(): cells[5].strip() for cells in lines if len(cells) > 6}
    rows = said["规则.perf"]
    assert rows["引文"] == "照录的评分标准"
    assert rows["句子"] == "90%（含）以上的得10分；80%（含）-90%（不含）的得8分；其他不得分"
    assert rows["清单"].startswith("①有制度") and rows["名称"] == "按“正向比例得分”计分"
    rows = said["规则.json"]
    assert (rows["引文"], rows["句子"], rows["名称"]) == ("照录的评分标准", "", "按“正向比例得分”计分")


@needs_office
def test_what_is_written_opens_in_libreoffice(here: Path) -> None:
    for name in ("central", "suzhou", "monitoring"):
        assert run(*SCORE, "--form", name, "-o", f"{name}.docx", "-o", f"{name}.xlsx").exit_code == 0
    made = converted([here / "central.docx", here / "suzhou.docx", here / "monitoring.docx"], "pdf", here)
    assert all(path.read_bytes().startswith(b"%PDF") for path in made)


def test_every_example_is_exported_in_every_form(here: Path) -> None:
    rules = [path for path in sorted((ROOT / "examples").glob("*/*.perf")) if path.stem != "现行办法"]
    for path in rules[::4]:
        done = run("export", str(path), "--form", "central", "-o", "一.xlsx", "-o", "一.docx", "-o", "一.md", "--force")
        assert done.exit_code in (0, 1) and "写好 一.xlsx" in done.stdout, done.output


@pytest.mark.parametrize(
    "command", [("export", "规则.perf"), SCORE, ("monitor", *SCORE[1:])], ids=["export", "score", "monitor"]
)
def test_a_refused_suffix_names_only_what_the_command_writes(here: Path, command: tuple[str, ...]) -> None:
    done = run(*command, "-o", "表.doc")
    assert done.exit_code == 2 and "不会写“表.doc”" in done.output
    known = re.findall(r"\.[a-z]+", done.output.partition("可以用")[2])
    assert {".xlsx", ".docx", ".pdf", ".html", ".md"} <= set(known)
    for suffix in known:
        assert run(*command, "-o", f"表{suffix}").exit_code in (0, 1), suffix
        assert (here / f"表{suffix}").stat().st_size
