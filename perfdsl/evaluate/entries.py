"""Several entries of one row to one score: check, sum, best, mean, trimmed mean."""

from fractions import Fraction

from perfdsl import core as c
from perfdsl import plan as p
from perfdsl.actuals import Entry
from perfdsl.evaluate import messages as say
from perfdsl.evaluate.rows import Decision, Rows
from perfdsl.evaluate.values import NO_JUDGE, ZERO, Frame
from perfdsl.quantity import format_number
from perfdsl.scorecard import MISSING, UNJUDGED, IndicatorScore


class EntryRows(Rows):
    """Rows that are scored entry by entry."""

    def by_entries(self, row: p.PlanIndicator, frame: Frame) -> IndicatorScore:
        """check, sum, best, mean, trimmed mean."""
        assert row.scoring is not None and row.scoring.entries is not None  # the caller looked
        scoring, how = row.scoring, row.scoring.entries
        given = self.observed.entries.get("/".join(row.path), ())
        entries = [e for e in given if not e.none_happened and (e.text or e.mark is not None)]
        none = any(e.none_happened for e in given)
        if not entries and not none and not row.bonus:
            return self.result(row, frame, MISSING, self.open(row), "没有完成值", "no actual value")
        if not entries and not none:
            self.report(say.BONUS_WITHOUT_ROWS, frame.entry.span, name=row.path[-1])
        awards = [(entry, self.entry_award(row, scoring, entry)) for entry in self.single_points(how, entries)]
        if any(award is None for _, award in awards):
            decision = self.open(row)
            return self.result(row, frame, UNJUDGED, decision, "有的事项还不能定分", "some entries are not decided")
        made = aggregate(how, [(entry, award or ZERO) for entry, award in awards])
        kept = min(max(made, scoring.low), scoring.high)
        if kept != made:
            self.report(
                say.CLAMPED, frame.entry.span, name=row.path[-1], award=format_number(made), kept=format_number(kept)
            )
        score = self.rounded(kept)
        parts = _parts(how, [(entry, award or ZERO) for entry, award in awards])
        base = format_number(how.base)
        zh = (
            f"{_HOW_ZH[how.how]}：{parts or '没有事项'}{f'，基础{base}' if how.base else ''} = {format_number(score)}分"
        )
        en = f"{how.how}: {parts or 'no entries'}{f', base {base}' if how.base else ''} = {format_number(score)}"
        status = self.status(row, frame, self.target_of(row)) if entries and self.target_of(row) else UNJUDGED
        return self.result(row, frame, status, Decision(0, score, score, score, limited=kept != made), zh, en)

    @staticmethod
    def together(how: c.Entries, awards: list[tuple[Entry, Fraction]]) -> Fraction:
        """What the awards of several entries come to, neither limited nor rounded."""
        return aggregate(how, awards)

    @staticmethod
    def single_points(how: c.Entries, entries: list[Entry]) -> list[Entry]:
        """For ``check``: the points mentioned, each once, also when one cell lists several."""
        if how.how != "check":
            return entries
        made: dict[str, Entry] = {}
        for entry in entries:
            text = str(entry.value)
            words = [text] if text in how.words else [w.strip() for w in _split(text) if w.strip()]
            for word in words:
                made.setdefault(word, Entry(value=word, text=word, item=entry.item, mark=entry.mark, span=entry.span))
        return list(made.values())

    def entry_award(self, row: p.PlanIndicator, scoring: c.Scoring, entry: Entry) -> Fraction | None:
        """The award of one entry, times its number; None when nothing decides it."""
        target = self.target_of(row)
        frame = Frame(row, target.judge if target is not None else NO_JUDGE, entry, entry.value)
        for case in scoring.cases:
            holds = self.value(case.when, frame)
            if holds is None:
                return None
            if not holds:
                continue
            if case.high is None:
                award = self.value(case.award, frame)
            else:  # the mark as given: only the score of the row is rounded
                award = entry.mark if self.awarded(scoring, case, 1, frame).award is not None else None
            if entry.mark is not None and case.high is None and "mark" not in c.references(case.award):
                self.report(say.MARK_UNUSED, entry.span, name=row.path[-1], mark=format_number(entry.mark))
            return award * entry.times if isinstance(award, Fraction) else None
        known = "、".join(scoring.entries.words) if scoring.entries is not None else ""
        self.report(say.UNKNOWN_ENTRY, entry.span, name=row.path[-1], text=entry.text, known=known)
        return None


def aggregate(how: c.Entries, awards: list[tuple[Entry, Fraction]]) -> Fraction:
    """Several awards to one: within each ``per`` group first, then over the groups."""
    grouped: dict[str, list[Fraction]] = {}
    for entry, award in awards:
        grouped.setdefault(entry.item if how.per else "", []).append(award)
    if how.how == "best":
        return how.base + sum((max(found) for found in grouped.values()), ZERO)
    if how.how in ("check", "sum"):
        return how.base + sum((sum(found, ZERO) for found in grouped.values()), ZERO)
    means = [_mean(found, how) for found in grouped.values()]
    return how.base + (sum(means, ZERO) / len(means) if means else ZERO)


def _mean(found: list[Fraction], how: c.Entries) -> Fraction:
    if how.how == "trimmed mean" and len(found) > how.over and len(found) > 2:
        found = sorted(found)[1:-1]
    return sum(found, ZERO) / len(found)


def _split(text: str) -> list[str]:
    for mark in "；;，,\n":
        text = text.replace(mark, "、")
    return text.split("、")


def _signed(value: Fraction) -> str:
    return f"+{format_number(value)}" if value > 0 else format_number(value)


def _parts(how: c.Entries, awards: list[tuple[Entry, Fraction]]) -> str:
    """The entries that count, with what each is worth; those that do not count stand in brackets."""
    counted = _counted(how, awards)
    shown = [
        f"{e.item or e.text}{'×' + str(e.times) if e.times != 1 else ''} {_signed(award)}".strip()
        for e, award in awards
    ]
    marked = [text if index in counted else f"（{text}）" for index, text in enumerate(shown)]
    return "、".join(marked[:8]) + ("、…" if len(marked) > 8 else "")


def _counted(how: c.Entries, awards: list[tuple[Entry, Fraction]]) -> set[int]:
    """Which entries count: one for each item with ``best``, all but the highest and the lowest when trimmed."""
    groups: dict[str, list[int]] = {}
    for index, (entry, _) in enumerate(awards):
        groups.setdefault(entry.item if how.per else "", []).append(index)
    if how.how == "best":
        return {max(group, key=lambda i: awards[i][1]) for group in groups.values()}
    counted: set[int] = set()
    for group in groups.values():
        trims = how.how == "trimmed mean" and len(group) > how.over and len(group) > 2
        counted.update(sorted(group, key=lambda i: awards[i][1])[1:-1] if trims else group)
    return counted


_HOW_ZH = {"check": "要点累计", "sum": "逐项累计", "best": "取最高", "mean": "取平均", "trimmed mean": "截尾平均"}
