"""The group ``perfdsl`` and its help: commands are found by name and loaded when used."""

import io
import os
import signal
import sys
from importlib import import_module
from typing import Any, Final, NoReturn, TextIO

import click

from perfdsl import __version__

COMMANDS = {
    "check": (
        "检查 .perf 文件：语法、名称、单位、分值，并证明计分方法",
        "check .perf files: form, names, units, points, proofs",
    ),
    "score": ("按规则给完成值打分，出报告", "score actual values and report"),
    "batch": (
        "给一张表里的很多对象打分：CSV、Parquet、Excel、数据库",
        "score many objects of a table: CSV, Parquet, Excel, databases",
    ),
    "monitor": (
        "年中监控：产出和资金各到哪里，滞后的在前，预计全年",
        "monitoring during the year: output, money, what is behind, forecasts",
    ),
    "template": ("出填报表（.xlsx）：一行一个指标，下拉、校验、锁定", "make the sheet in which actuals are filled"),
    "collect": ("把许多填好的表汇成一张，报告谁没交、哪里对不上", "gather filled sheets into one table"),
    "export": ("把指标和指标值印成官方的目标表", "print the targets in an official form"),
    "report": ("打分并写成文字报告：Word、PDF、网页", "score and write a report in prose: Word, PDF, web page"),
    "advise": (
        "要达到某个等级或总分，改哪一项、改到多少",
        "what to change, and how far, to reach a grade or a total",
    ),
    "diff": (
        "比较两套规则：哪些完成值得分不同，差多少",
        "compare two sets of rules: where scores differ, and by how much",
    ),
    "compile": ("编译成评价方案（JSON）", "compile to an evaluation plan (JSON)"),
    "fmt": ("整理排版；可在中英文关键字之间转换", "canonical layout; convert keyword language"),
    "test": ("运行写在文件里的测试", "run the tests in the files"),
    "target": ("看一个指标值单元格怎样理解", "show how a target cell is understood"),
    "sentence": (
        "看一句评分标准怎样理解；把计分方法印成句子",
        "show how a sentence of a rubric is understood; print rubrics as sentences",
    ),
    "explain": ("解释一个代码、计分方法或规则集", "explain a code, a rubric or a ruleset"),
    "import": (
        "把官方表格（Excel、Word、PDF、网页、文本）导入成 .perf 文件",
        "import official tables (Excel, Word, PDF, HTML, text) as .perf files",
    ),
    "new": ("新建一个能直接运行的示例文件夹", "make a folder that works at once"),
}

MODULES = {"import": "import_"}  # a command whose name Python has taken


def language(arguments: list[str] | None = None) -> str:
    """zh unless ``--lang en`` or PERFDSL_LANG=en asks for English; known before click parses, for the help itself."""
    words = sys.argv[1:] if arguments is None else arguments
    for index, word in enumerate(words):
        if word == "--lang=en" or (word == "--lang" and words[index + 1 : index + 2] == ["en"]):
            return "en"
        if word == "--lang=zh" or (word == "--lang" and words[index + 1 : index + 2] == ["zh"]):
            return "zh"
    return "en" if os.environ.get("PERFDSL_LANG", "").startswith("en") else "zh"


def say(zh: str, en: str) -> str:
    """The words in the language of this run."""
    return en if language() == "en" else zh


class Command(click.Command):
    """A command whose help is laid out by display width."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from perfdsl.cli.help import write_help  # only --help needs it

        write_help(self, ctx, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as wrong:
            wrong.ctx = wrong.ctx or ctx  # click leaves it out where an option lacks its value
            raise


ALONE: Final = object()
"""The object of click's context where the command has the process to itself: what is set for the process may be set."""


class Commands(click.Group):
    """Loads ``perfdsl.cli.<name>`` when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"perfdsl.cli.{MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from perfdsl.cli.help import write_group_help  # only --help needs it

        write_group_help(self, ctx, formatter, {name: say(*words) for name, words in COMMANDS.items()})

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            import difflib  # only a mistake pays for it

            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = say(f"；是不是想用 {near[0]}？", f"; did you mean {near[0]}?") if near else ""
            raise click.UsageError(say(f"没有命令“{name}”{hint}", f"there is no command “{name}”{hint}"), ctx)
        return super().resolve_command(ctx, args)


def lang_option(command: Any) -> Any:
    """``--lang zh|en`` on every command."""
    text = say("界面语言", "language of messages")
    return click.option("--lang", type=click.Choice(["zh", "en"]), default=None, expose_value=False, help=text)(command)


def show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    """Print the version and stop."""
    if value and not ctx.resilient_parsing:
        click.echo(f"perfdsl {__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    help=say("政府绩效指标与评分规则：书写、检查、评分。", "Performance indicators and rubrics: write, check, score."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=show_version,
              help=say("显示版本", "show the version"))  # fmt: skip
@lang_option
def perfdsl() -> None:
    """The group itself does nothing."""


def main() -> NoReturn:
    """The entry point: click's own errors in the language of the run, a closed pipe in silence."""
    _open_streams()
    for name in ("SIGTERM", "SIGHUP"):  # who is told to end takes away what is half done; one that is ignored stays so
        if signal.getsignal(getattr(signal, name, signal.SIGTERM)) is signal.SIG_DFL:
            signal.signal(getattr(signal, name, signal.SIGTERM), _end)
    try:
        status = perfdsl(prog_name="perfdsl", standalone_mode=False, obj=ALONE)
        sys.stdout.flush()
    except click.UsageError as wrong:
        from perfdsl.cli.usage import usage_error  # only a mistake pays for it

        usage_error(wrong)
        sys.exit(2)
    except click.ClickException as wrong:
        click.echo(wrong.format_message(), err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        _discard(sys.stdout)
        sys.exit(1)
    except OSError as wrong:
        _discard(sys.stdout)
        from perfdsl.cli.files import why  # only a failure pays for it

        click.echo(say(f"读写失败：{why(wrong)[0]}", f"input or output failed: {wrong}"), err=True)
        sys.exit(2)
    sys.exit(status or 0)


def _end(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _open_streams() -> None:
    """A closed stream is nothing in and nothing out; what the terminal's encoding cannot say is shown as an escape."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 (open as long as the program runs)
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _discard(stream: TextIO) -> None:
    """Nothing more goes out: the interpreter would try again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
