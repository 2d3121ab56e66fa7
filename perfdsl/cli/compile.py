"""``perfdsl compile``: the evaluation plan."""

import click

from perfdsl.cli.files import Library, read_source
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, complain, status
from perfdsl.cli.writing import write_whole


@click.command(cls=Command, name="compile", help=say(
    "编译成评价方案：一份自足的 JSON，score 可以直接用它代替 .perf 文件。不写 -o 时打印到屏幕。",
    "Compile to an evaluation plan: JSON complete in itself, which score accepts in place of the source. Printed when -o is not given.",
))  # fmt: skip
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", default="-", metavar="PLAN", help=say("写到文件；- 打印", "file to write; - prints"))
@COLOUR
@lang_option
def command(file: str, output: str, colour: str) -> None:
    """Check, lower, print or write."""
    from perfdsl.pipeline import check
    from perfdsl.plan_json import dumps

    source, said = read_source(file)
    if source is None:
        complain(said, colour)
        raise click.exceptions.Exit(1)
    checked = check(source, Library([file]))
    found = [*said, *checked.found]
    complain(found, colour)
    if not checked.usable:
        raise click.exceptions.Exit(1)
    plans = checked.plans()
    text = dumps(plans) if plans else "[]\n"
    if output == "-":
        click.echo(text, nl=False)
    else:
        write_whole(output, text.encode("utf-8", "backslashreplace"))
    raise click.exceptions.Exit(status(found))
