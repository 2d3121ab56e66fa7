"""What a command loads: modules are counted, not seconds, so the answer is the same on every machine."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NANJING = ROOT / "examples" / "nanjing-2024"
RULES, DATA = NANJING / "热线服务中心.perf", NANJING / "actuals.csv"
HEAVY = {"lark", "python_calamine", "openpyxl", "hypothesis", "asyncio", "unittest", "xml", "http", "email", "sqlite3"}
LIBRARIES = {"numpy", "pyarrow", "polars", "pandas", "duckdb"}
COMPILER = {"perfdsl.lex", "perfdsl.parse", "perfdsl.resolve", "perfdsl.prove"}


def loaded(*command: str, cache: Path) -> set[str]:
    """The modules ``python -X importtime`` reports, those of a bare Python left out."""
    return imported(*command, cache=cache) - imported("-c", "pass", cache=cache)


def imported(*command: str, cache: Path) -> set[str]:
    env = {"PERFDSL_CACHE": str(cache), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *command], env=env, capture_output=True, timeout=120, check=True
    )
    lines = done.stderr.decode().splitlines()
    return {line.rsplit("|", 1)[1].strip() for line in lines if line.startswith("import time:")}


def tops(modules: set[str]) -> set[str]:
    return {name.split(".")[0] for name in modules}


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.split(".")[0] == "perfdsl"}


@pytest.fixture
def warm(tmp_path: Path) -> Path:
    """A cache that holds the tables of both grammars."""
    imported("-m", "perfdsl", "check", "--no-cache", str(RULES), cache=tmp_path)
    return tmp_path


def test_importing_the_package_loads_nothing_else(tmp_path: Path) -> None:
    assert loaded("-c", "import perfdsl", cache=tmp_path) == {"perfdsl"}


def test_the_api_scores_a_compiled_plan_without_the_compiler_and_without_libraries(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    loaded("-m", "perfdsl", "compile", str(RULES), "-o", str(plan), cache=tmp_path)
    for call in ("score({'预算编制科学规范': '95%'})", "scorer(['预算编制科学规范'])({'预算编制科学规范': '95%'})"):
        modules = loaded("-c", f"import perfdsl; perfdsl.load({str(plan)!r}).{call}", cache=tmp_path)
        assert sorted(ours(modules) & COMPILER) == []
        assert sorted(tops(modules) & (HEAVY | LIBRARIES)) == []


def test_version_needs_only_click(tmp_path: Path) -> None:
    modules = loaded("-m", "perfdsl", "--version", cache=tmp_path)
    assert tops(modules) - sys.stdlib_module_names == {"perfdsl", "click"}
    assert ours(modules) <= {"perfdsl", "perfdsl.__main__", "perfdsl.cli", "perfdsl.cli.main"}
    assert sorted(tops(modules) & HEAVY) == []


def test_help_of_the_whole_loads_no_command(tmp_path: Path) -> None:
    modules = ours(loaded("-m", "perfdsl", "--help", cache=tmp_path))
    assert modules <= {
        "perfdsl",
        "perfdsl.__main__",
        "perfdsl.cli",
        "perfdsl.cli.main",
        "perfdsl.cli.help",
        "perfdsl.width",
    }


def test_lark_builds_the_tables_once(tmp_path: Path) -> None:
    check = ("-m", "perfdsl", "check", "--no-cache", str(RULES))
    assert "lark" in tops(loaded(*check, cache=tmp_path))
    again = loaded(*check, cache=tmp_path)
    assert sorted(tops(again) & HEAVY) == []
    assert ours(again) >= COMPILER


def test_an_unchanged_file_is_not_compiled_again(tmp_path: Path) -> None:
    check = ("-m", "perfdsl", "check", str(RULES))
    loaded(*check, cache=tmp_path)
    assert sorted(ours(loaded(*check, cache=tmp_path)) & COMPILER) == []


def test_scoring_a_csv_loads_no_workbook_library(warm: Path) -> None:
    modules = loaded("-m", "perfdsl", "score", str(RULES), "--actuals", str(DATA), cache=warm)
    assert sorted(tops(modules) & HEAVY) == []


def test_scoring_a_compiled_plan_loads_no_compiler(warm: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    loaded("-m", "perfdsl", "compile", str(RULES), "-o", str(plan), cache=warm)
    modules = loaded("-m", "perfdsl", "score", str(plan), "--actuals", str(DATA), cache=warm)
    assert sorted(ours(modules) & COMPILER) == []
    assert sorted(tops(modules) & HEAVY) == []


def test_a_target_cell_needs_no_compiler(warm: Path) -> None:
    modules = ours(loaded("-m", "perfdsl", "target", "90%以上", cache=warm))
    assert sorted(modules & COMPILER) == []
