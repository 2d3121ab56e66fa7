"""``perfdsl monitor``: where output and money stand during the year."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, columns, complain, status, use_colour
from perfdsl.cli.papers import FORCE, NEVER, load_form, papers, unwritable
from perfdsl.cli.score import DAY, chosen_object, other_periods, read_period, read_plans, read_tables, shared_out
from perfdsl.cli.settings import SettingsFiles
from perfdsl.cli.wanted import digest_of
from perfdsl.cli.writing import refuse_existing, write_all
from perfdsl.diagnostics import Diagnostic, has_errors
from perfdsl.monitor import COLUMNS, monitor, outside
from perfdsl.monitoring import Monitoring
from perfdsl.show_monitor import monitor_form, monitor_json, monitor_text

if TYPE_CHECKING:
    from perfdsl.form import Form
    from perfdsl.layout import Layout
    from perfdsl.plan import Plan

OWN = (".txt", ".json")  # every other suffix is that of a form
PAGE = 100
USUAL = "monitoring"


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
              help=say("写监控表，按后缀定格式（.xlsx .docx .pdf .html .md），或报告（.txt .json）；可以给几个",
                       "write the form (.xlsx .docx .pdf .html .md) or the report (.txt .json); may be given several times"))  # fmt: skip
@click.option("--form", "form_name", default=USUAL, metavar="FORM", show_default=True,
              help=say("监控表的表样，或自己写的 .toml", "the form, or a .toml of your own"))  # fmt: skip
@FORCE
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("屏幕上的格式", "format printed")
)
@COLOUR
@lang_option
def command(file: str, actuals: tuple[str, ...], period: str, as_of: date | None, only: str | None, outputs: tuple[str, ...],
            form_name: str, force: bool, style: str, colour: str) -> None:  # fmt: skip
    """Read rules and data, monitor, print and write."""
    forms = [name for name in outputs if Path(name).suffix.lower() not in OWN]
    refuse_existing(outputs, [file, *actuals, *([form_name] if forms else [])], force=force)
    form, wrong = _wanted(form_name, forms)
    files = SettingsFiles()
    plans, found = ([], []) if has_errors(wrong) else read_plans(file, files.of(file))
    found = [*files.found, *wrong, *found, *outside(plans or [], as_of)]
    if plans is None or has_errors([*wrong, *outside(plans, as_of)]):
        raise _stop(found, colour)
    tables, unread = read_tables(actuals, plans, COLUMNS)
    unread = [*of_the_table(unread), *other_periods(tables, period)]
    if has_errors(unread):
        raise _stop([*found, *unread], colour)
    about: list[Diagnostic] = []
    shared = shared_out(plans, [row for table in tables for row in table.rows], about)
    only = chosen_object(shared, only)
    every = monitor(shared, period, as_of, digest_of(tables))
    chosen = [one for one in every if only in (None, one.monitoring.object)]
    made = [one.monitoring for one in chosen]
    said = [*found, *unread, *about, *(d for one in chosen for d in one.found)]
    written: list[tuple[str, bytes]] = []
    if form is not None:
        layouts, left_out = _filled(
            [(plan, one.monitoring) for (plan, _), one in zip(shared, every, strict=True) if one in chosen], form
        )
        written, cut = papers(forms, layouts)
        said += [*left_out, *cut]
    written += [(name, _rendered(name, made, said)) for name in outputs if name not in forms]
    write_all(written)
    if style == "json":
        click.echo(monitor_json(made, said, language()), nl=False)
    else:
        click.echo(monitor_text(made, language(), columns(), colour=use_colour(colour)), nl=False, color=True)
        complain(said, colour)
    raise click.exceptions.Exit(0 if all(one.complete for one in made) and not has_errors(said) else 1)


def of_the_table(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Without what a filled sheet says of values by the targets of its period: monitoring reads them by what judges them."""
    from perfdsl.fill import NOT_A_DATE, NOT_A_NUMBER

    return [d for d in found if d.kind not in (NOT_A_DATE, NOT_A_NUMBER)]


def _wanted(form_name: str, forms: Sequence[str]) -> "tuple[Form | None, list[Diagnostic]]":
    """The form and why it or its files cannot be written, before any work is done; None where no form is asked for."""
    if not forms:
        return None, []
    found = unwritable(forms, NEVER)
    form, wrong = load_form(form_name)
    return form, [*found, *wrong]


def _filled(monitored: "Sequence[tuple[Plan, Monitoring]]", form: "Form") -> "tuple[list[Layout], list[Diagnostic]]":
    """Every object in ``form``, and what the form has no room for."""
    from perfdsl.lay_out import lay_out

    made = [lay_out(form, plan, monitor_form(one)) for plan, one in monitored]
    return [layout for layout, _ in made], [d for _, found in made for d in found]


def _rendered(name: str, made: list[Monitoring], said: list[Diagnostic]) -> bytes:
    if Path(name).suffix.lower() == ".json":
        text = monitor_json(made, said, language())
    else:
        text = monitor_text(made, language(), PAGE)
    return text.encode("utf-8", "backslashreplace")


def _stop(found: list[Diagnostic], colour: str) -> click.exceptions.Exit:
    """Say what is wrong and end."""
    complain(found, colour)
    return click.exceptions.Exit(status(found) or 1)
