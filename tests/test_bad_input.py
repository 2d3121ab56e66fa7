"""Bad input gets a diagnostic with a place and exit code 1 or 2: no traceback, no hang, no damaged file, bounded work."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from test_diagnostics import Files

from perfdsl.cli.main import perfdsl
from perfdsl.pipeline import check
from perfdsl.plan_json import BadPlan, loads
from perfdsl.text import Source

HEAD = 'project "甲" {\n  year 2024\n'
GOOD = HEAD + '  total 1\n  组 points 1 { 数量 full "≥10个" points 1 by { met -> 100%  otherwise -> completion } }\n}\n'
TABLE = "指标,实际值\n数量,10个\n"
PLACE = r"-->"


def run(*args: str, data: bytes = b"") -> Result:
    return CliRunner().invoke(perfdsl, list(args), input=data)


def wrong(result: Result, *, code: tuple[int, ...] = (1, 2), place: bool = False) -> None:
    """It failed the way a user's mistake fails."""
    assert (
        result.exception is None or isinstance(result.exception, SystemExit) or hasattr(result.exception, "exit_code")
    )
    assert "Traceback" not in result.output
    assert result.exit_code in code, result.output[:500]
    assert not place or PLACE in result.output, result.output[:500]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PERFDSL_LANG", "zh")
    (tmp_path / "规则.perf").write_text(GOOD, encoding="utf-8")
    (tmp_path / "值.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


# ---- rules that are wrong


def node(formula: str) -> str:
    return f'{HEAD}  数 full "≥1" unit "个"\n  算 = {formula}\n}}\n'


def rows(make: Callable[[int], str], count: int, more: str = "") -> str:
    return HEAD + "".join(f"  {make(i)}\n" for i in range(count)) + more + "}\n"


RULES: dict[str, str | bytes] = {
    "empty": "", "white space": " \n\t\n", "comment": "# 以后写\n", "no project": "以后写\n",
    "utf-16 without mark": GOOD.encode("utf-16-le"), "utf-32": GOOD.encode("utf-32"), "latin-1": 'project "é" { année 3 }'.encode("latin-1"),
    "bytes": bytes(range(256)) * 20, "cut utf-8": GOOD.encode()[:-3] + b"\xe4\xbd", "surrogate": GOOD.encode() + b"\xed\xa0\x80",
    "nul": b"\0" * 5000, "open text": 'project "甲\n{ 数 points 1 }', "open long text": 'project """甲\n{ 数 points 1 }',
    "open chinese text": "project “甲 {", "many quotes": '"' * 200_001, "million open": "“" * 300_000,
    "long line": HEAD + "数 " + "points " * 30_000, "junk": "@ " * 30_000, "backslashes": '"' + "\\" * 300_000,
    "200,000 digits": f"{HEAD} total {'9' * 200_000} }}", "full-width digits": f"{HEAD} total {'９' * 200_000} }}",
    "huge exponent": f"{HEAD} total 1e999999999 }}", "digits in a target": f'{HEAD} 数 full "≥{"9" * 200_000}个" points 1 }}',
    "year": f"{HEAD} year 99999 }}", "brackets": node("(" * 10_000 + "1" + ")" * 10_000),
    "braces": HEAD + "甲 {" * 10_000 + "}" * 10_001, "full-width": HEAD + "甲 ｛" * 10_000, "square": HEAD + "甲 [" * 1_000,
    "not": f"{HEAD} 甲 applies {'not ' * 10_000} 1 }}", "minus": node("- " * 10_000 + "1"), "sum": node("1" + " + 1" * 10_000),
    "calls": node("max(1, " * 10_000 + "1" + ")" * 10_000), "cases": node("{ 1 = 1 -> " * 10_000),
    "doubling": node("abs(" * 60 + "数" + ")" * 60), "tripling": node("interpolate(" * 30 + "数" + ", 0: 0, 1: 1, 2: 2)" * 30),
    "long quotient": f'{HEAD} 数 full "≥1" unit "个" values 1 .. 2\n 算 = 1{" / 数" * 390} }}',
    "many cases": node("{" + "".join(f"数 >= {i}个 -> {i}\n" for i in range(2_000, 0, -1)) + "otherwise -> 0 }"),
    "zero": node("1 / 0"), "computed zero": node("1 / (2 - 2)"), "perhaps zero": node("1 / 数"),
    "itself": node("算 + 1"), "circle": rows(lambda i: f"甲{i} = 甲{(i + 1) % 3000} + 1", 3000),
    "circles": rows(lambda i: f"甲{i} = 甲{i + 1} + 甲0", 2000, "甲2000 = 甲0\n"),
    "circle of scores": rows(lambda i: f'甲{i} full "1个" points 1 by {{ score(甲{1 - i}) > 0 -> 1  otherwise -> 0 }}', 2),
    "same rows": rows(lambda _: '甲 full "1个"', 1000), "same objects": 'project "甲" { year 2024 }\n' * 1000,
    "same rubrics": "rubric 甲 { met -> 100%  otherwise -> 0 }\n" * 1000, "same words": "scale 甲 { " + "词 -> 50%; " * 1000 + "}",
    "unknown names": rows(lambda i: f"甲{i} = 没有{i}", 600), "unknown rubric": rows(lambda i: f'甲{i} full "1个" points 1 by 没{i}', 500),
    "count of counts": rows(lambda i: f"数目{i} = count(met, 组)", 150, "组 {" + "".join(f'数{i} full "1个"\n' for i in range(900)) + "}"),
    "unknown clause": rows(lambda i: f'甲{i} full "1个" pionts 1', 500),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_wrong_rules_are_reported_with_a_place(name: str, folder: Path) -> None:
    text = RULES[name]
    data = text if isinstance(text, bytes) else text.encode()
    (folder / "坏.perf").write_bytes(data)
    code = (2,) if name in NO_TEXT else (1,)
    wrong(run("check", "--no-cache", "坏.perf"), code=code, place=True)
    wrong(run("compile", "坏.perf", "-o", "out.json"), code=code)
    wrong(run("score", "坏.perf", "--actuals", "值.csv", "-o", "out.json"), code=code)
    assert not (folder / "out.json").exists()
    assert run("fmt", "坏.perf").exit_code in (0, 1)
    wrong(run("check", "-", data=data), code=code)


NO_TEXT = ("latin-1", "bytes", "cut utf-8", "surrogate")
FINE: dict[str, bytes] = {
    "gb18030": GOOD.encode("gb18030"), "mark": b"\xef\xbb\xbf" + GOOD.encode(), "utf-16": GOOD.encode("utf-16"),
    "crlf": GOOD.replace("\n", "\r\n").encode(), "cr": GOOD.replace("\n", "\r").encode(),
    "many points": node("interpolate(数, " + ", ".join(f"{i}: {i}" for i in range(3000)) + ")").encode(),
    "long chain": rows(lambda i: f"甲{i} = 甲{i + 1} * 1", 3_000, '甲3000 full "1" unit "个"').encode(),
    "long comment": ("# " + "注" * 1_000_000 + "\n" + GOOD).encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", FINE)
def test_what_is_odd_but_right_is_read(name: str, folder: Path) -> None:
    (folder / "怪.perf").write_bytes(FINE[name])
    result = run("check", "--no-cache", "怪.perf")
    assert result.exit_code == 0, result.output[:500]
    assert ("GB18030" in result.output) == (name == "gb18030")
    assert run("compile", "怪.perf", "-o", "out.json").exit_code == 0
    assert run("score", "out.json", "--actuals", "值.csv").exit_code in (0, 1)


def test_a_number_that_squares_itself_is_stopped(folder: Path) -> None:
    (folder / "平方.perf").write_text(
        rows(lambda i: f"甲{i + 1} = 甲{i} * 甲{i}", 60, "甲0 = 7 * 7\n"), encoding="utf-8"
    )
    (folder / "无.csv").write_text("指标,实际值\n", encoding="utf-8")
    result = run("score", "平方.perf", "--actuals", "无.csv")
    wrong(result, code=(1,))
    assert "E130" in result.output


# ---- use


@pytest.mark.parametrize("use", [
    "../x.perf", "/etc/passwd", "http://x.y/z.perf", "./坏链.perf", "./夹", "./没有.perf", "./圈.perf", "./a\0b.perf", "./.",
    "./" + "长" * 5000 + ".perf", "./自己.perf", "./字节.perf", "./规则.perf/x", "..\\x.perf", "",
])  # fmt: skip
def test_a_use_that_leads_nowhere_is_reported(use: str, folder: Path) -> None:
    (folder / "夹").mkdir()
    (folder / "坏链.perf").symlink_to("/etc/passwd")
    (folder / "圈.perf").symlink_to("圈.perf")
    (folder / "字节.perf").write_bytes(bytes(range(128, 256)))
    (folder / "自己.perf").write_text(f'use "{use}"\n{GOOD}', encoding="utf-8")
    wrong(run("check", "--no-cache", "自己.perf"), code=(1,), place=True)


def test_a_circle_and_a_long_chain_of_uses(folder: Path) -> None:
    for i in range(1500):
        (folder / f"链{i}.perf").write_text(f'use "./链{i + 1}.perf"\n', encoding="utf-8")
    last = folder / "链1500.perf"
    last.write_text("rubric 某 { met -> 100%  otherwise -> 0 }\n", encoding="utf-8")
    assert run("check", "--no-cache", "链0.perf").exit_code == 0
    last.write_text('use "./链0.perf"\n', encoding="utf-8")
    result = run("check", "--no-cache", "链0.perf")
    wrong(result, code=(1,), place=True)
    assert "R201" in result.output


# ---- actual values

NUMBERS = [
    "1e999999999",
    "9" * 200_000,
    "1/0",
    "=1+1",
    "∞",
    "NaN",
    "٣个",
    "0." + "1" * 200_000,
    "#DIV/0!",
    "(" * 10_000,
]
DATA: dict[str, bytes] = {
    "empty.csv": b"", "blank.csv": b" \n\n", "unknown.csv": (TABLE + "没有,3\n").encode(), "twice.csv": (TABLE + "数量,9个\n").encode(),
    "ragged.csv": "指标,实际值\n数量,10个,x,y\n".encode(), "open.csv": '指标,实际值\n"数量,10个\n'.encode(),
    "bytes.csv": bytes(range(1, 256)) * 9, "headless.csv": "数,1\n".encode(), "quotes.csv": b'"' * 500_001, "commas.csv": b"," * 50_000,
    "empty.json": b"", "cut.json": b"[", "deep.json": b"[" * 100_000, "deep2.json": b'{"a":' * 100_000, "list.json": b"[1, 2]",
    "twice.json": '{"数量": "10个", "数量": "9个"}'.encode(), "nan.json": '{"数量": NaN}'.encode(), "exp.json": '{"数量": 1e999999999}'.encode(),
    "digits.json": ('{"数量": ' + "9" * 200_000 + "}").encode(), "odd.json": b"{'a': 1}", "unknown.json": b'{"x": 1}',
    "csv.xlsx": TABLE.encode(), "empty.xlsx": b"", "cut.xlsx": b"PK\x03\x04" + b"\0" * 50, "ole.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9,
    **{f"number{i}.csv": f"指标,实际值\n数量,{text}\n".encode() for i, text in enumerate(NUMBERS)},
}  # fmt: skip


NO_TABLE = ("bytes.csv", "csv.xlsx", "empty.xlsx", "cut.xlsx", "ole.xls")


@pytest.mark.parametrize("name", DATA)
def test_wrong_actuals_are_reported_with_a_place(name: str, folder: Path) -> None:
    (folder / name).write_bytes(DATA[name])
    wrong(
        run("score", "规则.perf", "--actuals", name, "-o", "out.json", "--color", "never"),
        code=(2,) if name in NO_TABLE else (1,),
    )
    assert (folder / name).read_bytes() == DATA[name]


def _zip(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">'.encode() for i in range(12)) + b"]><l>&m;</l>"  # fmt: skip
BOOKS: dict[str, dict[str, bytes]] = {
    "bomb": {"xl/workbook.xml": b"<a>" + b" " * (600 << 20) + b"</a>"}, "laughs": {"xl/workbook.xml": LAUGHS},
    "stray": {"a.txt": b"x"}, "not xml": {"xl/workbook.xml": b"\0\1"}, "deep": {"xl/workbook.xml": b"<a>" * 100_000},
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_a_hostile_workbook_is_refused(name: str, folder: Path) -> None:
    (folder / "值.xlsx").write_bytes(_zip(BOOKS[name]))
    wrong(run("score", "规则.perf", "--actuals", "值.xlsx"), code=(2,), place=True)


@pytest.mark.parametrize("day", ["2024-02-30", "0000-01-01", "99999-01-01", "2024-13-01", "x", ""])
def test_a_day_that_is_none(day: str, folder: Path) -> None:
    wrong(run("score", "规则.perf", "--actuals", "值.csv", "--as-of", day), code=(2,))


# ---- plans


def _plan(folder: Path) -> dict[str, object]:
    made: dict[str, object] = json.loads(run("compile", str(folder / "规则.perf")).stdout)
    return made


EVIL: list[object] = [
    None, True, -1, 10**9, 10**30, 1.5, "x", "1e999999999", "9" * 5000, "1/0", [], [[]], {}, {"num": 1}, {"num": "1e9"}, {"min": []},
    {"ref": "score:"}, {"round": [{"num": "1"}, -(10**9)]}, {"x": 1}, {"num": "1", "text": "a"},
]  # fmt: skip


def test_any_wrong_value_anywhere_in_a_plan_is_refused_or_scored(folder: Path) -> None:
    from perfdsl.cli.score import score_all, shared_out

    plan = _plan(folder)
    tried = refused = 0
    for path in _paths(plan):
        for evil in EVIL[tried % 3 :: 3]:
            tried += 1
            changed = json.loads(json.dumps(plan))
            _put(changed, path, evil)
            try:
                plans = loads(json.dumps(changed))
            except BadPlan:
                refused += 1
                continue
            score_all(shared_out(list(plans), (), []), "full", None, "")
    assert refused > tried // 2


def _paths(data: object, above: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    below = [path for key, value in inside for path in _paths(value, (*above, key))]
    return [above, *below] if above else below


def _put(data: object, path: tuple[object, ...], value: object) -> None:
    for key in path[:-1]:
        data = data[key]  # type: ignore[index]
    data[path[-1]] = value  # type: ignore[index]


@pytest.mark.parametrize("text", [
    "", "{}", "null", "[1]", "[" * 100_000, '{"format": "perfdsl-plan", "version": 2}', '{"format": 1, "format": 2}', "\ufeff", "{'a'}",
    '{"format": "perfdsl-plan", "version": 1}', "9" * 100_000, "1e999999999", "NaN",
])  # fmt: skip
def test_what_is_no_plan_is_refused(text: str, folder: Path) -> None:
    (folder / "plan.json").write_text(text, encoding="utf-8")
    wrong(run("score", "plan.json", "--actuals", "值.csv"), code=(2,))


def test_a_deep_plan_is_refused(folder: Path) -> None:
    plan = _plan(folder)
    deep: object = {"num": "1"}
    for _ in range(450):
        deep = {"not": deep}
    plan["ceilings"] = [{"when": deep, "text": "", "grade": "", "total": None, "line": 1}]
    with pytest.raises(BadPlan, match="deep"):
        loads(json.dumps(plan))


# ---- files that are none, and outputs that cannot be


@pytest.mark.parametrize(
    "name",
    ["夹", "没有.perf", "规则.perf/x", "x" * 300 + ".perf", "圈.perf", "管道.perf", "/dev/null", "/dev/zero", ""],
)
def test_what_is_not_a_file_is_refused(name: str, folder: Path) -> None:
    (folder / "夹").mkdir()
    (folder / "圈.perf").symlink_to("圈.perf")
    os.mkfifo(folder / "管道.perf")
    for command in (["check", name], ["compile", name], ["test", name], ["score", name, "--actuals", "值.csv"],
                    ["score", "规则.perf", "--actuals", name]):  # fmt: skip
        wrong(run(*command))


@pytest.mark.parametrize("output", ["无/o.json", "夹.json", "/proc/o.json", "x" * 300 + ".json", "o.xyz", "o", "值.json", "./值.json",
                                    "软.json", "硬.json"])  # fmt: skip
def test_an_output_that_cannot_be_leaves_everything_as_it_was(output: str, folder: Path) -> None:
    (folder / "夹.json").mkdir()
    (folder / "值.json").write_text('{"数量": "10个"}', encoding="utf-8")
    (folder / "软.json").symlink_to("值.json")
    os.link(folder / "值.json", folder / "硬.json")
    before = sorted(folder.rglob("*"))
    wrong(run("score", "规则.perf", "--actuals", "值.json", "-o", output), code=(2,))
    assert sorted(folder.rglob("*")) == before
    assert (folder / "值.json").read_text(encoding="utf-8") == '{"数量": "10个"}'


def test_a_result_is_never_written_over_a_used_file(folder: Path) -> None:
    used = folder / "用.perf"
    used.write_text("rubric 某 { met -> 100%  otherwise -> 0 }\n", encoding="utf-8")
    (folder / "主.perf").write_text('use "./用.perf"\n' + GOOD, encoding="utf-8")
    wrong(run("compile", "主.perf", "-o", "用.perf"), code=(2,))
    assert used.read_text(encoding="utf-8").startswith("rubric")


def test_a_link_stays_a_link_and_a_device_a_device(folder: Path) -> None:
    (folder / "链.json").symlink_to("真.json")
    assert run("compile", "规则.perf", "-o", "链.json").exit_code == 0
    assert (folder / "链.json").is_symlink() and (folder / "真.json").exists()
    assert run("compile", "规则.perf", "-o", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()
    wrong(run("compile", "规则.perf", "-o", "/dev/full"), code=(2,))


@pytest.mark.parametrize("name", ["无.csv", "../值.csv", "夹", "a\0b.csv"])
def test_a_table_of_a_test_that_cannot_be_read_fails_that_test(name: str, folder: Path) -> None:
    (folder / "夹").mkdir()
    text = GOOD.replace(
        "}\n}\n",
        f'}}\ntest "甲" {{ given actuals "{name}"  expect total 1 }}\ntest "乙" {{ given 数量 10个  expect total 1 }}\n}}\n',
    )
    (folder / "试.perf").write_text(text, encoding="utf-8")
    result = run("test", "试.perf", "--junit", "j.xml")
    wrong(result, code=(1,))
    assert "2个测试，1个通过" in result.output


# ---- the process: encodings, pipes, names


def process(folder: Path, *args: str, shell: str = "", **env: str) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, "-m", "perfdsl", *args]
    command = ["/bin/sh", "-c", f'exec "$@" {shell}', "sh", *words] if shell else words
    root = str(Path(__file__).parent.parent)
    return subprocess.run(
        command, capture_output=True, cwd=folder, env={**os.environ, "PYTHONPATH": root, **env}, timeout=60, check=False
    )


BROKEN = 'project "甲" { 数 points }\n'


@pytest.mark.parametrize("env", [{"PYTHONIOENCODING": "ascii"}, {"LANG": "C", "LC_ALL": "C"}, {"COLUMNS": "1"}, {"COLUMNS": "500"},
                                 {"NO_COLOR": "1"}])  # fmt: skip
def test_any_terminal_will_do(env: dict[str, str], folder: Path) -> None:
    (folder / "坏.perf").write_text(BROKEN, encoding="utf-8")
    done = process(folder, "check", "坏.perf", **env)
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert process(folder, "score", "规则.perf", "--actuals", "值.csv", "-v", **env).returncode == 0


@pytest.mark.parametrize("shell, code", [("| head -c 1", 0), (">&-", 1), ("<&-", 1), ("2>&-", 1), (">/dev/full", 2)])
def test_closed_and_full_streams(shell: str, code: int, folder: Path) -> None:
    (folder / "坏.perf").write_text(BROKEN, encoding="utf-8")
    done = process(folder, "check", "坏.perf", shell=shell)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr


@pytest.mark.parametrize("name", ["a\nb.perf", "a\x1b[31m.perf", "a\udce4.perf", "长" * 80 + ".perf"])
def test_any_file_name(name: str, folder: Path) -> None:
    (folder / name).write_text(BROKEN, encoding="utf-8")
    for style in ("text", "json", "sarif"):
        done = process(folder, "check", "--format", style, name)
        assert (done.returncode, b"Traceback" in done.stderr, b"\x1b" in done.stdout) == (1, False, False)


def test_standard_input_can_be_read_only_once(folder: Path) -> None:
    wrong(run("score", "-", "--actuals", "-", data=GOOD.encode()), code=(2,))


# ---- the work grows with the input, not with its square


def calls(work: Callable[[], object]) -> int:
    """How many calls of functions ``work`` makes, those into C included."""
    count = 0

    def seen(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


GROWING: dict[str, Callable[[int], str]] = {
    "rows": lambda n: rows(lambda i: f'甲{i} full "≥{i}个"', n),
    "same rows": lambda n: rows(lambda _: '甲 full "1个"', n),
    "same rows in groups": lambda n: rows(lambda i: f'组{i} {{ 甲 full "1个" }}', n) + "",
    "chain": lambda n: rows(lambda i: f"甲{i} = 甲{i + 1} * 1", n, f'甲{n} full "1" unit "个"'),
    "chain backwards": lambda n: rows(lambda i: f"甲{n - i} = 甲{n - i - 1} * 1", n, '甲0 full "1" unit "个"'),
    "circle": lambda n: rows(lambda i: f"甲{i} = 甲{(i + 1) % n} * 1", n),
    "circles": lambda n: rows(lambda i: f"甲{i} = 甲{i + 1} + 甲0", n, f"甲{n} = 甲0\n"),
    "unknown names": lambda n: rows(lambda i: f"甲{i} = 没有{i}", 2 * n),
    "broken lines": lambda n: rows(lambda i: f"甲{i} points points", n),
    "one broken line": lambda n: HEAD + "@ points " * n,
    "count": lambda n: rows(lambda i: f'数{i} full "1个"', n, "数目 = count(met, 总)\n总 {" + "".join(f'丙{i} full "1个"\n' for i in range(n)) + "}"),
    "points of a curve": lambda n: node("interpolate(数, " + ", ".join(f"{i}: {i}" for i in range(n)) + ")"),
    "cases": lambda n: node("0") + "rubric 某 {" + "".join(f">= {i} -> {i}\n" for i in range(n, 0, -1)) + "otherwise -> 0 }",
    "words of a scale": lambda n: "scale 某 {" + "".join(f"词{i} -> {i * 100 / n:.3f}%; " for i in range(n, 0, -1)) + "}",
    "quotes": lambda n: '"' * n,
    "waivers": lambda n: rows(lambda i: f'甲{i} full "≥{i}个" accept V101 "旧"', n),
    "objects": lambda n: "".join(f'project "甲{i}" {{ year 2024 }}\n' for i in range(n)),
}  # fmt: skip


@pytest.mark.parametrize("name", GROWING)
def test_twice_the_rules_are_about_twice_the_work(name: str) -> None:
    make = GROWING[name]
    check(Source("热身.perf", make(20)), Files([]))
    small, large = (calls(lambda n=n: check(Source("规则.perf", make(n)), Files([]))) for n in (300, 600))  # type: ignore[misc]
    assert large < 2.4 * small, (small, large)


TABLES: dict[str, Callable[[int], str]] = {
    "objects": lambda n: "对象,指标,实际值\n" + "".join(f"对象{i},数量,10个\n" for i in range(n)),
    "same row": lambda n: "指标,实际值\n" + "数量,10个\n" * n,
    "unknown rows": lambda n: "指标,实际值\n" + "".join(f"没有{i},10个\n" for i in range(n)),
    "columns": lambda n: "指标,实际值" + "".join(f",列{i}" for i in range(n)) + "\n数量,10个\n",
    "wide": lambda n: "对象,数量\n" + "".join(f"对象{i},10个\n" for i in range(n)),
    "separators": lambda n: "," * n,
    "quotes": lambda n: '"' * n + "\n指标,实际值\n数量,10个\n",
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_twice_the_actuals_are_about_twice_the_work(name: str, folder: Path) -> None:
    from perfdsl.cli.score import read_plans, read_tables, score_all, shared_out

    plans, _ = read_plans(str(folder / "规则.perf"))
    assert plans is not None

    def work(n: int) -> None:
        (folder / "表.csv").write_text(TABLES[name](n), encoding="utf-8")
        tables, _ = read_tables(["表.csv"], plans)
        score_all(shared_out(plans, tables[0].rows, []), "full", None, "")

    work(20)
    small, large = calls(lambda: work(300)), calls(lambda: work(600))
    assert large < 2.4 * small, (small, large)
