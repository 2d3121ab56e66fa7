"""The distribution of totals and grades as a picture, and the whole summary as a page that needs no other file."""

from collections.abc import Sequence
from html import escape
from typing import Any

from perfdsl.batch.digest import losing
from perfdsl.batch.lists import lists_text, rolls_of_json
from perfdsl.fallback import fallback_of
from perfdsl.keywords import WORDS as KEYWORDS

WIDE, HIGH, LEFT, TOP = 640, 220, 48, 34
WORDS = {
    "zh": {
        "totals": "总分分布", "grades": "等级", "objects": "对象", "complete": "完整", "rows": "读到的行", "mean": "平均", "least": "最低", "most": "最高",
        "lost": "共失分", "indicator": "指标", "points": "分值", "title": "批量打分汇总", "losing": "失分最多的指标", "missing": "缺数据的对象（前几个）",
        "object": "对象", "lacks": "缺什么", "rejects": "读不了的", "exact": "由精确引擎打分的", "code": "代码", "count": "个数", "reason": "原因", "place": "名次", "total": "总分",
        "rules": "规则", "actuals": "数据", "period": "期间", "engine": "引擎", "full": "满分", "awards": "评优", "award": "名称", "of complete": "总分分布（只画总分已定的 {n} 个）",
    },
    "en": {
        "totals": "Totals", "grades": "Grades", "objects": "objects", "complete": "complete", "rows": "rows read", "mean": "mean", "least": "least",
        "most": "most", "lost": "points lost", "indicator": "indicator", "points": "points", "title": "Summary of batch scoring",
        "losing": "Indicators that lose most points", "missing": "Objects with missing data (the first)", "object": "object", "lacks": "missing",
        "rejects": "Could not be read", "exact": "Scored by the exact engine", "code": "code", "count": "count", "reason": "reason", "place": "place", "total": "total",
        "rules": "rules", "actuals": "data", "period": "period", "engine": "engine", "full": "full marks", "awards": "Awards", "award": "name",
        "of complete": "Totals (of the {n} that are known)",
    },
}  # fmt: skip


def svg_picture(told: dict[str, Any], lang: str = "zh") -> str:
    """Totals in twentieths of the full total, and below them the grades where there are any."""
    words = WORDS[lang]
    bars = [(f"{x['from']}–{x['to']}", x["count"]) for x in told["total"]["bins"]]
    grades = [(x["name"], x["count"]) for x in told["grades"]]
    pieces = _bars(words["of complete"].format(n=told["total"]["known"]), bars, 0, every=4)
    height = HIGH
    if grades:
        pieces += _bars(words["grades"], grades, HIGH, every=1)
        height += HIGH
    said = f"{words['totals']}：" + "，".join(f"{label} {count}" for label, count in bars if count)
    inside = "\n".join(pieces)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height}" width="{WIDE}" height="{height}" role="img" '
        f'font-family="PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif" font-size="12">\n<title>{escape(said)}</title>\n'
        f'<rect width="{WIDE}" height="{height}" fill="#fff"/>\n{inside}\n</svg>\n'
    )


def _bars(title: str, bars: Sequence[tuple[str, int]], top: int, every: int) -> list[str]:
    """One row of bars; ``every`` so many of them has its label below.  Heights are whole pixels."""
    base, room = top + HIGH - 30, HIGH - 30 - TOP - 14
    step = (WIDE - LEFT - 12) // max(len(bars), 1)
    width = min(step - 3, 60)
    most = max((count for _, count in bars), default=0) or 1
    made = [f'<text x="{LEFT}" y="{top + 20}" font-weight="bold">{escape(title)}</text>']
    made.append(f'<line x1="{LEFT}" y1="{base}" x2="{WIDE - 12}" y2="{base}" stroke="#888"/>')
    for i, (label, count) in enumerate(bars):
        x, height = LEFT + i * step + 2, room * count // most
        height = max(height, 1) if count else 0
        made.append(
            f'<rect x="{x}" y="{base - height}" width="{width}" height="{height}" fill="#4472a8"><title>{escape(label)}：{count}</title></rect>'
        )
        if count and (len(bars) <= 12 or count == most):
            made.append(f'<text x="{x + width // 2}" y="{base - height - 4}" text-anchor="middle">{count}</text>')
        if i % every == 0:
            words = label if every == 1 else label.partition("–")[0]
            place, anchor = (x + width // 2, "middle") if every == 1 else (x, "start")
            made.append(f'<text x="{place}" y="{base + 16}" text-anchor="{anchor}">{escape(words)}</text>')
    return made


def html_page(told: dict[str, Any], lang: str = "zh") -> str:
    """One page: the figures, the picture, the tables."""
    words = WORDS[lang]
    total = told["total"]
    facts = [
        (words["objects"], told["objects"]), (words["complete"], told["complete"]), (words["rows"], told["rows"]), (words["full"], total["full"]),
        (words["mean"], total["mean"]), (words["least"], total["least"]), (words["most"], total["most"]),
    ]  # fmt: skip
    period = next(
        x.zh if lang == "zh" else x.meaning for x in KEYWORDS if x.kind == "PERIOD" and x.meaning == told["period"]
    )
    origin = "　".join(
        f"{words[key]}：{value}" for key, value in (
            ("rules", "、".join(told["rules"])), ("actuals", "、".join(told["actuals"])), ("period", period), ("engine", told["engine"]),
        )
    )  # fmt: skip
    parts = [
        f"<p>{escape(origin)}</p>",
        _table([name for name, _ in facts], [["—" if value is None else str(value) for _, value in facts]]),
        svg_picture(told, lang),
        _section(words["awards"], (words["award"], words["count"]), [(x["name"], str(x["count"])) for x in told.get("awards", ())]),
        _section(words["losing"], (words["indicator"], words["points"], words["mean"], words["lost"]),
                 [(x["path"], x["points"] or "", x["mean"] or "", x["lost"]) for x in losing(told)]),
        _section(words["missing"], (words["object"], words["lacks"]), [(x["object"], "、".join(x["missing"])) for x in told["incomplete"]["first"]]),
        *(_section(line.partition("：")[0].partition(": ")[0], (words["place"], words["object"], words["total"]),
                   [(str(y["place"]), y["object"], y["total"]) for y in x["objects"]])
          for x, line in zip(told.get("lists", ()), lists_text(rolls_of_json(told.get("lists", ())), lang), strict=True)),
        _section(words["rejects"], (words["code"], words["count"]), [(k, str(n)) for k, n in told["rejects"]["codes"].items()]),
        _section(words["exact"], (words["reason"], words["indicator"], words["objects"]), [
            (one.why.text(lang), "、".join(one.indicators), str(one.count)) for one in map(fallback_of, told["exact"])
        ]),
    ]  # fmt: skip
    body = "\n".join(x for x in parts if x)
    title = escape(words["title"])
    return f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>\n{STYLE}</head>\n<body><h1>{title}</h1>\n{body}\n</body></html>\n'


STYLE = (
    "<style>body{font-family:'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #ccc;padding:.25rem .6rem;text-align:right}th{background:#eef2f7}td:first-child,th:first-child{text-align:left}p{color:#555}svg{max-width:100%;height:auto}</style>"
)


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return f"<h2>{escape(title)}</h2>\n{_table(heads, rows)}" if rows else ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    head = "".join(f"<th>{escape(x)}</th>" for x in heads)
    top = f"<tr>{head}</tr>" if heads else ""
    return f"<table>{top}{''.join(f'<tr>{x}</tr>' for x in lines)}</table>"
