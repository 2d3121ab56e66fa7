"""``perfdsl compile``: the evaluation plan, or the SQL statement that scores a table."""

from datetime import date
from typing import NoReturn

import click
from click.core import ParameterSource

from perfdsl.cli.files import Library, read_source
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, complain, status
from perfdsl.cli.plan_store import STORE, write_store
from perfdsl.cli.score import DAY, PERIOD, read_plans
from perfdsl.cli.writing import write_whole
from perfdsl.diagnostics import Diagnostic, closest
from perfdsl.plan import Plan
from perfdsl.sql import DIALECTS, OPTIONAL, Wanted
from perfdsl.text import Source, counted

OF_SQL = ("only", "period", "as_of", "table", "key", "decimals", "digits", "also")


@click.command(cls=Command, name="compile", help=say(
    "编译成评价方案：一份自足的 JSON，score 可以直接用它代替 .perf 文件。不写 -o 时打印到屏幕。"
    "用 --sql 写成一条 SQL 语句：给数据库里一行一个对象的表打分，不装 perfdsl 也能运行。"
    "-o 规则库.parquet 把很多文件或文件夹编译成一个规则库，给 batch 用。",
    "Compile to an evaluation plan: JSON complete in itself, which score accepts in place of the source. Printed when -o is not given. "
    "With --sql: one SQL statement that scores a table with a row for each object, without perfdsl. "
    "-o PLANS.parquet compiles many files or folders into one store for batch.",
))  # fmt: skip
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("-o", "--output", default="-", metavar="PLAN", help=say("写到文件；- 打印", "file to write; - prints"))
@click.option(
    "--sql",
    "dialect",
    type=click.Choice(list(DIALECTS)),
    help=say("写成哪一种数据库的 SQL 语句", "the database to write a statement for"),
)
@click.option(
    "--object",
    "only",
    metavar="NAME",
    help=say("SQL：文件里有几个对象时写哪一个", "SQL: which object, where there are several"),
)
@PERIOD
@DAY
@click.option(
    "--table", default="完成值", metavar="NAME", show_default=True, help=say("SQL：表名", "SQL: name of the table")
)
@click.option(
    "--key",
    default="对象",
    metavar="NAME",
    show_default=True,
    help=say("SQL：哪一列是对象", "SQL: the column that names the object"),
)
@click.option(
    "--decimals",
    default=4,
    type=click.IntRange(0, 8),
    show_default=True,
    help=say("SQL：数最多几位小数", "SQL: decimals a number may have"),
)
@click.option("--digits", default=14, type=click.IntRange(1, 28), show_default=True,
              help=say("SQL：数连小数最多几位", "SQL: digits a number may have, decimals included"))  # fmt: skip
@click.option("--with", "also", multiple=True, type=click.Choice(OPTIONAL),
              help=say("SQL：表里另有这些列，可以写几次", "SQL: the table has these columns too; may be repeated"))  # fmt: skip
@COLOUR
@lang_option
def command(files: tuple[str, ...], output: str, dialect: str | None, only: str | None, period: str, as_of: date | None, table: str, key: str,
            decimals: int, digits: int, also: tuple[str, ...], colour: str) -> None:  # fmt: skip
    """Check, lower, print or write."""
    _fitting(dialect, store=output.endswith(STORE))
    if output.endswith(STORE) and dialect is None:
        _store(files, output, period, colour)
    if len(files) > 1:
        raise click.UsageError(
            say("几个文件一起编译时写 -o 规则库.parquet", "several files are compiled with -o PLANS.parquet")
        )
    (file,) = files
    if dialect is None:
        text, found = _plan(file)
    else:
        for word, given in (("--table", table), ("--key", key)):
            if not given.strip():
                raise click.BadParameter(say("要写一个名字", "a name is wanted"), param_hint=word)
        if digits < decimals:
            raise click.BadParameter(
                say(
                    f"连小数在内的位数，不能比 --decimals（{decimals}）少",
                    f"digits count the decimals: no fewer than --decimals ({decimals})",
                ),
                param_hint="--digits",
            )
        if digits > DIALECTS[dialect].digits:
            most = DIALECTS[dialect].digits
            raise click.BadParameter(
                say(f"{dialect} 最多{most}位", f"{dialect} has at most {most}"), param_hint="--digits"
            )
        wanted = Wanted(
            period=period, as_of=as_of, table=table, key=key, places=decimals, digits=digits, also=frozenset(also)
        )
        text, found = _statement(file, dialect, only, wanted)
    complain(found, colour)
    if text is None:
        raise click.exceptions.Exit(status(found) or 1)
    if output == "-":
        click.echo(text, nl=False)
    else:
        write_whole(output, text.encode("utf-8", "backslashreplace"))
    raise click.exceptions.Exit(status(found))


def _fitting(dialect: str | None, *, store: bool) -> None:
    """Options that would be looked at by nobody are refused."""
    context = click.get_current_context()
    given = [
        x
        for x in context.command.params
        if x.name and context.get_parameter_source(x.name) is ParameterSource.COMMANDLINE
    ]
    idle = [x.opts[-1] for x in given if dialect is None and x.name in OF_SQL and not (store and x.name == "period")]
    if idle:
        raise click.UsageError(say(f"{'、'.join(idle)} 要和 --sql 一起用", f"{', '.join(idle)}: only with --sql"))


def _plan(file: str) -> tuple[str | None, list[Diagnostic]]:
    """The plans of a file as JSON."""
    from perfdsl.pipeline import check
    from perfdsl.plan_json import dumps

    source, said = read_source(file)
    if source is None:
        return None, said
    checked = check(source, Library([file]))
    found = [*said, *checked.found]
    if not checked.usable:
        return None, found
    plans = checked.plans()
    return dumps(plans) if plans else "[]\n", found


def _statement(file: str, dialect: str, only: str | None, wanted: Wanted) -> tuple[str | None, list[Diagnostic]]:
    """The statement of one object of a file."""
    from perfdsl.cli.worded_sql import statement_of

    plans, found = read_plans(file)
    if plans is None:
        return None, found
    plan = _chosen(plans, only)
    source = Source(file, "") if file == "-" or file.endswith(".json") else read_source(file)[0] or Source(file, "")
    text, more = statement_of(plan, dialect, wanted, source)
    return text or None, [*found, *more]


def _chosen(plans: list[Plan], only: str | None) -> Plan:
    """The object that is asked for, or the only one."""
    names = [x.object for x in plans]
    if only is None and len(plans) > 1:
        shown = "、".join(names[:5])
        raise click.UsageError(
            say(f"文件里有几个对象，用 --object 选一个：{shown}", f"several objects: choose one with --object: {shown}")
        )
    if only is not None and only not in names:
        near = closest(only, names)
        hint = say(f"；是不是“{near}”？", f"; did you mean “{near}”?") if near else ""
        raise click.BadParameter(say(f"没有对象“{only}”{hint}", f"no object “{only}”{hint}"), param_hint="--object")
    return next(x for x in plans if only in (None, x.object))


def _store(files: tuple[str, ...], output: str, period: str, colour: str) -> NoReturn:
    """Many files as one store of plans."""
    store, plans, twice = write_store(files, output, period)
    complain(plans.found, colour)
    for name in twice:
        click.echo(
            say(f"“{name}”有两份规则，用了先读到的", f"“{name}” has two sets of rules; the first counts"), err=True
        )
    left = (
        say(
            f"；{len(plans.left_out)} 个文件有错，没有编译",
            f"; {counted(len(plans.left_out), 'file')} with errors left out",
        )
        if plans.left_out
        else ""
    )
    click.echo(say(f"{output}：{store.count} 个对象，{len(store.shapes)} 种计分形状{left}",
                   f"{output}: {counted(store.count, 'object')}, {counted(len(store.shapes), 'scoring shape')}{left}"))  # fmt: skip
    raise click.exceptions.Exit(1 if plans.left_out or twice else 0)
