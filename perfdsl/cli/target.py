"""``perfdsl target``: how a target cell is understood."""

import json
import sys
from collections import Counter
from collections.abc import Iterator

import click

from perfdsl.cli.main import Command, lang_option, language, say


@click.command(cls=Command, name="target", help=say(
    "看指标值单元格怎样理解。TEXT 为 - 时从标准输入逐行读：单元格、符号列、单位列、指标名称，以制表符分开，一行一答。",
    "Show how target cells are understood. With - lines are read from standard input: text, sign, unit, name, separated by tabs; one answer a line.",
))  # fmt: skip
@click.argument("texts", nargs=-1, required=True, metavar="TEXT…")
@click.option("--op", default="", metavar="S", help=say("符号列（指标性质）", "the sign column"))
@click.option("--unit", default="", metavar="S", help=say("单位列（计量单位）", "the unit column"))
@click.option("--name", default="", metavar="S", help=say("指标名称", "the indicator's name"))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("输出格式", "output format")
)
@click.option(
    "--summary",
    is_flag=True,
    help=say(
        "最后在标准错误上印各种类的个数和有疑点的个数",
        "print the count of kinds and of doubtful cells on standard error",
    ),
)
@lang_option
def command(texts: tuple[str, ...], op: str, unit: str, name: str, style: str, summary: bool) -> None:
    """One answer for each cell."""
    counts: Counter[str] = Counter()
    doubtful = 0
    for text, columns, listed in _cells(texts, (op, unit, name)):
        kind, doubts, answer = _answer(text, columns, style, listed)
        counts[kind] += 1
        doubtful += doubts > 0
        click.echo(answer)
    if summary:
        click.echo(_summary(counts, doubtful), err=True)


def _cells(texts: tuple[str, ...], given: tuple[str, str, str]) -> Iterator[tuple[str, tuple[str, str, str], bool]]:
    """Each cell with its columns, and whether it is one of a list."""
    for text in texts:
        if text != "-":
            yield text, given, False
            continue
        stream = (line.decode("utf-8-sig", "replace") for line in sys.stdin.buffer)
        for line in stream:
            cells = [*line.rstrip("\r\n").split("\t"), "", "", ""]
            yield cells[0], (cells[1] or given[0], cells[2] or given[1], cells[3] or given[2]), True


def _answer(text: str, columns: tuple[str, str, str], style: str, listed: bool) -> tuple[str, int, str]:
    """The kind, the number of doubts and the answer as printed; a cell of a list is answered on one line."""
    from perfdsl.cli.cell import Columns, message, sentence
    from perfdsl.read_target import KINDS, read_target
    from perfdsl.target import kind, to_json

    beside = Columns(*columns)
    target, findings = read_target(text, op=beside.op, unit=beside.unit, name=beside.name)
    doubts = sum(KINDS[finding.code].severity != "info" for finding in findings)
    said = sentence(target, findings, beside, language())
    found = []
    for finding in findings:
        told, mend = message(finding, language())
        found.append({"code": finding.code, "severity": KINDS[finding.code].severity, "message": told, "help": mend,
                      "start": finding.start, "end": finding.end})  # fmt: skip
    if style == "json":
        made = {**to_json(target), "sentence": said, "doubtful": doubts > 0, "findings": found}
        return kind(target), doubts, json.dumps(made, ensure_ascii=False)
    if listed:
        codes = " ".join(dict.fromkeys(str(each["code"]) for each in found))
        return kind(target), doubts, said + (f" [{codes}]" if codes else "")
    lines = [said]
    for each in found:
        severity = say(SEVERITY[str(each["severity"])], str(each["severity"]))
        mend = say(f"（{each['help']}）", f" ({each['help']})")
        lines.append(f"  {severity} {each['code']} {each['message']}{mend}")
    return kind(target), doubts, "\n".join(lines)


def _summary(counts: Counter[str], doubtful: int) -> str:
    from perfdsl.cli.cell import KINDS_EN, KINDS_ZH

    names = KINDS_ZH if language() == "zh" else dict(zip(KINDS_EN, KINDS_EN, strict=True))
    kinds = [f"{names[kind]} {count}" for kind, count in counts.most_common()]
    total = sum(counts.values())
    if language() == "zh":
        return f"共 {total} 格：{'，'.join(kinds)}；有疑点的 {doubtful} 格。"
    return f"{total} cells: {', '.join(kinds)}; {doubtful} doubtful."


SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}
