"""What a command line that cannot be used is answered: click's own sentences in the language of the run."""

import re
from typing import Any

import click

from perfdsl.cli.main import say
from perfdsl.diagnostics import shorten


def usage_error(wrong: click.UsageError) -> None:
    """One line that says what is wrong, one that says where to look; the help where nothing was written at all."""
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        click.echo(wrong.message, err=True)
        return
    click.echo(say("用法错误：", "usage error: ") + _translated(wrong), err=True)
    path = wrong.ctx.command_path if wrong.ctx is not None else "perfdsl"
    click.echo(say(f"看用法：{path} --help", f"see: {path} --help"), err=True)


def _translated(wrong: click.UsageError) -> str:
    """click's own sentences in Chinese."""
    if say("zh", "en") == "en":
        return wrong.format_message()
    match wrong:
        case click.MissingParameter():
            return f"缺少 {_named(wrong.param)}"
        case click.NoSuchOption():
            near = f"；是不是 {wrong.possibilities[0]}？" if wrong.possibilities else ""
            return f"没有选项 {wrong.option_name}{near}"
        case click.BadOptionUsage():
            none = wrong.message.endswith(" does not take a value.")
            return f"选项 {wrong.option_name} 后面{'不写值' if none else '要有值'}"
        case click.BadParameter() if wrong.param is not None:
            return f"{_named(wrong.param)}：{_of_value(wrong.param.type, wrong.message)}"
    if isinstance(wrong, click.BadParameter) and isinstance(wrong.param_hint, str):
        return f"{wrong.param_hint}：{wrong.message}"
    if wrong.message == "Missing command.":
        return "没有写命令"
    if found := re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", wrong.message, re.DOTALL):
        return f"多出了“{shorten(found[1])}”；文件名里有空格的要加引号"
    return wrong.message


def _named(param: click.Parameter | None) -> str:
    """The option or the argument as a user writes it."""
    if isinstance(param, click.Option):
        return param.opts[-1]
    return param.human_readable_name if param is not None else ""


def _of_value(kind: "click.ParamType[Any]", message: str) -> str:
    """What click says of a value: which it was stands before `` is not``, what would do is known from the kind."""
    given, mark, _ = message.rpartition(" is not ")
    if not mark or not isinstance(kind, click.Choice | click.IntRange):
        return message  # our own words
    shown = shorten(given[1:-1] if given[:1] in "'\"" else given)
    if isinstance(kind, click.Choice):
        return f"没有“{shown}”；可以写 {'、'.join(map(str, kind.choices))}"
    return f"“{shown}”不行，要从{kind.min}到{kind.max}的整数"
