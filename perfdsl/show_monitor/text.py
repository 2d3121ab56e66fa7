"""A monitoring for a terminal: totals first, then money, then the indicators from the furthest behind to the not yet due."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from perfdsl import monitoring as m
from perfdsl.show_monitor import words as w
from perfdsl.show_monitor.summary import schedule, summary
from perfdsl.width import pad, width, wrap

NARROW, USUAL, WIDE = 40, 100, 140
GAP = "  "
LEAST = 12  # cells of a column of words
BOLD, TITLE, GREEN, YELLOW, RED = "1", "1;36", "32", "33", "31"
Row = tuple[str, ...]


def monitor_text(made: Sequence[m.Monitoring], lang: str, columns: int, *, colour: bool = False) -> str:
    """All objects for a screen of ``columns`` cells; several begin with a table of them, most behind first."""
    page = _Page(lang, min(max(columns, NARROW), WIDE) if columns > 0 else USUAL, colour)
    lines = list(page.overview(made)) if len(made) > 1 else []
    for one in made:
        lines += page.object(one)
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


@attrs.frozen
class _Page:
    """One page: its language, width and colours."""

    lang: str
    columns: int
    colour: bool

    # ---- pieces

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else zh

    def word(self, pair: w.Pair) -> str:
        return self.say(*pair)

    def bracket(self, text: str) -> str:
        return self.say(f"（{text}）", f" ({text})")

    def paint(self, text: str, tone: str) -> str:
        return f"\x1b[{tone}m{text}\x1b[0m" if self.colour and tone and text else text

    def heading(self, text: str) -> Iterator[str]:
        yield ""
        yield self.paint(f"── {text} {'─' * max(2, self.columns - 4 - width(text))}", TITLE)

    def text(self, text: str, inset: int = 0) -> Iterator[str]:
        for line in wrap(_printable(text), self.columns - inset):
            yield " " * inset + line

    def table(self, rows: Sequence[Row], right: Sequence[int] = ()) -> Iterator[str]:
        """Rows under a head, words wrapped where they must be and numbers never; a table that does not fit becomes lines."""
        rows = [tuple(map(_printable, row)) for row in rows]
        sizes = [max(width(row[at]) for row in rows) for at in range(len(rows[0]))]
        most = self.columns - width(GAP) * (len(sizes) - 1)
        while sum(sizes) > most:
            yielding = [at for at, size in enumerate(sizes) if at not in right and size > LEAST]
            if not yielding:
                yield from self.records(rows)
                return
            sizes[max(yielding, key=lambda at: sizes[at])] -= 1
        for row in rows:
            inset = " " * min(len(row[0]) - len(row[0].lstrip()), sizes[0] // 2)
            first = [inset + line for line in wrap(row[0].strip(), sizes[0] - len(inset))]
            cells = [first, *(wrap(cell, size) for cell, size in zip(row[1:], sizes[1:], strict=True))]
            for at in range(max(map(len, cells))):
                parts = [cell[at] if at < len(cell) else "" for cell in cells]
                yield GAP.join(" " * (size - width(part)) + part if i in right else pad(part, size)
                               for i, (part, size) in enumerate(zip(parts, sizes, strict=True)))  # fmt: skip

    def records(self, rows: Sequence[Row]) -> Iterator[str]:
        """Every row as lines of their own: its name, then its cells with their heads."""
        heads, *others = rows
        for row in others:
            yield from self.text(row[0].strip())
            told = [f"{head} {cell}" for head, cell in zip(heads[1:], row[1:], strict=True) if cell not in ("", "—")]
            yield from self.text(self.say("，", ", ").join(told), 4)

    def light(self, light: m.Light, names: Sequence[str]) -> str:
        """A light in its colour: the best green, the last red."""
        tone = GREEN if light.rank == 0 else RED if light.rank == len(names) - 1 else YELLOW
        return self.paint(_printable(light.name), tone)

    # ---- several objects

    def overview(self, made: Sequence[m.Monitoring]) -> Iterator[str]:
        """One line an object, those with most behind first."""
        yield from self.heading(
            self.say(f"{len(made)} 个对象（滞后多的在前）", f"{len(made)} objects, most behind first")
        )
        heads = self.say(
            "对象 滞后 缺失 达到 支出占计划 支出占预算 资金灯", "object behind missing reached of-plan of-budget money"
        ).split()
        rows = [tuple(heads)]
        for one in sorted(made, key=lambda x: (-len(x.of(m.LAGGING)), -len(x.of(m.MISSING)))):
            whole = one.whole("spend")
            counts = [str(len(one.of(status))) for status in (m.LAGGING, m.MISSING, m.REACHED)]
            rates = [w.percent(whole.of_plan if whole else None), w.percent(whole.of_budget if whole else None)]
            rows.append((one.object, *counts, *rates, whole.light.name if whole and whole.light else ""))
        yield from self.table(rows, right=(1, 2, 3, 4, 5))

    # ---- one object

    def object(self, made: m.Monitoring) -> Iterator[str]:
        """Everything about one object."""
        yield from ("", "━" * self.columns)
        yield from (self.paint(line, BOLD) for line in self.text(made.object))
        yield from self.text(" · ".join(filter(None, self.particulars(made))))
        yield ""
        yield from self.summary(made)
        if made.money:
            yield from self.money(made)
        yield from self.behind(made)
        for status in (m.MISSING, m.UNJUDGED, m.NOT_DUE):
            yield from self.reasons(made, status)
        yield from self.reached(made)
        for status in (m.NOT_APPLICABLE, m.NO_TARGET):
            yield from self.names(made, status)

    def particulars(self, made: m.Monitoring) -> Iterator[str]:
        yield self.word(w.KINDS.get(made.kind, (made.kind, made.kind)))
        yield self.say(f"{w.PERIODS[made.period][0]}监控", f"monitoring, {w.PERIODS[made.period][1]}")
        if made.as_of:
            yield self.say(f"截至 {made.as_of}", f"as of {made.as_of}")
        yield schedule(made, self.lang)

    def summary(self, made: m.Monitoring) -> Iterator[str]:
        """One sentence on output, one on money: the two lights are separate."""
        for sentence in summary(made, self.lang):
            yield from self.text(sentence)

    def money(self, made: m.Monitoring) -> Iterator[str]:
        """Every line with its two rates."""
        yield from self.heading(self.say(f"资金（{made.money_unit}）", f"Money ({made.money_unit})"))
        heads = self.say(
            "项目 全年预算 应执行 已执行 占应执行 占预算 灯 预计全年",
            "line budget due spent of-due of-budget light forecast",
        ).split()
        rows = [tuple(heads)]
        for line in made.money:
            if line.status == m.NO_TARGET and line.spent is None:
                continue
            name = "  " * len(line.path) + line.path[-1] if line.path else self.word(w.SIDES[line.side])
            numbers = [w.amount(x, made.money_scale) for x in (line.budget, line.planned, line.spent)]
            best = line.forecast
            year = (
                w.amount(best.value, made.money_scale) + self.bracket(self.word(w.METHODS[best.method]))
                if best and isinstance(best.value, Fraction)
                else "—"
            )
            rows.append(
                (
                    name,
                    *numbers,
                    w.percent(line.of_plan),
                    w.percent(line.of_budget),
                    line.light.name if line.light else "",
                    year,
                )
            )
        if not made.money_lights:
            rows = [(*row[:6], row[7]) for row in rows]
        yield from self.table(rows, right=(1, 2, 3, 4, 5))

    def behind(self, made: m.Monitoring) -> Iterator[str]:
        """What is behind, the furthest first, with what the unit says of it."""
        rows = made.lagging()
        if not rows:
            return
        yield from self.heading(self.say(f"滞后（{len(rows)} 项）", f"Behind ({len(rows)})"))
        for row in rows:
            lit = f"  {self.light(row.light, made.output_lights)}" if row.light else ""
            *lines, last = self.text(row.path[-1])
            yield from (*lines, last + lit)
            yield from self.text(row.reason(self.lang), 5)
            yield from self.outlook(row)

    def outlook(self, row: m.Progress) -> Iterator[str]:
        """Forecast, likelihood, causes, reason."""
        parts = [self.forecast_words(row)]
        if row.remarks.likelihood:
            parts.append(self.word(w.LIKELY[row.remarks.likelihood]))
        if any(parts):
            yield from self.text(self.say("；", "; ").join(filter(None, parts)), 5)
        causes = [self.word(w.CAUSES[key]) + (self.bracket(text) if text else "") for key, text in row.remarks.causes]
        if row.remarks.explanation:
            causes.append(row.remarks.explanation)
        if causes:
            yield from self.text(self.say("原因：", "Cause: ") + self.say("；", "; ").join(causes), 5)

    def forecast_words(self, row: m.Progress) -> str:
        best = row.forecast
        if best is None:
            return ""
        method = self.word(w.METHODS[best.method])
        year = self.say(f"预计全年 {best.shown}（{method}）", f"forecast for the year {best.shown} ({method})")
        if best.reaches is None:
            return year
        verdict = self.say("达到" if best.reaches else "达不到", "meets" if best.reaches else "misses")
        return self.say(f"{year}，{verdict}全年指标值 {row.full}", f"{year}, {verdict} the year's target {row.full}")

    def reasons(self, made: m.Monitoring, status: str) -> Iterator[str]:
        """Rows with one status and why."""
        rows = made.of(status)
        if not rows:
            return
        yield from self.heading(self.word(w.STATUSES[status]) + self.bracket(str(len(rows))))
        table = [
            (row.path[-1], row.due or row.full, row.reason(self.lang) if status != m.MISSING else "") for row in rows
        ]
        if status == m.MISSING:
            heads: Row = tuple(self.say("指标 应完成", "indicator due").split())
            yield from self.table([heads, *(row[:2] for row in table)])
        else:
            yield from self.table([(row[0], row[2]) for row in table])

    def reached(self, made: m.Monitoring) -> Iterator[str]:
        """What is on schedule."""
        rows = made.of(m.REACHED)
        if not rows:
            return
        yield from self.heading(self.say(f"达到进度（{len(rows)} 项）", f"On schedule ({len(rows)})"))
        heads: Row = tuple(
            self.say("指标 应完成 完成值 进度 灯 预计全年", "indicator due actual progress light forecast").split()
        )
        table = [heads]
        for row in rows:
            best = row.forecast
            miss = self.say("，达不到", ", misses") if best is not None and best.reaches is False else ""
            year = best.shown + self.bracket(self.word(w.METHODS[best.method]) + miss) if best is not None else ""
            lit = row.light.name if row.light else ""
            table.append((row.path[-1], row.due, row.actual, w.percent(row.completion), lit, year))
        kept = [at for at in range(6) if at < 3 or any(row[at] for row in table[1:])]
        yield from self.table([tuple(row[at] for at in kept) for row in table])

    def names(self, made: m.Monitoring, status: str) -> Iterator[str]:
        rows = made.of(status)
        if rows:
            yield from self.heading(self.word(w.STATUSES[status]) + self.bracket(str(len(rows))))
            yield from self.text("、".join(row.path[-1] for row in rows))


def _printable(text: str) -> str:
    """On one line, with a space for every sign a terminal would act on."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\u3000" else " " for c in text)
