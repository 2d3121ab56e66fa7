"""The report in prose, section by section; every number is a card's, or a count, a sum or a share of a card's."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import attrs

from perfdsl import narrative as n
from perfdsl.comparison import Comparison
from perfdsl.diagnostics import Diagnostic
from perfdsl.narrate import charts
from perfdsl.narrate.deviations import MOST, deviations, listed
from perfdsl.narrate.phrases import Teller, share
from perfdsl.narrate.tables import annex, facts, findings, moves, overview, sheet
from perfdsl.narrate.words import counted, groups, pair, reason, why
from perfdsl.quantity import format_number
from perfdsl.reports import Object, Paper, Voice, clean, paper
from perfdsl.scorecard import MISSING, UNJUDGED, IndicatorScore, Scorecard

CONTENTS_FROM = 60  # rows of a report of one object that has a table of contents


def narrate(
    cards: Sequence[Scorecard],
    found: Sequence[Diagnostic],
    lang: str,
    title: str = "",
    files: Sequence[tuple[str, str]] = (),
) -> n.Narrative:
    """All cards (with their comparisons, where they have one) and what was found on the way, told in ``lang`` (zh, en).

    One object is the report; several are parts of it behind a table of all of them.  ``title`` replaces “绩效自评报告”.
    ``files`` are those that were read, each with what it is (rules, actuals, against).
    """
    made = paper(cards, found, lang)
    tell = Teller(made.lang)
    blocks: list[n.Block] = []
    subtitle: tuple[str, ...]
    if len(cards) == 1:
        blocks += _Story(cards[0], made.objects[0], made, tell, level=1, files=tuple(files)).blocks(alone=True)
        one = made.objects[0]
        subtitle = (one.name, tell("subtitle_gap").join(one.subtitle))
    else:
        blocks += [n.Heading(tell("overview")), *overview(made, tell)]
        for number, (card, one) in enumerate(zip(cards, made.objects, strict=True), 1):
            blocks.append(n.Heading(tell("part", number=tell.numeral(number), name=one.name), new_page=True))
            blocks += _Story(card, one, made, tell, level=2, files=tuple(files)).blocks(alone=False)
        blocks += [n.Heading(tell("findings"), new_page=True), *findings(made, tell)]
        subtitle = (Voice(made.lang)("several", count=len(cards)),)
    long = len(cards) > 1 or len(made.objects[0].rows) > CONTENTS_FROM
    return n.Narrative(lang=made.lang, title=clean(title) or tell("report"), subtitle=subtitle, blocks=tuple(blocks),
                       contents=tell("contents") if long else "")  # fmt: skip


@attrs.frozen
class _Story:
    """One object."""

    card: Scorecard
    made: Object
    paper: Paper
    tell: Teller
    level: int
    files: tuple[tuple[str, str], ...]

    def blocks(self, alone: bool) -> Iterator[n.Block]:
        """Its sections in order; ``alone`` with the findings of the run."""
        parts = [
            ("basics", self.basics()),
            ("conclusion", self.conclusion()),
            ("achieved", self.achieved()),
            ("lost" if self.made.scored else "missed", self.lost() if self.made.scored else self.missed()),
            ("deviations", deviations(self.card, self.made, self.tell, self.level + 1)),
            *([("against", self.against())] if self.card.comparison is not None else []),
            *([("findings", findings(self.paper, self.tell))] if alone else []),
            ("measures", iter((n.Note(self.tell("by_unit")), n.Blank()))),
            ("notes", self.notes()),
        ]
        for number, (name, inside) in enumerate(parts, 1):
            yield n.Heading(self.tell.section(number, self.tell(name)), self.level)
            yield from inside
        if self.made.rows:
            yield n.Heading(self.tell("annex" if self.made.scored else "annex_unscored"), self.level, new_page=True)
            yield from annex(self.made, self.tell)

    def basics(self) -> Iterator[n.Block]:
        yield from facts(self.made, self.tell)

    def conclusion(self) -> Iterator[n.Block]:
        card, tell = self.card, self.tell
        period = self.made.subtitle[1]
        when = tell("when", period=period, day=tell.day(card.as_of)) if card.as_of else tell("when_open", period=period)
        yield n.Paragraph(
            tell_all(
                when, self.total(), tell("grade", grade=self.made.grade) if self.made.grade else "", lang=tell.lang
            )
        )
        yield n.Paragraph(counted(card.indicators, "counts", tell))
        if not card.complete:
            yield n.Paragraph(self.still_open())
        yield from charts.groups(card, self.made, tell)

    def total(self) -> str:
        """The total; one that is not certain is never given as a number."""
        card, tell = self.card, self.tell
        if card.points is None:
            return tell("no_points")
        points = format_number(card.points)
        if card.total is None:
            return tell("total_open", low=format_number(card.low), high=format_number(card.high), points=points)
        if not card.points:
            return tell("total_plain", total=format_number(card.total), points=points)
        return tell("total", total=format_number(card.total), points=points, share=share(card.total, card.points))

    def still_open(self) -> str:
        """What is missing before the result is complete."""
        card, tell = self.card, self.tell
        rows = list(zip(card.indicators, self.made.rows, strict=True))
        if card.points is None:
            names = [words.name for row, words in rows if row.status in (MISSING, UNJUDGED)]
            return tell("open_verdicts", names=tell("list").join(names)) if names else tell("open_else")
        if card.total is not None:
            return tell("open_grade")
        names = [words.name for _, words in rows if words.is_open]
        return tell("open_rows", names=tell("list").join(names)) if names else tell("open_else")

    def achieved(self) -> Iterator[n.Block]:
        yield from groups(self.card, self.made, self.tell)
        yield from sheet(self.card, self.made, self.tell)

    def lost(self) -> Iterator[n.Block]:
        """Each loss with its values, the reason of its score and the explanation of the data."""
        tell = self.tell
        rows = {words.number: row for row, words in zip(self.card.indicators, self.made.rows, strict=True)}
        if not self.made.lost:
            yield n.Paragraph(tell("nothing_lost" if self.card.complete else "nothing_lost_yet"))
            return
        yield n.Paragraph(self.lost_sum([rows[words.number] for words in self.made.lost]))
        yield from charts.losses(self.made, tell)
        if len(self.made.lost) > MOST:
            yield listed(self.made.lost, tell, scored=True)
            return
        for number, words in enumerate(self.made.lost, 1):
            row = rows[words.number]
            got = tell("row_lost", points=words.points, score=words.score, lost=words.lost)
            text = f"{got}{pair(row, words, tell)}{reason(words, tell)}{why(row, words, tell)}"
            yield n.Paragraph(text, lead=tell("lead", number=number, name=words.name))

    def lost_sum(self, lost: Sequence[IndicatorScore]) -> str:
        """How much was lost in all, where rows and total have the same points."""
        if any(group.note_zh for group in self.card.groups):
            return self.tell("lost_own", count=len(lost))
        return self.tell(
            "lost_sum", count=len(lost), amount=format_number(sum((row.lost for row in lost), Fraction(0)))
        )

    def missed(self) -> Iterator[n.Block]:
        tell = self.tell
        rows = {words.number: row for row, words in zip(self.card.indicators, self.made.rows, strict=True)}
        yield n.Paragraph(
            tell("missed_sum", count=len(self.made.missed)) if self.made.missed else tell("nothing_missed")
        )
        if len(self.made.missed) > MOST:
            yield listed(self.made.missed, tell)
            return
        for number, words in enumerate(self.made.missed, 1):
            text = f"{pair(rows[words.number], words, tell)}{reason(words, tell, 'verdict')}{why(rows[words.number], words, tell)}"
            yield n.Paragraph(text, lead=tell("lead", number=number, name=words.name))

    def against(self) -> Iterator[n.Block]:
        compared, made, tell = self.card.comparison, self.made.against, self.tell
        if compared is None or made is None:
            return
        other = made.heading.removeprefix("与").removeprefix("compared with").removesuffix("相比").strip()
        yield n.Paragraph(
            self.compared(compared, other) or tell.ended(tell("against_else", other=other, text=made.summary))
        )
        yield from charts.against(compared, (other, self.made.subtitle[1]), tell)
        if made.moves:
            yield from moves(made.moves, compared.compares_totals, tell)
        else:
            yield n.Paragraph(tell("nothing_changed"))
        if made.closing:
            yield n.Note(tell.ended(made.closing))

    def compared(self, both: Comparison, other: str) -> str:
        """Both results in a sentence; empty where one is open or only one has points."""
        was, now, tell = both.before, both.after, self.tell
        if was.points is None and now.points is None:
            if (was.met, was.assessed) == (now.met, now.assessed):
                return tell("against_met_same", other=other, now=now.met, now_of=now.assessed)
            return tell("against_met", other=other, was=was.met, was_of=was.assessed, now=now.met, now_of=now.assessed)
        if not both.compares_totals or was.total is None or now.total is None:
            return ""
        if was.total == now.total:
            return tell("against_same", other=other, now=format_number(now.total))
        change = tell("more" if now.total > was.total else "less", amount=format_number(abs(now.total - was.total)))
        return tell(
            "against_totals", other=other, was=format_number(was.total), now=format_number(now.total), change=change
        )

    def notes(self) -> Iterator[n.Block]:
        for note in self.made.notes:
            yield n.Paragraph(self.tell.ended(note))
        for award in self.made.awards:
            yield n.Paragraph(self.tell.ended(self.tell("award", name=award.label, text=award.text)))
        for kind, name in self.files:
            yield n.Note(self.tell("fact", label=self.tell(f"{kind}_file"), text=clean(name)))
        for fact in self.made.provenance:
            yield n.Note(self.tell("fact", label=fact.label, text=fact.text))
        yield n.Signatures(tuple(Voice(self.tell.lang)("signatures").split("|")))


def tell_all(*sentences: str, lang: str) -> str:
    """Sentences one after the other; English ones with a space between."""
    return (" " if lang == "en" else "").join(sentence for sentence in sentences if sentence)
