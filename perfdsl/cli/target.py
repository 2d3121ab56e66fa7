"""``perfdsl target``: how a target cell is understood."""

import json
import sys

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
@lang_option
def command(texts: tuple[str, ...], op: str, unit: str, name: str, style: str) -> None:
    """One answer for each cell."""
    for text in texts:
        if text != "-":
            click.echo(_answer(text, op, unit, name, style))
            continue
        stream = (line.decode("utf-8-sig", "replace") for line in sys.stdin.buffer)
        for line in stream:
            cells = [*line.rstrip("\r\n").split("\t"), "", "", ""]
            click.echo(_answer(cells[0], cells[1] or op, cells[2] or unit, cells[3] or name, style))


def _answer(text: str, op: str, unit: str, name: str, style: str) -> str:
    from perfdsl.read_target import KINDS, read_target
    from perfdsl.target import to_json

    target, doubts = read_target(text, op=op, unit=unit, name=name)
    found = []
    for doubt in doubts:
        kind = KINDS[doubt.code]
        message, mend = (kind.en, kind.help_en) if language() == "en" else (kind.zh, kind.help_zh)
        for key, value in doubt.facts:
            message, mend = message.replace("{" + key + "}", value), mend.replace("{" + key + "}", value)
        found.append({"code": doubt.code, "severity": kind.severity, "message": message, "help": mend,
                      "start": doubt.start, "end": doubt.end})  # fmt: skip
    if style == "json":
        return json.dumps({**to_json(target), "findings": found}, ensure_ascii=False)
    lines = [_sentence(text, to_json(target))]
    lines += [
        f"  {SEVERITY.get(str(x['severity']), '') if language() == 'zh' else x['severity']} {x['code']} {x['message']}（{x['help']}）"
        for x in found
    ]
    return "\n".join(lines)


SEVERITY = {"error": "错误", "warning": "警告", "info": "提示"}
KINDS_ZH = {"number": "数", "percent": "百分比", "money": "金额", "range": "区间", "duration": "时长", "deadline": "期限",
            "level": "等级词", "schedule": "序时进度", "growth": "增减幅度", "compound": "几部分合写", "none": "本期不考核",
            "freetext": "文字表述"}  # fmt: skip
SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "="}


def _sentence(text: str, read: dict[str, object]) -> str:
    kind = str(read["kind"])
    sign = SIGNS.get(str(read.get("op")), "")
    parts = [f"{sign}{read['value']}{read.get('unit') or ''}"] if read.get("value") is not None else []
    if read.get("low") is not None:
        parts.append(f"{read['low']}–{read['high']}{read.get('unit') or ''}")
    if read.get("qualifier"):
        parts.append(str(read["qualifier"]))
    if read.get("approximate"):
        parts.append(say("约数", "approximate"))
    shown = "“" + text + "”"
    detail = f" {' '.join(parts)}" if parts else ""
    return f"{shown} → {say(KINDS_ZH[kind], kind)}{detail}"
