"""``perfdsl check``: parse, resolve, prove; findings as text, JSON or SARIF."""

import click

from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, Progress, findings, status
from perfdsl.diagnostics import Diagnostic


@click.command(cls=Command, name="check", help=say(
    "检查一个或多个 .perf 文件（或文件夹；- 表示标准输入）：语法、名称、单位、分值合计、资金平衡，并证明或推翻每个计分方法的约定。有错误时退出码为1。",
    "Check .perf files (or folders; - is standard input): form, names, units, points, money, and prove or refute each rubric's contract. Exit code 1 on errors.",
))  # fmt: skip
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help=say("输出格式", "output format"),
)
@click.option("--no-cache", is_flag=True, help=say("不用上次的检查结果", "do not reuse earlier results"))
@COLOUR
@lang_option
def command(files: tuple[str, ...], style: str, no_cache: bool, colour: str) -> None:
    """Check every file, print all findings together."""
    from perfdsl.cli.cache import Cache
    from perfdsl.cli.files import expand

    names = list(dict.fromkeys(expand(files)))
    cache = Cache(files, not no_cache)
    progress = Progress(len(names))
    found: list[Diagnostic] = []
    for done, name in enumerate(names, 1):
        found.extend(cache.check(name))
        progress.step(done, name)
    progress.end()
    if found or style != "text":
        click.echo(findings(found, style, colour), color=True)
    else:
        click.echo(say("没有发现问题", "no findings"))
    if style == "text":
        click.echo(say(f"检查了{len(names)}个文件", f"{len(names)} file{'s' * (len(names) != 1)} checked"), err=True)
    raise click.exceptions.Exit(status(found))
