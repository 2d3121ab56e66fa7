"""Help pages, laid out by display width so that Chinese fits 80 columns."""

import click

from perfdsl.cli.main import say
from perfdsl.width import pad, width, wrap

MOST = 80


def write_help(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Usage, what the command does, its options."""
    _usage(command, ctx, formatter)
    for line in wrap(command.help or "", _columns(formatter) - 2):
        formatter.write(f"  {line}\n" if line else "\n")
    _options(command, ctx, formatter)


def write_group_help(
    command: click.Group, ctx: click.Context, formatter: click.HelpFormatter, commands: dict[str, str]
) -> None:
    """Usage, the commands, the options, where to begin."""
    _usage(command, ctx, formatter)
    formatter.write(f"  {command.help}\n\n{say('命令', 'Commands')}:\n")
    _table(list(commands.items()), formatter)
    _options(command, ctx, formatter)
    formatter.write("\n" + say("先试：perfdsl new 我的项目；每个命令后加 --help 看用法。",
                               "Begin with: perfdsl new my-project; add --help to any command.") + "\n")  # fmt: skip


def _columns(formatter: click.HelpFormatter) -> int:
    return min(MOST, formatter.width)


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write(f"{say('用法', 'Usage')}: {ctx.command_path} {pieces}\n\n")


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
    rows = [record for param in options if (record := param.get_help_record(ctx)) is not None]
    rows = [
        (names, say("显示本说明", "show this page") if "--help" in names else _chinese(text)) for names, text in rows
    ]
    if rows:
        formatter.write(f"\n{say('选项', 'Options')}:\n")
        _table(rows, formatter)


def _chinese(text: str) -> str:
    """click's own additions in the language of the page."""
    return text.replace("[required]", say("[必填]", "[required]")).replace("[default: ", say("[默认：", "[default: "))


def _table(rows: list[tuple[str, str]], formatter: click.HelpFormatter) -> None:
    first = min(max(width(name) for name, _ in rows) + 2, 34)
    for name, text in rows:
        lines = wrap(text, _columns(formatter) - first - 4)
        if width(name) + 2 > first:
            formatter.write(f"  {name}\n")
            name = ""
        for line in lines or [""]:
            formatter.write(f"  {pad(name, first)}{line}".rstrip() + "\n")
            name = ""
