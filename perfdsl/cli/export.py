"""``perfdsl export``: the targets in an official form."""

import click

from perfdsl.cli.main import Command, lang_option, say
from perfdsl.cli.output import COLOUR, complain, status
from perfdsl.cli.papers import FORCE, FORM, load_form, papers, unwritable, usual_form, with_targets
from perfdsl.cli.score import chosen_object, read_plans
from perfdsl.cli.settings import SettingsFiles
from perfdsl.cli.writing import refuse_existing, write_all
from perfdsl.diagnostics import has_errors


@click.command(cls=Command, name="export", help=say(
    "把规则文件里的指标和指标值印成官方的目标表，不打分。后缀定格式：.xlsx .docx .html .md .pdf。",
    "Print the indicators and targets of FILE in an official form, without scores. The suffix decides: .xlsx .docx .html .md .pdf.",
))  # fmt: skip
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", "outputs", multiple=True, required=True, metavar="TABLE",
              help=say("写到哪个文件；可以给几个", "the file to write; may be given several times"))  # fmt: skip
@FORM
@click.option("--object", "only", metavar="NAME", help=say("只印这一个对象", "print only this object"))
@FORCE
@COLOUR
@lang_option
def command(
    file: str, outputs: tuple[str, ...], form_name: str | None, only: str | None, force: bool, colour: str
) -> None:
    """Read the rules, lay them out, write."""
    refuse_existing(outputs, [file, *([form_name] if form_name else [])], force=force)
    lacking = unwritable(outputs)
    files = SettingsFiles()
    plans, found = ([], lacking) if lacking else read_plans(file, files.of(file))
    found = [*files.found, *found]
    if plans is None or lacking:
        complain(found, colour)
        raise click.exceptions.Exit(status(found) or 1)
    only = chosen_object([(plan, []) for plan in plans], only)
    chosen = [plan for plan in plans if only in (None, plan.object)]
    form, wrong = load_form(form_name or usual_form(chosen[0]))
    if form is None:
        complain([*found, *wrong], colour)
        raise click.exceptions.Exit(1)
    layouts, left_out = with_targets(chosen, form, file)
    made, cut = papers(outputs, layouts)
    refuse_existing(outputs, [file], force=force)  # what appeared meanwhile
    write_all(made)
    complain([*found, *wrong, *left_out, *cut], colour)
    for name in outputs:
        click.echo(say(f"写好 {name}", f"{name} written"))
    raise click.exceptions.Exit(status([d for d in found if has_errors([d])]))
