"""Sets cards on paper: chooses the words for every cell of the reports in HTML and Markdown.

Nothing is worked out here that the card does not hold; shares are only for the length of bars.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

import attrs

from perfdsl import __version__
from perfdsl.diagnostics import Diagnostic
from perfdsl.keywords import CHINESE, FORMULA_WORDS, FUNCTIONS
from perfdsl.quantity import format_number
from perfdsl.reports import _rolls as rolls
from perfdsl.reports import _selection as select
from perfdsl.reports import _sheet as sheet
from perfdsl.reports._moves import set_against
from perfdsl.reports._paper import Bar, Fact, Finding, Group, Head, Line, Mark, Object, Paper, Row
from perfdsl.reports._phrases import Voice
from perfdsl.reports._text import clean, percent
from perfdsl.reports._words import FACTS, KINDS, PERIODS, SEVERITIES, STATUSES
from perfdsl.scorecard import (
    EXCEEDED,
    MET,
    MISSED,
    MISSING,
    NOT_APPLICABLE,
    UNJUDGED,
    AwardDecision,
    GroupScore,
    IndicatorScore,
    Scorecard,
)
from perfdsl.width import width

SIGNS = {MET: "√", EXCEEDED: "↑", MISSED: "×", MISSING: "○", UNJUDGED: "？", NOT_APPLICABLE: "－"}
ORDER = (MET, EXCEEDED, MISSED, MISSING, UNJUDGED, NOT_APPLICABLE)
TONES = {MET: "good", EXCEEDED: "over", MISSED: "bad", MISSING: "open", UNJUDGED: "open", NOT_APPLICABLE: "none"}
MOST_TOGETHER = 8  # lines of a group that are kept on one page
NUMERALS = "零一二三四五六七八九十"
LATIN = re.compile(r'"[^"]*"|“[^”]*”|[a-z_]+')
SPOKEN = CHINESE | FORMULA_WORDS | FUNCTIONS


def paper(cards: Sequence[Scorecard], findings: Sequence[Diagnostic], lang: str) -> Paper:
    """All cards and what was found on the way."""
    voice = Voice("en" if lang == "en" else "zh")
    shown = tuple(_finding(d, voice) for d in findings if not d.accepted)
    waivers = [select.Waiver(*map(clean, waiver)) for waiver in select.waivers(cards, findings, voice.lang)]
    objects = tuple(_Setter(card, voice).object() for card in cards)
    several = cards if len(cards) > 1 else ()
    heading = voice("title" if not cards or any(card.points is not None for card in cards) else "title_unscored")
    title = heading if len(cards) != 1 else f"{heading}{voice('colon')}{clean(cards[0].object)}"
    return Paper(lang=voice.lang, title=title, heading=heading, objects=objects, findings=shown, waivers=tuple(waivers),
                 places=_clean(rolls.places(several, voice.lang)), awards=_clean(rolls.awards(several)))  # fmt: skip


def _clean(found: Iterable[rolls.Roll]) -> tuple[rolls.Roll, ...]:
    return tuple(rolls.Roll(clean(x.head), tuple(map(clean, x.entries)), tuple(map(clean, x.still))) for x in found)


def _finding(found: Diagnostic, voice: Voice) -> Finding:
    source = found.span.source.name
    return Finding(
        voice.word(SEVERITIES, found.severity), found.code, clean(found.message(voice.lang)), clean(found.help(voice.lang)),
        f"{clean(source)}:{found.span.line}" if source else "",
    )  # fmt: skip


@attrs.frozen
class _Setter:
    """Sets one card."""

    card: Scorecard
    voice: Voice

    def object(self) -> Object:
        card, voice = self.card, self.voice
        most = max((row.lost for row in card.indicators), default=Fraction(0))
        rows = tuple(self.row(number, row, most) for number, row in enumerate(card.indicators, 1))
        of = {id(row): made for row, made in zip(card.indicators, rows, strict=True)}
        groups = tuple(self.group(group) for group in card.groups if group.points is not None or group.bonus)
        lost = select.lost(card)
        counts = select.counts(card.indicators)
        deep = sheet.depth(card)
        return Object(
            name=clean(card.object), subtitle=self.subtitle(), facts=self.facts(), scored=card.points is not None,
            complete=card.complete, total=select.total_text(card), grade=clean(card.grade), groups=groups, rows=rows,
            points=format_number(card.points) if card.points is not None else "",
            met=f"{counts[MET] + counts[EXCEEDED]}/{len(rows) - counts[NOT_APPLICABLE]}", bar=self.bar(),
            sentences=tuple(self.sentences()), lost=tuple(of[id(row)] for row in lost), lost_sum=self.lost_sum(lost),
            against=set_against(card.comparison, voice), missed=tuple(of[id(row)] for row in select.missed(card)), left_out=tuple(of[id(row)] for row in select.left_out(card)),
            explain=tuple(of[id(row)] for row in select.to_explain(card)), reviewed=tuple(of[id(row)] for row in select.reviewed(card)),
            lines=tuple(self.lines(of)), levels=tuple(self.level(n, deep) for n in range(1, deep + 1)),
            longest=self.longest(deep), notes=tuple(self.notes()), awards=tuple(self.award(award) for award in card.awards),
            provenance=tuple(self.provenance(voice)),
        )  # fmt: skip

    # ---- the head

    def subtitle(self) -> tuple[str, ...]:
        card = self.card
        parts = [self.voice.word(KINDS, card.kind), self.voice.word(PERIODS, card.period)]
        return (*parts, f"{self.voice('as_of')} {card.as_of}") if card.as_of else tuple(parts)

    def facts(self) -> tuple[Fact, ...]:
        """The particulars of the form, the object and its period first."""
        card, voice = self.card, self.voice
        own = [
            Fact(voice("object"), clean(card.object)), Fact(voice("kind"), voice.word(KINDS, card.kind)),
            Fact(voice("period"), voice.word(PERIODS, card.period)), Fact(voice("as_of"), card.as_of),
        ]  # fmt: skip
        more = [Fact(clean(voice.word(FACTS, name)), clean(value)) for name, value in card.facts]
        return tuple(fact for fact in (*own, *more) if fact.text)

    def sentences(self) -> Iterable[str]:
        """The result in words; a total that is not certain is never given as a number."""
        card, voice = self.card, self.voice
        names = [row.path[-1] for row in card.indicators if select.is_open(row)]
        if card.points is None:
            yield voice("no_points")
            names = [row.path[-1] for row in card.indicators if row.status in (MISSING, UNJUDGED)]
        elif card.total is not None:
            yield voice("complete_total", total=format_number(card.total), points=format_number(card.points))
        else:
            yield voice("open_total", low=format_number(card.low), high=format_number(card.high), points=format_number(card.points))  # fmt: skip
        if card.grade:
            yield voice("graded", grade=clean(card.grade))
        yield self.counted()
        if card.complete:
            return
        if card.points is None:
            yield voice("open_verdicts", names=voice.joined(names))
        elif card.total is not None:
            yield voice("open_grade")
        else:
            yield voice("open_rows", names=voice.joined(names)) if names else voice("open_else")

    def counted(self) -> str:
        """How many rows have each status; those scored without a target by themselves."""
        rows = self.card.indicators
        plain = [row for row in rows if _only_scored(row)]
        found = select.counts(row for row in rows if not _only_scored(row))
        words = [f"{self.voice.word(STATUSES, key)} {found[key]}" for key in ORDER if found[key]]
        if plain:
            words.append(f"{self.voice('only_scored')} {len(plain)}")
        return self.voice("counts", count=len(rows), words=self.voice("joint").join(words) or "—")

    def bar(self) -> Bar | None:
        card = self.card
        if not card.points:
            return None
        low, high = (card.low, card.high) if card.total is None else (card.total, card.total)
        return self.drawn(self.voice("total"), card.points, (low, high))

    def drawn(self, name: str, points: Fraction, limits: tuple[Fraction, Fraction]) -> Bar:
        low, high = limits
        facts = {"name": clean(name), "points": format_number(points)}
        label = self.voice("bar", score=format_number(low), **facts) if low == high else self.voice(
            "bar_open", low=format_number(low), high=format_number(high), **facts)  # fmt: skip
        sure, possible = (min(max(x / points, Fraction(0)), Fraction(1)) for x in limits)
        return Bar(sure, possible, label)

    # ---- groups

    def group(self, group: GroupScore) -> Group:
        points = group.points
        return Group(
            path=tuple(map(clean, group.path)), level=len(group.path), points=self.group_points(group), score=self.group_score(group),
            lost=format_number(points - group.score) if _loses(group) and points is not None and group.score is not None else "",
            share=percent(group.score / points) if points and group.score is not None and group.applicable else "",
            note=clean(group.note_en if self.voice.lang == "en" else group.note_zh), bonus=group.bonus,
            bar=self.drawn(group.path[-1], points, (group.low, group.high)) if points and group.applicable else None,
        )  # fmt: skip

    def group_points(self, group: GroupScore) -> str:
        return self.voice("bonus") if group.points is None else format_number(group.points)

    def group_score(self, group: GroupScore) -> str:
        return select.score_text(group) if group.applicable else self.voice.word(STATUSES, NOT_APPLICABLE)

    # ---- indicators

    def row(self, number: int, row: IndicatorScore, most: Fraction) -> Row:
        """One row; ``most`` is the greatest loss of the object."""
        points = format_number(row.points) if row.points is not None else self.voice("bonus") if row.bonus else ""
        return Row(
            number=number, path=tuple(map(clean, row.path)), target=clean(row.target), actual=clean(row.actual), mark=self.mark(row),
            points=points, score=select.score_text(row), lost=format_number(row.lost) if row.lost else "",
            reason=clean(row.reason(self.voice.lang)), facts=tuple(self.evidence(row)), bar=self.lost_bar(row, most),
            explanation=clean(row.explanation), is_open=select.is_open(row),
        )  # fmt: skip

    def mark(self, row: IndicatorScore) -> Mark:
        """The status; a row that is scored without a target has none."""
        if _only_scored(row):
            return Mark("", "—", "none")
        if select.is_open(row) and row.status not in (MISSING, UNJUDGED):
            return Mark(SIGNS[UNJUDGED], self.voice("open_score"), TONES[UNJUDGED])
        return Mark(SIGNS[row.status], self.voice.word(STATUSES, row.status), TONES[row.status])

    def lost_bar(self, row: IndicatorScore, most: Fraction) -> Bar:
        """The loss beside the largest of the object."""
        share = row.lost / most if most else Fraction(0)
        return Bar(share, share, self.voice("bar_lost", name=clean(row.path[-1]), lost=format_number(row.lost)))

    def evidence(self, row: IndicatorScore) -> Iterable[Fact]:
        """What the score rests on, besides the sentence."""
        voice = self.voice
        if row.case_number:
            name = clean(row.rubric) or voice("own_rubric")
            case = voice("case", number=row.case_number, words=clean(self.spoken(row.case)))
            yield Fact(voice("by"), f"{name}{voice('comma')}{case}")
        if row.completion is not None:
            yield Fact(voice("completion"), voice.share(row.completion))
        if row.override is not None:
            key = "review_open" if row.computed is None else "review_text"
            computed = format_number(row.computed) if row.computed is not None else ""
            yield Fact(voice("review"), voice(key, computed=computed, override=format_number(row.override)))
        if not row.counted:
            yield Fact(voice("not_counted"), voice("not_counted_text"))
        if row.explanation:
            yield Fact(voice("explanation"), clean(row.explanation))
        if row.evidence:
            yield Fact(voice("evidence"), clean(row.evidence))
        for code, reason in row.accepted:
            yield Fact(voice("accepted"), f"{code} {clean(reason)}")
        if row.line:
            yield Fact(voice("line"), voice("line_text", line=row.line))

    def spoken(self, case: str) -> str:
        """The condition of a case with its keywords in Chinese; what stands in quotes is the user's."""
        if self.voice.lang == "en":
            return case
        return LATIN.sub(lambda found: SPOKEN.get(found[0], found[0]), case)

    # ---- the table

    def level(self, number: int, deep: int) -> str:
        """The head of a column of names."""
        if deep == 1:
            return self.voice("indicator")
        spelt = NUMERALS[number] if self.voice.lang == "zh" and number < len(NUMERALS) else str(number)
        return self.voice("level", number=spelt)

    def longest(self, deep: int) -> tuple[int, ...]:
        """Cells of the longest name of each level, those left out that fill several columns."""
        found = [0] * deep
        for line in sheet.lines(self.card):
            named = [span.path for span in line.starts] + ([line.path] if line.wide == 1 else [])
            for path in named:
                found[len(path) - 1] = max(found[len(path) - 1], width(clean(path[-1])))
        return tuple(found)

    def lines(self, of: dict[int, Row]) -> Iterable[Line]:
        groups = {group.path: group for group in self.card.groups}
        lines = sheet.lines(self.card)
        sizes = Counter(line.path[:-1] for line in lines)
        top = ""
        for line, after in zip(lines, (*lines[1:], None), strict=True):
            heads = tuple(
                Head(clean(span.path[-1]), self.group_got(groups.get(span.path)), len(span.path), span.lines)
                for span in line.starts
            )
            row = of[id(line.row)] if line.row is not None else None
            above = line.path[:-1]
            joined = after is not None and after.path[:-1] == above and 0 < sizes[above] <= MOST_TOGETHER
            yield Line(heads, clean(line.path[-1]), line.wide, row, line.path[0] != top, joined)
            top = line.path[0]

    def group_got(self, group: GroupScore | None) -> str:
        if group is None or (group.points is None and not group.bonus):
            return ""
        score = self.group_score(group)
        return f"{score} / {format_number(group.points)}" if group.points is not None and group.applicable else score

    # ---- small print

    def lost_sum(self, rows: Sequence[IndicatorScore]) -> str:
        if not rows:
            return self.voice("nothing_lost" if self.card.complete else "nothing_lost_yet")
        if any(group.note_zh for group in self.card.groups):
            return self.voice("lost_own", count=len(rows))
        whole = sum((row.lost for row in rows), Fraction(0))
        return self.voice("lost_sum", count=len(rows), amount=format_number(whole))

    def notes(self) -> Iterable[str]:
        card, voice = self.card, self.voice
        yield from map(clean, card.notes_en if voice.lang == "en" else card.notes_zh)
        for group in card.groups:
            note = group.note_en if voice.lang == "en" else group.note_zh
            if note:
                yield voice("group_note", name=clean(group.path[-1]), note=clean(note))
        if card.points is not None:
            yield self.rounding()

    def rounding(self) -> str:
        places = self.card.rounding
        if places > 0:
            return self.voice("rounded", places=places)
        return self.voice("rounded_tens", size=10**-places) if places < 0 else self.voice("rounded_whole")

    def award(self, award: AwardDecision) -> Fact:
        """One award: given, not given or open, and what was looked at."""
        decided = self.voice("cohort") if award.decided is None else self.voice("yes" if award.decided else "no")
        reason = clean(award.reason(self.voice.lang))
        return Fact(clean(award.name), f"{decided}{self.voice('colon')}{reason}" if reason else decided)

    def provenance(self, voice: Voice) -> Iterable[Fact]:
        card = self.card
        for key, digest in (("ruleset", card.ruleset_sha256), ("actuals", card.actuals_sha256)):
            if digest:
                yield Fact(voice(key), digest)
        yield Fact(voice("version"), f"perfdsl {__version__}")


def _loses(group: GroupScore) -> bool:
    return group.points is not None and group.score is not None and not group.bonus and group.score < group.points


def _only_scored(row: IndicatorScore) -> bool:
    """Is it scored without a target to judge it by?"""
    return row.status == UNJUDGED and not row.target and row.score is not None
