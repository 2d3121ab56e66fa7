"""The summary of a batch on the screen."""

from typing import Any

from perfdsl.batch import lists_text, losing, rolls_of_json
from perfdsl.cli.main import language, say
from perfdsl.diagnostics import shorten
from perfdsl.fallback import fallback_of
from perfdsl.text import counted
from perfdsl.width import pad, width

BAR = 40


def as_text(told: dict[str, Any]) -> str:
    """Figures, bars, and what is to be looked after."""
    out = [
        _head(told),
        *_totals(told["total"]),
        *_grades(told),
        *_losing(told),
        *_incomplete(told["incomplete"]),
        *_lists(told),
        *_exact(told),
    ]
    out += _rejects(told)
    objects = told["objects"]
    more = "".join(f"、{told[x]}" for x in ("totals_file", "lists_file") if x in told)
    shapes = (
        say(f"，{told['shapes']} 种计分形状", f", {counted(told['shapes'], 'scoring shape')}")
        if "shapes" in told
        else ""
    )
    out.append(
        say(
            f"写好 {told['output']}{more}（{objects} 个对象{shapes}）",
            f"{told['output']}{more} written ({counted(objects, 'object')}{shapes})",
        )
    )
    return "\n".join(out)


def _head(told: dict[str, Any]) -> str:
    objects, complete, rows, aside = told["objects"], told["complete"], told["rows"], told["other_periods"]
    line = say(
        f"对象 {objects} 个，完整 {complete} 个；读到 {rows} 行",
        f"{counted(objects, 'object')}, {complete} complete; {counted(rows, 'row')} read",
    )
    return line + (say(f"，另有别的期间的 {aside} 行", f", and {aside} of other periods") if aside else "")


def _totals(total: dict[str, Any]) -> list[str]:
    if not total["known"]:
        return []
    mean, least, most, full = total["mean"], total["least"], total["most"], total["full"]
    out = [
        say(
            f"总分 平均 {mean}，最低 {least}，最高 {most}（满分 {full}）",
            f"totals: mean {mean}, least {least}, most {most} (of {full})",
        )
    ]
    filled = [i for i, x in enumerate(total["bins"]) if x["count"]]
    some = total["bins"][filled[0] : filled[-1] + 1]
    return out + _bars([(f"{x['from']}–{x['to']}", x["count"]) for x in some])


def _grades(told: dict[str, Any]) -> list[str]:
    out = []
    if told["grades"]:
        out.append(say("等级", "grades"))
        out += _bars([(x["name"], x["count"]) for x in told["grades"]])
    out += [f"{x['name']} {x['count']}" for x in told["awards"]]
    return out


def _bars(rows: list[tuple[str, int]]) -> list[str]:
    """One line each; the longest bar has forty marks, a count above zero at least one."""
    most = max((count for _, count in rows), default=0) or 1
    size = max(width(label) for label, _ in rows)
    digits = len(str(most))
    return [
        f"  {pad(label, size)}  {count:>{digits}} {'█' * -(-BAR * count // most)}".rstrip() for label, count in rows
    ]


def _losing(told: dict[str, Any]) -> list[str]:
    found = losing(told, 5)
    if not found:
        return []
    found = [x | {"path": shorten(x["path"])} for x in found]
    size = max(width(x["path"]) for x in found)
    lines = [
        say(f"  {pad(x['path'], size)}  共失 {x['lost']} 分，" + (f"平均得 {x['mean']}/{x['points']}" if x["mean"] else f"{x['scored']} 个对象"),
            f"  {pad(x['path'], size)}  {x['lost']} points lost, " + (f"mean {x['mean']}/{x['points']}" if x["mean"] else counted(x["scored"], "object")))
        for x in found
    ]  # fmt: skip
    return [say("失分最多的指标", "indicators that lose most points"), *lines]


def _incomplete(found: dict[str, Any]) -> list[str]:
    if not found["count"]:
        return []
    shown = [
        f"  {shorten(x['object'])}"
        + (
            f"（{'、'.join(map(shorten, x['missing'][:5]))}{'……' if len(x['missing']) > 5 else ''}）"
            if x["missing"]
            else ""
        )
        for x in found["first"]
    ]
    more = found["count"] - len(shown)
    rest = [say(f"  ……另有 {more} 个", f"  … and {more} more")] if more else []
    return [
        say(f"缺数据的对象 {found['count']} 个", f"{counted(found['count'], 'object')} with missing data"),
        *shown,
        *rest,
    ]


def _lists(told: dict[str, Any]) -> list[str]:
    """Who is first and last: a line a list."""
    return lists_text(rolls_of_json(told["lists"]), language()) if "lists" in told else []


def _exact(told: dict[str, Any]) -> list[str]:
    """What the exact engine scored, and why: a line a reason."""
    return [fallback_of(x).text(language()) for x in told["exact"]]


def _rejects(told: dict[str, Any]) -> list[str]:
    rejects = told["rejects"]
    if not rejects["count"]:
        return []
    codes = say("，", ", ").join(f"{code} {count}" for code, count in rejects["codes"].items())
    name = told["rejects_file"]
    return [
        say(
            f"读不了的 {rejects['count']} 处（{codes}），见 {name}",
            f"{rejects['count']} could not be read ({codes}), see {name}",
        )
    ]
