"""``perfdsl sentence``: how a sentence of a rubric is understood, and the rubrics of a file as sentences."""

import json
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import click

from perfdsl.cli.main import Command, lang_option, language, say

if TYPE_CHECKING:
    from perfdsl import syntax as s
    from perfdsl.sentences import Reading
    from perfdsl.target import Finding

TAKES = (
    "floor", "ceil", "exact", "point", "relative", "upper", "lower", "actual", "completion", "zero", "full", "pro", "mark", "part", "whole",
)  # fmt: skip


class Beside(NamedTuple):
    """What stands beside a sentence in its table, as written."""

    points: str = ""
    target: str = ""
    name: str = ""


@click.command(cls=Command, name="sentence", help=say(
    "看一句评分标准怎样理解，写成 .perf 是什么，什么没有说清。TEXT 为 - 时从标准输入逐行读：句子、分值、指标值、指标名称，以制表符分开。"
    "--rules 反过来：把文件里每个指标的计分方法印成句子。句句读成规则（印成句子）退出码为0，否则为1。",
    "Show how a sentence of a rubric is understood, what it is in .perf, and what it leaves open. With - lines are read from standard input: "
    "sentence, points, target, name, separated by tabs. --rules goes the other way: each rubric of a file as a sentence. Exit code 0 when "
    "every sentence became a rule (every rule a sentence), else 1.",
))  # fmt: skip
@click.argument("texts", nargs=-1, metavar="TEXT…")
@click.option("--points", default="", metavar="N", help=say("指标的分值", "the points of the indicator"))
@click.option("--target", default="", metavar="S", help=say("指标值", "the target"))
@click.option("--name", default="", metavar="S", help=say("指标名称", "the indicator's name"))
@click.option("--take", "takes", multiple=True, type=click.Choice(TAKES), metavar="WORD", help=say(
    "没有说清的按哪一种：floor 不足一步不算、ceil 按一步算、exact 按比例；point 百分点、relative 指标值的百分之几；"
    "upper、lower 两档共有的数归高、归低；actual、completion 比完成值、比完成率；zero、full、pro、mark 没有写的情况不得分、得满分、按比例、由评分人定；part、whole 另算的是那一部分、全部差距",
    "what open questions mean: floor ceil exact (a started step), point relative (per cent), upper lower (an edge in two bands), actual completion, zero full pro mark (what is not said), part whole (a second price of a step)",
))  # fmt: skip
@click.option("--rules", multiple=True, metavar="FILE", help=say("把文件里的计分方法印成句子", "print the rubrics of a file as sentences"))  # fmt: skip
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help=say("输出格式", "output format")
)
@lang_option
def command(
    texts: tuple[str, ...],
    points: str,
    target: str,
    name: str,
    takes: tuple[str, ...],
    rules: tuple[str, ...],
    style: str,
) -> None:
    """One answer for each sentence, one line for each indicator."""
    if bool(texts) == bool(rules):
        raise click.UsageError(say("给句子，或者用 --rules 给文件", "give sentences, or files with --rules"))
    if rules:
        from perfdsl.cli.worded import worded

        raise click.exceptions.Exit(0 if worded(rules, style) else 1)
    understood = True
    for text, beside in _sentences(texts, Beside(points, target, name)):
        reading, row = _read(text, beside, takes)
        understood &= reading.rubric is not None
        click.echo(_json(reading, row) if style == "json" else _text(reading, row))
    raise click.exceptions.Exit(0 if understood else 1)


def _sentences(texts: tuple[str, ...], given: Beside) -> Iterator[tuple[str, Beside]]:
    for text in texts:
        if text != "-":
            yield text, given
            continue
        for line in sys.stdin.buffer:
            cells = [*line.decode("utf-8-sig", "replace").rstrip("\r\n").split("\t"), "", "", ""]
            yield cells[0], Beside(*(own or other for own, other in zip(cells[1:4], given, strict=True)))


def _read(text: str, beside: Beside, takes: Sequence[str]) -> "tuple[Reading, Row]":
    """The reading, and the row it stands on."""
    from perfdsl.quantity import parse_number
    from perfdsl.read_target import read_target
    from perfdsl.sentences import read_sentence

    number = parse_number(beside.points) if beside.points else None
    if beside.points and number is None:
        raise click.UsageError(say(f"分值“{beside.points}”不是数", f"the points “{beside.points}” are no number"))
    target = read_target(beside.target, name=beside.name)[0] if beside.target else None
    reading = read_sentence(text, number, target, name=beside.name, answers=takes)
    return reading, Row(beside.name or "本指标", number, beside.target)


class Row(NamedTuple):
    """The row a rubric is shown on."""

    name: str
    points: Fraction | None
    target: str

    def perf(self, rubric: "s.Inline") -> str:
        """The row as ``fmt`` lays it out, on one line where it fits."""
        from perfdsl import syntax as s
        from perfdsl.format import format_file
        from perfdsl.quantity import format_number

        clauses: list[s.Clause] = []
        if self.target:
            clauses.append(s.TargetClause("full", self.target))
        if self.points is not None:
            clauses.append(s.PointsClause(s.Number(self.points, "", format_number(self.points))))
        node = s.Node(s.Ident(self.name), (*clauses, s.ByClause(rubric)))
        return format_file(s.File((node,))).strip()


def _text(reading: "Reading", row: Row) -> str:
    shown = " ".join(reading.text.split())
    if reading.rubric is not None:
        lines = [say(f"“{shown}”读作：{reading.said}", f"“{shown}” is read as: {reading.said}")]
        lines += _indented(row.perf(reading.rubric))
    else:
        why = say("还有没说清的，没有写成规则", "leaves something open and is no rule yet") if reading.open else say(
            "没有读懂，留作文字", "was not understood and stays text")  # fmt: skip
        lines = [say(f"“{shown}”{why}", f"“{shown}” {why}")]
    for found in reading.findings:
        severity, message, mend = _told(found)
        lines.append(
            f"  {say(_SEVERITY[severity], severity)} {found.code} {message}" + say(f"（{mend}）", f" ({mend})")
        )
    for choice in reading.choices:
        lines.append(f"  --take {choice.name.replace('+', ' --take ')} " + say(f"（{choice.zh}）", f"({choice.en})"))
        lines += [f"  {line}" for line in _indented(row.perf(choice.rubric))]
    return "\n".join(lines)


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.split("\n")]


def _told(found: "Finding") -> tuple[str, str, str]:
    """Severity, message and help of a finding."""
    from perfdsl.diagnostics import Diagnostic
    from perfdsl.sentences import KINDS
    from perfdsl.text import NOWHERE

    said = Diagnostic(KINDS[found.code], NOWHERE, found.facts)
    return said.severity, said.message(language()), said.help(language())


def _json(reading: "Reading", row: Row) -> str:
    def each(found: "Finding") -> dict[str, object]:
        severity, message, mend = _told(found)
        return {
            "code": found.code,
            "severity": severity,
            "message": message,
            "help": mend,
            "start": found.start,
            "end": found.end,
        }

    made = {
        "text": reading.text,
        "understood": reading.rubric is not None,
        "said": reading.said,
        "perf": row.perf(reading.rubric) if reading.rubric is not None else None,
        "open": [each(x) for x in reading.open],
        "unread": [each(x) for x in reading.unread],
        "notes": [each(x) for x in reading.notes],
        "choices": [{"take": x.name.split("+"), "meaning": say(x.zh, x.en), "said": x.said, "perf": row.perf(x.rubric)} for x in reading.choices],
    }  # fmt: skip
    return json.dumps(made, ensure_ascii=False)


_SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}
