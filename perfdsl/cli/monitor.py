"""``perfdsl monitor``: where output and money stand during the year."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, columns, complain, use_colour
from perfdsl.cli.score import DAY, chosen_object, read_period, read_plans, read_tables, shared_out
from perfdsl.cli.wanted import digest_of
from perfdsl.cli.writing import refuse_existing, write_all
from perfdsl.diagnostics import Diagnostic, has_errors
from perfdsl.monitor import COLUMNS, monitor
from perfdsl.monitoring import Monitoring
from perfdsl.show_monitor import monitor_json, monitor_text

SUFFIXES = (".txt", ".json")
PAGE = 100


def _period(word: str) -> str:
    period = read_period(word)
    if period == "cycle":
        raise click.BadParameter(
            say(
                "实施周期不能监控；写 q1、half、q3 或 full",
                "the whole cycle cannot be monitored; write q1, half, q3 or full",
            ),
            param_hint="--period",
        )
    return period


@click.command(cls=Command, name="monitor", help=say(
    "年中监控：每个指标对照本期指标值（没有的按序时进度折算），资金对照计划和预算，并预计全年。"
    "没有错误、没有缺失时退出码为0（滞后不算错误），否则为1。",
    "Monitoring during the year: every indicator against what is due to date, money against plan and budget, and what the "
    "year will come to. Exit code 0 without errors and missing values (being behind is no error), else 1.",
))  # fmt: skip
@click.argument("file", metavar="FILE")
@click.option("--actuals", "actuals", multiple=True, required=True, metavar="DATA",
              help=say("完成值文件，可以给几个（- 表示标准输入）", "file of actual values; may be given several times"))  # fmt: skip
@click.option("--period", callback=lambda _, __, word: _period(word), default="half", metavar="PERIOD", show_default=True,
              help=say("监控哪一期：q1 half q3 full，或一季度、半年、三季度、全年", "the period: q1 half q3 full"))  # fmt: skip
@DAY
@click.option("--object", "only", metavar="NAME", help=say("只看这一个对象", "only this object"))
@click.option("-o", "--output", "outputs", multiple=True, metavar="REPORT",
              help=say("写报告，按后缀定格式（.txt .json）；可以给几个", "write reports by suffix (.txt .json)"))  # fmt: skip
@click.option("--force", is_flag=True, help=say("已有的文件也覆盖", "overwrite files that exist"))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("屏幕上的格式", "format printed")
)
@COLOUR
@lang_option
def command(file: str, actuals: tuple[str, ...], period: str, as_of: date | None, only: str | None, outputs: tuple[str, ...],
            force: bool, style: str, colour: str) -> None:  # fmt: skip
    """Read rules and data, monitor, print and write."""
    _known(outputs)
    refuse_existing(outputs, [file, *actuals], force=force)
    plans, found = read_plans(file)
    if plans is None:
        raise _stop(found, colour)
    tables, unread = read_tables(actuals, plans, COLUMNS)
    if has_errors(unread):
        raise _stop([*found, *unread], colour)
    about: list[Diagnostic] = []
    shared = shared_out(plans, [row for table in tables for row in table.rows], about)
    only = chosen_object(shared, only)
    every = monitor(shared, period, as_of, digest_of(tables))
    chosen = [one for one in every if only in (None, one.monitoring.object)]
    made = [one.monitoring for one in chosen]
    said = [*found, *unread, *about, *(d for one in chosen for d in one.found)]
    write_all([(name, _rendered(name, made, said).encode("utf-8", "backslashreplace")) for name in outputs])
    if style == "json":
        click.echo(monitor_json(made, said, language()), nl=False)
    else:
        click.echo(monitor_text(made, language(), columns(), colour=use_colour(colour)), nl=False, color=True)
        complain(said, colour)
    raise click.exceptions.Exit(0 if all(one.complete for one in made) and not has_errors(said) else 1)


def _rendered(name: str, made: list[Monitoring], said: list[Diagnostic]) -> str:
    if Path(name).suffix.lower() == ".json":
        return monitor_json(made, said, language())
    return monitor_text(made, language(), PAGE)


def _known(outputs: Sequence[str]) -> None:
    """A format that is not known is refused before any work is done."""
    for name in outputs:
        if Path(name).suffix.lower() not in SUFFIXES:
            known = "、".join(SUFFIXES)
            raise Unreadable(
                say(f"不会写“{name}”这种报告；可以用 {known}", f"no report format for “{name}”; known: {known}")
            )


def _stop(found: list[Diagnostic], colour: str) -> click.exceptions.Exit:
    """Say what is wrong and end."""
    complain(found, colour)
    return click.exceptions.Exit(1)
