"""``perfdsl new``: a folder that works at once."""

import re
from pathlib import Path

import click

from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.writing import write_together
from perfdsl.resources import PACKAGE


@click.command(cls=Command, name="new", help=say(
    "新建一个文件夹：一份规则、一份完成值、一份说明，立即可以检查和评分。",
    "Make a folder with rules, actual values and a page of instructions that works at once.",
))  # fmt: skip
@click.argument("folder", metavar="DIR")
@lang_option
def command(folder: str) -> None:
    """Write the starting files into a new or empty folder."""
    top = Path(folder)
    if top.exists() and (not top.is_dir() or any(top.iterdir())):
        raise Unreadable(say(f"“{folder}”已经存在而且不是空文件夹", f"“{folder}” exists and is not an empty folder"))
    names = ("规则.perf", "完成值.csv", "README.md")
    write_together({top / name: (PACKAGE / "starter" / name).read_bytes() for name in names}, folders=True)
    click.echo(say(f"已建好 {folder}。接下来：", f"made {folder}. Next:"))
    rules, data = _typed(top / "规则.perf"), _typed(top / "完成值.csv")
    for line in (f"perfdsl check {rules}", f"perfdsl score {rules} --actuals {data}", f"perfdsl test {rules}"):
        click.echo(f"  {line}")


def _typed(path: Path) -> str:
    """A path as it is typed: in quotes where a shell would take it apart."""
    return str(path) if re.fullmatch(r"[\w./\\:-]+", str(path)) else f'"{path}"'
