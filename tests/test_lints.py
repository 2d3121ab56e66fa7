"""Lints: every member is well made, what they find in the worked documents, how findings are accepted, known and mended."""

import json
import os
import shutil
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from strategies import EXAMPLES, anything, files

from perfdsl.cli.files import Library
from perfdsl.cli.main import perfdsl
from perfdsl.cli.score import read_plans, read_tables, score_all
from perfdsl.diagnostics import has_errors
from perfdsl.lints import BadLint, checked, limits, lint, lint_together, members, not_in_one_file
from perfdsl.mend import mend
from perfdsl.pipeline import check, check_together, understand
from perfdsl.read_settings import read_settings
from perfdsl.settings import STANDARD, Settings
from perfdsl.text import Source

ROOT = Path(__file__).parent.parent
RECORDED = ROOT / "tests" / "cases" / "lints" / "examples.txt"
VACUOUS = 'project "甲" {\n  a full "≥0次"\n}\n'
SLIPS = (
    'project "甲" {\n  a full"≥1次"\n}\n', 'project "甲" {\n  a full “≥1次"\n}\n', 'project "甲" {\n  a full 5件\n}\n',
    'project "甲" {\n  a full "≥1次" ponts 5 by { met -> 5 otherwise -> 0 }\n}\n',
    'project "甲" {\n  a full "≥1次" points 5分 by { met -> 5 otherwise -> 0 }\n}\n',
    'project "甲" {\n  a full "≥1%" points 5 by { actual =< 1% -> 0 otherwise -> 5 }\n}\n',
    'accept L021 "旧"\nproject "甲" {\n  a full "≥1次" accept V101 "旧"\n  accept L053 "几张表才看得出"\n}\n',
    'project "甲" {\n  a full"≥1次" ponts 5分 by { met -> 5 otherwise -> 0 }\n}\n',
    'project "甲" {\n  a\u2060 full "≥1次"\n}\n',
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PERFDSL_LANG", "zh")
    monkeypatch.setenv("PERFDSL_CACHE", str(tmp_path / "cache"))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(perfdsl, list(words))


def codes(*words: str) -> list[tuple[str, str]]:
    """(code, reason of acceptance) of what ``check`` finds."""
    found = json.loads(run("check", "--format", "json", *words).stdout)["diagnostics"]
    return [(d["code"], d.get("accepted", "")) for d in found]


# ---- the family


def test_every_code_of_a_lint_begins_with_l_and_belongs_to_one_member() -> None:
    found = [kind.code for member in members() for kind in member.KINDS]
    assert sorted(set(found)) == sorted(found)
    assert all(code[0] == "L" for code in found)


@pytest.mark.parametrize("lacking", ["BASIS", "BAD", "GOOD", "KINDS", "check", "__doc__"])
def test_a_module_that_lacks_a_part_is_refused(lacking: str) -> None:
    module = ModuleType("perfdsl.lints.wibble")
    parts = {
        "BASIS": "b",
        "BAD": "b",
        "GOOD": "g",
        "KINDS": members()[0].KINDS,
        "check": lambda _: (),
        "__doc__": "一\n\nEnglish: x",
    }
    vars(module).update({name: part for name, part in parts.items() if name != lacking})
    with pytest.raises(BadLint):
        checked(module)


def test_every_limit_a_member_asks_for_is_named_on_the_page() -> None:
    page = (ROOT / "docs" / "lints.md").read_text("utf-8")
    for member in members():
        asked = set(__import__("re").findall(r'\.limit\("(\w+)"', Path(member.__file__ or "").read_text("utf-8")))
        assert asked <= set(limits())
    assert all(f"| `{name}` | {words} |" in page for name, words in limits().items())


@settings(max_examples=60, deadline=None)
@given(files(160))
def test_lints_never_raise_whatever_the_file(text: str) -> None:
    model = understand(Source("x.perf", text), Library([str(ROOT)])).model
    for thing in model.objects:
        list(lint(thing))
    list(lint_together([(thing, STANDARD) for thing in model.objects] * 2))


# ---- the worked documents


def test_findings_on_the_worked_documents_are_those_on_record(update: bool) -> None:
    lines = []
    for top in ("examples", "rulesets"):
        made = json.loads(
            run(
                "check",
                "--no-cache",
                "--format",
                "json",
                *(os.path.relpath(p) for p in sorted((ROOT / top).rglob("*.perf"))),
            ).stdout
        )
        for d in made["diagnostics"]:
            if d["code"][0] == "L":
                file = Path(os.path.abspath(d["file"])).relative_to(ROOT).as_posix()
                lines.append(
                    f"{d['code']} {file}:{d['start']['line']} {d['message']}"
                    + (f" [{d['accepted']}]" if "accepted" in d else "")
                )
    text = "\n".join(sorted(lines)) + "\n"
    if update:
        RECORDED.parent.mkdir(parents=True, exist_ok=True)
        RECORDED.write_text(text, encoding="utf-8")
    assert text == RECORDED.read_text(encoding="utf-8")


def test_the_hotline_budget_grew_while_its_targets_did_not() -> None:
    paths = [str(p) for p in EXAMPLES if "suzhou" in str(p)]
    found = json.loads(run("check", "--no-cache", "--format", "json", *paths).stdout)["diagnostics"]
    grown = [d["message"] for d in found if d["code"] == "L053"]
    assert len(grown) == 2
    assert "120万元" in grown[0] and "161.96万元" in grown[0] and "+35%" in grown[0]
    assert "1165.62万元" in grown[1] and "+42.7%" in grown[1] and "座席人员数量" in grown[1]


# ---- accepting


@pytest.mark.parametrize(
    "text",
    [
        VACUOUS.replace('次"', '次" accept L021 "理由"'),
        VACUOUS.replace("  a", '  accept L021 "理由"\n  a'),
        'accept L021 "理由"\n' + VACUOUS,
        VACUOUS.replace("  a", '  组 accept L021 "理由" {\n  a').replace("\n}", "\n}\n}"),
        VACUOUS.replace("  a", '  b full "≥1次"\n  组 { c full "≥1次" }\n  接受 L021 “理由”\n  a'),
    ],
    ids=["row", "object", "file", "group", "after a group"],
)
def test_a_finding_is_accepted_where_the_accept_reaches(text: str, folder: Path) -> None:
    (folder / "甲.perf").write_text(text, encoding="utf-8")
    assert codes("甲.perf") == [("L021", "理由")]
    assert run("fmt", "甲.perf").exit_code == 0
    assert codes("甲.perf") == [("L021", "理由")]


@pytest.mark.parametrize("where", ["row", "object", "file"])
def test_an_accept_that_accepts_nothing_is_an_error(where: str, folder: Path) -> None:
    text = {"row": 'project "甲" { a full "≥1次" accept L021 "x" }', "object": 'project "甲" { accept L021 "x"  a full "≥1次" }',
            "file": 'accept L021 "x"\nproject "甲" { a full "≥1次" }'}[where]  # fmt: skip
    (folder / "甲.perf").write_text(text, encoding="utf-8")
    assert codes("甲.perf") == [("R253", "")]


def test_what_only_another_run_can_find_is_never_idle(folder: Path) -> None:
    assert {"L053", "L062"} <= not_in_one_file()
    (folder / "甲.perf").write_text('accept L053 "x"\nproject "甲" { a full "≥1次" accept L062 "y" }', encoding="utf-8")
    assert codes("甲.perf") == []


@pytest.mark.parametrize(("name", "head"), [("perfdsl.toml", "[accept]"), ("pyproject.toml", "[tool.perfdsl.accept]")])
def test_settings_above_a_file_accept_for_it_and_are_part_of_what_is_remembered(
    name: str, head: str, folder: Path
) -> None:
    (folder / "下").mkdir()
    (folder / "下" / "甲.perf").write_text(VACUOUS, encoding="utf-8")
    assert codes("下/甲.perf") == [("L021", "")]
    (folder / name).write_text(f'{head}\nL021 = "惯例"\n', encoding="utf-8")
    assert codes("下/甲.perf") == [("L021", "惯例")] == codes("下/甲.perf")
    (folder / "下" / "perfdsl.toml").write_text("", encoding="utf-8")
    assert codes("下/甲.perf") == [("L021", "")]


def test_settings_do_not_accept_errors_of_meaning(folder: Path) -> None:
    (folder / "perfdsl.toml").write_text('[accept]\nR212 = "x"\n', encoding="utf-8")
    (folder / "甲.perf").write_text('project "甲" { a full 5件 }', encoding="utf-8")
    assert codes("甲.perf") == [("R212", "")]


@settings(max_examples=60, deadline=None)
@given(anything())
def test_no_settings_file_breaks_the_reader(text: str) -> None:
    for name in ("perfdsl.toml", "pyproject.toml"):
        made, found = read_settings(Source(name, text), ["L021"], ["cliff"])
        assert isinstance(made, Settings)
        assert all(0 <= d.span.start <= d.span.end <= len(text) for d in found)


def test_a_limit_is_exact() -> None:
    made, found = read_settings(Source("perfdsl.toml", '[limits]\na = "12.5%"\nb = 3\nc = 0.1\n'), [], ["a", "b", "c"])
    assert found == []
    assert dict(made.limits) == {"a": Fraction(1, 8), "b": Fraction(3), "c": Fraction(1, 10)}


# ---- scored


def test_accepting_on_a_row_holds_for_what_its_score_says(folder: Path) -> None:
    (folder / "甲.perf").write_text(
        'project "甲" {\n  a full "≥9次" accept L062 "已另文说明"\n  b full "≥9次"\n}\n', encoding="utf-8"
    )
    (folder / "值.csv").write_text("指标,实际值,证据\na,8,报表\nb,8,报表\n", encoding="utf-8")
    made = json.loads(run("score", "甲.perf", "--actuals", "值.csv", "--format", "json").stdout)
    assert [(d["code"], d.get("accepted", "")) for d in made["findings"]] == [("L062", "已另文说明"), ("L062", "")]
    assert run("compile", "甲.perf", "-o", "甲.json").exit_code == 0
    again = json.loads(run("score", "甲.json", "--actuals", "值.csv", "--format", "json").stdout)
    assert again["findings"] == made["findings"]


def test_scores_do_not_depend_on_lints() -> None:
    folder = ROOT / "examples" / "nanjing-2024"
    plans, _ = read_plans(str(next(folder.glob("*.perf"))))
    tables, _ = read_tables([str(folder / "actuals.csv")], plans or [])
    strict = Settings(limits=(("full_marks", Fraction(0)), ("rate_error", Fraction(0))))
    shared = [(plan, list(tables[0].rows)) for plan in plans or []]
    assert score_all(shared, "full", None, "")[0] == score_all(shared, "full", None, "", settings=strict)[0]


# ---- known findings


def test_known_findings_are_hidden_wherever_their_lines_move(folder: Path) -> None:
    (folder / "甲.perf").write_text(VACUOUS, encoding="utf-8")
    assert run("check", "甲.perf", "--write-baseline", "已知.json").exit_code == 0
    (folder / "甲.perf").write_text("# 注\n\n" + VACUOUS.replace("}", '  b full "≥0件"\n}'), encoding="utf-8")
    made = run("check", "甲.perf", "--baseline", "已知.json", "--format", "json")
    assert [d["message"] for d in json.loads(made.stdout)["diagnostics"]] == ["“b”的指标值“≥0件”怎么做都达得到"]
    assert "已知的问题1处" in made.stderr
    sarif = json.loads(run("check", "甲.perf", "--baseline", "已知.json", "--format", "sarif").stdout)
    assert len(sarif["runs"][0]["results"]) == 1


def test_a_known_error_no_longer_fails_and_a_second_one_does(folder: Path) -> None:
    (folder / "甲.perf").write_text('project "甲" { a full 5件 }', encoding="utf-8")
    assert run("check", "甲.perf").exit_code == 1
    assert run("check", "甲.perf", "--write-baseline", "已知.json").exit_code == 0
    assert run("check", "甲.perf", "--baseline", "已知.json").exit_code == 0
    (folder / "甲.perf").write_text('project "甲" { a full 5件 half 5件 }', encoding="utf-8")
    assert run("check", "甲.perf", "--baseline", "已知.json").exit_code == 1


def test_what_is_gone_is_said_and_a_bad_list_is_refused(folder: Path) -> None:
    (folder / "甲.perf").write_text(VACUOUS, encoding="utf-8")
    run("check", "甲.perf", "--write-baseline", "已知.json")
    (folder / "甲.perf").write_text(VACUOUS.replace("0", "3"), encoding="utf-8")
    assert "已经不在：L021 甲.perf 甲/a" in run("check", "甲.perf", "--baseline", "已知.json").stderr
    for text in ("", "{", "[]", '{"format": "perfdsl-baseline", "version": 1, "known": [{"code": 1}]}'):
        (folder / "坏.json").write_text(text, encoding="utf-8")
        assert run("check", "甲.perf", "--baseline", "坏.json").exit_code != 0


# ---- mending


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_mended_once_and_for_all(text: str, folder: Path) -> None:
    (folder / "甲.perf").write_text(text, encoding="utf-8")
    assert run("check", "甲.perf").exit_code == 1
    shown = run("check", "甲.perf", "--diff")
    assert (folder / "甲.perf").read_text("utf-8") == text
    assert shown.exit_code == 1 and "+++ 甲.perf" in shown.stdout
    assert run("check", "甲.perf", "--fix").exit_code == 0, run("check", "甲.perf").output
    mended = (folder / "甲.perf").read_text("utf-8")
    assert mended != text
    assert run("check", "甲.perf", "--diff").exit_code == 0
    assert run("check", "甲.perf", "--fix").exit_code == 0
    assert (folder / "甲.perf").read_text("utf-8") == mended


@settings(max_examples=60, deadline=None)
@given(anything())
def test_mending_never_makes_a_text_worse_and_ends(text: str) -> None:
    source = Source("x.perf", text)
    found = check(source, Library([str(ROOT)])).found
    made = mend(source, found)
    errors = [d for d in check(Source("x.perf", made.text), Library([str(ROOT)])).found if d.code[0] == "P"]
    assert len(errors) <= len([d for d in found if d.code[0] == "P"])
    assert bool(made.mended) == (made.text != text)


@pytest.mark.parametrize("path", [p for p in EXAMPLES if p.stem != "现行办法"], ids=lambda p: p.stem)
def test_a_file_without_errors_is_not_touched(path: Path, folder: Path) -> None:
    copy = folder / path.name
    shutil.copy(path, copy)
    checked_file = check(Source(path.name, path.read_text("utf-8")), Library([str(ROOT)]))
    assert not has_errors(d for d in checked_file.found if d.code[0] != "V")
    run("check", copy.name, "--fix")
    assert copy.read_bytes() == path.read_bytes()


# ---- several tables


YEARS = ('project "热线" {{\n  year 2023\n{0}}}\n', 'project "热线" {{\n  year 2024\n{0}}}\n')


@pytest.mark.parametrize(
    ("before", "now", "wanted"),
    [
        ('a full "≥90%"', 'a full "≥85%"', ["L061"]), ('a full "≥90%"', 'a full "≥90%"', []), ('a full "≤5天"', 'a full "≤6天"', ["L061"]),
        ('a full "≥90%"', 'a full "≥90件"', []), ('a full "≥9件"', 'b full "≥9件"', ["L067"]), ('a full "好"', 'b full "好"', []),
    ],
)  # fmt: skip
def test_this_year_is_held_against_last_year(before: str, now: str, wanted: list[str]) -> None:
    texts = [year.format(f"  {row}\n") for year, row in zip(YEARS, (before, now), strict=True)]
    read = [
        (understand(Source(f"{n}.perf", text), Library([str(ROOT)])).model, STANDARD) for n, text in enumerate(texts)
    ]
    assert [d.code for d in check_together(read)] == wanted
