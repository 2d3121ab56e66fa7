"""``perfdsl import``: official tables become ``.perf`` files, a sheet of actuals, and a record of what was not understood."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from perfdsl.cli.files import Library, Unreadable, read_bytes
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, Progress, complain
from perfdsl.cli.writing import refuse_inputs, write_together
from perfdsl.diagnostics import Diagnostic, has_errors
from perfdsl.text import Source

RECORD = "导入记录"


class Made(NamedTuple):
    """What came of one document: file names and texts, a summary for the screen, the record, and the findings."""

    files: dict[str, str]
    summary: list[str]
    text: str
    data: dict[str, object]
    found: list[Diagnostic]


@click.command(cls=Command, name="import", help=say(
    "把官方表格（.xlsx .xls .docx .pdf .html .csv .tsv .txt）导入成 .perf 文件；表里有完成值的，另写一份完成值表。没有读懂的写进导入记录。",
    "Import official tables (.xlsx .xls .docx .pdf .html .csv .tsv .txt) as .perf files, with a sheet of actuals where the table has them. What was not understood goes to the record.",
))  # fmt: skip
@click.argument("tables", nargs=-1, required=True, metavar="TABLE…")
@click.option("-o", "--output", required=True, metavar="DIR", help=say("写到这个文件夹", "write into this folder"))
@click.option("--kind", type=click.Choice(["project", "department", "policy"]), default=None,
              help=say("评价对象的种类；不写就看表头", "kind of object; by the head of the table when left out"))  # fmt: skip
@click.option("--sheet", default="", metavar="NAME", help=say("只读这一张工作表", "read this sheet only"))
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help=say("屏幕上的格式", "format on the screen"),
)
@click.option("--force", is_flag=True, help=say("覆盖已有的文件", "overwrite existing files"))
@COLOUR
@lang_option
def command(
    tables: tuple[str, ...], output: str, kind: str | None, sheet: str, style: str, force: bool, colour: str
) -> None:
    """Read every table, write all files or none, say what is doubtful."""
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise Unreadable(say(f"“{output}”不是文件夹", f"“{output}” is not a folder"))
    progress = Progress(len(tables))
    made = []
    taken: set[str] = set()
    for number, name in enumerate(tables):
        progress.step(number, name)
        made.append(_import(name, kind or "", sheet, taken))
    progress.end()
    files = {folder / name: text.encode() for each in made for name, text in each.files.items()}
    if files:
        files[folder / f"{RECORD}.txt"] = "\n".join(each.text for each in made if each.text).encode()
        files[folder / f"{RECORD}.json"] = _dumped([each.data for each in made if each.data]).encode()
        _refuse_existing(files, tables, force=force)
        write_together(files, folders=True)
    if style == "json":
        click.echo(
            _dumped({"files": sorted(path.name for path in files), "documents": [each.data for each in made]}), nl=False
        )
    else:
        said = [d for each in made for d in each.found]
        complain([d for d in said if d.severity != "info"], colour)
        for line in (line for each in made for line in each.summary):
            click.echo(line)
        hints = sum(d.severity == "info" for d in said)
        if hints and files:
            click.echo(say(f"另有{hints}条提示，见 {RECORD}.txt", f"{hints} remarks are in {RECORD}.txt"), err=True)
    raise click.exceptions.Exit(1 if any(has_errors(each.found) for each in made) else 0)


def _dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _refuse_existing(files: dict[Path, bytes], tables: Sequence[str], *, force: bool) -> None:
    for path in files:
        refuse_inputs(str(path), tables)
    existing = [path.name for path in files if os.path.lexists(path)]
    if existing and not force:
        names = "、".join(existing[:5]) + ("……" if len(existing) > 5 else "")
        raise Unreadable(
            say(
                f"已有 {names}，没有写；要覆盖就加 --force",
                f"{names} exist and nothing was written; --force overwrites",
            )
        )


def _import(name: str, kind: str, sheet: str, taken: set[str]) -> Made:
    """One document: read, recognised, written."""
    from perfdsl.documents import read_document
    from perfdsl.importers import LAYOUTS, recognise, record, write

    shown = Path(name).name if name != "-" else say("（标准输入）", "(standard input)")
    document, found = read_document(shown, read_bytes(name))
    if document is None:
        return Made({}, [], "", {}, found)
    imported = recognise(document, sheet, kind)
    written = [write(each, shown, directions) for each in imported.objects]
    stems = [_stem(each.found.name, taken) for each in written]
    files = {f"{stem}.perf": each.rules for stem, each in zip(stems, written, strict=True)}
    files |= {f"{stem}-完成值.csv": each.actuals for stem, each in zip(stems, written, strict=True) if each.actuals}
    made = record(imported, written, found, [f"{stem}.perf" for stem in stems], language())
    forms = {one.name: say(one.zh, one.en) for one in LAYOUTS}
    summary = [shown] if written else []
    for stem, each, count, doubts in zip(stems, written, made.counts, made.doubtful, strict=True):
        form = forms.get(each.found.layout, "")
        marked = say(f"；存疑{doubts}处", f"; {doubts} doubts") if doubts else say("；没有疑点", "; no doubts")
        beside = say("；另有完成值表", "; with a sheet of actuals") if each.actuals else ""
        summary.append(
            say(f"  {stem}.perf（{form}）：{count}{marked}{beside}", f"  {stem}.perf ({form}): {count}{marked}{beside}")
        )
    return Made(files, summary, made.text, made.data, list(made.found))


def _stem(name: str, taken: set[str]) -> str:
    """A file name made of the object's name, each once."""
    stem = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "-", name).strip(" .-")[:60] or say("未命名", "unnamed")
    chosen, number = stem, 2
    while chosen.lower() in taken:
        chosen, number = f"{stem}-{number}", number + 1
    taken.add(chosen.lower())
    return chosen


def directions(text: str) -> dict[str, str]:
    """Clauses that rows must have: the direction where the table does not say which way is better."""
    from perfdsl.pipeline import understand

    found = understand(Source("", text), Library(["."])).found
    made = {}
    for each in found:
        facts = dict(each.facts)
        if each.code == "R227":
            made[facts["name"]] = "lower"
        elif each.code == "R228":
            made[facts["name"]] = "exact" if facts["text"].lstrip()[:1] in "=＝" else "lower"
    return made
