"""The report a budget officer reads in a terminal: the total, where points were lost and why, what needs explaining.

Nothing is wider than the page, and everything that moved a score is on it; ``verbose`` adds every indicator.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

import attrs

from perfdsl import __version__
from perfdsl.diagnostics import Diagnostic
from perfdsl.quantity import format_number
from perfdsl.reports import Style
from perfdsl.reports import _against as against
from perfdsl.reports import _rolls as rolls
from perfdsl.reports import _selection as select
from perfdsl.reports._table import GAP, Cell, Column, Ink, by_point, lines, packed, printable, widest
from perfdsl.reports._words import FACTS, KINDS, PERIODS, SEVERITIES, STATUSES, word
from perfdsl.scorecard import (
    EXCEEDED,
    MET,
    MISSED,
    MISSING,
    NOT_APPLICABLE,
    UNJUDGED,
    GroupScore,
    IndicatorScore,
    Scorecard,
)
from perfdsl.width import width, wrap

NAME = "terminal"
SUFFIX = ".txt"

NARROW, USUAL, WIDE = 40, 100, 140
BOLD, DIM, RED, GREEN, YELLOW, CYAN, TITLE = "1", "2", "31", "32", "33", "36", "1;36"
TONES = {MET: GREEN, EXCEEDED: CYAN, MISSED: RED, MISSING: YELLOW, UNJUDGED: YELLOW, NOT_APPLICABLE: DIM,
         "error": RED, "warning": YELLOW, "info": CYAN}  # fmt: skip
GOOD, FAIR = Fraction(9, 10), Fraction(6, 10)


def render(cards: Sequence[Scorecard], findings: Sequence[Diagnostic], style: Style) -> bytes:
    """All cards; several begin with a table of their totals."""
    page = _Page(style, min(max(style.columns, NARROW), WIDE) if style.columns > 0 else USUAL)
    parts = [page.overview(cards)] if len(cards) > 1 else []
    parts += [page.card(card) for card in cards]
    parts.append(page.afterwards(cards, findings))
    text = "\n".join("\n".join(part) for part in parts)
    return (text.strip("\n") + "\n").encode("utf-8", "replace")


@attrs.frozen
class _Page:
    """One page: its style and its width."""

    style: Style
    columns: int

    @property
    def ink(self) -> Ink:
        return Ink(self.style.colour)

    def say(self, zh: str, en: str) -> str:
        return en if self.style.lang == "en" else zh

    def word(self, table: dict[str, tuple[str, str]], key: str) -> str:
        return word(table, key, self.style.lang)

    # ---- pieces

    def title(self, text: str) -> Iterator[str]:
        """A heading of a section."""
        yield ""
        if self.style.plain:
            yield self.ink.paint(text, TITLE)
            return
        rest = "─" * (self.columns - width(text) - 4)
        yield self.ink.paint(f"── {text} {rest}" if rest else text, TITLE)

    def text(self, words: str, inset: int = 0, tone: str = "") -> Iterator[str]:
        """A paragraph."""
        for line in wrap(printable(words), self.columns - inset):
            yield " " * inset + self.ink.paint(line, tone)

    def item(self, head: str, words: str, tone: str = "") -> Iterator[str]:
        """A paragraph that hangs behind its first words."""
        inset = width(head) + 1
        first, *rest = wrap(printable(words), self.columns - inset)
        yield f"{self.ink.paint(head, tone)} {first}"
        yield from (" " * inset + line for line in rest)

    def joined(self, parts: Iterable[str]) -> str:
        return (" | " if self.style.plain else " · ").join(filter(None, parts))

    def dashed(self, text: str) -> str:
        return text.replace("–", "-") if self.style.plain else text

    # ---- several objects

    def overview(self, cards: Sequence[Scorecard]) -> Iterator[str]:
        """One line for each object."""
        yield from self.title(self.say(f"{len(cards)} 个对象", f"{len(cards)} objects"))
        heads = self.say("对象 得分 满分 等级 状态", "object score full grade state").split()
        totals = by_point([self.result(card) for card in cards])
        full = [format_number(card.points) if card.points is not None else "" for card in cards]
        states = [self.state(card) for card in cards]
        sides = [totals, full, [card.grade for card in cards], [cell.text for cell in states]]
        sizes = [widest([head, *texts]) for head, texts in zip(heads[1:], sides, strict=True)]
        name = min(widest([card.object for card in cards]), self.columns - sum(sizes) - GAP * len(sizes))
        columns = [Column(max(name, width(heads[0])), False), *(Column(n, i < 2) for i, n in enumerate(sizes))]
        yield from lines([Cell(head, DIM) for head in heads], columns, self.ink)
        for card, total, most, state in zip(cards, totals, full, states, strict=True):
            row = [Cell(card.object), Cell(total, BOLD), Cell(most, DIM), Cell(card.grade), state]
            yield from lines(row, columns, self.ink)
        yield from self.together(cards)

    def together(self, cards: Sequence[Scorecard]) -> Iterator[str]:
        """Who has which place, and who is given which award."""
        lang = self.style.lang
        yield from self.listed(self.say("名次", "places"), [x.text(lang) for x in rolls.places(cards, lang)])
        yield from self.listed(self.say("评优", "awards"), [x.text(lang) for x in rolls.awards(cards)])

    def result(self, card: Scorecard) -> str:
        """The total; how many targets were met where there are no points."""
        if card.points is not None:
            return self.dashed(select.total_text(card))
        met = select.counts(card.indicators)
        return f"{met[MET] + met[EXCEEDED]}/{len(card.indicators) - met[NOT_APPLICABLE]}"

    def state(self, card: Scorecard) -> Cell:
        if card.complete:
            return Cell(self.say("完整", "complete"), GREEN)
        return Cell(self.say("未完成", "incomplete"), YELLOW)

    # ---- one object

    def card(self, card: Scorecard) -> Iterator[str]:
        """Everything about one object."""
        yield from self.heading(card)
        yield from self.scored(card) if card.points is not None else self.unscored(card)
        yield from self.against(card)
        yield from self.explanations(card)
        yield from self.small_print(card)
        if self.style.verbose:
            yield from self.every_row(card)

    def heading(self, card: Scorecard) -> Iterator[str]:
        yield ""
        if not self.style.plain:
            yield self.ink.paint("━" * self.columns, TITLE)
        yield from self.text(card.object, tone=BOLD)
        as_of = self.say(f"评价日 {card.as_of}", f"as of {card.as_of}") if card.as_of else ""
        yield from self.text(
            self.joined((self.word(KINDS, card.kind), self.word(PERIODS, card.period), as_of)), tone=DIM
        )
        facts = [f"{self.word(FACTS, k)} {value}" for k, value in card.facts if k in FACTS and value != card.object]
        if facts:
            yield from self.text(self.joined(facts), tone=DIM)
        yield ""

    def scored(self, card: Scorecard) -> Iterator[str]:
        """The total, the groups, the points lost."""
        yield from self.total(card)
        if card.groups:
            yield from self.groups(card)
        rows = select.lost(card)
        if rows:
            whole = sum((row.lost for row in rows), Fraction(0))
            amount = format_number(whole)
            if not any(group.note_zh for group in card.groups):
                head = self.say(f"失分（{len(rows)} 项，共 {amount} 分）", f"points lost: {amount} ({len(rows)})")
            else:  # weights or rescaling stand between the rows and the total
                head = self.say(
                    f"失分（{len(rows)} 项，按各行自己的分值）", f"points lost, in each row's own points ({len(rows)})"
                )
            yield from self.title(head)
            for row, number in zip(rows, _flush([f"-{format_number(row.lost)}" for row in rows]), strict=True):
                yield from self.row(row, number, RED)

    def against(self, card: Scorecard) -> Iterator[str]:
        """What made the total another one than that it is compared with, the greatest part first."""
        made, lang = card.comparison, self.style.lang
        if made is None:
            return
        yield from self.title(self.dashed(against.heading(made, lang)))
        yield from self.text(self.dashed(against.summary(made, lang)), tone=BOLD)
        items = list(against.ranking(made, lang))
        numbers = _flush([against.signed(item.amount) if item.amount else "0" for item in items])
        for item, number in zip(items, numbers, strict=True):
            yield from self.item(number, item.name, RED if item.amount < 0 else GREEN if item.amount else YELLOW)
            inset = width(number) + 1
            for line in packed(item.facts, self.columns - inset):
                yield from self.text(line, inset)
            if item.causes:
                yield from self.text(against.causes_text(item, lang), inset, DIM)
        if closing := against.closing(made, lang):
            yield from self.text(closing, tone=DIM)

    def status(self, row: IndicatorScore) -> str:
        """The status in words; a row that is scored without a target has none."""
        if row.status == UNJUDGED and not row.target and row.score is not None:
            return "—"
        return self.word(STATUSES, row.status)

    def total(self, card: Scorecard) -> Iterator[str]:
        assert card.points is not None  # only objects with points come here
        head = f"{self.say('总分', 'total')} {self.dashed(select.total_text(card))} / {format_number(card.points)}"
        grade = f"    {self.say('等级', 'grade')} {card.grade}" if card.grade else ""
        tone = f"1;{_tone(card.total, card.points)}" if card.total is not None else f"1;{YELLOW}"
        yield self.ink.paint(head, tone) + self.ink.paint(grade, BOLD)
        if not card.complete:
            names = self.say("、", ", ").join(row.path[-1] for row in card.indicators if select.is_open(row))
            reason = self.say(f"结果不完整，还差：{names}", f"incomplete, still open: {names}") if names else self.say(
                "结果不完整，原因见下", "incomplete, see below")  # fmt: skip
            yield from self.text(reason, tone=YELLOW)

    def groups(self, card: Scorecard) -> Iterator[str]:
        """The tree of groups with a bar each."""
        shown = [group for group in card.groups if group.points is not None or group.bonus]
        if not shown:
            return
        yield from self.title(self.say("分组得分", "groups"))
        bar = 0 if self.style.plain or self.columns < 60 else 10 if self.columns < 100 else 20
        heads = self.say("分组 分值 得分 失分", "group points score lost").split()
        names = ["  " * (len(group.path) - 1) + group.path[-1] for group in shown]
        points = by_point([format_number(group.points) if group.points is not None else "" for group in shown])
        scores = by_point([self.group_score(group) for group in shown])
        gone = by_point([_lost(group) for group in shown])
        sizes = [widest([head, *texts]) for head, texts in zip(heads[1:], (points, scores, gone), strict=True)]
        room = self.columns - sum(sizes) - 3 * GAP - (bar + GAP if bar else 0)
        columns = [Column(min(widest([heads[0], *names]), room)), *(Column(size, True) for size in sizes), Column(bar)]
        yield from lines([*(Cell(head, DIM) for head in heads), Cell("")], columns, self.ink)
        for group, *texts in zip(shown, names, points, scores, gone, strict=True):
            yield from lines(self.group_cells(group, texts, bar), columns, self.ink)
            note = group.note_en if self.style.lang == "en" else group.note_zh
            if note:
                yield from self.text(note, 2 * len(group.path), DIM)

    def group_cells(self, group: GroupScore, texts: Sequence[str], bar: int) -> list[Cell]:
        name, points, score, gone = texts
        top = BOLD if len(group.path) == 1 else ""
        tone = _tone(group.low, group.points) if group.points else ""
        return [Cell(name, top), Cell(points, DIM), Cell(score, top), Cell(gone, RED), Cell(_bar(group, bar), tone)]

    def group_score(self, group: GroupScore) -> str:
        if not group.applicable:
            return self.word(STATUSES, NOT_APPLICABLE)
        return self.dashed(select.score_text(group))

    def unscored(self, card: Scorecard) -> Iterator[str]:
        """Targets only: how many were met, and which were not."""
        found = select.counts(card.indicators)
        order = (MET, EXCEEDED, MISSED, MISSING, UNJUDGED, NOT_APPLICABLE)
        head = f"{self.say('指标', 'indicators')} {len(card.indicators)}"
        words = [(f"{self.word(STATUSES, key)} {found[key]}", TONES[key]) for key in order if found[key]]
        painted = [self.ink.paint(*pair) for pair in words]
        if width(f"{head}    {self.joined(text for text, _ in words)}") <= self.columns:
            yield f"{head}    {self.joined(painted)}"
        else:
            yield head
            yield from (f"  {text}" for text in painted)
        if not card.complete:
            yield from self.text(self.say("结果不完整，原因见下", "incomplete, see below"), tone=YELLOW)
        rows = select.missed(card)
        if rows:
            yield from self.title(self.say(f"未达标（{len(rows)} 项）", f"missed ({len(rows)})"))
            for row in rows:
                yield from self.row(row, "-", RED)

    def row(self, row: IndicatorScore, mark: str, tone: str) -> Iterator[str]:
        """One indicator: its name, what was aimed at and reached, why it got what it got, what the unit says."""
        inset = width(mark) + 1
        got = ""
        if row.points is not None and (row.score is not None or select.is_open(row)):
            scores = self.dashed(select.score_text(row))
            got = self.say(
                f"（得 {scores} / {format_number(row.points)}）", f" ({scores} of {format_number(row.points)})"
            )
        yield from self.item(mark, row.path[-1] + got, tone)
        yield from self.pair(row, inset)
        yield from self.text(row.reason(self.style.lang), inset)
        if row.explanation:
            yield from self.text(self.say("原因：", "explanation: ") + row.explanation, inset)

    def pair(self, row: IndicatorScore, inset: int) -> Iterator[str]:
        """Target and actual, on one line when they fit."""
        both = [
            f"{self.say('指标值', 'target')} {printable(row.target) or '—'}",
            f"{self.say('实际值', 'actual')} {printable(row.actual) or '—'}",
        ]
        together = "    ".join(both)
        if width(together) <= self.columns - inset:
            yield " " * inset + together
            return
        for words in both:
            head, _, rest = words.partition(" ")
            yield from self.item(" " * inset + head, rest)

    # ---- what else a reader must know

    def explanations(self, card: Scorecard) -> Iterator[str]:
        """Rows without a value or decision, far beyond their target, changed by the review, or left out."""
        rows = select.to_explain(card)
        if rows:
            yield from self.title(self.say(f"需要说明（{len(rows)} 项）", f"to be explained ({len(rows)})"))
            for row in rows:
                status = self.status(row)
                if select.is_open(row) and row.status not in (MISSING, UNJUDGED):
                    status = self.say("待定分", "open")
                yield from self.row(row, f"[{status}]", TONES[row.status])
        changed = select.reviewed(card)
        if changed:
            yield from self.title(self.say(f"复核改分（{len(changed)} 项）", f"reviewed ({len(changed)})"))
            for row in changed:
                yield from self.row(row, "*", CYAN)
        out = select.left_out(card)
        if out:
            yield from self.title(
                self.say(f"不适用或本期不考核（{len(out)} 项）", f"not applicable or not due ({len(out)})")
            )
            yield from self.text(self.say("、", ", ").join(row.path[-1] for row in out))

    def small_print(self, card: Scorecard) -> Iterator[str]:
        """Notes and awards."""
        notes = card.notes_en if self.style.lang == "en" else card.notes_zh
        yield from self.listed(self.say("说明", "notes"), notes)
        decided = {
            True: self.say("是", "yes"),
            False: self.say("否", "no"),
            None: self.say("未定", "open"),
        }
        made = [(f"{x.name}: {decided[x.decided]}", x.reason(self.style.lang)) for x in card.awards]
        texts = [head + (self.say(f"（{why}）", f" ({why})") if why else "") for head, why in made]
        yield from self.listed(self.say("评优", "awards"), texts)

    def listed(self, title: str, items: Sequence[str]) -> Iterator[str]:
        if items:
            yield from self.title(title)
            for words in items:
                yield from self.item("-", words)

    def every_row(self, card: Scorecard) -> Iterator[str]:
        """All indicators with their reasons."""
        yield from self.title(self.say("全部指标", "all indicators"))
        heads = self.say("指标 指标值 实际值 状态 分值 得分", "indicator target actual status points score").split()
        rows = card.indicators
        points = by_point([format_number(row.points) if row.points is not None else "" for row in rows])
        scores = by_point([self.dashed(select.score_text(row)) for row in rows])
        tail = [
            [self.status(row) for row in rows],
            *([points, scores] if card.points is not None else []),
        ]
        heads = heads[: 3 + len(tail)]
        columns = self.row_columns(rows, heads, tail)
        yield from lines([Cell(head, DIM) for head in heads], columns, self.ink)
        before: tuple[str, ...] = ()
        for row, *texts in zip(rows, *tail, strict=True):
            if row.path[:-1] != before:
                yield from self.text(" / ".join(row.path[:-1]), tone=BOLD)
            before = row.path[:-1]
            ends = [Cell(text, tone) for text, tone in zip(texts, (TONES[row.status], DIM, ""), strict=False)]
            cells = [Cell(f"  {row.path[-1]}"), Cell(row.target), Cell(row.actual), *ends]
            yield from lines(cells, columns, self.ink)
            yield from self.text(row.reason(self.style.lang), 4, DIM)

    def row_columns(
        self, rows: Sequence[IndicatorScore], heads: Sequence[str], tail: Sequence[Sequence[str]]
    ) -> list[Column]:
        """Name, target and actual share what the fixed columns leave."""
        sizes = [widest([head, *texts]) for head, texts in zip(heads[3:], tail, strict=True)]
        room = self.columns - sum(sizes) - GAP * (len(heads) - 1)
        shown = [text for row in rows for text in (printable(row.target), printable(row.actual))]
        middle = min(widest([*heads[1:3], *shown]), room * 3 // 10)
        name = min(widest([heads[0], *(f"  {row.path[-1]}" for row in rows)]), room - 2 * middle)
        return [Column(name), Column(middle), Column(middle), *(Column(n, i > 0) for i, n in enumerate(sizes))]

    # ---- after all objects

    def afterwards(self, cards: Sequence[Scorecard], findings: Sequence[Diagnostic]) -> Iterator[str]:
        """Findings, what was accepted, and where the numbers come from."""
        open_ones = [d for d in findings if not d.accepted]
        if open_ones:
            yield from self.title(self.say(f"检查发现（{len(open_ones)} 条）", f"findings ({len(open_ones)})"))
            for found in open_ones:
                head = f"{self.word(SEVERITIES, found.severity)} {found.code}"
                place = f"{found.span.source.name}:{found.span.line}" if found.span.source.name else ""
                yield from self.item(head, found.message(self.style.lang), TONES[found.severity])
                more = self.joined((found.help(self.style.lang), place))
                if more:
                    yield from self.text(more, width(head) + 1, DIM)
        accepted = select.waivers(cards, findings, self.style.lang)
        if accepted:
            yield from self.title(
                self.say(f"已接受的例外（{len(accepted)} 条）", f"accepted exceptions ({len(accepted)})")
            )
            for waiver in accepted:
                yield from self.item(waiver.code, waiver.subject, DIM)
                yield from self.text(self.say("理由：", "reason: ") + waiver.reason, width(waiver.code) + 1)
        yield ""
        for line in dict.fromkeys(self.provenance(card) for card in cards):
            yield from self.text(line, tone=DIM)

    def provenance(self, card: Scorecard) -> str:
        """The texts a score was made from, by the beginning of their digests."""
        sources = [("规则", "rules", card.ruleset_sha256), ("数据", "actuals", card.actuals_sha256)]
        parts = [f"{self.say(zh, en)} {digest[:12]}" for zh, en, digest in sources if digest]
        return self.joined([*parts, f"perfdsl {__version__}"])


def _flush(numbers: Sequence[str]) -> list[str]:
    """Numbers aligned by their point and on the left."""
    made = by_point(numbers)
    size = widest(made)
    return [" " * (size - width(number)) + number for number in made]


def _lost(group: GroupScore) -> str:
    if group.score is None or group.points is None or group.bonus or group.score >= group.points:
        return ""
    return format_number(group.points - group.score)


def _tone(score: Fraction | None, points: Fraction | None) -> str:
    """Green, yellow or red by the share that was reached."""
    if score is None or not points:
        return ""
    return GREEN if score >= GOOD * points else YELLOW if score >= FAIR * points else RED


def _bar(group: GroupScore, size: int) -> str:
    """Full blocks for what is certain, grey ones for what is still possible; never full when something was lost."""
    if not size or not group.points or not group.applicable:
        return ""
    sure = min(max(int(group.low / group.points * size), 0), size)
    possible = min(max(int(group.high / group.points * size), sure), size)
    return "█" * sure + "▒" * (possible - sure) + "░" * (size - possible)
