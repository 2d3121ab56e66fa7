"""The summary of a batch on the screen."""

from typing import Any

from perfdsl.batch import losing
from perfdsl.cli.main import say
from perfdsl.width import pad, width

BAR = 40
REASONS = {
    "places among all objects": "要在全体对象中排名",
}


def as_text(told: dict[str, Any]) -> str:
    """Figures, bars, and what is to be looked after."""
    out = [
        _head(told),
        *_totals(told["total"]),
        *_grades(told),
        *_losing(told),
        *_incomplete(told["incomplete"]),
        *_exact(told),
    ]
    out += _rejects(told)
    objects = told["objects"]
    out.append(say(f"写好 {told['output']}（{objects} 个对象）", f"{told['output']} written ({objects} objects)"))
    return "\n".join(out)


def _head(told: dict[str, Any]) -> str:
    objects, complete, rows, aside = told["objects"], told["complete"], told["rows"], told["other_periods"]
    line = say(
        f"对象 {objects} 个，完整 {complete} 个；读到 {rows} 行",
        f"{objects} objects, {complete} complete; {rows} rows read",
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
    size = max(width(x["path"]) for x in found)
    lines = [
        say(f"  {pad(x['path'], size)}  共失 {x['lost']} 分，平均得 {x['mean']}/{x['points']}",
            f"  {pad(x['path'], size)}  {x['lost']} points lost, mean {x['mean']}/{x['points']}")
        for x in found
    ]  # fmt: skip
    return [say("失分最多的指标", "indicators that lose most points"), *lines]


def _incomplete(found: dict[str, Any]) -> list[str]:
    if not found["count"]:
        return []
    shown = [
        f"  {x['object']}"
        + (f"（{'、'.join(x['missing'][:5])}{'……' if len(x['missing']) > 5 else ''}）" if x["missing"] else "")
        for x in found["first"]
    ]
    more = found["count"] - len(shown)
    rest = [say(f"  ……另有 {more} 个", f"  … and {more} more")] if more else []
    return [say(f"缺数据的对象 {found['count']} 个", f"{found['count']} objects with missing data"), *shown, *rest]


def _exact(told: dict[str, Any]) -> list[str]:
    return [
        say(f"精确引擎逐个打分 {x['count']} 个：{REASONS.get(x['reason'], x['reason'])}",
            f"{x['count']} objects scored one by one by the exact engine: {x['reason']}")
        for x in told["exact"]
    ]  # fmt: skip


def _rejects(told: dict[str, Any]) -> list[str]:
    rejects = told["rejects"]
    if not rejects["count"]:
        return []
    codes = "，".join(f"{code} {count}" for code, count in rejects["codes"].items())
    name = told["rejects_file"]
    return [
        say(
            f"读不了的 {rejects['count']} 处（{codes}），见 {name}",
            f"{rejects['count']} could not be read ({codes}), see {name}",
        )
    ]
