"""Each format works with its own extra alone; where it is not installed, one sentence names what installs it.

Every extra is an environment of its own: a virtual one that holds perfdsl's dependencies and those of the extra, nothing else,
taken from where the tests run.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from click.testing import CliRunner
from made import HEADER, docx, p, pdf, tbl, tc, tr, xlsx

from perfdsl.cli.main import perfdsl

Requirement = pytest.importorskip("packaging.requirements").Requirement
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the environments are made of links")

TOP = Path(__file__).parent.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = ("", "excel", "word", "pdf", "html", "import")
RULES = 'use 财预2020_10号\nproject "甲" { 次数 full "≥4次" points 100 by 比例得分 }\n'
ROWS = [["一级指标", "二级指标", *HEADER, "分值"], ["产出指标", "数量指标", "座席资源个数", "≤52席", "100"]]


class Job(NamedTuple):
    """A command, the file it makes, and the extra it needs."""

    words: str
    made: str
    needs: str


JOBS = [
    *(Job(f"export 规则.perf --form central -o 表{suffix}", f"表{suffix}", needs)
      for suffix, needs in ((".xlsx", "excel"), (".docx", "word"), (".pdf", "pdf"), (".html", ""), (".md", ""))),
    *(Job(f"score 规则.perf --actuals 数.csv -o 果{suffix}", f"果{suffix}", needs)
      for suffix, needs in ((".xlsx", "excel"), (".docx", "word"), (".pdf", "pdf"), (".html", "html"), (".md", ""), (".txt", ""), (".json", ""))),
    *(Job(f"report 规则.perf --actuals 数.csv -o 告{suffix}", f"告{suffix}", needs)
      for suffix, needs in ((".docx", "word"), (".pdf", "pdf"), (".html", ""))),
    Job("template 规则.perf -o 填.xlsx", "填.xlsx", "excel"),
    Job("collect 收 -o 汇.csv", "汇.csv", "excel"), Job("collect 填好.csv -o 汇.xlsx", "汇.xlsx", "excel"),
    Job("monitor 规则.perf --actuals 数.csv --period full -o 监.json", "监.json", ""),
    Job("score 规则.perf --actuals 数.xlsx -o 果.json", "果.json", "excel"),
    Job("monitor 规则.perf --actuals 数.xlsx --period full -o 监.json", "监.json", "excel"),
    *(Job(f"import 标{suffix} -o 出", "出", needs) for suffix, needs in (
        (".xlsx", "excel"), (".docx", ""), (".html", "import"), (".pdf", "import"), (".csv", ""), (".txt", ""))),
]  # fmt: skip
BRINGS = {"import": {"import", "excel"}}  # what an extra has besides itself


def wanted(requirements: list[str], extra: str) -> dict[str, Distribution]:
    """The distributions of some requirements and all they need."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(text) for text in requirements]
    while waiting:
        one = waiting.pop()
        if one.name == "perfdsl":
            waiting += [Requirement(text) for name in one.extras for text in PROJECT["optional-dependencies"][name]]
        elif one.name not in found and (one.marker is None or one.marker.evaluate({"extra": ""})):
            try:
                found[one.name] = distribution(one.name)
            except PackageNotFoundError:
                pytest.skip(f"{one.name} is not installed: pip install 'perfdsl[{extra}]'")
            waiting += [Requirement(text) for text in found[one.name].requires or ()]
    return found


@pytest.fixture(scope="module", params=EXTRAS, ids=lambda extra: extra or "nothing")
def alone(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """An extra, and a Python that has it and nothing more."""
    extra = request.param
    top = tmp_path_factory.mktemp("环境")
    venv.create(top, with_pip=False, symlinks=True)
    (site,) = top.glob("lib/python*/site-packages")
    listed = [*PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] if extra else ())]
    for one in wanted(listed, extra).values():
        for name in {path.parts[0] for path in one.files or ()} - {"..", "__pycache__"}:
            link = site / name
            if not link.exists():
                link.symlink_to(Path(str(one.locate_file(name))))
    return extra, top / "bin" / "python"


def sheet_to_fill(folder: Path) -> tuple[bytes, bytes]:
    """A filled sheet as a workbook, and as it is when saved as text."""
    path = folder / "甲.xlsx"
    (folder / "规则.perf").write_text(RULES, encoding="utf-8")
    made = CliRunner().invoke(perfdsl, ["template", str(folder / "规则.perf"), "-o", str(path)])
    assert made.exit_code == 0, made.output
    book = openpyxl.load_workbook(path)
    sheet = book["填报"]
    sheet.cell(4, {cell.value: cell.column for cell in sheet[3]}["实际值"]).value = 4
    book.save(path)
    text = io.StringIO()
    csv.writer(text).writerows([cell or "" for cell in row] for row in sheet.iter_rows(values_only=True))
    return path.read_bytes(), text.getvalue().encode()


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    def fill(book) -> None:  # type: ignore[no-untyped-def]
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)

    def actuals(book) -> None:  # type: ignore[no-untyped-def]
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["指标", "实际值", "对象"])
        sheet.write_row(1, 0, ["次数", "4次", "甲"])

    filled = sheet_to_fill(tmp_path_factory.mktemp("填"))
    page = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in ROWS)
    return {
        "规则.perf": RULES.encode(), "数.csv": "指标,实际值,对象\n次数,4次,甲\n".encode(), "数.xlsx": xlsx(fill=actuals),
        "收/甲.xlsx": filled[0], "填好.csv": filled[1], "标.xlsx": xlsx(fill=fill), "标.docx": docx(p("目标表") + tbl(*(tr(*map(tc, row)) for row in ROWS))),
        "标.html": f"<meta charset=utf-8><table>{page}</table>".encode(), "标.pdf": pdf(["目标表", ROWS]),
        "标.csv": "\n".join(",".join(row) for row in ROWS).encode(), "标.txt": "\n".join("\t".join(row) for row in ROWS).encode(),
    }  # fmt: skip


RUN_THEM = """
import json, os, sys
from pathlib import Path
from click.testing import CliRunner
from perfdsl.cli.main import perfdsl

told = []
for folder, words in json.load(sys.stdin):
    os.chdir(folder)
    made = CliRunner().invoke(perfdsl, words)
    told.append((made.exit_code, made.output, "" if isinstance(made.exception, (SystemExit, type(None))) else repr(made.exception)))
json.dump(told, sys.stdout)
"""


def test_every_format_works_with_its_extra_alone(
    alone: tuple[str, Path], given: dict[str, bytes], tmp_path: Path
) -> None:
    """All jobs in one process of the environment, each in a folder of its own."""
    extra, python = alone
    folders = [tmp_path / str(number) for number, _ in enumerate(JOBS)]
    for folder in folders:
        (folder / "收").mkdir(parents=True)
        for name, data in given.items():
            (folder / name).write_bytes(data)
    env = os.environ | {
        "PYTHONPATH": str(TOP),
        "PERFDSL_CACHE": str(tmp_path / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    asked = [(str(folder), job.words.split()) for folder, job in zip(folders, JOBS, strict=True)]
    made = subprocess.run([str(python), "-c", RUN_THEM], env=env, input=json.dumps(asked), capture_output=True, text=True, check=True)  # fmt: skip
    for job, folder, (code, said, raised) in zip(JOBS, folders, json.loads(made.stdout), strict=True):
        assert not raised, (job, raised)
        if job.needs in {"", extra, *BRINGS.get(extra, ())}:
            assert code == 0, (job, said)
            assert (folder / job.made).exists(), job
            continue
        assert code in (1, 2) and not (folder / job.made).exists(), (job, said)
        assert re.findall(r'pip install "perfdsl\[(\w+)\]"', said) == [job.needs], (job, said)


def test_every_extra_that_is_a_format_is_tried() -> None:
    assert {*PROJECT["optional-dependencies"]} - {"testing", "office", "z3", "batch", "duckdb", "polars", "spark"} == {
        *EXTRAS
    } - {""}
    assert {job.needs for job in JOBS} == {*EXTRAS}
