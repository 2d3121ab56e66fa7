"""``perfdsl template``: the sheet to fill."""

from collections.abc import Iterator
from pathlib import Path

import attrs
import click

from perfdsl.cli.files import Unreadable
from perfdsl.cli.filling import file_name, is_folder, no_writer, read_names
from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, Progress, complain, status
from perfdsl.cli.score import PERIOD, read_plans
from perfdsl.cli.settings import SettingsFiles
from perfdsl.cli.writing import refuse_existing, write_together
from perfdsl.fill import SPARE, blank, notes
from perfdsl.plan import Plan

MOST_SPARE = 1000


@click.command(cls=Command, name="template", help=say(
    "出填报表：一行一个指标，写明指标值、单位和怎样计分；能选的给下拉列表，数和日期有校验，不用填的锁定。"
    "SHEET 是 .xlsx 文件；写文件夹（以 / 结尾），每个对象一个文件。填好的表用 score --actuals 或 collect 读。",
    "Make the sheet in which actual values are filled. SHEET is an .xlsx file, or a folder (ending in /) for one file an object. "
    "Filled sheets are read by score --actuals and collect.",
))  # fmt: skip
@click.argument("file", metavar="FILE")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="SHEET",
    help=say("填报表 .xlsx，或文件夹/", "the .xlsx to write, or a folder/"),
)
@PERIOD
@click.option("--object", "only", metavar="NAME",
              help=say("只出这一个对象的；一套规则评许多对象时，写谁就出谁的", "for this object alone; one rule for many takes any name"))  # fmt: skip
@click.option("--expected", metavar="LIST",
              help=say("名单，一行一个对象：一套规则评许多对象时，每个出一张", "a list of objects, one a line, each gets a sheet"))  # fmt: skip
@click.option("--rows", "spare", type=click.IntRange(1, MOST_SPARE), default=SPARE, show_default=True, metavar="N",
              help=say("按件计、几家汇总的指标各留几行", "rows for indicators with several entries"))  # fmt: skip
@click.option("--force", is_flag=True, help=say("换掉已有的文件", "replace files that are there"))
@COLOUR
@lang_option
def command(file: str, output: str, period: str, only: str | None, expected: str | None, spare: int, force: bool,
            colour: str) -> None:  # fmt: skip
    """Check the rules, lay out, write."""
    lacking = no_writer(output)
    if lacking:
        complain(lacking, colour)
        raise click.exceptions.Exit(1)
    folder = is_folder(output)
    if not folder and not output.lower().endswith(".xlsx"):
        raise Unreadable(say(f"填报表要写成 .xlsx：“{output}”", f"the sheet is an .xlsx: “{output}”"))
    files = SettingsFiles()
    plans, found = read_plans(file, files.of(file))
    if plans is None:
        complain([*files.found, *found], colour)
        raise click.exceptions.Exit(status(found) or 1)
    names = read_names(expected) if expected is not None else []
    chosen = _chosen(plans, only, names)
    if len(names) > 1 and not folder:
        raise Unreadable(
            say(
                f"--expected 有几个对象，-o 要写文件夹：{output}/",
                f"--expected names several objects; -o must be a folder: {output}/",
            )
        )
    results = list(_results(chosen, output, folder))
    refuse_existing((name for name, _ in results), [file, *([expected] if expected else [])], force=force)
    from perfdsl.blank_xlsx import write_blank  # only who makes a sheet needs the library

    renamed = len(plans) == 1 and only is None and not names
    progress = Progress(len(results))
    made = {}
    for done, (name, about) in enumerate(results, 1):
        sheet = blank(about, period, spare=spare, renamed=renamed)
        made[Path(name)] = write_blank(sheet, notes(sheet))
        progress.step(done, name)
    progress.end()
    write_together(made, folders=folder)
    for name, about in results if len(results) <= 20 else []:
        click.echo(_said(name, about))
    if len(results) > 20:
        click.echo(say(f"写好 {len(results)} 个文件，在 {output}", f"{len(results)} files written to {output}"))


def _said(name: str, about: list[Plan]) -> str:
    many = say(f"{len(about)} 个对象", f"{len(about)} objects")
    return say(
        f"写好 {name}（{about[0].object if len(about) == 1 else many}）",
        f"{name} ({about[0].object if len(about) == 1 else many})",
    )


def _chosen(plans: list[Plan], only: str | None, names: list[str]) -> list[Plan]:
    """The plans a sheet is wanted for; one plan is the rule of any object."""
    wanted = [only] if only is not None else names
    if not wanted:
        return plans
    if len(plans) == 1:
        return [attrs.evolve(plans[0], object=name) for name in wanted]
    known = {plan.object: plan for plan in plans}
    strange = [name for name in wanted if name not in known]
    if strange:
        some, there = "、".join(strange[:5]), "、".join(list(known)[:8])
        raise Unreadable(say(f"没有叫“{some}”的对象；有：{there}", f"there is no object “{some}”; known: {there}"))
    return [known[name] for name in wanted]


def _results(plans: list[Plan], output: str, folder: bool) -> Iterator[tuple[str, list[Plan]]]:
    """Every file and the plans it is about."""
    if not folder:
        yield output, plans
        return
    taken: set[str] = set()
    for plan in plans:
        yield str(Path(output) / file_name(plan.object, taken)), [plan]
