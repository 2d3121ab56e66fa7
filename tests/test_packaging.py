"""A wheel, an sdist and the checkout all find the grammar, the rulesets and the pages."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
RULES = 'use 财预2020_10号\nproject "甲" { 次数 full "≥4次" points 6 by 比例得分 }\n'


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a freshly built sdist, and of the wheel built from it."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("dist")
    made = subprocess.run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(TOP)],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert made.returncode == 0, made.stderr[-2000:]
    return out


def works_from(folder: Path, tmp_path: Path) -> None:
    """``python -m perfdsl`` from ``folder`` and nothing of the checkout; the web report finds its templates."""
    pytest.importorskip("jinja2")
    rules = tmp_path / "a.perf"
    rules.write_text(RULES, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(folder), "PERFDSL_CACHE": str(tmp_path / "cache")}
    for words in (["check", str(rules)], ["explain", "V101"], ["explain", "比例得分"], ["new", str(tmp_path / "new")],
                  ["check", str(tmp_path / "new")]):  # fmt: skip
        made = subprocess.run([sys.executable, "-m", "perfdsl", *words], capture_output=True, text=True, check=False, env=env,
                              cwd=tmp_path)  # fmt: skip
        assert made.returncode == 0, (words, made.stdout, made.stderr)
    new, page = tmp_path / "new", tmp_path / "报告.html"
    made = subprocess.run([sys.executable, "-m", "perfdsl", "score", str(new / "规则.perf"), "--actuals", str(new / "完成值.csv"), "-o", str(page)],
                          capture_output=True, text=True, check=False, env=env, cwd=tmp_path)  # fmt: skip
    assert page.read_bytes().startswith(b"<!DOCTYPE html>"), made.stderr
    where = subprocess.run([sys.executable, "-c", "import perfdsl; print(perfdsl.__file__)"], capture_output=True, text=True,
                           check=True, env=env, cwd=tmp_path)  # fmt: skip
    assert where.stdout.startswith(str(folder))


def test_wheel_works_by_itself(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "wheel")
    works_from(tmp_path / "wheel", tmp_path)
    (entries,) = (tmp_path / "wheel").glob("*.dist-info/entry_points.txt")
    assert "[pytest11]\nperfdsl = perfdsl.pytest_plugin\n" in entries.read_text(encoding="utf-8")


def test_sdist_works_by_itself(built: Path, tmp_path: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "sdist", filter="data")
    (top,) = (tmp_path / "sdist").iterdir()
    works_from(top, tmp_path)
    assert {"examples", "tests", "docs", "grammar", "rulesets", "LICENSE", "Makefile"} <= {
        p.name for p in top.iterdir()
    }


def test_checkout_works(tmp_path: Path) -> None:
    works_from(TOP, tmp_path)
