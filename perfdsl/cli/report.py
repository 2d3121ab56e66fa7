"""``perfdsl report``: the result in prose, as a Word document, a PDF or a web page (docs/narrative.md)."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from perfdsl.cli.files import Unreadable
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, Stages, complain
from perfdsl.cli.score import DAY, PERIOD, read_period, scored
from perfdsl.cli.wanted import Wanted, against_options
from perfdsl.cli.writing import refuse_existing, write_all
from perfdsl.diagnostics import has_errors
from perfdsl.narrate import narrate
from perfdsl.publish import PLACES, Look, Member, lacking, members


@click.command(cls=Command, name="report", help=say(
    "按规则给完成值打分，写成文字报告（绩效自评报告）：Word、PDF 或网页。结果完整且没有错误时退出码为0，不完整或有错误时为1。",
    "Score actual values and write a report in prose: Word, PDF or a web page. Exit code 0 when complete and free of errors, else 1.",
))  # fmt: skip
@click.argument("file", metavar="FILE")
@click.option("--actuals", "actuals", multiple=True, required=True, metavar="DATA",
              help=say("完成值文件，可以给几个（- 表示标准输入）", "file of actual values; may be given several times"))  # fmt: skip
@click.option("-o", "--output", "outputs", multiple=True, required=True, metavar="REPORT",
              help=say("写报告，按后缀定格式（.docx .pdf .html）；可以给几个", "write the report by suffix (.docx .pdf .html); may be several"))  # fmt: skip
@PERIOD
@DAY
@click.option("--object", "only", metavar="NAME", help=say("只评这一个对象", "score only this object"))
@against_options
@click.option("--title", default="", metavar="TEXT", help=say("报告的标题，缺省“绩效自评报告”", "title of the report"))
@click.option("--font", "fonts", multiple=True, metavar="PLACE=NAME",
              help=say("字体：位置是 标题 章节 小节 正文 表格", "font of title, heading, subheading, body or table"))  # fmt: skip
@click.option("--font-dir", "folders", multiple=True, metavar="DIR",
              help=say("写 PDF 时字体文件所在的文件夹", "folder of font files, for PDF"))  # fmt: skip
@click.option("--force", is_flag=True, help=say("覆盖已经有的文件", "overwrite existing files"))
@COLOUR
@lang_option
def command(file: str, actuals: tuple[str, ...], outputs: tuple[str, ...], period: str, as_of: date | None, only: str | None,
            others: tuple[str, ...], other_period: str | None, other_object: str | None, title: str, fonts: tuple[str, ...],
            folders: tuple[str, ...], force: bool, colour: str) -> None:  # fmt: skip
    """Score, tell, write; all files are made before the first is written."""
    wanted = Wanted(file=file, actuals=actuals, period=period, day=as_of, others=others,
                    other_period=read_period(other_period, "--against-period") if other_period else None,
                    other_object=other_object)  # fmt: skip
    look = Look(_fonts(fonts), folders)
    chosen = [(name, _member(name)) for name in outputs]
    refuse_existing(outputs, [file, *actuals, *wanted.inputs], force=force)
    said = [d for name, member in chosen for d in lacking(member, name, look)]
    complain(said, colour)
    if has_errors(said):
        raise click.exceptions.Exit(1)
    stages = Stages()
    stages.at(say("打分", "scoring"))
    run = scored(wanted, only, colour)
    stages.at(say("写成文字", "telling"))
    told = narrate(run.cards, run.found, language(), title, _read(wanted))
    made = []
    for name, member in chosen:
        stages.at(say(f"排版 {name}", f"setting {name}"))
        made.append((name, member.write(told, look)))
    stages.end()
    refuse_existing(outputs, [], force=force)  # what appeared meanwhile
    write_all(made)
    for name in outputs:
        click.echo(say(f"写好 {name}", f"{name} written"))
    raise click.exceptions.Exit(0 if run.complete and not has_errors(run.found) else 1)


def _read(wanted: Wanted) -> list[tuple[str, str]]:
    """The files a report is made of, without their folders: what is written must not depend on whose machine it is."""
    named = [
        ("rules", wanted.file),
        *(("actuals", name) for name in wanted.actuals),
        *(("against", name) for name in wanted.inputs),
    ]
    return [(kind, say("标准输入", "standard input") if name == "-" else Path(name).name) for kind, name in named]


def _member(name: str) -> Member:
    suffix = Path(name).suffix.lower()
    for member in members():
        if suffix == member.SUFFIX:
            return member
    known = " ".join(sorted(member.SUFFIX for member in members()))
    raise Unreadable(
        say(f"不会写“{name}”这种文字报告；可以用 {known}", f"no report in prose for “{name}”; known: {known}")
    )


def _fonts(words: Sequence[str]) -> dict[str, str]:
    """Fonts by place."""
    made = {}
    for word in words:
        place, _, name = word.partition("=")
        if place not in PLACES or not name.strip() or not name.isprintable():
            known = "、".join(PLACES)
            raise click.BadParameter(
                say(f"写成 位置=字体名，位置可以是 {known}", f"write PLACE=NAME; places: {known}"), param_hint="--font"
            )
        made[PLACES[place]] = name.strip()
    return made
