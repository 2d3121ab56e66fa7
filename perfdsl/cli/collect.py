"""``perfdsl collect``: many filled sheets into one table."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import click

from perfdsl.actuals import Table
from perfdsl.cli.files import Unreadable, read_bytes
from perfdsl.cli.filling import no_writer, read_names
from perfdsl.cli.main import Command, lang_option, language, say
from perfdsl.cli.output import COLOUR, Progress, complain
from perfdsl.cli.score import read_plans
from perfdsl.cli.settings import SettingsFiles
from perfdsl.cli.writing import refuse_existing, write_whole
from perfdsl.collect import Collection, collect
from perfdsl.diagnostics import Diagnostic, has_errors, shorten
from perfdsl.fill import Rules
from perfdsl.observe import row_names
from perfdsl.tables import Names, read_table
from perfdsl.width import pad, width
from perfdsl.write_actuals import csv_bytes, headings, lines

SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".csv")
SHOWN = 200
SEVERAL_FILLED = "D316"  # no mistake here: every sheet is taken


@click.command(cls=Command, name="collect", help=say(
    "把文件夹里填好的填报表汇成一张完成值表（带“对象”一栏），报告谁没交、哪里对不上。有错误就不写；汇总表可以直接用 score 评。"
    "都交了、没有错误时退出码为0，否则为1。",
    "Gather the filled sheets of folders into one table of actual values with a column 对象, and report who is missing and what does "
    "not fit. Nothing is written while there are errors; score reads the result. Exit code 0 when all handed in and nothing is wrong.",
))  # fmt: skip
@click.argument("folders", metavar="DIR...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="TABLE",
    help=say("汇总表，.csv 或 .xlsx；不写就只报告", "the table to write, .csv or .xlsx"),
)
@click.option(
    "--rules",
    metavar="FILE",
    help=say(
        "规则：逐行核对名称、词、数；有几个对象的，就是应交名单",
        "the rules: rows are checked; their objects are expected",
    ),
)
@click.option("--expected", metavar="LIST", help=say("应交名单，一行一个对象", "a list of those expected, one a line"))
@click.option("--force", is_flag=True, help=say("换掉已有的汇总表", "replace a table that is there"))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("屏幕上的格式", "format printed")
)
@COLOUR
@lang_option
def command(folders: tuple[str, ...], output: str | None, rules: str | None, expected: str | None, force: bool, style: str,
            colour: str) -> None:  # fmt: skip
    """Read every sheet, gather, report, write."""
    paths = list(_files(folders))
    _check_output(output, [*paths, *(x for x in (rules, expected) if x)], force, colour)
    known = _rules(rules, colour) if rules is not None else None
    names = read_names(expected) if expected is not None else _objects(known)
    made, found = collect(_read(paths, known), known, names)
    refused = has_errors(found)
    written = bool(output) and not refused and bool(made.rows)
    if output and written:
        write_whole(output, _table(output, made))
    if style == "json":
        click.echo(json.dumps(_json(made, found, output if written else None), ensure_ascii=False, indent=1))
    else:
        complain(found, colour)
        click.echo(_text(made))
        if output:
            click.echo(_outcome(output, made, written))
    raise click.exceptions.Exit(0 if made.rows and not refused and not made.missing else 1)


def _files(folders: Sequence[str]) -> Iterator[str]:
    """Workbooks and .csv files of the folders in order; what a spreadsheet program or a system keeps for itself is not looked at."""
    for name in folders:
        path = Path(name)
        if not path.is_dir():
            if not path.exists():
                raise Unreadable(say(f"没有文件夹“{shorten(name)}”", f"there is no folder “{shorten(name)}”"))
            yield name
            continue
        inside = sorted(
            str(p) for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file() and not _kept(p, path)
        )
        if not inside:
            raise Unreadable(say(f"文件夹“{shorten(name)}”里没有表格", f"there is no table in “{shorten(name)}”"))
        yield from inside


def _kept(path: Path, top: Path) -> bool:
    parts = path.relative_to(top).parts
    return any(part.startswith(".") for part in parts) or path.name.startswith("~$")


def _check_output(output: str | None, inputs: Sequence[str], force: bool, colour: str) -> None:
    if output is None:
        return
    suffix = Path(output).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise Unreadable(
            say(
                f"汇总表写成 .csv 或 .xlsx：“{shorten(output)}”",
                f"the table is a .csv or an .xlsx: “{shorten(output)}”",
            )
        )
    refuse_existing([output], inputs, force=force)
    lacking = no_writer(output) if suffix == ".xlsx" else []
    if lacking:
        complain(lacking, colour)
        raise click.exceptions.Exit(1)


def _rules(file: str, colour: str) -> Rules:
    files = SettingsFiles()
    plans, found = read_plans(file, files.of(file))
    if plans is None:
        complain([*files.found, *found], colour)
        raise click.exceptions.Exit(1)
    return Rules(plans)


def _objects(rules: Rules | None) -> list[str]:
    """Several objects of the rules are those expected; one may be a rule for any."""
    return [plan.object for plan in rules.plans] if rules is not None and len(rules.plans) > 1 else []


def _read(paths: Sequence[str], rules: Rules | None) -> list[tuple[Table, list[Diagnostic]]]:
    plans = rules.plans if rules is not None else ()
    rows = frozenset(name for plan in plans for name in row_names(plan))
    known = Names(
        rows, frozenset(plan.object for plan in plans), frozenset(x for plan in plans for x in plan.own_columns)
    )
    progress = Progress(len(paths))
    read: list[tuple[Table, list[Diagnostic]]] = []
    for done, path in enumerate(paths, 1):
        read += _sheets(path, known)
        progress.step(done, path)
    progress.end()
    return read


def _sheets(path: str, known: Names) -> Iterator[tuple[Table, list[Diagnostic]]]:
    """The filled sheet of a file; where a workbook has several, each of them."""
    data = read_bytes(path)
    table, found = read_table(path, data, known)
    others = table.filled.others if table.filled is not None else ()
    yield table, [d for d in found if not others or d.code != SEVERAL_FILLED]
    for title in others:
        more, said = read_table(path, data, known, sheet=title)
        yield attrs.evolve(more, name=f"{path}#{title}"), said


def _table(output: str, made: Collection) -> bytes:
    if output.lower().endswith(".csv"):
        return csv_bytes(made.rows)
    from perfdsl.blank_xlsx import write_table  # only a workbook needs the library

    return write_table(headings(made.rows), lines(made.rows))


def _text(made: Collection) -> str:
    """Who handed in what, and who did not."""
    asked = say(f"，应交 {len(made.expected)} 个", f" of {len(made.expected)} expected") if made.expected else ""
    objects = len({one.object for one in made.handed})
    out = [say(f"收到 {objects} 个对象{asked}", f"{objects} object(s) handed in{asked}")]
    table = [say("对象 期间 填了 空着 提示 文件", "object period filled empty findings file").split()]
    table += [[x.object, x.period, str(x.filled), str(x.empty), str(x.findings), x.file] for x in made.handed[:SHOWN]]
    sizes = [max(width(shorten(line[at], 40)) for line in table) for at in range(5)]
    if made.handed:
        out += [
            "  ".join([*(pad(shorten(cell, 40), size) for cell, size in zip(line, sizes, strict=False)), line[5]])
            for line in table
        ]
    if len(made.handed) > SHOWN:
        out.append(say(f"……另有 {len(made.handed) - SHOWN} 张", f"… and {len(made.handed) - SHOWN} more"))
    if made.missing:
        out.append(say("没有交：", "missing: ") + "、".join(made.missing))
    return "\n".join(out)


def _outcome(output: str, made: Collection, written: bool) -> str:
    if written:
        return say(f"写好 {output}（{len(made.rows)} 行）", f"{output} written ({len(made.rows)} rows)")
    why = say(
        "没有收到填报表" if not made.rows else "先改好上面的错误",
        "no sheet came in" if not made.rows else "mend the errors first",
    )
    return say(f"没有写 {output}：{why}", f"{output} was not written: {why}")


def _json(made: Collection, found: Sequence[Diagnostic], output: str | None) -> dict[str, Any]:
    from perfdsl.show import diagnostics_json

    sheets = [{"object": x.object, "file": x.file, "period": x.period, "digest": x.digest, "filled": x.filled, "empty": x.empty,
               "findings": x.findings} for x in made.handed]  # fmt: skip
    return {"format": "perfdsl-collect", "version": 1, "sheets": sheets, "expected": list(made.expected), "missing": list(made.missing),
            "left_aside": list(made.left_aside), "rows": len(made.rows), "output": output,
            "diagnostics": diagnostics_json(found, language())}  # fmt: skip
