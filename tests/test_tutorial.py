"""The tutorial, done literally: in an empty folder with this copy, and in an environment that has nothing yet."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from pages import ROOT, TUTORIAL, Shell, Step, follow, record, surroundings

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="transcripts need bash")

# What a machine without a package index says.
NO_INDEX = (
    "NewConnectionError",
    "ConnectionError",
    "ConnectTimeout",
    "ProxyError",
    "No matching distribution",
    "Network is",
)
SOURCE = ("perfdsl", "grammar", "rulesets", "docs", "examples/nanjing-2024")


def as_written(steps: list[Step]) -> None:
    assert steps
    assert "\n\n".join(step.made for step in steps) == "\n\n".join(step.fence.body for step in steps)


def test_tutorial_in_an_empty_folder(tmp_path: Path, update: bool) -> None:
    (tmp_path / "here").mkdir()
    steps = list(follow(TUTORIAL, tmp_path / "here", surroundings(tmp_path / "here"), once=False))
    if update:
        record(TUTORIAL, steps)
        return
    as_written(steps)


def test_tutorial_in_an_empty_environment(tmp_path: Path) -> None:
    """From ``python3 -m venv`` on; the index is asked for what perfdsl needs, so this needs one."""
    here = tmp_path / "here"
    source = here / "perfdsl"
    source.mkdir(parents=True)
    for name in SOURCE:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    env = surroundings(here)
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME"):
        env.pop(name, None)
    env["PATH"] = os.pathsep.join([f"{sys.base_prefix}/bin", "/usr/bin", "/bin"])
    try:
        steps = list(follow(TUTORIAL, here, env, once=True))
    except AssertionError as failed:
        if any(words in str(failed) for words in NO_INDEX):
            pytest.skip("there is no package index to install from")
        raise
    as_written(steps)


def test_every_step_of_the_tutorial_is_typed() -> None:
    """A transcript that prints nothing because nothing ran would prove nothing."""
    text = TUTORIAL.read_text(encoding="utf-8")
    for command in ("new", "check", "score", "test"):
        assert f"$ perfdsl {command} " in text
    assert "V101" in text


@pytest.mark.parametrize("name", ["热线", "我的 项目（2024）", "a/b"])
def test_new_prints_three_commands_that_work(name: str, tmp_path: Path) -> None:
    with Shell(tmp_path, surroundings(tmp_path)) as shell:
        printed = shell.run(f"perfdsl new '{name}'")
        commands = [line.strip() for line in printed.split("\n")[1:]]
        assert len(commands) == 3
        for command in commands:
            assert shell.run(f"{command} >printed 2>&1; echo $?") == "0", shell.run("cat printed")


def test_the_commands_in_the_readme_of_a_new_folder_work(tmp_path: Path) -> None:
    with Shell(tmp_path, surroundings(tmp_path)) as shell:
        shell.run("perfdsl new 热线; cd 热线")
        readme = (tmp_path / "热线" / "README.md").read_text(encoding="utf-8")
        commands = re.findall(r"^perfdsl .*$", readme, re.M)
        assert [command.split()[1] for command in commands] == ["check", "test", "score"]
        for command in commands + re.findall(r"`(perfdsl explain [^`]*)`", readme):
            assert shell.run(f"{command} >printed 2>&1; echo $?") == "0", shell.run("cat printed")
        assert "总分 97.79 / 100" in shell.run("cat 报告.txt")


def test_the_table_of_a_new_folder_opens_in_a_spreadsheet() -> None:
    """Without the mark, Excel in China takes UTF-8 for GBK."""
    assert (ROOT / "perfdsl" / "starter" / "完成值.csv").read_bytes().startswith(b"\xef\xbb\xbf")
