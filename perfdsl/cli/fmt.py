"""``perfdsl fmt``: the canonical layout."""

import click

from perfdsl.cli.files import expand, read_source
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, complain
from perfdsl.cli.writing import replace
from perfdsl.diagnostics import has_errors


@click.command(cls=Command, name="fmt", help=say(
    "整理排版：对齐各列、保留所有注释，意思不变。文件就地改写；- 表示从标准输入读、向标准输出写。有语法错误的文件不动。",
    "Canonical layout: columns aligned, every comment kept, meaning unchanged. Files are rewritten in place; - reads standard input. A file with errors is left alone.",
))  # fmt: skip
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help=say("只检查，不改写；有需要整理的退出码为1", "only look; exit code 1 if a file would change"),
)
@click.option(
    "--keywords",
    type=click.Choice(["keep", "zh", "en"]),
    default="keep",
    help=say("关键字改成中文或英文", "keywords in Chinese or English"),
)
@COLOUR
@lang_option
def command(files: tuple[str, ...], only_check: bool, keywords: str, colour: str) -> None:
    """Format every file that can be read without error."""
    from pathlib import Path

    from perfdsl.encoding import READ_AS_GB18030
    from perfdsl.format import format_file
    from perfdsl.parse import parse

    changed = failed = 0
    for name in dict.fromkeys(expand(files)):
        source, said = read_source(name)
        file, found = parse(source) if source is not None else (None, [])
        complain([d for d in [*said, *found] if d.severity == "error"], colour)
        if source is None or file is None or has_errors(found):
            failed += 1
            continue
        text = format_file(file, keywords)
        same = text == source.text and not any(d.kind is READ_AS_GB18030 for d in said)
        changed += not same
        if name == "-":
            if not only_check:
                click.echo(text, nl=False)
        elif not same:
            click.echo(
                say("要整理：" if only_check else "已整理：", "would change: " if only_check else "changed: ") + name,
                err=True,
            )
            if not only_check:
                replace(Path(name), text.encode())
    raise click.exceptions.Exit(1 if failed or (only_check and changed) else 0)
