"""``perfdsl compile``: the evaluation plan."""

from typing import NoReturn

import click

from perfdsl.cli.files import Library, read_source
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, complain, status
from perfdsl.cli.plan_store import STORE, write_store
from perfdsl.cli.score import PERIOD
from perfdsl.cli.writing import write_whole


@click.command(cls=Command, name="compile", help=say(
    "编译成评价方案：一份自足的 JSON，score 可以直接用它代替 .perf 文件。不写 -o 时打印到屏幕。"
    "-o 规则库.parquet 把很多文件或文件夹编译成一个规则库，给 batch 用。",
    "Compile to an evaluation plan: JSON complete in itself, which score accepts in place of the source. Printed when -o is not given. "
    "-o PLANS.parquet compiles many files or folders into one store for batch.",
))  # fmt: skip
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("-o", "--output", default="-", metavar="PLAN", help=say("写到文件；- 打印", "file to write; - prints"))
@PERIOD
@COLOUR
@lang_option
def command(files: tuple[str, ...], output: str, period: str, colour: str) -> None:
    """Check, lower, print or write."""
    if output.endswith(STORE):
        _store(files, output, period, colour)
    if len(files) > 1:
        raise click.UsageError(
            say("几个文件一起编译时写 -o 规则库.parquet", "several files are compiled with -o PLANS.parquet")
        )
    (file,) = files
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


def _store(files: tuple[str, ...], output: str, period: str, colour: str) -> NoReturn:
    """Many files as one store of plans."""
    store, plans, twice = write_store(files, output, period)
    complain(plans.found, colour)
    for name in twice:
        click.echo(
            say(f"“{name}”有两份规则，用了先读到的", f"“{name}” has two sets of rules; the first counts"), err=True
        )
    left = (
        say(f"；{len(plans.left_out)} 个文件有错，没有编译", f"; {len(plans.left_out)} files with errors were left out")
        if plans.left_out
        else ""
    )
    click.echo(say(f"{output}：{store.count} 个对象，{len(store.shapes)} 种计分形状{left}",
                   f"{output}: {store.count} objects, {len(store.shapes)} scoring shapes{left}"))  # fmt: skip
    raise click.exceptions.Exit(1 if plans.left_out or twice else 0)
